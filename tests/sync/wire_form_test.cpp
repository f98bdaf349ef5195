#include "sync/wire_form.h"

#include <catch_amalgamated.hpp>

#include "schema/wire.pb.h"
#include "tests/sync/test_dossier.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

namespace {

using Fault = WireExpander::Fault;

schema::EntryGroup group_of(const VerifiedEntry& entry, WireForm form = WireForm::brief) {
  schema::EntryGroup group;
  add_to_group(entry, form, group);
  return group;
}

struct Sent {
  TestDossier dossier;
  Stream stream = dossier.new_stream();
  VerifiedEntry first = dossier.begin(stream);
  VerifiedEntry second = dossier.add(dossier.owner, stream);

  VerifiedEntry write(const Author& author, Draft draft = {}) {
    Stream fresh = dossier.new_stream();
    return dossier.write(author, fresh, std::move(draft));
  }
  WireExpander expander() const { return {dossier.id, dossier.order}; }
  WireExpander::Expansion expand(const schema::EntryGroup& group) const {
    return expander().expand(group, group.entries(0));
  }
  bool expands(const VerifiedEntry& entry) const {
    const auto expansion = expand(group_of(entry));
    return expansion.entry == entry.bytes() && !expansion.was_full;
  }
  bool needs_full(const VerifiedEntry& entry) const {
    const auto expansion = expand(group_of(entry));
    return !expansion.entry && expansion.fault == Fault::need_full;
  }
  // The short form expands to another header, which its signature gives away.
  bool expands_to_another(const VerifiedEntry& entry, const Author& author) const {
    auto expansion = expand(group_of(entry));
    if (!expansion.entry || expansion.was_full) return false;
    const auto verified = verify(std::move(*expansion.entry), author.key.verify_key());
    return !verified.entry && verified.bad == Bad::signature;
  }
};

}  // namespace

TEST_CASE("a short form expands to the exact signed bytes", "[wire]") {
  Sent s;
  CHECK(s.expands(s.dossier.write(s.dossier.owner, s.stream)));
  CHECK(s.expands(s.write(s.dossier.receiver)));
  Draft old_base;
  old_base.base = 1;
  CHECK(s.expands(s.write(s.dossier.receiver, old_base)));
  Draft at_start;
  at_start.base = 0;
  at_start.dependencies = {s.stream.as_dependency(), {StreamId{{0xff, 0xff}}, 3, Hash{1}}};
  std::sort(at_start.dependencies.begin(), at_start.dependencies.end(),
            [](const auto& a, const auto& b) { return a.stream < b.stream; });
  CHECK(s.expands(s.write(s.dossier.receiver, at_start)));
}

TEST_CASE("memberships and redactions expand with their own numbers", "[wire]") {
  Sent s;
  Membership next = s.dossier.next_membership();
  next.key_commitment = Hash{7};
  CHECK(s.expands(s.write(s.dossier.owner, TestDossier::membership_draft(next))));
  CHECK(s.expands(s.write(s.dossier.owner, TestDossier::redaction_draft(2, s.second.hash()))));
}

TEST_CASE("what has its place already still expands", "[wire]") {
  Sent s;
  CHECK(s.expands(s.first));
  CHECK(s.expands(s.second));
}

TEST_CASE("the full form travels as it is", "[wire]") {
  Sent s;
  const auto expansion = s.expand(group_of(s.second, WireForm::full));
  REQUIRE(expansion.entry);
  CHECK(*expansion.entry == s.second.bytes());
  CHECK(expansion.was_full);
}

TEST_CASE("a short form is far shorter", "[wire]") {
  Sent s;
  const auto brief = group_of(s.second).ByteSizeLong();
  CHECK(brief + 180 < group_of(s.second, WireForm::full).ByteSizeLong());
}

TEST_CASE("without the entry before it the full form is asked for", "[wire]") {
  Sent s;
  s.dossier.write(s.dossier.owner, s.stream);
  CHECK(s.needs_full(s.dossier.write(s.dossier.owner, s.stream)));
}

TEST_CASE("with its base beyond the chain held the full form is asked for", "[wire]") {
  Sent s;
  const auto entry = s.write(s.dossier.receiver);  // base 2
  s.dossier.order.cut(1);
  CHECK(s.needs_full(entry));
}

TEST_CASE("a base on another chain shows in the signature", "[wire]") {
  Sent s;
  const auto entry = s.write(s.dossier.receiver);
  s.dossier.order.cut(1);
  s.dossier.add(s.dossier.desk, *std::make_unique<Stream>(s.dossier.new_stream()));
  CHECK(s.expands_to_another(entry, s.dossier.receiver));
}

TEST_CASE("an epoch other than the one at the base shows in the signature", "[wire]") {
  Sent s;
  Membership next = s.dossier.next_membership();
  next.key_commitment = Hash{7};
  s.dossier.add(s.dossier.owner, s.stream, TestDossier::membership_draft(next));
  Draft begun_since;
  begun_since.base = 2;
  begun_since.epoch = EpochId{{7}};
  const auto entry = s.write(s.dossier.receiver, begun_since);
  CHECK(s.expands_to_another(entry, s.dossier.receiver));
  CHECK(s.dossier.judge(entry, s.dossier.receiver).outcome == Outcome::accepted);  // in full
}

TEST_CASE("another predecessor in that place shows in the signature", "[wire]") {
  Sent s;
  Stream fork{s.stream.id, 1, s.first.hash()};
  s.dossier.write(s.dossier.owner, fork);  // another second entry
  CHECK(s.expands_to_another(s.dossier.write(s.dossier.owner, fork), s.dossier.owner));
}

TEST_CASE("a whole new dossier expands in one batch", "[wire]") {
  TestDossier d;
  Stream stream = d.new_stream();
  const auto first = d.write_first(stream);
  const auto second = d.write(d.owner, stream);
  Membership next = d.first_membership;
  next.number = 2;
  next.previous = first.hash();
  next.dossier_random = {};
  const auto third = d.write(d.owner, stream, TestDossier::membership_draft(next));

  schema::EntryGroup group;
  for (const auto* entry : {&first, &second, &third}) add_to_group(*entry, WireForm::brief, group);
  CHECK(group.streams_size() == 1);
  WireExpander expander(d.id, d.order);
  int i = 0;
  for (const auto* entry : {&first, &second, &third}) {
    const auto expansion = expander.expand(group, group.entries(i++));
    REQUIRE(expansion.entry);
    CHECK(*expansion.entry == entry->bytes());
    expander.note(*entry);
  }
}

TEST_CASE("in a new dossier nothing expands before its first entry", "[wire]") {
  TestDossier d;
  Stream stream = d.new_stream();
  d.write_first(stream);
  const auto second = group_of(d.write(d.owner, stream));
  const WireExpander expander(d.id, d.order);
  CHECK(expander.expand(second, second.entries(0)).fault == Fault::need_full);
  Stream other = d.new_stream();
  const auto alone = group_of(d.write(d.receiver, other));  // seq 1, but the epoch is not known
  CHECK(expander.expand(alone, alone.entries(0)).fault == Fault::need_full);
}

TEST_CASE("an entry whose sealed part was deleted expands, and verifies as such", "[wire]") {
  for (const auto form : {WireForm::brief, WireForm::full}) {
    Sent s;
    SignedEntry bytes = s.second.bytes();
    bytes.sealed.clear();
    const auto kept =
        verify(bytes, s.dossier.owner.key.verify_key(), SealedPart::may_be_deleted).entry;
    REQUIRE(kept);
    const auto expansion = s.expand(group_of(*kept, form));
    REQUIRE(expansion.entry);
    CHECK(*expansion.entry == bytes);
  }
}

TEST_CASE("a note of a deleted part beside a part that is there is malformed", "[wire]") {
  Sent s;
  auto group = group_of(s.second);
  auto& note = *group.mutable_entries(0)->mutable_sealed_note();
  note.set_length(1);
  note.set_hash(std::string(32, 'x'));
  CHECK_FALSE(s.expand(group).entry);
  CHECK(s.expand(group).fault == Fault::malformed);
  group.mutable_entries(0)->clear_sealed();
  CHECK(s.expand(group).entry);
  note.set_hash(std::string(31, 'x'));
  CHECK_FALSE(s.expand(group).entry);
  CHECK(s.expand(group).fault == Fault::malformed);
}

TEST_CASE("a form that says nonsense is malformed", "[wire]") {
  Sent s;
  auto group = group_of(s.write(s.dossier.receiver));
  auto& entry = *group.mutable_entries(0);
  SECTION("a stream that is not listed") { entry.set_stream(1); }
  SECTION("a stream far beyond any list") { entry.set_stream(0xffffffff); }
  SECTION("a stream's name of 15 bytes") { group.set_streams(0, std::string(15, 'x')); }
  SECTION("seq 0") { entry.set_seq(0); }
  SECTION("a kind that does not exist") { entry.set_kind(3); }
  SECTION("a signature of 63 bytes") { entry.set_signature(std::string(63, 'x')); }
  SECTION("a first entry without its author") { entry.clear_author(); }
  SECTION("an author of 17 bytes") { entry.set_author(std::string(17, 'x')); }
  SECTION("nine dependencies") {
    for (int i = 0; i < 9; ++i) {
      entry.add_dependencies()->set_stream(std::string(16, 'x'));
      entry.mutable_dependencies(i)->set_entry(std::string(32, 'x'));
    }
  }
  SECTION("a dependency on a short hash") {
    entry.add_dependencies()->set_stream(std::string(16, 'x'));
    entry.mutable_dependencies(0)->set_entry(std::string(31, 'x'));
  }
  SECTION("parts larger than any entry") {
    entry.set_sealed(std::string(redact_bytes_max + 1, 'x'));
  }
  SECTION("a MEMBERSHIP whose clear part is none") {
    entry.set_kind(1);
    entry.set_clear("x");
  }
  const auto expansion = s.expand(group);
  CHECK_FALSE(expansion.entry);
  CHECK(expansion.fault == Fault::malformed);
}

TEST_CASE("a full form of another dossier is malformed here", "[wire]") {
  Sent s;
  TestDossier other(2);
  Stream stream = other.new_stream();
  const auto group = group_of(other.write_first(stream), WireForm::full);
  const auto expansion = s.expand(group);
  CHECK_FALSE(expansion.entry);
  CHECK(expansion.fault == Fault::malformed);
}

TEST_CASE("a full form of a newer version is passed on, to be parked", "[wire]") {
  Sent s;
  auto group = group_of(s.second, WireForm::full);
  (*group.mutable_entries(0)->mutable_header())[0] = 2;
  auto expansion = s.expand(group);
  REQUIRE(expansion.entry);
  CHECK(verify(std::move(*expansion.entry), s.dossier.owner.key.verify_key()).bad ==
        Bad::version_unknown);
}

TEST_CASE("nothing that a carrier changes in a short form passes", "[wire]") {
  Sent s;
  const auto entry = s.write(s.dossier.receiver);
  const auto good = group_of(entry);
  std::string bytes = good.SerializeAsString();
  std::size_t passed = 0;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    schema::EntryGroup group;
    if (group.ParseFromString(bytes) && group.entries_size() > 0) {
      auto expansion = s.expand(group);
      if (expansion.entry) {
        const auto verified =
            verify(std::move(*expansion.entry), s.dossier.receiver.key.verify_key());
        if (verified.entry && verified.entry->hash() != entry.hash()) ++passed;
      }
    }
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
  }
  CHECK(passed == 0);
}
