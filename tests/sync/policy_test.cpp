#include "sync/policy.h"

#include <catch_amalgamated.hpp>
#include <set>

#include "test_records.pb.h"

using namespace throughgate;
using namespace throughgate::sync;

namespace {

FieldPolicy card(const char* field) {
  return *policy_of(*test::Card::descriptor()->FindFieldByName(field));
}

template <class Record>
PolicyTable::Version version_of() {
  return PolicyTable({Record::descriptor()}).version();
}

}  // namespace

TEST_CASE("a field's rules are those of its line", "[policy]") {
  const auto date = card("release_date");
  CHECK(date.policy == Policy::latest);
  CHECK(date.review);
  CHECK(date.acknowledge);
  CHECK(date.shown.has(Role::owner));
  CHECK_FALSE(date.shown.has(Role::receiver));
  CHECK(date.writers.has(Role::receiver));
  CHECK_FALSE(date.writers.has(Role::contributor));
  CHECK(card("risk").policy == Policy::strictest);
  CHECK(card("risk").lower_by.has(Role::central));
  CHECK_FALSE(card("risk").lower_by.has(Role::receiver));
  CHECK(card("language").policy == Policy::set);
  CHECK(card("note").policy == Policy::append);
  CHECK(card("stage").policy == Policy::lifecycle);
  CHECK_FALSE(policy_of(*test::Card::descriptor()->FindFieldByName("scratch")));
}

TEST_CASE("no field is written by a reader, and ANY is everybody else", "[policy]") {
  const auto any = card("address");
  for (const Role role : {Role::owner, Role::receiver, Role::contributor, Role::central}) {
    CHECK(any.counts(role));
  }
  CHECK_FALSE(any.counts(Role::reader));
}

TEST_CASE("in a REVIEW field the desk's op counts, elsewhere only where it is a writer",
          "[policy]") {
  CHECK(card("release_date").counts(Role::central));
  CHECK_FALSE(card("gate_result").counts(Role::central));
  CHECK_FALSE(card("stage").counts(Role::central));
}

TEST_CASE("severity is that of the enum value, CLEAR below all, an unknown number above all",
          "[policy]") {
  const auto risk = card("risk");
  const auto of = [&](std::uint64_t number) {
    return risk.severity_of(OpKind::set, encode_number(number));
  };
  const auto clear = risk.severity_of(OpKind::clear, {});
  CHECK(clear < of(test::LOW));
  CHECK(of(test::LOW) < of(test::MEDIUM));
  CHECK(of(test::MEDIUM) < of(test::UNKNOWN));  // the value UNKNOWN has a severity of its own
  CHECK(of(test::UNKNOWN) < of(test::HIGH));
  CHECK(of(test::HIGH) < of(17));
  CHECK(of(17) == of(1ULL << 40));
  CHECK(of(17) == risk.severity_of(OpKind::set, {}));  // what is no number at all
  CHECK(of(17) == risk.severity_of(OpKind::set, Bytes{0x80}));
}

TEST_CASE("a transition is allowed from its state, to its state, by its role", "[policy]") {
  const auto stage = card("stage");
  CHECK(stage.allows(test::NEW, test::OFFERED, Role::owner));
  CHECK_FALSE(stage.allows(test::NEW, test::OFFERED, Role::receiver));
  CHECK_FALSE(stage.allows(test::NEW, test::TAKEN, Role::receiver));
  CHECK(stage.allows(test::OFFERED, test::TAKEN, Role::receiver));
  CHECK_FALSE(stage.allows(test::OFFERED, test::NEW, Role::owner));
}

TEST_CASE("numbers are whole varints", "[policy]") {
  for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128},
                                     std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    CHECK(decode_number(encode_number(number)) == number);
  }
  CHECK_FALSE(decode_number({}));
  CHECK_FALSE(decode_number(Bytes{0x80}));
  CHECK_FALSE(decode_number(Bytes{0x01, 0x01}));
  CHECK_FALSE(decode_number(Bytes(11, 0x80)));
  Bytes too_large(9, 0xff);
  too_large.push_back(0x02);
  CHECK_FALSE(decode_number(too_large));
}

TEST_CASE("a state change says the same again, and nothing else passes for one", "[policy]") {
  const auto change = decode_state_change(encode_state_change({3, 5}));
  REQUIRE(change);
  CHECK(change->from == 3);
  CHECK(change->to == 5);
  CHECK_FALSE(decode_state_change(Bytes{0xff}));
  CHECK_FALSE(decode_state_change(Bytes(65)));
}

TEST_CASE("the policy table finds a field by the number of its record type", "[policy]") {
  const PolicyTable table({test::Card::descriptor()});
  REQUIRE(table.find(1, 3) != nullptr);
  CHECK(table.find(1, 3)->policy == Policy::strictest);
  CHECK(table.find(1, 8) == nullptr);
  CHECK(table.find(1, 99) == nullptr);
  CHECK(table.find(2, 3) == nullptr);
}

TEST_CASE("the policy version changes with any rule and with no label", "[policy]") {
  CHECK(version_of<test::Plain>() == version_of<test::OtherLabel>());
  const std::set<PolicyTable::Version> versions{
      version_of<test::Plain>(),           version_of<test::OtherWriters>(),
      version_of<test::OtherPolicy>(),     version_of<test::Card>(),
      version_of<test::OtherSeverity>(),   version_of<test::OtherLowerBy>(),
      version_of<test::Severities>(),      version_of<test::OtherConflict>(),
      version_of<test::OtherShown>(),      version_of<test::OtherAcknowledge>(),
      version_of<test::OtherTransition>(), version_of<test::Transitions>(),
      version_of<test::OtherType>(),       version_of<test::OtherNumber>()};
  CHECK(versions.size() == 14);
}
