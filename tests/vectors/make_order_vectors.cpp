#include "sync/contexts.h"
#include "sync/effective_time.h"
#include "sync/erasure.h"
#include "sync/order.h"
#include "sync/purge_receipt.h"
#include "sync/signed_verdict.h"
#include "tests/sync/test_dossier.h"
#include "tests/vectors/make_vectors.h"

namespace throughgate::vectors {
namespace {

using namespace sync;
using namespace sync::testing;

void add_chains(Vectors& out) {
  const DossierId dossier{{1, 2, 3}};
  const OrderRecord one{1, Hash{1}, 4, 1'800'000'000'000};
  const OrderRecord two{2, Hash{2}, 4, 1'800'000'000'000};
  const auto chain = [&](const std::string& name, const std::string& about,
                         const std::string& expect, const std::vector<OrderRecord>& records) {
    VectorFile vector("chain", about, expect);
    vector.add("dossier", dossier.view());
    for (const auto& record : records) vector.add("record", record.encode());
    out["chain_" + name] = std::move(vector);
  };
  const Hash start = chain_start(dossier);
  chain("start", "No records: H_0.", "accept " + crypto::to_hex(start), {});
  chain("two", "Two records: H_2.",
        "accept " + crypto::to_hex(chain_next(chain_next(start, one), two)), {one, two});
  OrderRecord gap = two;
  gap.dsn = 3;
  chain("gap", "A place left out.", "not_next", {one, gap});
  OrderRecord earlier = two;
  earlier.accepted_at_ms -= 1;
  chain("time_goes_back", "accepted_at goes back.", "not_next", {one, earlier});
  OrderRecord older = two;
  older.directory_version = 3;
  chain("directory_goes_back", "directory_version goes back.", "not_next", {one, older});
  chain("place_0", "A record of place 0.", "malformed", {OrderRecord{0, Hash{1}, 4, 1}});
}

void add_heads(Vectors& out) {
  SeededRandom random(72);
  const auto hub = crypto::SigningKey::generate(random);
  std::vector<Head> heads;
  for (std::uint64_t i = 0; i < 5; ++i) {
    heads.push_back({DossierId::random(random), i + 1, random.bytes<32>()});
  }
  const auto alone =
      separate(sign_heads(heads, InstanceId::random(random), 4, 1'800'000'000'000, hub));
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       const SignedHead& head) {
    VectorFile vector("head", about, expect);
    vector.add("hub_key", hub.verify_key())
        .add("dossier", head.head.dossier.view())
        .add("dsn", std::to_string(head.head.dsn))
        .add("chain", head.head.chain);
    for (const auto& step : head.path) {
      vector.add("step",
                 (step.sibling_is_left ? "left " : "right ") + crypto::to_hex(step.sibling));
    }
    out["head_" + name] =
        std::move(vector.add("root", head.root.encode()).add("signature", head.signature));
  };
  add("first_of_five", "The first of five heads.", "accept", alone[0]);
  add("odd_last", "The last of five heads, which rises unchanged twice.", "accept", alone[4]);
  SignedHead swapped = alone[1];
  swapped.path[0].sibling_is_left = !swapped.path[0].sibling_is_left;
  add("side_swapped", "A sibling on the wrong side.", "path", swapped);
  SignedHead other = alone[1];
  other.head.dsn += 1;
  add("another_place", "Another place.", "path", other);
  SignedHead time = alone[1];
  time.root.hub_time_ms += 1;
  add("another_time", "Another hub time.", "signature", time);
  SignedHead path = alone[1];
  path.path = alone[2].path;
  add("another_path", "Another head's path.", "path", path);
  SignedHead chain = alone[1];
  chain.head.chain[0] ^= 1;
  add("another_chain", "Another chain hash.", "path", chain);
  SignedHead dossier = alone[1];
  dossier.head.dossier = alone[2].head.dossier;
  add("another_dossier", "The place and chain of one dossier, told of another.", "path", dossier);
  SignedHead cut = alone[1];
  cut.path.pop_back();
  add("path_cut", "A path without its last step.", "path", cut);
  SignedHead unsigned_one = alone[1];
  unsigned_one.signature[10] ^= 1;
  add("signature_bit", "One bit of the signature flipped.", "signature", unsigned_one);
  SignedHead context = alone[1];
  context.signature = hub.sign(contexts::verdict_signature, context.root.encode());
  add("context", "Signed as a verdict is.", "signature", context);
}

void add_verdicts(Vectors& out) {
  SeededRandom random(73);
  const auto hub = crypto::SigningKey::generate(random);
  SignedVerdict verdict{InstanceId::random(random),
                        DossierId::random(random),
                        random.bytes<32>(),
                        {Outcome::rejected, Reason::base},
                        0,
                        1'800'000'000'000,
                        {}};
  sign(verdict, hub);
  const auto add_signed = [&](const std::string& name, const std::string& about,
                              const std::string& expect, ByteView bytes,
                              const crypto::Signature& signature) {
    VectorFile vector("verdict", about, expect);
    vector.add("hub_key", hub.verify_key()).add("bytes", bytes);
    out["verdict_" + name] = std::move(vector.add("signature", signature));
  };
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       ByteView bytes) {
    add_signed(name, about, expect, bytes, verdict.signature);
  };
  const auto sign_anew = [&](const Bytes& each) {
    return hub.sign(contexts::verdict_signature, each);
  };
  Bytes bytes = verdict.encode();
  for (const std::uint8_t outcome : {std::uint8_t{0}, std::uint8_t{7}}) {
    bytes[64] = outcome;
    add_signed("signed_outcome_" + std::to_string(outcome),
               "An outcome that does not exist, signed.", "malformed", bytes, sign_anew(bytes));
  }
  bytes = verdict.encode();
  add_signed("context", "Signed as an erasure receipt is.", "signature", bytes,
             hub.sign(contexts::erasure_receipt, bytes));
  add_signed("another_hub", "Signed by another hub.", "signature", bytes,
             crypto::SigningKey::generate(random).sign(contexts::verdict_signature, bytes));
  bytes.pop_back();
  add_signed("shorter", "One byte too few, signed.", "malformed", bytes, sign_anew(bytes));
  bytes = verdict.encode();
  add("rejected", "REJECTED (base).", "accept rejected 25", bytes);
  bytes[65] ^= 1;
  add("another_reason", "Another reason under the same signature.", "signature", bytes);
  bytes[65] ^= 1;
  bytes[64] = 7;
  add("outcome_7", "An outcome that does not exist.", "malformed", bytes);
  bytes[64] = 5;
  bytes.push_back(0);
  add("longer", "One byte too many.", "malformed", bytes);
}

void add_forks(Vectors& out) {
  TestDossier dossier(74);
  Stream stream = dossier.new_stream();
  dossier.begin(stream);
  Stream again = stream;
  const auto a = dossier.write(dossier.owner, stream);
  const auto b = dossier.write(dossier.owner, again);
  const auto later = dossier.write(dossier.owner, stream);
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       const SignedEntry& x, const SignedEntry& y) {
    VectorFile vector("fork", about, expect);
    vector.add("author_key", dossier.owner.key.verify_key())
        .add("header_a", x.header)
        .add("signature_a", x.signature)
        .add("header_b", y.header)
        .add("signature_b", y.signature);
    out["fork_" + name] = std::move(vector);
  };
  add("proof", "Two headers signed for one place.", "accept", a.bytes(), b.bytes());
  add("same_header", "One header twice.", "not_one_place", a.bytes(), a.bytes());
  add("other_seq", "Two places of one stream.", "not_one_place", a.bytes(), later.bytes());
  SignedEntry unsigned_one = b.bytes();
  unsigned_one.signature[0] ^= 1;
  add("unsigned", "The second header was not signed.", "signature", a.bytes(), unsigned_one);
  SignedEntry cut = b.bytes();
  cut.header.pop_back();
  cut.signature = dossier.owner.key.sign(contexts::entry_signature, cut.header);
  add("malformed", "The second header is cut short, and signed.", "malformed", a.bytes(), cut);
  const auto elsewhere = [&](auto edit) {
    Header header = b.header();
    edit(header);
    SignedEntry moved = b.bytes();
    moved.header = header.encode();
    moved.signature = dossier.owner.key.sign(contexts::entry_signature, moved.header);
    return moved;
  };
  add("other_stream", "The same seq of two streams.", "not_one_place", a.bytes(),
      elsewhere([](Header& header) { header.stream.bytes[0] ^= 1; }));
  add("other_dossier", "The same place of two dossiers.", "not_one_place", a.bytes(),
      elsewhere([](Header& header) { header.dossier.bytes[0] ^= 1; }));
}

void add_erasure_receipts(Vectors& out) {
  SeededRandom random(75);
  const auto key = crypto::SigningKey::generate(random);
  ErasureReceipt receipt{{WitnessKind::node, random.bytes<16>()}, 12, 1'800'000'000'000, {}};
  sign(receipt, key);
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       const Bytes& bytes, const crypto::Signature& signature) {
    VectorFile vector("erasure_receipt", about, expect);
    vector.add("witness_key", key.verify_key()).add("bytes", bytes).add("signature", signature);
    out["erasure_receipt_" + name] = std::move(vector);
  };
  const Bytes good = receipt.encode();
  add("node", "A node has nothing left of what version 12 and those before it erase.", "accept 12",
      good, receipt.signature);
  Bytes other = good;
  other[17] ^= 1;
  add("another_version", "Another version under the same signature.", "signature", other,
      receipt.signature);
  other = good;
  other[0] = 3;
  add("kind_3", "A witness of no known kind, signed.", "malformed", other,
      key.sign(contexts::erasure_receipt, other));
  other = good;
  other.push_back(0);
  add("longer", "One byte too many, signed.", "malformed", other,
      key.sign(contexts::erasure_receipt, other));
  add("another_context", "Signed as a verdict is.", "signature", good,
      key.sign(contexts::verdict_signature, good));
  receipt.witness.kind = WitnessKind::hub;
  sign(receipt, key);
  add("hub", "The exchange's.", "accept 12", receipt.encode(), receipt.signature);
}

void add_purge_receipts(Vectors& out) {
  SeededRandom random(76);
  const auto key = crypto::SigningKey::generate(random);
  PurgeReceipt receipt{DossierId::random(random),
                       NodeId::random(random),
                       random.bytes<32>(),
                       7,
                       2,
                       1'800'000'000'000,
                       {}};
  sign(receipt, key);
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       const Bytes& bytes, const crypto::Signature& signature) {
    VectorFile vector("purge_receipt", about, expect);
    vector.add("node_key", key.verify_key()).add("bytes", bytes).add("signature", signature);
    out["purge_receipt_" + name] = std::move(vector);
  };
  const Bytes good = receipt.encode();
  add("good", "A node has deleted what was no longer shared with it from place 7 on.", "accept 7",
      good, receipt.signature);
  Bytes other = good;
  other[64] ^= 1;
  add("another_place", "Another place under the same signature.", "signature", other,
      receipt.signature);
  other = good;
  other.push_back(0);
  add("longer", "One byte too many, signed.", "malformed", other,
      key.sign(contexts::purge_receipt, other));
  other.resize(good.size() - 1);
  add("shorter", "One byte too few, signed.", "malformed", other,
      key.sign(contexts::purge_receipt, other));
  add("another_node", "Signed by another node.", "signature", good,
      crypto::SigningKey::generate(random).sign(contexts::purge_receipt, good));
  add("another_context", "Signed as an erasure receipt is.", "signature", good,
      key.sign(contexts::erasure_receipt, good));
}

void add_times(Vectors& out) {
  const auto add = [&](const std::string& name, const std::string& about, std::uint64_t expect,
                       std::uint64_t clock, std::uint64_t base, std::uint64_t previous,
                       const std::string& accepted, bool copy = false) {
    VectorFile vector("effective_time", about, "accept " + std::to_string(expect));
    vector.add("clock", std::to_string(clock))
        .add("base_accepted_at", std::to_string(base))
        .add("previous_effective", std::to_string(previous))
        .add("accepted_at", accepted);
    if (copy) vector.add("copy", "yes");
    out["time_" + name] = std::move(vector);
  };
  add("right", "A right clock.", 1500, 1500, 1000, 0, "2000");
  add("1970", "A clock in 1970 is raised to the base.", 1000, 5, 1000, 0, "2000");
  add("2099", "A clock in 2099 is lowered to acceptance.", 2000, 4'080'000'000'000, 1000, 0,
      "2000");
  add("stream", "Raised to the entry before it in its stream.", 1800, 1500, 1000, 1800, "2000");
  add("provisional", "No upper bound while provisional.", 4'080'000'000'000, 4'080'000'000'000,
      1000, 0, "-");
  add("stream_later", "Never raised above its own acceptance.", 2000, 1500, 1000, 2500, "2000");
  add("copy_2099", "A copy's clock in 2099 is lowered to acceptance.", 2000, 4'080'000'000'000,
      1000, 0, "2000", true);
  add("copy", "A copy has no lower bound.", 5, 5, 1000, 1800, "2000", true);
}

}  // namespace

void add_order_vectors(Vectors& out) {
  add_chains(out);
  add_heads(out);
  add_verdicts(out);
  add_forks(out);
  add_erasure_receipts(out);
  add_purge_receipts(out);
  add_times(out);
}

}  // namespace throughgate::vectors
