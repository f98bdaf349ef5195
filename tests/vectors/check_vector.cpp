#include "tests/vectors/check_vector.h"

#include <functional>
#include <map>
#include <stdexcept>

#include "schema/wire.pb.h"
#include "sync/contexts.h"
#include "sync/directory.h"
#include "sync/directory_snapshot.h"
#include "sync/effective_time.h"
#include "sync/envelope.h"
#include "sync/erasure.h"
#include "sync/projection.h"
#include "sync/purge_receipt.h"
#include "sync/signed_verdict.h"
#include "sync/wire_form.h"
#include "tests/sync/memory_order.h"
#include "tests/sync/merge_fixture.h"
#include "tests/vectors/bundle_vector.h"
#include "tests/vectors/enrolment_vector.h"
#include "tests/vectors/field_vector.h"
#include "tests/vectors/refusal.h"

namespace throughgate::vectors {
namespace {

using namespace sync;
using sync::testing::MemoryOrder;

template <std::size_t Size>
ByteArray<Size> fixed(ByteView bytes) {
  const auto out = crypto::to_array<Size>(bytes);
  if (!out) throw std::runtime_error("a field of the vector has another length");
  return *out;
}

std::string bad_name(Bad bad) {
  switch (bad) {
    case Bad::too_large:
      return "bad too_large";
    case Bad::malformed:
      return "bad malformed";
    case Bad::version_unknown:
      return "bad version_unknown";
    case Bad::signature:
      return "bad signature";
    case Bad::part_hash:
      return "bad part_hash";
  }
  return "bad";
}

std::string ruling_name(const Ruling& ruling) {
  static const std::map<Outcome, std::string> outcomes{
      {Outcome::accepted, "accepted"},   {Outcome::duplicate, "duplicate"},
      {Outcome::need_full, "need_full"}, {Outcome::hold, "hold"},
      {Outcome::rejected, "rejected"},   {Outcome::fork, "fork"}};
  std::string outcome = outcomes.at(ruling.outcome);
  if (ruling.reason == Reason::none) return outcome;
  return outcome + " " + std::to_string(static_cast<unsigned>(ruling.reason));
}

// organisation, author's key, header, signature, clear, sealed
struct Submitted {
  AuthorStanding author;
  SignedEntry bytes;
};
Submitted submitted(const std::vector<std::string>& w) {
  if (w.size() < 6) throw std::runtime_error("an entry of the vector has not six words");
  Submitted out;
  out.author = {{fixed<16>(from_hex_or_dash(w[0]))}, fixed<32>(from_hex_or_dash(w[1])), false};
  out.bytes = {from_hex_or_dash(w[2]), fixed<64>(from_hex_or_dash(w[3])), from_hex_or_dash(w[4]),
               from_hex_or_dash(w[5])};
  return out;
}

VerifiedEntry verified(const Submitted& in) {
  auto answer = verify(in.bytes, in.author.key);
  if (!answer.entry) throw std::runtime_error("an entry of the vector's order is bad");
  return std::move(*answer.entry);
}

MemoryOrder order_of(const VectorFile& vector) {
  MemoryOrder order({fixed<16>(vector.bytes("dossier"))});
  for (const auto& line : vector.all("place")) {
    const auto w = words(line);
    const auto in = submitted(w);
    order.place(verified(in), in.author.organisation, std::stoull(w.at(6)), std::stoull(w.at(7)));
  }
  return order;
}

// ---- one function a kind

std::string entry(const VectorFile& v) {
  SignedEntry bytes{v.bytes("header"), fixed<64>(v.bytes("signature")), v.bytes("clear"),
                    v.bytes("sealed")};
  const auto sealed = v.find("sealed_part") ? SealedPart::may_be_deleted : SealedPart::required;
  const auto answer = verify(std::move(bytes), fixed<32>(v.bytes("author_key")), sealed);
  return answer.entry ? "accept " + crypto::to_hex(answer.entry->hash()) : bad_name(answer.bad);
}

std::string sealed_part(const VectorFile& v) {
  const crypto::ContentKey key{crypto::Secret<32>(fixed<32>(v.bytes("content_key")))};
  const auto opened = open_change_set(v.bytes("sealed"), key, v.bytes("bound_to"));
  if (!opened) return refusal(opened.error());
  const auto written = encode_change_set(*opened);
  return "accept " + (written ? crypto::to_hex(*written) : std::string("?"));
}

std::string change_set(const VectorFile& v) {
  const auto read = decode_change_set(v.bytes("bytes"));
  return read ? "accept" : refusal(read.error());
}

std::string membership(const VectorFile& v) {
  const auto read = decode_membership(v.bytes("bytes"));
  return read ? "accept " + read->epoch().hex() : "malformed";
}

std::string dossier_id(const VectorFile& v) {
  return "accept " + make_dossier_id({fixed<16>(v.bytes("owner"))},
                                     fixed<32>(v.bytes("author_key")),
                                     fixed<16>(v.bytes("dossier_random")))
                         .hex();
}

std::string chain(const VectorFile& v) {
  Hash head = chain_start({fixed<16>(v.bytes("dossier"))});
  std::optional<OrderRecord> before;
  for (const auto& line : v.all("record")) {
    const auto record = decode_order_record(from_hex_or_dash(line));
    if (!record) return "malformed";
    if (!follows(*record, before)) return "not_next";
    head = chain_next(head, *record);
    before = record;
  }
  return "accept " + crypto::to_hex(head);
}

std::string head(const VectorFile& v) {
  SignedHead out;
  out.head = {{fixed<16>(v.bytes("dossier"))}, v.number("dsn"), fixed<32>(v.bytes("chain"))};
  for (const auto& line : v.all("step")) {
    const auto w = words(line);
    out.path.push_back({w.at(0) == "left", fixed<32>(from_hex_or_dash(w.at(1)))});
  }
  const auto root = decode_heads_root(v.bytes("root"));
  if (!root) return "malformed";
  out.root = *root;
  out.signature = fixed<64>(v.bytes("signature"));
  const auto hub_key = fixed<32>(v.bytes("hub_key"));
  if (verify(out, hub_key)) return "accept";
  return crypto::verify(hub_key, contexts::heads_signature, root->encode(), out.signature)
             ? "path"
             : "signature";
}

std::string verdict(const VectorFile& v) {
  const auto read = decode_verdict(v.bytes("bytes"), fixed<64>(v.bytes("signature")));
  if (!read) return "malformed";
  if (!verify(*read, fixed<32>(v.bytes("hub_key")))) return "signature";
  return "accept " + ruling_name(read->ruling);
}

std::string fork(const VectorFile& v) {
  const ForkProof proof{v.bytes("header_a"), fixed<64>(v.bytes("signature_a")), v.bytes("header_b"),
                        fixed<64>(v.bytes("signature_b"))};
  const auto author_key = fixed<32>(v.bytes("author_key"));
  if (proves_fork(proof, author_key)) return "accept";
  const auto is_signed = [&](const Bytes& header, const crypto::Signature& signature) {
    return crypto::verify(author_key, contexts::entry_signature, header, signature);
  };
  if (!decode_header(proof.header_a).header || !decode_header(proof.header_b).header) {
    return "malformed";
  }
  return is_signed(proof.header_a, proof.signature_a) &&
                 is_signed(proof.header_b, proof.signature_b)
             ? "not_one_place"
             : "signature";
}

std::string erasure_receipt(const VectorFile& v) {
  const auto read = decode_erasure_receipt(v.bytes("bytes"), fixed<64>(v.bytes("signature")));
  if (!read) return "malformed";
  if (!verify(*read, fixed<32>(v.bytes("witness_key")))) return "signature";
  return "accept " + std::to_string(read->erased_to);
}

std::string purge_receipt(const VectorFile& v) {
  const auto read = decode_purge_receipt(v.bytes("bytes"), fixed<64>(v.bytes("signature")));
  if (!read) return "malformed";
  if (!verify(*read, fixed<32>(v.bytes("node_key")))) return "signature";
  return "accept " + std::to_string(read->dsn);
}

std::string envelope_list(const VectorFile& v) {
  const auto read = decode_envelope_list(v.bytes("bytes"), fixed<64>(v.bytes("signature")));
  if (!read) return "malformed";
  return verify(*read, fixed<32>(v.bytes("sender_key"))) ? "accept" : "signature";
}

std::string envelope(const VectorFile& v) {
  const crypto::BoxKey box{crypto::Secret<32>(fixed<32>(v.bytes("box_secret")))};
  const Envelope sealed{{RecipientKind::node, {}}, fixed<envelope_bytes>(v.bytes("sealed"))};
  const auto key = open_envelope(sealed, box, {fixed<16>(v.bytes("dossier"))},
                                 fixed<32>(v.bytes("key_commitment")));
  if (key) return "accept " + crypto::to_hex(key->secret().view());
  return box.open(sealed.sealed) ? "commitment" : "not_opening";
}

std::string directory(const VectorFile& v) {
  Directory directory;
  for (const auto& line : v.all("step")) {
    const auto w = words(line);
    const DirectoryStep step{from_hex_or_dash(w.at(0)), from_hex_or_dash(w.at(1)),
                             fixed<64>(from_hex_or_dash(w.at(2))),
                             w.size() > 3 ? from_hex_or_dash(w.at(3)) : Bytes{}};
    const auto done = directory.apply(step, fixed<32>(v.bytes("directory_key")));
    if (!done) return refusal(done.error());
  }
  return "accept " + std::to_string(directory.version());
}

std::string snapshot(const VectorFile& v) {
  Anchor anchor(fixed<32>(v.bytes("root")));
  anchor.version = v.number("version");
  anchor.head = fixed<32>(v.bytes("head"));
  const auto directory = read_snapshot(v.bytes("snapshot"), anchor);
  return directory ? "accept " + crypto::to_hex(directory->state()) : refusal(directory.error());
}

std::string root_list(const VectorFile& v) {
  std::optional<RootList> held;
  for (const auto& line : v.all("list")) {
    const auto list = decode_root_list(from_hex_or_dash(line));
    if (!list) return "malformed";
    const auto done = check(*list, held ? &*held : nullptr);
    if (!done) return refusal(done.error());
    held = list->list;
  }
  return held ? "accept " + crypto::to_hex(root_hash(*held)) : "malformed";
}

std::string verdict_on_entry(const VectorFile& v) {
  const auto order = order_of(v);
  auto in = submitted(words(v.text("judge")));
  in.author.revoked = v.find("revoked").has_value();
  return ruling_name(judge(verified(in), in.author, order));
}

std::string wire(const VectorFile& v) {
  const auto order = order_of(v);
  const DossierId dossier{fixed<16>(v.bytes("dossier"))};
  schema::EntryGroup group;
  const Bytes bytes = v.bytes("group");
  if (!group.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return "malformed";
  auto expansion = WireExpander(dossier, order).expand(group, group.entries(0));
  if (!expansion.entry) {
    return expansion.fault == WireExpander::Fault::need_full ? "need_full" : "malformed";
  }
  const std::string header = crypto::to_hex(expansion.entry->header);
  const auto answer = verify(std::move(*expansion.entry), fixed<32>(v.bytes("author_key")));
  if (answer.entry) return "accept " + header;
  return answer.bad == Bad::signature && !expansion.was_full ? "need_full" : bad_name(answer.bad);
}

std::string effective_time(const VectorFile& v) {
  ClaimedTime claimed{v.number("clock"), v.number("base_accepted_at"),
                      v.number("previous_effective"), std::nullopt};
  if (v.text("accepted_at") != "-") claimed.accepted_at_ms = v.number("accepted_at");
  return "accept " + std::to_string(v.find("copy") ? effective_time_of_copy_ms(claimed)
                                                   : effective_time_ms(claimed));
}

// field: record, record type, number, canonical bytes
std::string digest(const VectorFile& v) {
  std::map<FieldKey, Bytes> fields;
  for (const auto& line : v.all("field")) {
    const auto w = words(line);
    fields[{{fixed<8>(from_hex_or_dash(w.at(0)))},
            static_cast<std::uint32_t>(std::stoul(w.at(1))),
            static_cast<std::uint32_t>(std::stoul(w.at(2)))}] = from_hex_or_dash(w.at(3));
  }
  const crypto::ContentKey key{crypto::Secret<32>(fixed<32>(v.bytes("content_key")))};
  return "accept " + crypto::to_hex(projection_digest(key, {fixed<16>(v.bytes("dossier"))},
                                                      v.number("dsn"), fields));
}

}  // namespace

std::string outcome_of(const VectorFile& vector) {
  static const std::map<std::string, std::function<std::string(const VectorFile&)>> kinds{
      {"entry", entry},
      {"sealed_part", sealed_part},
      {"change_set", change_set},
      {"membership", membership},
      {"dossier_id", dossier_id},
      {"chain", chain},
      {"head", head},
      {"verdict", verdict},
      {"fork", fork},
      {"envelope_list", envelope_list},
      {"envelope", envelope},
      {"directory", directory},
      {"root_list", root_list},
      {"directory_snapshot", snapshot},
      {"erasure_receipt", erasure_receipt},
      {"purge_receipt", purge_receipt},
      {"judge", verdict_on_entry},
      {"wire", wire},
      {"effective_time", effective_time},
      {"field", field_outcome},
      {"digest", digest},
      {"invitation_code", invitation_code_outcome},
      {"enrolment_request", enrolment_request_outcome},
      {"enrolment_reply", enrolment_reply_outcome},
      {"challenge", challenge_outcome},
      {"bundle", bundle_outcome}};
  const auto found = kinds.find(vector.text("kind"));
  if (found == kinds.end()) throw std::runtime_error("a vector of no known kind");
  return found->second(vector);
}

}  // namespace throughgate::vectors
