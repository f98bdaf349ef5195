// Layouts: what is written is read again, and whatever can be read is written in the same bytes, so
// that no two byte strings mean one thing.
#include <catch_amalgamated.hpp>
#include <functional>

#include "schema/wire.pb.h"
#include "sync/directory.h"
#include "sync/envelope.h"
#include "sync/order.h"
#include "sync/signed_verdict.h"
#include "sync/wire_form.h"
#include "tests/sync/property.h"
#include "tests/sync/test_dossier.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;
using throughgate::testing::holds;
using throughgate::testing::Tell;

namespace {

template <class T>
T any() {
  return *rc::gen::arbitrary<T>();
}
unsigned below(unsigned bound) { return *rc::gen::inRange(0U, bound); }

template <std::size_t Size>
ByteArray<Size> any_bytes() {
  SeededRandom random(any<std::uint64_t>());
  return random.bytes<Size>();
}
template <class AnyId>
AnyId any_id() {
  return {any_bytes<sizeof(AnyId::bytes)>()};
}
// Places, seqs and clocks end where every store still holds them.
std::uint64_t any_counter() { return any<std::uint64_t>() % ((std::uint64_t{1} << 62) + 1); }
PartDigest any_part() { return {1 + below(1000), any_bytes<32>()}; }

Header any_header() {
  Header header;
  header.kind = static_cast<EntryKind>(1 + below(3));
  header.dossier = any_id<DossierId>();
  header.author = any_id<NodeId>();
  header.stream = any_id<StreamId>();
  header.seq = 1 + any<std::uint32_t>() % 3;
  if (header.seq > 1) header.previous = any_bytes<32>();
  header.membership_version = 1 + below(100);
  header.epoch = any_id<EpochId>();
  header.base_dsn = any_counter();
  header.base_head = any_bytes<32>();
  for (unsigned i = below(9); i > 0; --i) {
    header.dependencies.push_back({any_id<StreamId>(), 1 + below(9), any_bytes<32>()});
  }
  std::sort(header.dependencies.begin(), header.dependencies.end(),
            [](const auto& a, const auto& b) { return a.stream < b.stream; });
  if (header.kind != EntryKind::change) header.clear = any_part();
  header.sealed = any_part();
  return header;
}

// Takes a good layout and breaks it, or leaves it: near misses find more than noise does.
Bytes nearly(Bytes bytes) {
  for (unsigned edits = below(3); edits > 0 && !bytes.empty(); --edits) {
    const auto at = below(static_cast<unsigned>(bytes.size()));
    switch (below(3)) {
      case 0:
        bytes[at] = any<std::uint8_t>();
        break;
      case 1:
        bytes.erase(bytes.begin() + at);
        break;
      default:
        bytes.insert(bytes.begin() + at, any<std::uint8_t>());
    }
  }
  return bytes;
}

Op any_op() {
  Op op;
  if (any<bool>()) op.field.record = any_id<RecordId>();
  op.field.record_type = any<std::uint32_t>();
  op.field.field = any<std::uint32_t>();
  op.kind = static_cast<OpKind>(below(6));
  op.value = any<Bytes>();
  for (unsigned i = below(4); i > 0; --i) {
    const auto by = static_cast<SeenName::By>(below(3));
    op.supersedes.push_back({by, 1 + any<std::uint64_t>() % 1000,
                             by == SeenName::By::dependency ? below(8) : 0, any<std::uint32_t>()});
  }
  if (below(4) == 0) op.again_of = AgainOf{{any_bytes<32>(), below(100)}, any_id<NodeId>()};
  return op;
}

ChangeSet any_change_set() {
  ChangeSet out;
  out.schema_version = below(schema_version_known + 1);
  out.clock_ms = any_counter();
  out.actor = {any_id<ActorId>(), "Alys Morgan", below(2) == 0 ? "" : "Coordinator"};
  for (unsigned i = below(6); i > 0; --i) out.ops.push_back(any_op());
  if (below(4) == 0) out.reauthored_by = Actor{any_id<ActorId>(), "", ""};
  for (unsigned i = below(3); i > 0; --i) out.closes.push_back(any_bytes<32>());
  if (below(4) == 0) {
    out.copy.emplace();
    out.copy->clock_ms = any_counter();
    out.copy->ops.emplace_back(below(9), any_op());
  }
  return out;
}

template <class Decode>
bool reads_only_its_own_bytes(const char* name, const std::function<Bytes()>& write, Decode decode,
                              Tell tell = Tell::failures) {
  return holds(
      name,
      [&] {
        const Bytes bytes = nearly(write());
        if (const auto read = decode(bytes)) RC_ASSERT(read->encode() == bytes);
      },
      tell);
}

}  // namespace

TEST_CASE("any header is read as it was written", "[property][header]") {
  CHECK(holds("header", [] {
    const Header header = any_header();
    RC_ASSERT(decode_header(header.encode()).header == header);
  }));
}

TEST_CASE("any change set is read as it was written", "[property][change_set]") {
  CHECK(holds("change set", [] {
    const ChangeSet change_set = any_change_set();
    const auto bytes = encode_change_set(change_set);
    RC_ASSERT(bytes.has_value());
    const auto read = decode_change_set(*bytes);
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == change_set);
  }));
}

TEST_CASE("whatever bytes a fixed layout is read from, it is written in the same",
          "[property][layout]") {
  CHECK(reads_only_its_own_bytes(
      "header", [] { return any_header().encode(); },
      [](ByteView bytes) { return decode_header(bytes).header; }));
  CHECK(reads_only_its_own_bytes(
      "membership", [] { return TestDossier(any<std::uint8_t>()).first_membership.encode(); },
      decode_membership));
  CHECK(reads_only_its_own_bytes(
      "redaction",
      [] {
        return Redaction{1 + below(9), any_bytes<32>()}.encode();
      },
      decode_redaction));
  CHECK(reads_only_its_own_bytes(
      "order record",
      [] {
        return OrderRecord{1 + below(9), any_bytes<32>(), any<std::uint64_t>(),
                           any<std::uint64_t>()}
            .encode();
      },
      decode_order_record));
  CHECK(reads_only_its_own_bytes(
      "heads root",
      [] {
        return HeadsRoot{any_id<InstanceId>(), any<std::uint64_t>(), any<std::uint64_t>(),
                         any<std::uint32_t>(), any_bytes<32>()}
            .encode();
      },
      decode_heads_root));
  CHECK(reads_only_its_own_bytes(
      "verdict",
      [] {
        return SignedVerdict{any_id<InstanceId>(),
                             any_id<DossierId>(),
                             any_bytes<32>(),
                             {Outcome::hold, Reason::over_quota},
                             any<std::uint64_t>(),
                             any<std::uint64_t>(),
                             {}}
            .encode();
      },
      [](ByteView bytes) { return decode_verdict(bytes, {}); }));
  CHECK(reads_only_its_own_bytes(
      "envelope list",
      [] {
        EnvelopeList list{any_id<NodeId>(), any_id<DossierId>(), any_id<EpochId>(), {}, {}};
        list.envelopes.resize(below(4));
        return list.encode();
      },
      [](ByteView bytes) { return decode_envelope_list(bytes, {}); }));
}

TEST_CASE("the layout check sees a reader that passes over what is left",
          "[property][layout][twin]") {
  const auto lax = [](ByteView bytes) -> std::optional<Redaction> {
    LayoutReader in(bytes);
    Redaction read{in.u64(), in.array<32>()};
    return in.failed() ? std::nullopt : std::optional(read);
  };
  CHECK_FALSE(reads_only_its_own_bytes(
      "lax redaction",
      [] {
        return Redaction{1, any_bytes<32>()}.encode();
      },
      lax, Tell::nothing));
}

TEST_CASE("noise is never taken for a layout, and never crashes", "[property][layout]") {
  CHECK(holds("noise", [] {
    const auto bytes = *rc::gen::scale(4.0, rc::gen::arbitrary<Bytes>());
    if (const auto header = decode_header(bytes).header) RC_ASSERT(header->encode() == bytes);
    if (const auto clear = decode_membership(bytes)) RC_ASSERT(clear->encode() == bytes);
    (void)decode_change_set(bytes);
    (void)decode_envelope_list(bytes, {});
    DirectoryStep step{bytes, bytes, {}};
    RC_ASSERT(!Directory().apply(step, {}));
  }));
}

// Entries by several authors, some placed and some not, sent in short form to one who holds the
// same chain: each expands to its exact bytes or, where that cannot be, in full.
TEST_CASE("any entry expands from its short form, or is asked for in full", "[property][wire]") {
  CHECK(holds("wire form", [] {
    TestDossier d(below(16));
    std::vector<std::pair<Author*, Stream>> pens{
        {&d.owner, d.new_stream()}, {&d.receiver, d.new_stream()}, {&d.desk, d.new_stream()}};
    d.begin(pens[0].second);
    WireExpander expander(d.id, d.order);
    for (unsigned i = below(5); i > 0; --i) {
      auto& [author, stream] = pens[below(3)];
      Draft draft;
      draft.base = below(static_cast<unsigned>(d.order.length()) + 1);
      if (below(4) == 0) draft = TestDossier::membership_draft(d.next_membership());
      const auto entry = d.write(*author, stream, std::move(draft));
      schema::EntryGroup group;
      add_to_group(entry, WireForm::brief, group);
      auto expansion = expander.expand(group, group.entries(0));
      RC_ASSERT(expansion.entry == entry.bytes());
      RC_ASSERT(verify(std::move(*expansion.entry), author->key.verify_key()).entry.has_value());
      expander.note(entry);
      if (below(2) == 0 && d.judge(entry, *author).outcome == Outcome::accepted) {
        d.place(entry, *author);
      }
    }
  }));
}
