// What merge() must do for any ops at all, and proof that these checks see a broken rule.
#include <catch_amalgamated.hpp>
#include <functional>

#include "sync/projection.h"
#include "tests/sync/naive_merge.h"
#include "tests/sync/op_history.h"
#include "tests/sync/property.h"

using namespace throughgate::sync;
using throughgate::sync::testing::all_faults;
using throughgate::sync::testing::Fault;
using throughgate::sync::testing::naive_merge;
using throughgate::sync::testing::op_history;
using throughgate::sync::testing::OpHistory;
using throughgate::testing::holds;
using throughgate::testing::Tell;

namespace {

using Merger = std::function<ProjectedField(const FieldPolicy&, std::span<const OpInContext>)>;
using Ops = std::vector<OpInContext>;

Merger with(Fault fault) {
  return [fault](const auto& policy, auto ops) { return naive_merge(policy, ops, fault); };
}

OpHistory any_history() {
  const auto bytes = *rc::gen::scale(4.0, rc::gen::arbitrary<Bytes>());
  return op_history(bytes);
}

// An even choice among all orders.
Ops shuffled(Ops ops) {
  for (std::size_t i = ops.size(); i > 1; --i) {
    std::swap(ops[i - 1], ops[*rc::gen::inRange<std::size_t>(0, i)]);
  }
  return ops;
}

// ---- the laws, each of any merger

bool any_order_gives_the_same(const Merger& merger, Tell tell = Tell::failures) {
  return holds(
      "any order gives the same",
      [&] {
        const auto history = any_history();
        RC_ASSERT(merger(history.policy, history.ops) ==
                  merger(history.policy, shuffled(history.ops)));
      },
      tell);
}

bool repetition_changes_nothing(const Merger& merger, Tell tell = Tell::failures) {
  return holds(
      "repetition changes nothing",
      [&] {
        const auto history = any_history();
        Ops twice = history.ops;
        for (const auto& op : history.ops) {
          if (*rc::gen::arbitrary<bool>()) twice.push_back(op);
        }
        RC_ASSERT(merger(history.policy, history.ops) == merger(history.policy, shuffled(twice)));
      },
      tell);
}

bool names_it(const OpInContext& by, const OpInContext& target) {
  return std::any_of(by.supersedes.begin(), by.supersedes.end(), [&](const OpId& named) {
    return named == target.id || (target.again_of && named == target.again_of->original);
  });
}

bool is_version_of(const OpInContext& a, const OpInContext& b) {
  return (a.again_of && (a.again_of->original == b.id || a.again_of == b.again_of)) ||
         (b.again_of && b.again_of->original == a.id);
}

// A sibling goes only when an op that had seen it, or a version of it, names it; or when another
// version of the same op counts in its stead.
bool nothing_is_lost(const Merger& merger, Tell tell = Tell::failures) {
  return holds(
      "nothing is lost",
      [&] {
        const auto history = any_history();
        Ops some;
        for (const auto& op : history.ops) {
          if (*rc::gen::inRange(0, 4) != 0) some.push_back(op);
        }
        const auto before = merger(history.policy, some);
        const auto after = merger(history.policy, history.ops);
        for (const auto& sibling : before.siblings) {
          const bool still = std::any_of(after.siblings.begin(), after.siblings.end(),
                                         [&](const auto& each) { return each.id == sibling.id; });
          if (still) continue;
          const auto& gone = *std::find_if(some.begin(), some.end(),
                                           [&](const auto& op) { return op.id == sibling.id; });
          RC_ASSERT(std::any_of(history.ops.begin(), history.ops.end(), [&](const auto& op) {
            if (op.id == gone.id) return false;
            if (names_it(op, gone) || is_version_of(op, gone)) return true;
            // ... or named another version of it
            return std::any_of(history.ops.begin(), history.ops.end(), [&](const auto& other) {
              return is_version_of(other, gone) && names_it(op, other);
            });
          }));
        }
      },
      tell);
}

// The greatest severity that nobody with the right to lower it, and nothing as severe, has named.
bool the_strictest_is_shown(const Merger& merger, Tell tell = Tell::failures) {
  return holds(
      "the strictest is shown",
      [&] {
        auto history = any_history();
        RC_PRE(history.policy.policy == Policy::strictest);
        for (auto& op : history.ops) op.again_of.reset();
        const auto& policy = history.policy;
        std::uint64_t least = 0;
        for (const auto& op : history.ops) {
          if (!op.role || !policy.counts(*op.role)) continue;
          const auto severity = policy.severity_of(op.kind, op.value);
          const bool lowered =
              std::any_of(history.ops.begin(), history.ops.end(), [&](const auto& by) {
                return by.id != op.id && by.role && policy.counts(*by.role) && names_it(by, op) &&
                       (policy.lower_by.has(*by.role) ||
                        policy.severity_of(by.kind, by.value) >= severity);
              });
          if (!lowered) least = std::max(least, severity);
        }
        const auto field = merger(policy, history.ops);
        const auto shown = std::find_if(field.siblings.begin(), field.siblings.end(),
                                        [&](const auto& op) { return op.id == field.shown; });
        const auto severity =
            shown == field.siblings.end() ? 0 : policy.severity_of(shown->kind, shown->value);
        RC_ASSERT(severity >= least);
      },
      tell);
}

std::vector<OpId> ids(const ProjectedField& field) {
  std::vector<OpId> out;
  for (const auto& op : field.siblings) out.push_back(op.id);
  return out;
}

// No older value comes back when one is removed: the op keeps its place.
bool redaction_keeps_the_place(const Merger& merger, Tell tell = Tell::failures) {
  return holds(
      "redaction keeps the place",
      [&] {
        auto history = any_history();
        RC_PRE(!history.ops.empty() && history.policy.policy != Policy::strictest);
        for (auto& op : history.ops) op.again_of.reset();
        const auto before = merger(history.policy, history.ops);
        auto& op = history.ops[*rc::gen::inRange<std::size_t>(0, history.ops.size())];
        op.value.clear();
        op.value_removed = true;
        RC_ASSERT(ids(before) == ids(merger(history.policy, history.ops)));
      },
      tell);
}

bool agrees_with(const Merger& merger, Tell tell = Tell::failures) {
  return holds(
      "agrees with the naive model",
      [&] {
        const auto history = any_history();
        RC_ASSERT(project(history.policy, history.ops) == merger(history.policy, history.ops));
      },
      tell);
}

}  // namespace

TEST_CASE("merge gives the same for any order of the same ops", "[property][merge]") {
  CHECK(any_order_gives_the_same(project));
}

TEST_CASE("merge gives the same when ops come more than once", "[property][merge]") {
  CHECK(repetition_changes_nothing(project));
}

TEST_CASE("merge loses no value that no op had seen", "[property][merge]") {
  CHECK(nothing_is_lost(project));
}

TEST_CASE("merge never shows less than the greatest severity nobody could lower",
          "[property][merge]") {
  CHECK(the_strictest_is_shown(project));
}

TEST_CASE("merge leaves a redacted op in its place", "[property][merge]") {
  CHECK(redaction_keeps_the_place(project));
}

TEST_CASE("merge agrees with a second, naive telling of its rules", "[property][merge]") {
  CHECK(agrees_with(with(Fault::none)));
}

TEST_CASE("the canonical bytes of a field are the same for any order of its ops",
          "[property][projection]") {
  CHECK(holds("canonical bytes", [] {
    const auto history = any_history();
    const FieldKey key{{}, 1, 1};
    RC_ASSERT(canonical(key, project(history.policy, history.ops)) ==
              canonical(key, project(history.policy, shuffled(history.ops))));
  }));
}

// ---- twins: every check above must see what it is there for

TEST_CASE("the checks see each rule of merge broken", "[property][merge][twin]") {
  for (const Fault fault : all_faults) {
    CAPTURE(static_cast<int>(fault));
    CHECK_FALSE(agrees_with(with(fault), Tell::nothing));
  }
}

TEST_CASE("the order check sees a tie decided by arrival", "[property][merge][twin]") {
  CHECK_FALSE(any_order_gives_the_same(with(Fault::latest_by_arrival), Tell::nothing));
}

TEST_CASE("the repetition check sees ops counted once each time they come",
          "[property][merge][twin]") {
  const Merger counting = [](const auto& policy, auto ops) {
    auto field = project(policy, ops);
    field.state += static_cast<std::uint32_t>(ops.size());
    return field;
  };
  CHECK_FALSE(repetition_changes_nothing(counting, Tell::nothing));
}

TEST_CASE("the loss check sees an author's later op replace earlier ones unlisted",
          "[property][merge][twin]") {
  CHECK_FALSE(nothing_is_lost(with(Fault::own_stream_replaces), Tell::nothing));
}

TEST_CASE("the severity check sees anyone lower a value", "[property][merge][twin]") {
  CHECK_FALSE(the_strictest_is_shown(with(Fault::anyone_lowers), Tell::nothing));
  CHECK_FALSE(the_strictest_is_shown(with(Fault::unknown_is_mild), Tell::nothing));
}

TEST_CASE("the redaction check sees a redaction that drops the op", "[property][merge][twin]") {
  CHECK_FALSE(redaction_keeps_the_place(with(Fault::redaction_drops_op), Tell::nothing));
}
