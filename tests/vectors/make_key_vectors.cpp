#include "sync/clear_part.h"
#include "sync/contexts.h"
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
  add("second_without_previous", "Number 2 without the entry of number 1.", "malformed",
      second.encode());
  second.previous = Hash{1};
  add("second_with_random", "Number 2 with random bytes for a dossier's id.", "malformed",
      second.encode());
  second.dossier_random = {};
  add("second", "Number 2.", "accept " + good.epoch().hex(), second.encode());
  Bytes longer = good.encode();
  longer.push_back(0);
  add("longer", "One byte too many.", "malformed", longer);
  longer = good.encode();
  longer.resize(longer.size() - 1);
  add("shorter", "One byte too few.", "malformed", longer);
  add("empty", "No byte at all.", "malformed", {});
  Membership number_0 = good;
  number_0.number = 0;
  add("number_0", "Number 0.", "malformed", number_0.encode());
  Membership first_with_previous = good;
  first_with_previous.previous = Hash{1};
  add("first_with_previous", "Number 1 that names an entry before it.", "malformed",
      first_with_previous.encode());
  Membership twice = good;
  twice.members.insert(twice.members.begin(), twice.members.front());
  add("member_twice", "One organisation twice.", "malformed", twice.encode());
  Membership nobody = good;
  nobody.members.clear();
  add("nobody", "No members.", "malformed", nobody.encode());
  Bytes count = good.encode();
  ++count[84];
  add("count", "A count of one more member than there is.", "malformed", count);

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
  add("another_commitment", "A sealed key other than the one committed to.", "commitment",
      envelope.sealed, key_commitment(other, dossier));
  add("another_dossier", "Committed to for another dossier.", "commitment", envelope.sealed,
      key_commitment(key, DossierId::random(random)));
  const auto stranger = crypto::BoxKey::generate(random);
  add("another_recipient", "Sealed to somebody else.", "not_opening",
      seal_key(key, {RecipientKind::node, {}}, stranger.public_key())->sealed, commitment);
  envelope.sealed[40] ^= 1;
  add("bit", "One bit flipped.", "not_opening", envelope.sealed, commitment);
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
  const auto add_signed = [&](const std::string& name, const std::string& about,
                              const std::string& expect, ByteView bytes,
                              const crypto::Signature& signature) {
    VectorFile vector("envelope_list", about, expect);
    vector.add("sender_key", sender.verify_key()).add("bytes", bytes);
    out["envelopes_" + name] = std::move(vector.add("signature", signature));
  };
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       ByteView bytes) { add_signed(name, about, expect, bytes, list.signature); };
  Bytes bytes = list.encode();
  add("two", "Two envelopes.", "accept", bytes);
  bytes[60] ^= 1;
  add("bit", "One bit of a recipient flipped.", "signature", bytes);
  bytes[60] ^= 1;
  bytes[48] = 3;
  add("count", "A count of three with two there.", "malformed", bytes);
  const auto sign_anew = [&](const Bytes& each) {
    return sender.sign(contexts::envelope_list, each);
  };
  add_signed("count_signed", "The same, signed.", "malformed", bytes, sign_anew(bytes));
  bytes[48] = 2;
  add_signed("context", "Signed as a verdict is.", "signature", bytes,
             sender.sign(contexts::verdict_signature, bytes));
  Bytes kind = bytes;
  kind[50] = 3;
  add_signed("kind_3", "A recipient of no known kind, signed.", "malformed", kind, sign_anew(kind));
  Bytes longer = bytes;
  longer.push_back(0);
  add_signed("longer", "One byte too many, signed.", "malformed", longer, sign_anew(longer));
  bytes.pop_back();
  add_signed("shorter", "One byte too few, signed.", "malformed", bytes, sign_anew(bytes));
}

}  // namespace

void add_key_vectors(Vectors& out) {
  add_memberships(out);
  add_envelopes(out);
  add_envelope_lists(out);
}

}  // namespace throughgate::vectors
