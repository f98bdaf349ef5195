#include "sync/merge.h"

#include <catch_amalgamated.hpp>

#include "test_records.pb.h"
#include "tests/sync/merge_fixture.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

// ---- LATEST

TEST_CASE("LATEST shows the greatest effective time, then the greatest identity", "[merge]") {
  const auto policy = card("address");
  CHECK(shown(policy, {set(1, "old").at(10), set(2, "new").at(20)}) == "new");
  CHECK(shown(policy, {set(2, "old").at(10), set(1, "new").at(20)}) == "new");
  CHECK(shown(policy, {set(1, "a").at(10), set(2, "b").at(10)}) == "b");
  CHECK(shown(policy, {set(2, "a").at(10), set(1, "b").at(10)}) == "a");
}

TEST_CASE("two ops of one entry at one time are told apart by their index", "[merge]") {
  auto first = set(1, "first");
  auto second = set(1, "second");
  second.op.id.index = 1;
  CHECK(shown(card("address"), {second, first}) == "second");
}

TEST_CASE("nothing shows where nothing was written", "[merge]") {
  const auto field = merge(card("address"), {});
  CHECK_FALSE(field.shown);
  CHECK(field.siblings.empty());
  CHECK_FALSE(field.in_review);
}

TEST_CASE("an op replaces exactly what it names", "[merge]") {
  const auto policy = card("address");
  CHECK(siblings(policy, {set(1, "a"), set(2, "b").over({1}), set(3, "c")}) == Names{"b", "c"});
  CHECK(siblings(policy, {set(1, "a"), set(2, "b"), set(3, "c").over({1, 2})}) == Names{"c"});
  CHECK(siblings(policy, {set(1, "a"), set(2, "b").over({9})}) == Names{"a", "b"});
}

TEST_CASE("an author's later op does not replace its earlier one unlisted", "[merge]") {
  CHECK(siblings(card("address"), {set(1, "a").by(1), set(2, "b").by(1)}) == Names{"a", "b"});
}

TEST_CASE("an op that was itself replaced still replaces", "[merge]") {
  CHECK(siblings(card("address"), {set(1, "a"), set(2, "b").over({1}), set(3, "c").over({2})}) ==
        Names{"c"});
}

TEST_CASE("a cleared field shows its clearing, which is replaced like any other", "[merge]") {
  const auto policy = card("address");
  CHECK(siblings(policy, {set(1, "a"), clear(2).over({1})}) == Names{"(cleared)"});
  CHECK(siblings(policy, {set(1, "a"), clear(2).over({1}), set(3, "b").over({2})}) == Names{"b"});
}

// ---- who wrote it

TEST_CASE("an op by a role that may not write the field is in history only", "[merge]") {
  const auto policy = card("gate_result");  // RECEIVER
  const auto ops = made({set(1, "met").as(Role::receiver), set(2, "no").as(Role::owner).over({1}),
                         set(3, "no").as(Role::reader), set(4, "no").outside()});
  const auto field = merge(policy, ops);
  CHECK(field.siblings == std::vector<std::size_t>{0});
  CHECK(field.not_counted == std::vector<std::size_t>{1, 2, 3});
}

TEST_CASE("the desk may settle a REVIEW field that it does not write", "[merge]") {
  const auto policy = card("release_date");  // OWNER_AND_RECEIVER
  CHECK(siblings(policy, {set(1, "a").as(Role::owner), set(2, "b").as(Role::receiver),
                          set(3, "a").as(Role::central).over({1, 2})}) == Names{"a"});
  CHECK(siblings(policy, {set(1, "a").as(Role::owner),
                          set(3, "c").as(Role::contributor).over({1})}) == Names{"a"});
}

// ---- REVIEW

TEST_CASE("two distinct values of a REVIEW field wait for a person", "[merge]") {
  const auto policy = card("release_date");
  const auto in_review = [&](std::vector<Made> ops) {
    return merge(policy, made(std::move(ops))).in_review;
  };
  CHECK(in_review({set(1, "a"), set(2, "b")}));
  CHECK_FALSE(in_review({set(1, "a"), set(2, "a")}));  // equal values are no conflict
  CHECK_FALSE(in_review({set(1, "a"), set(2, "b").over({1})}));
  CHECK(in_review({set(1, "a"), clear(2)}));
  CHECK_FALSE(in_review({clear(1), clear(2)}));
  CHECK(in_review({set(1, "a"), set(2, "a"), set(3, "b")}));
  CHECK_FALSE(in_review({set(1, "a")}));
}

TEST_CASE("a quiet field is never in review", "[merge]") {
  CHECK_FALSE(merge(card("address"), made({set(1, "a"), set(2, "b")})).in_review);
}

TEST_CASE("an op that names only some of the siblings leaves the rest in review", "[merge]") {
  const auto policy = card("release_date");
  CHECK(merge(policy, made({set(1, "a"), set(2, "b"), set(3, "c").over({1})})).in_review);
  CHECK_FALSE(merge(policy, made({set(1, "a"), set(2, "b"), set(3, "c").over({1, 2})})).in_review);
}

TEST_CASE("the same siblings make the same item, others another", "[merge]") {
  const auto policy = card("release_date");
  const auto item = [&](std::vector<Made> list) {
    const auto ops = made(std::move(list));
    return reconcile_item_id(merge(policy, ops), ops);
  };
  const Hash both = item({set(1, "a"), set(2, "b")});
  CHECK(both == item({set(2, "b"), set(1, "a")}));
  CHECK(both != item({set(1, "a"), set(3, "b")}));
  CHECK(both != item({set(1, "a"), set(2, "b"), set(3, "c")}));
  CHECK(both == item({set(1, "a"), set(2, "b"), set(4, "c").as(Role::reader)}));
}

TEST_CASE("while siblings differ the greatest of the owner's is shown", "[merge]") {
  const auto policy = card("release_date");  // shown: OWNER
  const auto owners = set(1, "owner's").at(1).as(Role::owner);
  const auto partners = set(2, "partner's").at(9).as(Role::receiver);
  CHECK(shown(policy, {owners, partners}) == "owner's");
  CHECK(shown(policy, {owners, set(3, "later").at(2).as(Role::owner), partners}) == "later");
  CHECK(shown(policy, {partners, set(4, "earlier").at(3).as(Role::receiver)}) == "partner's");
}

// ---- STRICTEST

TEST_CASE("STRICTEST shows the greatest severity, whoever wrote last", "[merge]") {
  const auto policy = card("risk");
  CHECK(shown(policy, {level(1, test::HIGH).at(1), level(2, test::LOW).at(9)}) == "3");
  CHECK(shown(policy, {level(1, test::MEDIUM), level(2, test::UNKNOWN)}) == "0");
  CHECK(shown(policy, {level(1, test::HIGH), level(2, 77)}) == "77");
  CHECK(shown(policy, {clear(1), level(2, test::LOW)}) == "1");
}

TEST_CASE("any writer may replace a value by one as severe or more", "[merge]") {
  const auto policy = card("risk");
  CHECK(siblings(policy, {level(1, test::MEDIUM),
                          level(2, test::HIGH).as(Role::receiver).over({1})}) == Names{"3"});
  CHECK(siblings(policy, {level(1, test::HIGH),
                          level(2, test::HIGH).as(Role::receiver).over({1})}) == Names{"3"});
}

TEST_CASE("only who may lower a value replaces it by a lesser one; others' stay beside it",
          "[merge]") {
  const auto policy = card("risk");  // lower_by: OWNER_AND_CENTRAL
  const auto high = level(1, test::HIGH);
  const auto low = level(2, test::LOW).over({1});
  CHECK(siblings(policy, {high, Made(low).as(Role::receiver)}) == Names{"3", "1"});
  CHECK(shown(policy, {high, Made(low).as(Role::contributor)}) == "3");
  CHECK(merge(policy, made({high, Made(low).as(Role::receiver)})).in_review);
  CHECK(siblings(policy, {high, Made(low).as(Role::owner)}) == Names{"1"});
  CHECK(siblings(policy, {high, Made(low).as(Role::central)}) == Names{"1"});
  CHECK(siblings(policy, {high, clear(2).over({1}).as(Role::receiver)}) == Names{"3", "(cleared)"});
  CHECK(siblings(policy, {high, clear(2).over({1}).as(Role::owner)}) == Names{"(cleared)"});
}

TEST_CASE("an unknown number is lowered only by who may", "[merge]") {
  const auto policy = card("risk");
  CHECK(shown(policy, {level(1, 77), level(2, test::HIGH).over({1}).as(Role::receiver)}) == "77");
  CHECK(shown(policy, {level(1, 77), level(2, test::HIGH).over({1}).as(Role::owner)}) == "3");
}

// ---- SET, APPEND

TEST_CASE("SET holds what was added and not removed by somebody who had seen it", "[merge]") {
  const auto policy = card("language");
  const auto item = [](int name, std::string_view value) {
    return set(name, value).of(OpKind::add);
  };
  const auto removal = [](int name, std::string_view value) {
    return set(name, value).of(OpKind::remove);
  };
  CHECK(listed(policy, {item(1, "Welsh"), item(2, "Polish")}) == Names{"Welsh", "Polish"});
  CHECK(listed(policy, {item(1, "Welsh"), removal(2, "Welsh").over({1})}).empty());
  // Added again meanwhile: whoever removed it had not seen that.
  CHECK(listed(policy, {item(1, "Welsh"), removal(2, "Welsh").over({1}), item(3, "Welsh")}) ==
        Names{"Welsh"});
  CHECK(listed(policy, {item(1, "Welsh"), removal(2, "Welsh")}) == Names{"Welsh"});
  CHECK(listed(policy, {item(1, "Welsh"), clear(2)}) == Names{"Welsh"});
}

TEST_CASE("APPEND holds all, by place, and provisional ones as they came", "[merge]") {
  const auto note = [](int name, std::string_view value) {
    return set(name, value).of(OpKind::append);
  };
  CHECK(listed(card("note"), {note(1, "fourth").provisional(2), note(2, "third").provisional(1),
                              note(9, "first").placed(4), note(3, "second").placed(5)}) ==
        Names{"first", "second", "third", "fourth"});
  auto same_entry = note(9, "first and a half").placed(4);
  same_entry.op.id.index = 1;
  CHECK(listed(card("note"), {same_entry, note(9, "first").placed(4)}) ==
        Names{"first", "first and a half"});
}

// ---- LIFECYCLE

TEST_CASE("of two transitions from one state the first by place wins, the other is shown",
          "[merge]") {
  const auto ops = made({step(9, test::NEW, test::OFFERED).placed(2),
                         step(1, test::OFFERED, test::WITHDRAWN).placed(4),
                         step(2, test::OFFERED, test::TAKEN).placed(3).as(Role::receiver)});
  const auto field = merge(card("stage"), ops);
  CHECK(field.state == test::TAKEN);
  CHECK(field.listed == std::vector<std::size_t>{0, 2});
  CHECK(field.not_applied == std::vector<std::size_t>{1});
}

TEST_CASE("a transition applies only by its role and from its state", "[merge]") {
  const auto state_after = [](std::vector<Made> ops) {
    return merge(card("stage"), made(std::move(ops))).state;
  };
  CHECK(state_after({step(1, test::NEW, test::OFFERED)}) == test::OFFERED);
  CHECK(state_after({step(1, test::NEW, test::OFFERED).as(Role::receiver)}) == test::NEW);
  CHECK(state_after({step(1, test::OFFERED, test::TAKEN).as(Role::receiver)}) == test::NEW);
  CHECK(state_after({step(1, test::NEW, test::TAKEN)}) == test::NEW);
}

TEST_CASE("a transition that is no transition does not apply", "[merge]") {
  auto damaged = step(1, test::NEW, test::OFFERED);
  damaged.op.value = Bytes{0xff};
  auto kind = step(2, test::NEW, test::OFFERED);
  kind.op.kind = OpKind::set;
  const auto field = merge(card("stage"), made({damaged, kind}));
  CHECK(field.state == test::NEW);
  CHECK(field.not_applied.size() == 2);
}

TEST_CASE("a provisional transition is folded after all that have a place", "[merge]") {
  const auto field = merge(card("stage"), made({step(1, test::NEW, test::OFFERED).provisional(1),
                                                step(9, test::NEW, test::OFFERED).placed(7)}));
  CHECK(field.listed == std::vector<std::size_t>{1});
  CHECK(field.not_applied == std::vector<std::size_t>{0});
}

// ---- removed values

TEST_CASE("a removed value keeps its place: no older one comes back", "[merge]") {
  const auto policy = card("address");
  CHECK(siblings(policy, {set(1, "a"), set(2, "b").over({1}).removed()}) == Names{"(removed)"});
  CHECK(siblings(policy, {set(1, "a").removed(), set(2, "b").over({1})}) == Names{"b"});
}

TEST_CASE("a removed severity ranks strictest, so that nothing is lowered by removing", "[merge]") {
  CHECK(shown(card("risk"), {level(1, test::HIGH).removed(), level(2, test::LOW)}) == "(removed)");
}
