// "Written again": of an original and its copies exactly one counts. Node 1 is the author of the
// original, node 2 the owner's, node 3 anybody else's.
#include <catch_amalgamated.hpp>

#include "test_records.pb.h"
#include "tests/sync/merge_fixture.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

namespace {

const FieldPolicy& address() {
  static const FieldPolicy policy = card("address");
  return policy;
}

Made original(int name, std::string_view value) {
  return set(name, value).by(1).as(Role::contributor);
}
Made own_copy(int name, std::string_view value, int of) {
  return set(name, value).by(1).as(Role::contributor).again(of, 1);
}
Made owners_copy(int name, std::string_view value, int of) {
  return set(name, value).by(2).as(Role::owner).again(of, 1);
}
Made strangers_copy(int name, std::string_view value, int of) {
  return set(name, value).by(3).as(Role::contributor).again(of, 1);
}

std::vector<int> names(const FieldPolicy& policy, std::vector<Made> list) {
  const auto ops = made(std::move(list));
  std::vector<int> out;
  for (const auto i : merge(policy, ops).siblings) out.push_back(ops[i].id.entry[0]);
  return out;
}

using Standing = std::vector<int>;  // the entries whose ops stand, by name

}  // namespace

TEST_CASE("an original in the order counts, and its copies do not", "[merge][again]") {
  CHECK(names(address(), {original(5, "x"), own_copy(2, "x", 5)}) == Standing{5});
  CHECK(names(address(), {original(5, "x"), owners_copy(2, "x", 5), own_copy(3, "x", 5)}) ==
        Standing{5});
}

TEST_CASE("without the original its author's first copy counts", "[merge][again]") {
  CHECK(names(address(), {own_copy(4, "x", 9), own_copy(3, "x", 9).placed(3)}) == Standing{3});
  CHECK(names(address(), {own_copy(4, "x", 9).placed(8), own_copy(3, "x", 9).placed(10)}) ==
        Standing{4});
  auto index_1 = own_copy(4, "x", 9);
  index_1.op.id.index = 1;
  const auto ops = made({index_1, own_copy(4, "x", 9)});
  CHECK(merge(address(), ops).siblings == std::vector<std::size_t>{1});
}

TEST_CASE("the author's own copy goes before the owner's, even from a later place",
          "[merge][again]") {
  CHECK(names(address(), {owners_copy(2, "x", 9), own_copy(3, "x", 9)}) == Standing{3});
  CHECK(names(address(), {owners_copy(2, "x", 9)}) == Standing{2});
  CHECK(names(address(), {owners_copy(4, "x", 9), owners_copy(3, "x", 9).as(Role::central)}) ==
        Standing{3});
}

TEST_CASE("a copy by anybody else is a new op", "[merge][again]") {
  CHECK(names(address(), {original(5, "x"), strangers_copy(2, "x", 5)}) == Standing{2, 5});
  CHECK(names(address(), {own_copy(3, "x", 9), strangers_copy(2, "x", 9)}) == Standing{2, 3});
  CHECK(names(address(), {strangers_copy(2, "x", 9), strangers_copy(3, "x", 9)}) == Standing{2, 3});
}

TEST_CASE("the role of a copy is that at its own place", "[merge][again]") {
  CHECK(names(address(), {own_copy(3, "x", 9), strangers_copy(2, "x", 9).as(Role::owner)}) ==
        Standing{3});
  CHECK(names(address(), {own_copy(3, "x", 9), strangers_copy(2, "x", 9).as(Role::receiver)}) ==
        Standing{2, 3});
}

TEST_CASE("a copy that contradicts an original in the order is a new op", "[merge][again]") {
  CHECK(names(address(), {original(5, "x"), own_copy(2, "y", 5)}) == Standing{2, 5});
  CHECK(names(address(), {original(5, "x"), owners_copy(2, "y", 5)}) == Standing{2, 5});
  CHECK(names(address(), {original(5, "x"), own_copy(2, "x", 5).of(OpKind::add)}) ==
        Standing{2, 5});
  CHECK(names(address(), {original(5, "x").by(4), own_copy(2, "x", 5)}) == Standing{2, 5});
}

TEST_CASE("a copy whose value was removed contradicts nothing", "[merge][again]") {
  CHECK(names(address(), {original(5, "x"), own_copy(2, "x", 5).removed()}) == Standing{5});
  CHECK(names(address(), {original(5, "x").removed(), own_copy(2, "x", 5)}) == Standing{5});
}

TEST_CASE("an original that comes into the order later takes its copy's place", "[merge][again]") {
  const auto copy = own_copy(2, "x", 9);
  const auto later = set(4, "y").over({2});  // had seen the copy
  CHECK(names(address(), {copy}) == Standing{2});
  CHECK(names(address(), {copy, original(9, "x")}) == Standing{9});
  CHECK(names(address(), {copy, original(9, "x"), later}) == Standing{4});
}

TEST_CASE("a supersede of any of them acts on the one that counts", "[merge][again]") {
  const auto over_original = set(6, "y").over({9});
  CHECK(names(address(), {own_copy(2, "x", 9), over_original}) == Standing{6});
  const auto over_copy = set(6, "y").over({2});
  CHECK(names(address(), {owners_copy(2, "x", 9), own_copy(3, "x", 9), over_copy}) == Standing{6});
  CHECK(names(address(), {original(9, "x"), own_copy(2, "x", 9), over_copy}) == Standing{6});
}

TEST_CASE("only the one that counts supersedes", "[merge][again]") {
  CHECK(names(address(), {set(4, "y"), original(9, "x"), own_copy(2, "x", 9).over({4})}) ==
        Standing{4, 9});
  CHECK(names(address(), {set(4, "y"), own_copy(2, "x", 9).over({4})}) == Standing{2});
}

TEST_CASE("a copy of a copy leads back to the one that counts", "[merge][again]") {
  const auto copy = own_copy(2, "x", 9);
  const auto copy_of_copy = own_copy(3, "x", 2);
  CHECK(names(address(), {copy, copy_of_copy}) == Standing{2});
  CHECK(names(address(), {original(9, "x"), copy, copy_of_copy}) == Standing{9});
  CHECK(names(address(), {original(9, "x"), copy, copy_of_copy, set(6, "y").over({3})}) ==
        Standing{6});
}

TEST_CASE("copies that name different authors for an absent original do not displace each other",
          "[merge][again]") {
  const auto honest = own_copy(2, "x", 9);
  const auto hostile = set(3, "mine").by(3).as(Role::contributor).again(9, 3);
  CHECK(names(address(), {honest, hostile}) == Standing{2, 3});
  // Nor does the hostile one shield the honest one from whoever had seen the original.
  CHECK(names(address(), {honest, hostile, set(6, "y").over({9})}) == Standing{6});
  CHECK(names(address(), {hostile, original(9, "x")}) == Standing{3, 9});
}

TEST_CASE("a copy by a role that may not write the field stands in nobody's way",
          "[merge][again]") {
  const auto policy = card("release_date");  // OWNER_AND_RECEIVER
  CHECK(names(policy, {own_copy(2, "x", 9), owners_copy(3, "x", 9)}) == Standing{3});
  CHECK(names(policy, {own_copy(2, "x", 9).as(Role::receiver), owners_copy(3, "x", 9)}) ==
        Standing{2});
}

TEST_CASE("a severity is not lowered by writing it again", "[merge][again]") {
  const auto policy = card("risk");
  const auto high = level(9, test::HIGH).by(1).as(Role::contributor);
  const auto low = level(2, test::LOW).by(1).as(Role::contributor).again(9, 1);
  CHECK(shown(policy, {high, low}) == "3");
  CHECK(shown(policy, {high, Made(low).over({9})}) == "3");
}

TEST_CASE("a copy counts with a copy's time", "[merge][again]") {
  auto copy = own_copy(2, "again", 9);
  copy.op.effective_as_copy_ms = 5;
  copy.op.effective_ms = 50;
  CHECK(shown(address(), {copy, set(3, "between").at(20)}) == "between");
  auto anybodys = strangers_copy(2, "again", 9);
  anybodys.op.effective_as_copy_ms = 5;
  anybodys.op.effective_ms = 50;
  CHECK(shown(address(), {anybodys, set(3, "between").at(20)}) == "again");
}

TEST_CASE("what has a place counts before what has none", "[merge][again]") {
  CHECK(names(address(), {original(9, "x").provisional(1), own_copy(2, "x", 9)}) == Standing{2});
  CHECK(names(address(), {own_copy(2, "x", 9).provisional(1), owners_copy(3, "x", 9)}) ==
        Standing{3});
  CHECK(names(address(), {original(9, "x").provisional(5), own_copy(2, "x", 9).provisional(1)}) ==
        Standing{9});
}

TEST_CASE("a note written again is there once", "[merge][again]") {
  const auto note = [](Made op) { return op.of(OpKind::append); };
  CHECK(listed(card("note"),
               {note(original(9, "call back").placed(9)), note(own_copy(2, "call back", 9)),
                note(owners_copy(3, "call back", 9))}) == Names{"call back"});
}

TEST_CASE("a transition written again is folded once, at the place of the one that counts",
          "[merge][again]") {
  const auto taken = step(9, test::OFFERED, test::TAKEN).by(1).as(Role::receiver).placed(9);
  const auto copy = step(2, test::OFFERED, test::TAKEN).by(1).as(Role::receiver).again(9, 1);
  const auto field = merge(card("stage"), made({step(1, test::NEW, test::OFFERED), copy, taken,
                                                step(5, test::OFFERED, test::WITHDRAWN)}));
  CHECK(field.state == test::WITHDRAWN);  // the original, at place 9, came too late
  CHECK(field.not_applied.size() == 1);
}
