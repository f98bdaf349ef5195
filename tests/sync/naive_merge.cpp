#include "tests/sync/naive_merge.h"

#include <algorithm>
#include <map>
#include <set>

namespace throughgate::sync::testing {
namespace {

using Op = OpInContext;  // ops are told apart by address below
using OpList = std::vector<const Op*>;

class NaiveMerge {
 public:
  NaiveMerge(const FieldPolicy& policy, std::span<const Op> ops, Fault fault)
      : policy_(policy), fault_(fault) {
    for (const Op& op : ops) {
      const bool left_out = fault_ == Fault::redaction_drops_op && op.value_removed;
      if (here(op.id) == nullptr && !left_out) ops_.push_back(&op);
    }
    for (const Op* op : ops_) {
      if (may_be_copy(*op)) copies_.insert(op);
    }
    for (const Op* op : copies_) best_.emplace(*op->again_of, nullptr);
    for (auto& [again, best] : best_) best = best_version(again);
  }

  ProjectedField result() {
    ProjectedField out;
    out.policy = policy_.policy;
    OpList siblings = ops_;
    std::erase_if(siblings, [&](const Op* op) { return !counts(*op) || is_superseded(*op); });
    std::sort(siblings.begin(), siblings.end(), by_id);
    for (const Op* op : siblings) {
      out.siblings.push_back({op->id, op->kind, op->value, op->value_removed});
    }
    out.in_review = in_review(siblings);
    show(siblings, out);
    return out;
  }

 private:
  static bool by_id(const Op* a, const Op* b) { return a->id < b->id; }
  bool broken(Fault fault) const { return fault_ == fault; }

  const Op* here(const OpId& id) const {
    for (const Op* op : ops_) {
      if (op->id == id) return op;
    }
    return nullptr;
  }

  bool has_right(const Op& op) const {
    if (!op.role) return false;
    if (broken(Fault::roles_ignored)) return true;
    if (policy_.writers.has(*op.role)) return true;
    return policy_.review && op.role == Role::central && !broken(Fault::desk_may_not_settle);
  }

  // ---- written again

  bool is_copy(const Op& op) const { return copies_.contains(&op); }

  bool may_be_copy(const Op& op) const {
    if (!op.again_of || !has_right(op) || broken(Fault::copies_count_apart)) return false;
    if (const Op* original = here(op.again_of->original);
        original != nullptr && !broken(Fault::contradiction_believed)) {
      const bool removed = op.value_removed || original->value_removed;
      if (original->author != op.again_of->author || original->kind != op.kind) return false;
      if (!removed && original->value != op.value) return false;
    }
    return op.author == op.again_of->author || op.role == Role::owner || op.role == Role::central ||
           broken(Fault::anybody_copies);
  }

  // Of two versions of one op: does `a` count rather than `b`?
  bool goes_before(const Op& a, const Op& b, const AgainOf& again) const {
    if (a.dsn.has_value() != b.dsn.has_value()) return a.dsn.has_value();
    const auto rank = [&](const Op& op) {
      if (op.id == again.original) return broken(Fault::copy_before_original) ? 3 : 0;
      return op.author == again.author ? 1 : 2;
    };
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    const bool later = broken(Fault::last_copy_counts);
    if (a.dsn && a.dsn != b.dsn) return later ? a.dsn > b.dsn : a.dsn < b.dsn;
    if (!a.dsn && a.arrival != b.arrival)
      return later ? a.arrival > b.arrival : a.arrival < b.arrival;
    return later ? a.id > b.id : a.id < b.id;
  }

  const Op* best_version(const AgainOf& again) const {
    const Op* best = here(again.original);
    for (const Op* op : ops_) {
      if (!is_copy(*op) || op->again_of != again) continue;
      if (best == nullptr || goes_before(*op, *best, again)) best = op;
    }
    return best;
  }

  // The op that counts where this one was named.
  const Op* in_force(const Op& op) const {
    const Op* at = &op;
    for (std::size_t i = 0; i <= ops_.size(); ++i) {
      const Op* next = at;
      for (const auto& [again, best] : best_) {
        const bool in_group = at->id == again.original || (is_copy(*at) && at->again_of == again);
        if (in_group && best != at) next = best;
      }
      if (next == at) break;
      at = next;
    }
    return at;
  }

  bool counts(const Op& op) const { return has_right(op) && in_force(op) == &op; }

  // ---- superseded

  bool reaches(const OpId& named, const Op& target) const {
    if (broken(Fault::supersede_by_name_only)) return target.id == named;
    if (const Op* op = here(named); op != nullptr && in_force(*op) == &target) return true;
    for (const auto& [again, best] : best_) {
      if (again.original == named && in_force(*best) == &target) return true;
    }
    return false;
  }

  std::uint64_t severity(const Op& op) const {
    if (op.kind == OpKind::clear) return broken(Fault::clear_is_strict) ? ~0ULL : 0;
    const auto rank = policy_.severity_of(op.kind, op.value);
    return rank == ~0ULL && broken(Fault::unknown_is_mild) ? 0 : rank;
  }

  bool may_replace(const Op& by, const Op& target) const {
    if (policy_.policy != Policy::strictest || broken(Fault::anyone_lowers)) return true;
    return policy_.lower_by.has(*by.role) || severity(by) >= severity(target);
  }

  bool is_superseded(const Op& target) const {
    for (const Op* by : ops_) {
      if (by == &target || !counts(*by)) continue;
      for (const auto& named : by->supersedes) {
        if (reaches(named, target) && may_replace(*by, target)) return true;
      }
      if (broken(Fault::own_stream_replaces) && by->author == target.author && by->dsn &&
          target.dsn && *by->dsn > *target.dsn) {
        return true;
      }
    }
    return false;
  }

  // ---- shown

  bool in_review(const OpList& siblings) const {
    if (!policy_.review) return false;
    for (const Op* a : siblings) {
      for (const Op* b : siblings) {
        const bool same =
            a->kind == b->kind && a->value == b->value && a->value_removed == b->value_removed;
        if (a != b && (!same || broken(Fault::equal_values_in_review))) return true;
      }
    }
    return false;
  }

  bool ranks_above(const Op& a, const Op& b) const {
    if (broken(Fault::latest_by_arrival)) {  // where it stands in what we were given
      return std::find(ops_.begin(), ops_.end(), &a) > std::find(ops_.begin(), ops_.end(), &b);
    }
    const auto time = [&](const Op& op) {
      const bool as_copy = is_copy(op) && !broken(Fault::copy_time_as_any);
      return as_copy ? op.effective_as_copy_ms : op.effective_ms;
    };
    if (!broken(Fault::hash_before_time) && time(a) != time(b)) return time(a) > time(b);
    return a.id > b.id;
  }

  const Op* latest(const OpList& siblings) const {
    const Op* best = nullptr;
    const auto preferred = [&](const Op& op) {
      return policy_.shown.has(*op.role) && !broken(Fault::owner_not_preferred);
    };
    for (const Op* op : siblings) {
      if (best == nullptr || (preferred(*op) && !preferred(*best)) ||
          (preferred(*op) == preferred(*best) && ranks_above(*op, *best))) {
        best = op;
      }
    }
    return best;
  }

  const Op* strictest(const OpList& siblings) const {
    const Op* best = nullptr;
    for (const Op* op : siblings) {
      if (best == nullptr || severity(*op) > severity(*best) ||
          (severity(*op) == severity(*best) && op->id > best->id)) {
        best = op;
      }
    }
    return best;
  }

  static bool comes_before(const Op* a, const Op* b) {
    if (a->dsn.has_value() != b->dsn.has_value()) return a->dsn.has_value();
    if (a->dsn != b->dsn) return a->dsn < b->dsn;
    if (!a->dsn && a->arrival != b->arrival) return a->arrival < b->arrival;
    return a->id < b->id;
  }

  bool taken_unseen(const Op& item, const OpList& siblings) const {
    if (!broken(Fault::remove_wins)) return false;
    return std::any_of(siblings.begin(), siblings.end(), [&](const Op* op) {
      return op->kind == OpKind::remove && op->value == item.value;
    });
  }

  void fold(ProjectedField& out) const {
    OpList in_order = ops_;
    std::erase_if(in_order, [&](const Op* op) { return !counts(*op); });
    std::sort(in_order.begin(), in_order.end(),
              broken(Fault::folded_by_hash) ? by_id : comes_before);
    for (const Op* op : in_order) {
      const auto change = decode_state_change(op->value);
      const bool fits = op->kind == OpKind::transition && change && change->from == out.state &&
                        policy_.allows(change->from, change->to, *op->role);
      if (fits) out.state = change->to;
      (fits ? out.listed : out.not_applied).push_back(op->id);
    }
  }

  void show(OpList siblings, ProjectedField& out) const {
    switch (policy_.policy) {
      case Policy::latest:
        if (const Op* best = latest(siblings)) out.shown = best->id;
        break;
      case Policy::strictest:
        if (const Op* best = strictest(siblings)) out.shown = best->id;
        break;
      case Policy::set:
        for (const Op* op : siblings) {
          if (op->kind != OpKind::remove && !taken_unseen(*op, siblings))
            out.listed.push_back(op->id);
        }
        break;
      case Policy::append:
        std::sort(siblings.begin(), siblings.end(), comes_before);
        for (const Op* op : siblings) out.listed.push_back(op->id);
        break;
      case Policy::lifecycle:
        fold(out);
        break;
    }
  }

  const FieldPolicy& policy_;
  Fault fault_;
  OpList ops_;
  std::set<const Op*> copies_;
  std::map<AgainOf, const Op*> best_;  // of each group the version that counts
};

}  // namespace

ProjectedField naive_merge(const FieldPolicy& policy, std::span<const OpInContext> ops,
                           Fault fault) {
  return NaiveMerge(policy, ops, fault).result();
}

}  // namespace throughgate::sync::testing
