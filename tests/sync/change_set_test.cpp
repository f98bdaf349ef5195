#include "sync/change_set.h"

#include <catch_amalgamated.hpp>

#include "schema/change_set.pb.h"
#include "sync/compression.h"
#include "sync/contexts.h"
#include "tests/sync/seeded_random.h"
#include "tests/sync/test_dossier.h"
#include "tests/sync/zstd_frames.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

namespace {

const std::string actor_id(8, 'a');

ChangeSet sample() {
  SeededRandom random(1);
  ChangeSet out = change_of({set_op(1, "12 Mill Lane"), set_op(2, "2027-03-01")});
  out.actor.name = "Alys Morgan";
  out.actor.role = "Coordinator";
  out.reason = "Telephone call";
  out.ops[0].supersedes = {{SeenName::By::dsn, 9, 0, 1},
                           {SeenName::By::own_stream, 3, 0, 0},
                           {SeenName::By::dependency, 2, 7, 4}};
  out.ops[1].field.record = RecordId::random(random);
  out.ops[1].again_of = AgainOf{{random.bytes<32>(), 3}, NodeId::random(random)};
  out.reauthored_by = Actor{ActorId::random(random), "Bryn Rees", ""};
  out.closes = {random.bytes<32>(), random.bytes<32>()};
  out.copy.emplace();
  out.copy->clock_ms = 5;
  out.copy->reason = "Withdrawn";
  out.copy->ops.emplace_back(2, set_op(1, ""));
  out.copy->ops[0].second.value_removed = true;
  return out;
}

Bytes serialised(const schema::ChangeSet& message) {
  const std::string text = message.SerializeAsString();
  return {text.begin(), text.end()};
}

schema::ChangeSet message() {
  schema::ChangeSet out;
  out.mutable_actor()->set_id(actor_id);
  return out;
}

void check_refused(ByteView bytes) {
  const auto decoded = decode_change_set(bytes);
  REQUIRE_FALSE(decoded);
  CHECK(decoded.error().kind == ErrorKind::rejected);
}

void check_not_written(const ChangeSet& change_set) {
  const auto bytes = encode_change_set(change_set);
  REQUIRE_FALSE(bytes);
  CHECK(bytes.error().kind == ErrorKind::invalid);
}

const Bytes bound_to{1, 2, 3};

}  // namespace

TEST_CASE("a change set says the same after encoding and decoding", "[change_set]") {
  const auto bytes = encode_change_set(sample());
  REQUIRE(bytes);
  const auto again = decode_change_set(*bytes);
  REQUIRE(again);
  CHECK(*again == sample());
}

TEST_CASE("a change set that no reader would take is not written", "[change_set]") {
  ChangeSet out = sample();
  SECTION("too many ops") { out.ops.assign(ops_max + 1, set_op(1, "x")); }
  SECTION("a long value") { out.ops[0].value.resize(value_bytes_max + 1); }
  SECTION("a long reason") { out.reason.resize(reason_bytes_max + 1, 'x'); }
  SECTION("a long name") { out.actor.name.resize(name_bytes_max + 1, 'x'); }
  SECTION("a long role") { out.actor.role.resize(name_bytes_max + 1, 'x'); }
  SECTION("a long name of who wrote it again") {
    out.reauthored_by->name.resize(name_bytes_max + 1, 'x');
  }
  SECTION("a long reason in a copy") { out.copy->reason.resize(reason_bytes_max + 1, 'x'); }
  SECTION("a long value in a copy") {
    out.copy->ops.emplace_back(3, set_op(1, std::string(value_bytes_max + 1, 'x')));
  }
  SECTION("a removed value outside a copy") { out.ops[0].value_removed = true; }
  SECTION("a removed value that is still there") { out.copy->ops[0].second.value = Bytes{1}; }
  SECTION("a place before the first") { out.ops[0].supersedes[0].number = 0; }
  SECTION("a ninth dependency") { out.ops[0].supersedes[2].dependency = dependencies_max; }
  SECTION("more than 256 KiB in all") {
    out.ops.assign(9, set_op(1, std::string(value_bytes_max, 'x')));
  }
  check_not_written(out);
}

TEST_CASE("what is just within the limits is written and read", "[change_set]") {
  ChangeSet out = sample();
  SECTION("ops") { out.ops.assign(ops_max, set_op(1, "x")); }
  SECTION("value") { out.ops[0].value.resize(value_bytes_max); }
  SECTION("reason") { out.reason.assign(reason_bytes_max, 'x'); }
  SECTION("name") { out.actor.name.assign(name_bytes_max, 'x'); }
  const auto bytes = encode_change_set(out);
  REQUIRE(bytes);
  CHECK(decode_change_set(*bytes));
}

TEST_CASE("text that is not UTF-8 is refused", "[change_set]") {
  const std::vector<std::string> not_text{"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                          "caf\xc3"};
  for (const auto& text : not_text) {
    CAPTURE(text.size());
    // A length-delimited field 4 (reason), as no protobuf library would write it.
    Bytes bytes = serialised(message());
    bytes.push_back(0x22);
    bytes.push_back(static_cast<std::uint8_t>(text.size()));
    bytes.insert(bytes.end(), text.begin(), text.end());
    check_refused(bytes);
  }
}

TEST_CASE("values may be any bytes", "[change_set]") {
  ChangeSet out = sample();
  out.ops[0].value = {0xff, 0x00, 0xc0};
  const auto bytes = encode_change_set(out);
  REQUIRE(bytes);
  CHECK(decode_change_set(*bytes)->ops[0].value == out.ops[0].value);
}

TEST_CASE("a value out of its bounds is refused", "[change_set]") {
  auto in = message();
  SECTION("no actor") { in.clear_actor(); }
  SECTION("a clock beyond any calendar") { in.set_clock_ms((std::uint64_t{1} << 62) + 1); }
  SECTION("such a clock in a copy") {
    in.mutable_copy()->mutable_actor()->set_id(actor_id);
    in.mutable_copy()->set_clock_ms(~std::uint64_t{0});
  }
  SECTION("an actor's id of 7 bytes") { in.mutable_actor()->set_id("aaaaaaa"); }
  SECTION("a negative kind") { in.add_ops()->set_kind(static_cast<schema::Op::Kind>(-1)); }
  SECTION("a record id of 7 bytes") { in.add_ops()->set_record("aaaaaaa"); }
  SECTION("a record id of zeros") { in.add_ops()->set_record(std::string(8, '\0')); }
  SECTION("a value over the limit") {
    in.add_ops()->set_value(std::string(value_bytes_max + 1, 'x'));
  }
  SECTION("a value both removed and there") {
    auto& op = *in.mutable_copy()->add_ops();
    op.set_value_removed(true);
    op.set_value("x");
    in.mutable_copy()->mutable_actor()->set_id(actor_id);
  }
  SECTION("a removed value in an op of its own") { in.add_ops()->set_value_removed(true); }
  SECTION("a name by place and by stream") {
    auto& seen = *in.add_ops()->add_supersedes();
    seen.set_dsn(1);
    seen.set_seq(1);
  }
  SECTION("a name by nothing") { in.add_ops()->add_supersedes(); }
  SECTION("a name by a dependency without a seq") { in.add_ops()->add_supersedes()->set_dep(1); }
  SECTION("a name by dependency 9") {
    auto& seen = *in.add_ops()->add_supersedes();
    seen.set_seq(1);
    seen.set_dep(9);
  }
  SECTION("an original of 31 bytes") {
    auto& again = *in.add_ops()->mutable_again_of();
    again.set_entry(std::string(31, 'x'));
    again.set_author(std::string(16, 'x'));
  }
  SECTION("an original without an author") {
    in.add_ops()->mutable_again_of()->set_entry(std::string(32, 'x'));
  }
  SECTION("a closed entry of 33 bytes") { in.add_closes(std::string(33, 'x')); }
  SECTION("a copy without an actor") { in.mutable_copy(); }
  SECTION("more ops than the limit") {
    for (std::size_t i = 0; i <= ops_max; ++i) in.add_ops();
  }
  SECTION("a long name") { in.mutable_actor()->set_name(std::string(name_bytes_max + 1, 'x')); }
  SECTION("a long reason") { in.set_reason(std::string(reason_bytes_max + 1, 'x')); }
  check_refused(serialised(in));
}

TEST_CASE("what is cut short or has something after its end is refused", "[change_set]") {
  const auto bytes = encode_change_set(sample());
  REQUIRE(bytes);
  check_refused({});
  check_refused(ByteView(*bytes).first(bytes->size() - 1));
  Bytes longer = *bytes;
  longer.push_back(0x07);  // no such wire type
  check_refused(longer);
  longer.back() = 0x0c;  // the end of a group that never began
  check_refused(longer);
}

TEST_CASE("nesting deeper than any change set is refused", "[change_set]") {
  const auto nested = [](std::size_t depth) {  // field 20, a group in a group in a group ...
    Bytes bytes = serialised(message());
    for (std::size_t i = 0; i < depth; ++i) bytes.insert(bytes.end(), {0xa3, 0x01});
    for (std::size_t i = 0; i < depth; ++i) bytes.insert(bytes.end(), {0xa4, 0x01});
    return bytes;
  };
  CHECK(decode_change_set(nested(10)));
  check_refused(nested(20));
  check_refused(nested(40'000));
}

TEST_CASE("more than 256 KiB is refused unread", "[change_set]") {
  check_refused(Bytes(change_set_bytes_max + 1));
}

TEST_CASE("fields of a newer program are passed over, and that is said", "[change_set]") {
  const Bytes unknown{0xa2, 0x06, 0x02, 0x01, 0x02};  // field 100
  auto in = message();
  CHECK_FALSE(decode_change_set(serialised(in))->passed_over);
  SECTION("in the change set") {
    Bytes bytes = serialised(in);
    bytes.insert(bytes.end(), unknown.begin(), unknown.end());
    const auto change_set = decode_change_set(bytes);
    REQUIRE(change_set);
    CHECK(change_set->passed_over);
  }
  SECTION("deep inside") {
    in.add_ops()->add_supersedes()->set_dsn(1);
    CHECK_FALSE(decode_change_set(serialised(in))->passed_over);
    auto& seen = *in.mutable_ops(0)->mutable_supersedes(0);
    seen.GetReflection()->MutableUnknownFields(&seen)->AddVarint(100, 1);
    const auto change_set = decode_change_set(serialised(in));
    REQUIRE(change_set);
    CHECK(change_set->passed_over);
    CHECK(change_set->ops[0].supersedes[0].number == 1);
  }
}

TEST_CASE("what only a newer program can make out is told from what is wrong", "[change_set]") {
  auto in = message();
  SECTION("a later schema") { in.set_schema_version(schema_version_known + 1); }
  SECTION("a later schema, and a value out of our bounds") {
    in.set_schema_version(schema_version_known + 1);
    in.set_reason(std::string(reason_bytes_max + 1, 'x'));
  }
  SECTION("an op of a later kind") { in.add_ops()->set_kind(static_cast<schema::Op::Kind>(6)); }
  SECTION("a copy of a later schema") {
    in.mutable_copy()->mutable_actor()->set_id(actor_id);
    in.mutable_copy()->set_schema_version(schema_version_known + 1);
  }
  SECTION("a copy with an op of a later kind") {
    in.mutable_copy()->mutable_actor()->set_id(actor_id);
    in.mutable_copy()->add_ops()->set_kind(static_cast<schema::Op::Kind>(6));
  }
  const auto decoded = decode_change_set(serialised(in));
  REQUIRE_FALSE(decoded);
  CHECK(decoded.error().kind == ErrorKind::newer);
}

TEST_CASE("a sealed part opens only with its key and its header", "[change_set]") {
  SeededRandom random(2);
  const auto key = crypto::ContentKey::generate(random);
  const auto other_key = crypto::ContentKey::generate(random);
  const auto sealed = seal_change_set(sample(), key, bound_to, random);
  REQUIRE(sealed);
  CHECK(*open_change_set(*sealed, key, bound_to) == sample());
  CHECK_FALSE(open_change_set(*sealed, other_key, bound_to));
  CHECK_FALSE(open_change_set(*sealed, key, Bytes{1, 2, 4}));
}

TEST_CASE("a one-field edit fits one 64-byte pad", "[change_set]") {
  SeededRandom random(2);
  const auto key = crypto::ContentKey::generate(random);
  const std::vector<std::string> values{
      "+447700900123",           "2027-03-14", "ann.jones@example.org",
      "through the prison gate", "LS1 4AP",    {"\x02"}};
  for (const auto& value : values) {
    CAPTURE(value);
    ChangeSet edit = change_of({set_op(7, value)}, 1'790'123'456'789);
    edit.actor.id = ActorId::random(random);
    edit.ops[0].field.record_type = 50;
    edit.ops[0].supersedes = {{SeenName::By::dsn, 1200, 0, 3}};
    const auto sealed = seal_change_set(edit, key, bound_to, random);
    REQUIRE(sealed);
    CHECK(sealed->size() == 64 + crypto::content_overhead);
  }
}

TEST_CASE("every bit of a sealed part is checked", "[change_set]") {
  SeededRandom random(2);
  const auto key = crypto::ContentKey::generate(random);
  auto sealed = *seal_change_set(change_of({set_op(1, "x")}), key, bound_to, random);
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    sealed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    CHECK_FALSE(open_change_set(sealed, key, bound_to));
    sealed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
  }
}

TEST_CASE("what a member seals badly is refused, whatever it claims to be", "[change_set]") {
  SeededRandom random(2);
  const auto key = crypto::ContentKey::generate(random);
  const auto refused = [&](ByteView plain) {
    const auto sealed = key.seal(contexts::entry_seal, bound_to, plain, random);
    const auto opened = open_change_set(sealed, key, bound_to);
    return !opened && opened.error().kind == ErrorKind::rejected;
  };
  CHECK(refused(Bytes(64)));                               // no padding
  CHECK(refused({}));                                      // nothing at all
  CHECK(refused(crypto::pad(Bytes{1, 2, 3})));             // not packed
  CHECK(refused(crypto::pad(bomb(10'000'000'000, 250))));  // 1 KB that declares 10 GB
  CHECK(refused(crypto::pad(compress(Bytes(change_set_bytes_max + 1)))));
  CHECK(refused(crypto::pad(compress(Bytes{0xff, 0xff}))));  // not a message
}
