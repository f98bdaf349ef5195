// What must hold of a world once it is quiet: the invariants, from what people really saw.
#include <algorithm>

#include "tests/simulation/world.h"

namespace throughgate::simulation {
namespace {

using sync::DossierId;
using sync::Hash;
using sync::OpId;
using sync::OpInContext;
using sync::Policy;
using sync::store::bound;
using sync::store::OpTable;
using sync::store::Replica;
using sync::store::Statement;
using sync::store::UnitOfWork;

void find(Findings& findings, const std::string& invariant, const std::string& what) {
  findings.emplace(invariant, what);
}

// The op that an op is a copy of, or itself.
OpId root_of(const OpInContext& op) { return op.again_of ? op.again_of->original : op.id; }

}  // namespace

void World::check(Findings& findings) {
  check_hub_chains(findings);
  check_members_agree(findings);
  check_nothing_lost(findings);
  check_keys(findings);
}

// 3 and 6: a place once given stays, places are dense, no two entries share one in a stream, chains
// verify.
void World::check_hub_chains(Findings& findings) {
  note_accepted();
  if (!early_.empty()) findings.insert(early_.begin(), early_.end());
}

void World::note_accepted() {
  const auto instance = hub_->sequencer().state().instance;
  for (auto& machine : machines_) {
    UnitOfWork work(machine->node().database());
    std::vector<DossierId> dossiers;
    work.each("SELECT dossier FROM dossier WHERE length > 0 AND length = proven AND confirmed = ?",
              bound(instance.view()), [&](const Statement& row) {
                if (const auto id = DossierId::from(row.view(0))) dossiers.push_back(*id);
              });
    for (const auto& id : dossiers) {
      sync::store::StoredDossier stored(work, id);
      Hash chain = sync::chain_start(id);
      std::set<std::pair<sync::StreamId, std::uint64_t>> places;
      for (std::uint64_t dsn = 1; dsn <= stored.length(); ++dsn) {
        const auto record = stored.record_at(dsn);
        const auto link = record ? stored.link(record->entry) : std::nullopt;
        if (!link) {
          find(early_, "6", machine->name() + ": a place is empty");
          break;
        }
        chain = sync::chain_next(chain, *record);
        if (!places.insert({link->stream, link->seq}).second) {
          find(early_, "6", "two entries share a place in a stream");
        }
        const auto [known, is_new] = placed_.try_emplace({instance, id, record->entry}, dsn);
        if (known->second != dsn) find(early_, "3", "an accepted entry moved within one instance");
        if (is_new) ++counts_.entries_accepted;
      }
      if (chain != stored.chain_at(stored.length())) find(early_, "6", "a chain does not verify");
    }
  }
}

// 1: everybody who is a member holds the same order and, opened, the same records.
void World::check_members_agree(Findings& findings) {
  struct Held {
    std::string machine;
    Hash chain{};
    std::optional<sync::ProjectionDigest> digest;
  };
  std::map<DossierId, std::vector<Held>> held;
  std::map<DossierId, std::uint64_t> longest;
  for (std::size_t m = 0; m < machines_.size(); ++m) {
    auto& machine = *machines_[m];
    UnitOfWork work(machine.node().database());
    const auto context = machine.node().context();
    std::vector<DossierId> dossiers;
    work.each("SELECT dossier FROM dossier ORDER BY dossier", bound(), [&](const Statement& row) {
      if (const auto id = DossierId::from(row.view(0))) dossiers.push_back(*id);
    });
    for (const auto& id : dossiers) {
      Replica replica(work, id, context);
      const auto unplaced = work.first(
          "SELECT count(*) FROM entry WHERE dossier = ? AND dsn IS NULL AND standing IN (1, 2, 5)",
          bound(replica.stored().row()), sync::store::unsigned_column);
      if (unplaced.value_or(0) > 0) {
        find(findings, "stuck",
             machine.name() + " still has " + std::to_string(*unplaced) + " to send");
      }
      const auto role =
          replica.stored().memberships().role_now(machine.node().identity().organisation);
      if (!role) continue;
      if (!replica.is_complete()) {
        find(findings, "no key",
             machine.name() + " cannot open all of a case it is a member of: " +
                 std::to_string(replica.stored().length()) + " held, " +
                 std::to_string(replica.stored().readable()) + " open, " +
                 std::to_string(replica.base()) + " base, " +
                 std::to_string(replica.stored().proven()) + " proven, " +
                 std::to_string(replica.stored().heard()) + " heard");
        continue;
      }
      held[id].push_back({machine.name(), *replica.stored().chain_at(replica.stored().length()),
                          replica.digest()});
      check_projection(replica, machine, findings);
    }
    if (work.failed()) find(findings, "store", work.error().message);
  }
  for (const auto& [id, all] : held) {
    for (const auto& each : all) {
      if (each.chain != all.front().chain) {
        find(findings, "1",
             each.machine + " and " + all.front().machine + " hold different orders");
      } else if (each.digest != all.front().digest) {
        find(findings, "1",
             each.machine + " and " + all.front().machine + " hold different records");
      }
    }
  }
}

// 4, 8 and 14, on one accepted projection.
void World::check_projection(Replica& replica, NodeMachine& machine, Findings& findings) {
  const auto& policies = machine.node().policies();
  for (const auto& field : replica.ops().fields()) {
    const auto* policy = policies.find(field.record_type, field.field);
    if (!policy || policy->policy == Policy::lifecycle) continue;
    const auto ops = replica.ops().load(field, OpTable::View::accepted, {});
    const auto state = merge(*policy, ops);
    std::map<OpId, std::vector<const OpInContext*>> seen_by;
    for (const auto& op : ops) {
      const auto truth = truth_.find(root_of(op).entry);
      if (truth == truth_.end()) {
        for (const auto& id : op.supersedes) seen_by[id].push_back(&op);  // never acknowledged
      } else {
        for (const auto& id : truth->second.seen) seen_by[id].push_back(&op);
      }
    }
    // Who had seen an op, by whichever of its names.
    std::map<OpId, OpId> roots;
    for (const auto& op : ops) roots[op.id] = root_of(op);
    std::map<OpId, std::vector<const OpInContext*>> seen_by_root;
    for (const auto& [id, by] : seen_by) {
      const auto root = roots.contains(id) ? roots[id] : id;
      auto& list = seen_by_root[root];
      list.insert(list.end(), by.begin(), by.end());
    }
    std::set<OpId> standing;
    for (const auto i : state.siblings) standing.insert(root_of(ops[i]));
    std::set<std::size_t> uncounted(state.not_counted.begin(), state.not_counted.end());
    for (std::size_t i = 0; i < ops.size(); ++i) {
      if (uncounted.contains(i) || standing.contains(root_of(ops[i]))) continue;
      const auto& by = seen_by_root[root_of(ops[i])];
      if (by.empty()) find(findings, "4", machine.name() + ": a value went that nobody had seen");
      if (policy->policy != Policy::strictest) continue;
      const bool allowed = std::any_of(by.begin(), by.end(), [&](const OpInContext* op) {
        return (op->role && policy->lower_by.has(*op->role)) ||
               policy->severity_of(op->kind, op->value) >=
                   policy->severity_of(ops[i].kind, ops[i].value);
      });
      if (!allowed) find(findings, "14", "a risk was lowered without right");
    }
    if (policy->policy == Policy::strictest && state.shown) {
      const auto shown = policy->severity_of(ops[*state.shown].kind, ops[*state.shown].value);
      for (const auto i : state.siblings) {
        if (policy->severity_of(ops[i].kind, ops[i].value) > shown) {
          find(findings, "14", "what is shown is not the strictest");
        }
      }
    }
    if (policy->policy != Policy::latest || !state.shown) continue;
    const auto& won = ops[*state.shown];
    const auto winner = truth_.find(root_of(won).entry);
    if (winner == truth_.end() || winner->second.clock_offset_ms <= 0 || won.again_of) continue;
    const auto accepted_at = replica.stored().accepted_at(*won.dsn);
    for (const auto i : state.siblings) {
      const auto other = truth_.find(root_of(ops[i]).entry);
      if (other == truth_.end() || other->second.clock_offset_ms != 0 || !policy->shown.empty())
        continue;
      if (Time{other->second.tick}.now_ms() > accepted_at) {
        find(findings, "8", "a clock in the future won over a later change");
      }
    }
  }
}

// 2: every acknowledged save is in the order, kept as refused, or was on a disk that is gone.
void World::check_nothing_lost(Findings& findings) {
  std::set<Hash> somewhere;
  for (std::size_t m = 0; m < machines_.size(); ++m) somewhere.merge(entries_on(m));
  for (const auto& [entry, truth] : truth_) {
    if (somewhere.contains(entry) || lost_with_disks_.contains(entry)) continue;
    find(findings, "2",
         "a save by " + truth.author + " at step " + std::to_string(truth.tick) + " is nowhere");
  }
}

// 5: what was sealed after a removal does not open for the removed.
void World::check_keys(Findings& findings) {
  std::map<DossierId, sync::MembershipHistory> histories;
  std::map<DossierId, std::uint64_t> lengths;
  for (auto& machine : machines_) {
    UnitOfWork work(machine->node().database());
    std::vector<DossierId> dossiers;
    work.each("SELECT dossier FROM dossier", bound(), [&](const Statement& row) {
      if (const auto id = DossierId::from(row.view(0))) dossiers.push_back(*id);
    });
    for (const auto& id : dossiers) {
      sync::store::StoredDossier stored(work, id);
      if (stored.length() > lengths[id]) {
        lengths[id] = stored.length();
        histories[id] = stored.memberships();
      }
    }
  }
  for (auto& machine : machines_) {
    const auto& organisation = machine->node().identity().organisation;
    UnitOfWork work(machine->node().database());
    for (const auto& [id, history] : histories) {
      if (!sync::store::StoredDossier::exists(work, id)) continue;
      sync::store::StoredDossier stored(work, id);
      sync::store::KeyTable keys(work);
      for (const auto& each : history.all()) {
        const auto epoch = each.membership.epoch();
        bool member_since = false, member_before = false;
        for (const auto& other : history.all()) {
          const bool member = other.membership.role_of(organisation).has_value();
          (other.dsn >= *history.epoch_began(epoch) ? member_since : member_before) |= member;
        }
        if (!member_since && member_before && keys.holds(stored.row(), epoch)) {
          find(findings, "5", machine->name() + " holds a key made after it was removed");
        }
      }
    }
  }
}

}  // namespace throughgate::simulation
