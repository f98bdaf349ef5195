#include "sync/merge.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "sync/contexts.h"
#include "sync/layout.h"

namespace throughgate::sync {
namespace {

using Index = std::size_t;
using Ops = std::span<const OpInContext>;

// ---- written again: of an original and its copies exactly one counts

bool same_content(const OpInContext& a, const OpInContext& b) {
  return a.kind == b.kind && (a.value_removed || b.value_removed || a.value == b.value);
}

// Which of a group counts first: the original in the order, the author's own copy, the owner's or
// the desk's; what has a place before what has none; then the lower place.
using Precedence = std::tuple<bool, int, std::uint64_t, OpId>;

std::optional<int> standing_of_copy(const OpInContext& op) {
  if (op.author == op.again_of->author) return 1;
  if (leads(op.role)) return 2;
  return std::nullopt;  // by anybody else: a new op
}

Precedence precedence(const OpInContext& op, int standing) {
  return {!op.dsn, standing, op.dsn.value_or(op.arrival), op.id};
}

// For every op that stands back behind another: the one that counts in its stead.
class Copies {
 public:
  Copies(const FieldPolicy& policy, Ops ops, const std::map<OpId, Index>& by_id) {
    std::map<AgainOf, std::vector<std::pair<Precedence, Index>>> groups;
    for (const auto& [id, i] : by_id) {
      const auto standing = standing_in_its_group(policy, ops, i, by_id);
      if (standing) groups[*ops[i].again_of].push_back({precedence(ops[i], *standing), i});
    }
    for (auto& [again, group] : groups) {
      for (const auto& [ignored, i] : group) is_copy_.insert(i);
      const auto original = by_id.find(again.original);
      if (original != by_id.end()) {
        group.push_back({precedence(ops[original->second], 0), original->second});
      }
      const Index counts = std::min_element(group.begin(), group.end())->second;
      for (const auto& [ignored, i] : group) {
        if (i != counts) stands_back_[i] = counts;
      }
      instead_of_.emplace(again.original, counts);
    }
  }

  bool stands_back(Index i) const { return stands_back_.contains(i); }
  bool is_copy(Index i) const { return is_copy_.contains(i); }

  // Where a supersede of this op acts: on the one that counts. Several only where copies name
  // different authors for an original that is not here: at most one of them tells the truth.
  std::vector<Index> acted_on(const OpId& id, const std::map<OpId, Index>& by_id) const {
    std::vector<Index> out;
    const auto [first, last] = instead_of_.equal_range(id);
    std::transform(first, last, std::back_inserter(out),
                   [&](const auto& each) { return counting_for(each.second); });
    const auto found = by_id.find(id);
    if (found != by_id.end()) out.push_back(counting_for(found->second));
    return out;
  }

 private:
  // None: not a copy, or, whatever it says of itself, a new op.
  static std::optional<int> standing_in_its_group(const FieldPolicy& policy, Ops ops, Index i,
                                                  const std::map<OpId, Index>& by_id) {
    const bool may_count = ops[i].role && policy.counts(*ops[i].role);
    if (!ops[i].again_of || !may_count || contradicts_its_original(ops, i, by_id)) {
      return std::nullopt;
    }
    return standing_of_copy(ops[i]);
  }

  static bool contradicts_its_original(Ops ops, Index i, const std::map<OpId, Index>& by_id) {
    const auto original = by_id.find(ops[i].again_of->original);
    return original != by_id.end() && (ops[original->second].author != ops[i].again_of->author ||
                                       !same_content(ops[i], ops[original->second]));
  }

  // A copy may itself have been taken for an original. No entry can name its own hash, so this
  // ends; the bound is for ops that no entry ever held.
  Index counting_for(Index i) const {
    for (std::size_t steps = 0; steps <= stands_back_.size(); ++steps) {
      const auto next = stands_back_.find(i);
      if (next == stands_back_.end()) break;
      i = next->second;
    }
    return i;
  }

  std::set<Index> is_copy_;
  std::map<Index, Index> stands_back_;
  std::multimap<OpId, Index> instead_of_;
};

// ---- superseded

bool may_supersede(const FieldPolicy& policy, const OpInContext& by, const OpInContext& target) {
  if (policy.policy != Policy::strictest || (by.role && policy.lower_by.has(*by.role))) return true;
  return policy.severity_of(by.kind, by.value) >= policy.severity_of(target.kind, target.value);
}

std::set<Index> superseded(const FieldPolicy& policy, Ops ops, const std::vector<Index>& counting,
                           const Copies& copies, const std::map<OpId, Index>& by_id) {
  std::set<Index> gone;
  for (const Index i : counting) {
    for (const OpId& named : ops[i].supersedes) {
      for (const Index target : copies.acted_on(named, by_id)) {
        if (target != i && may_supersede(policy, ops[i], ops[target])) {
          gone.insert(target);
        }
      }
    }
  }
  return gone;
}

// ---- shown

// Accepted ops by place, then provisional ones as they came.
bool before_in_order(const OpInContext& a, const OpInContext& b) {
  constexpr auto last = std::numeric_limits<std::uint64_t>::max();
  const auto key = [&](const OpInContext& op) {
    return std::tuple(op.dsn.value_or(last), op.dsn ? 0 : op.arrival, op.id);
  };
  return key(a) < key(b);
}

// The one of `among` with the greatest key.
template <class Key>
std::optional<Index> greatest(const std::vector<Index>& among, Key key) {
  if (among.empty()) return std::nullopt;
  return *std::max_element(among.begin(), among.end(),
                           [&](Index a, Index b) { return key(a) < key(b); });
}

std::optional<Index> latest(const FieldPolicy& policy, Ops ops, const std::vector<Index>& siblings,
                            const Copies& copies) {
  std::vector<Index> preferred;
  std::copy_if(siblings.begin(), siblings.end(), std::back_inserter(preferred),
               [&](Index i) { return ops[i].role && policy.shown.has(*ops[i].role); });
  return greatest(preferred.empty() ? siblings : preferred, [&](Index i) {
    return std::pair(copies.is_copy(i) ? ops[i].effective_as_copy_ms : ops[i].effective_ms,
                     ops[i].id);
  });
}

std::optional<Index> strictest(const FieldPolicy& policy, Ops ops,
                               const std::vector<Index>& siblings) {
  return greatest(siblings, [&](Index i) {
    return std::pair(policy.severity_of(ops[i].kind, ops[i].value), ops[i].id);
  });
}

void fold_lifecycle(const FieldPolicy& policy, Ops ops, std::vector<Index> counting,
                    FieldState& out) {
  std::sort(counting.begin(), counting.end(),
            [&](Index a, Index b) { return before_in_order(ops[a], ops[b]); });
  for (const Index i : counting) {
    const auto change = decode_state_change(ops[i].value);
    const bool fits = ops[i].kind == OpKind::transition && change && change->from == out.state &&
                      policy.allows(change->from, change->to, *ops[i].role);
    if (fits) out.state = change->to;
    (fits ? out.listed : out.not_applied).push_back(i);
  }
}

bool two_distinct_values(Ops ops, const std::vector<Index>& siblings) {
  return std::any_of(siblings.begin(), siblings.end(), [&](Index i) {
    const auto& a = ops[i];
    const auto& b = ops[siblings.front()];
    return std::tie(a.kind, a.value, a.value_removed) != std::tie(b.kind, b.value, b.value_removed);
  });
}

}  // namespace

FieldState merge(const FieldPolicy& policy, std::span<const OpInContext> ops) {
  std::map<OpId, Index> by_id;
  for (Index i = 0; i < ops.size(); ++i) by_id.emplace(ops[i].id, i);
  const Copies copies(policy, ops, by_id);

  FieldState out;
  std::vector<Index> counting;
  for (const auto& [id, i] : by_id) {
    if (copies.stands_back(i)) continue;
    const bool counts = ops[i].role && policy.counts(*ops[i].role);
    (counts ? counting : out.not_counted).push_back(i);
  }
  const auto gone = superseded(policy, ops, counting, copies, by_id);
  std::copy_if(counting.begin(), counting.end(), std::back_inserter(out.siblings),
               [&](Index i) { return !gone.contains(i); });

  switch (policy.policy) {
    case Policy::latest:
      out.shown = latest(policy, ops, out.siblings, copies);
      break;
    case Policy::strictest:
      out.shown = strictest(policy, ops, out.siblings);
      break;
    case Policy::set:
      std::copy_if(
          out.siblings.begin(), out.siblings.end(), std::back_inserter(out.listed),
          [&](Index i) { return ops[i].kind == OpKind::add || ops[i].kind == OpKind::set; });
      break;
    case Policy::append:
      out.listed = out.siblings;
      std::sort(out.listed.begin(), out.listed.end(),
                [&](Index a, Index b) { return before_in_order(ops[a], ops[b]); });
      break;
    case Policy::lifecycle:
      fold_lifecycle(policy, ops, counting, out);
      break;
  }
  out.in_review = policy.review && two_distinct_values(ops, out.siblings);
  return out;
}

Hash reconcile_item_id(const FieldState& state, std::span<const OpInContext> ops) {
  LayoutWriter out;
  for (const Index i : state.siblings) out.bytes(ops[i].id.entry).u32(ops[i].id.index);
  return crypto::hash(contexts::reconcile_item, {out.take()});
}

}  // namespace throughgate::sync
