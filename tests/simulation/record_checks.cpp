// What must hold of the records that a member shows: from what people really saw when they saved.
#include <algorithm>

#include "tests/simulation/world.h"

namespace throughgate::simulation {
namespace {

using sync::OpId;
using sync::OpInContext;
using sync::Policy;
using sync::store::bound;
using sync::store::OpTable;
using sync::store::Replica;
using sync::store::Statement;

// The op that an op is a copy of, or itself.
OpId root_of(const OpInContext& op) { return op.again_of ? op.again_of->original : op.id; }

}  // namespace

struct World::MergedField {
  const sync::FieldKey& field;
  const sync::FieldPolicy& policy;
  const std::vector<OpInContext>& ops;
  const sync::FieldState state;
  std::set<OpId> standing;  // by their roots

  bool counts(std::size_t i) const {
    return std::find(state.not_counted.begin(), state.not_counted.end(), i) ==
           state.not_counted.end();
  }
};

void World::check_projection(Replica& replica, NodeMachine& machine, Findings& findings) {
  check_times(replica, machine, findings);
  for (const auto& field : replica.ops().fields()) {
    const auto* policy = machine.node().policies().find(field.record_type, field.field);
    if (!policy) continue;
    const auto ops = replica.ops().load(field, OpTable::View::accepted, {});
    MergedField merged{field, *policy, ops, merge(*policy, ops), {}};
    for (const auto i : merged.state.siblings) merged.standing.insert(root_of(ops[i]));
    check_roles(merged, replica, machine, findings);
    check_nothing_dropped(merged, replica, findings);
    if (policy->policy == Policy::lifecycle) continue;
    check_seen(merged, machine, findings);
    check_replaced(merged, replica, machine, findings);
    check_shown(merged, replica, findings);
  }
}

// 8: an entry counts from no earlier than what it was based on and no later than its acceptance;
// and a right clock writes the time it was.
void World::check_times(Replica& replica, NodeMachine& machine, Findings& findings) {
  const auto& stored = replica.stored();
  stored.work().each(
      "SELECT hash, header, dsn, clock_ms, effective_ms FROM entry WHERE dossier = ? AND "
      "dsn IS NOT NULL AND clock_ms > 0",
      bound(stored.row()), [&](const Statement& row) {
        const auto hash = crypto::to_array<32>(row.view(0)).value_or(sync::Hash{});
        const auto header = sync::decode_header(row.view(1)).header;
        const auto effective = row.unsigned_integer(4);
        if (!header || effective < stored.accepted_at(header->base_dsn) ||
            effective > stored.accepted_at(row.unsigned_integer(2))) {
          find(findings, "8",
               machine.name() + ": an entry counts at a time that its clock made up");
        }
        const auto truth = truth_.find(hash);
        if (truth != truth_.end() && truth->second.clock_offset_ms == 0 &&
            row.unsigned_integer(3) != Time{truth->second.tick}.now_ms()) {
          find(findings, "8", machine.name() + ": a right clock wrote a wrong time");
        }
      });
}

// 3: what somebody may do follows from their place in the order, never from a clock.
void World::check_roles(const MergedField& merged, Replica& replica, NodeMachine& machine,
                        Findings& findings) {
  for (const auto& op : merged.ops) {
    const auto* author = machine.node().directory().node(op.author);
    const auto role = author && op.dsn ? replica.stored().memberships().role_for_entry_at(
                                             *op.dsn, author->organisation)
                                       : std::nullopt;
    if (op.role != role) {
      find(findings, "3", machine.name() + ": an op counts by another role than at its place");
    }
    if (op.again_of) written_again_.insert(op.id);
    if (op.value_removed) redacted_.insert(op.id);
  }
}

// 2: an op keeps its place, also when its value has been removed; and a copy stands once.
void World::check_nothing_dropped(const MergedField& merged, Replica& replica, Findings& findings) {
  std::set<sync::Hash> there;
  for (const auto& op : merged.ops) there.insert(op.id.entry);
  for (const auto& [entry, truth] : truth_) {
    if (truth.dossier != replica.stored().id() || truth.field != merged.field) continue;
    const auto link = replica.stored().link(entry);
    if (link && link->dsn && !there.contains(entry)) {
      find(findings, "2", "an op in the order has lost its place in the record");
    }
  }
  if (merged.policy.policy != Policy::append) return;
  std::set<sync::Bytes> notes;
  for (const auto i : merged.state.siblings) {
    const auto& op = merged.ops[i];
    if (!op.value_removed && !notes.insert(op.value).second) {
      find(findings, "twice", "one note is there twice");
    }
  }
}

// 4 and 14: what no longer stands had been seen, and a risk was lowered by somebody who may.
void World::check_seen(const MergedField& merged, NodeMachine& machine, Findings& findings) {
  const auto& ops = merged.ops;
  std::map<OpId, OpId> roots;
  for (const auto& op : ops) roots[op.id] = root_of(op);
  std::map<OpId, std::vector<const OpInContext*>> seen_by;  // by whichever of its names
  for (const auto& op : ops) {
    const auto truth = truth_.find(root_of(op).entry);
    // Of a save that was never acknowledged nobody knows more than it says itself.
    for (const auto& id : truth == truth_.end() ? op.supersedes : truth->second.seen) {
      seen_by[roots.contains(id) ? roots[id] : id].push_back(&op);
    }
  }
  for (std::size_t i = 0; i < ops.size(); ++i) {
    if (!merged.counts(i) || merged.standing.contains(root_of(ops[i]))) continue;
    // Behind an original that has its place a copy counts no more, whatever becomes of that.
    if (ops[i].again_of && roots.contains(root_of(ops[i]))) continue;
    const auto& by = seen_by[root_of(ops[i])];
    if (by.empty()) find(findings, "4", machine.name() + ": a value went that nobody had seen");
    if (merged.policy.policy != Policy::strictest) continue;
    const bool allowed = std::any_of(by.begin(), by.end(), [&](const OpInContext* op) {
      return (op->role && merged.policy.lower_by.has(*op->role)) ||
             merged.policy.severity_of(op->kind, op->value) >=
                 merged.policy.severity_of(ops[i].kind, ops[i].value);
    });
    if (!allowed) find(findings, "14", "a risk was lowered without right");
  }
}

// 4: a value that somebody had replaced does not come back.
void World::check_replaced(const MergedField& merged, Replica& replica, NodeMachine& machine,
                           Findings& findings) {
  if (merged.policy.policy == Policy::strictest) return;  // which may stand all the same
  for (std::size_t i = 0; i < merged.ops.size(); ++i) {
    const auto& op = merged.ops[i];
    const auto truth = truth_.find(op.id.entry);
    const auto row = replica.stored().find(op.id.entry);
    const auto held = row ? replica.stored().load(*row) : std::nullopt;
    if (!merged.counts(i) || truth == truth_.end() || !held) continue;
    for (const auto& seen : truth->second.seen) {
      const auto link = replica.stored().link(seen.entry);
      const bool in_view = link && link->dsn && *link->dsn <= held->entry.header().base_dsn;
      if (in_view && merged.standing.contains(seen)) {
        find(findings, "4", machine.name() + ": a value came back that had been replaced");
      }
    }
  }
}

// 8 and 14: what is shown among those that stand.
void World::check_shown(const MergedField& merged, Replica& replica, Findings& findings) {
  const auto& [field, policy, ops, state, standing] = merged;
  if (!state.shown) return;
  const auto& won = ops[*state.shown];
  if (policy.policy == Policy::strictest) {
    for (const auto i : state.siblings) {
      if (policy.severity_of(ops[i].kind, ops[i].value) > policy.severity_of(won.kind, won.value)) {
        find(findings, "14", "what is shown is not the strictest");
      }
    }
  }
  if (policy.policy != Policy::latest || !policy.shown.empty()) return;
  const auto winner = truth_.find(root_of(won).entry);
  const auto accepted_at = replica.stored().accepted_at(won.dsn.value_or(0));
  for (const auto i : state.siblings) {
    const auto time = [](const OpInContext& op) {
      return op.again_of ? op.effective_as_copy_ms : op.effective_ms;
    };
    if (std::pair(time(ops[i]), ops[i].id) > std::pair(time(won), won.id)) {
      find(findings, "1", "what is shown is not the latest");
    }
    const auto other = truth_.find(root_of(ops[i]).entry);
    if (winner == truth_.end() || other == truth_.end() || won.again_of) continue;
    if (winner->second.clock_offset_ms > 0 && other->second.clock_offset_ms == 0 &&
        Time{other->second.tick}.now_ms() > accepted_at) {
      find(findings, "8", "a clock in the future won over a later change");
    }
  }
}

}  // namespace throughgate::simulation
