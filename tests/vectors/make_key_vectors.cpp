#include "sync/clear_part.h"
#include "sync/envelope.h"
#include "tests/sync/test_dossier.h"
#include "tests/vectors/make_vectors.h"

namespace throughgate::vectors {
namespace {

using namespace sync;
using namespace sync::testing;

void add_memberships(Vectors& out) {
  const TestDossier dossier(75);
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       ByteView bytes) {
    VectorFile vector("membership", about, expect);
    out["membership_" + name] = std::move(vector.add("bytes", bytes));
  };
  const Membership& good = dossier.first_membership;
  add("first", "A first membership; the result is its epoch.", "accept " + good.epoch().hex(),
      good.encode());
  Membership second = good;
  second.number = 2;
  add("second_without_previous", "Number 2 without the entry of number 1.", "refuse",
      second.encode());
  second.previous = Hash{1};
  add("second_with_random", "Number 2 with random bytes for a dossier's id.", "refuse",
      second.encode());
  second.dossier_random = {};
  add("second", "Number 2.", "accept " + good.epoch().hex(), second.encode());
  Bytes longer = good.encode();
  longer.push_back(0);
  add("longer", "One byte too many.", "refuse", longer);

  VectorFile id("dossier_id", "A dossier's id.", "accept " + dossier.id.hex());
  id.add("owner", dossier.owner.organisation.view())
      .add("author_key", dossier.owner.key.verify_key())
      .add("dossier_random", good.dossier_random);
  out["dossier_id"] = std::move(id);
}

void add_envelopes(Vectors& out) {
  SeededRandom random(76);
  const auto box = crypto::BoxKey::generate(random);
  const auto key = crypto::ContentKey::generate(random);
  const auto dossier = DossierId::random(random);
  const Hash commitment = key_commitment(key, dossier);
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       ByteView sealed, const Hash& committed) {
    VectorFile vector("envelope", about, expect);
    vector.add("box_secret", box.secret().view())
        .add("dossier", dossier.view())
        .add("key_commitment", committed);
    out["envelope_" + name] = std::move(vector.add("sealed", sealed));
  };
  auto envelope = *seal_key(key, {RecipientKind::node, {}}, box.public_key());
  add("good", "A sealed key that is the one committed to; the result is the key.",
      "accept " + crypto::to_hex(key.secret().view()), envelope.sealed, commitment);
  const auto other = crypto::ContentKey::generate(random);
  add("another_commitment", "A sealed key other than the one committed to.", "refuse",
      envelope.sealed, key_commitment(other, dossier));
  envelope.sealed[40] ^= 1;
  add("bit", "One bit flipped.", "refuse", envelope.sealed, commitment);
}

void add_envelope_lists(Vectors& out) {
  SeededRandom random(77);
  const auto sender = crypto::SigningKey::generate(random);
  EnvelopeList list{
      NodeId::random(random), DossierId::random(random), EpochId::random(random), {}, {}};
  list.envelopes = {
      {{RecipientKind::node, random.bytes<16>()}, random.bytes<envelope_bytes>()},
      {{RecipientKind::recovery_key, random.bytes<16>()}, random.bytes<envelope_bytes>()}};
  sign(list, sender);
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       ByteView bytes) {
    VectorFile vector("envelope_list", about, expect);
    vector.add("sender_key", sender.verify_key()).add("bytes", bytes);
    out["envelopes_" + name] = std::move(vector.add("signature", list.signature));
  };
  Bytes bytes = list.encode();
  add("two", "Two envelopes.", "accept", bytes);
  bytes[60] ^= 1;
  add("bit", "One bit of a recipient flipped.", "refuse", bytes);
  bytes[60] ^= 1;
  bytes[48] = 3;
  add("count", "A count of three with two there.", "refuse", bytes);
}

}  // namespace

void add_key_vectors(Vectors& out) {
  add_memberships(out);
  add_envelopes(out);
  add_envelope_lists(out);
}

}  // namespace throughgate::vectors
