// What must hold of a world once it is quiet: orders, nodes and keys. What records show is checked
// in record_checks.cpp.
#include <algorithm>

#include "tests/simulation/world.h"

namespace throughgate::simulation {
namespace {

using sync::DossierId;
using sync::Hash;
using sync::store::bound;
using sync::store::Replica;
using sync::store::Statement;
using sync::store::UnitOfWork;

}  // namespace

void World::check(Findings& findings) {
  if (options_.programs) options_.programs->run(!updated_.empty());
  note_accepted();
  read_orders(findings);
  for (const auto& [id, order] : orders_) check_order(order, findings);
  check_totals(findings);
  check_nodes_follow(findings);
  check_members_agree(findings);
  check_nothing_lost(findings);
  check_written_again(findings);
  check_own_streams(findings);
  check_keys(findings);
  check_nothing_of_the_revoked(findings);
  check_keys_of_the_revoked(findings);
  check_stores(findings);
  check_erased(findings);
  check_told_of_erasures(findings);
  check_updated(findings);
  check_bits(findings);
  check_idle_and_busy(findings);
  check_bundle_path(findings);
  counts_.reached[reached::redacted] += redacted_.size();
  counts_.reached[reached::written_again] += written_again_.size();
}

std::vector<DossierId> World::dossiers_held(UnitOfWork& work) {
  std::vector<DossierId> out;
  work.each("SELECT dossier FROM dossier ORDER BY dossier", bound(), [&](const Statement& row) {
    if (const auto id = DossierId::from(row.view(0))) out.push_back(*id);
  });
  return out;
}

// The hub's orders, of every dossier that any node knows.
void World::read_orders(Findings& findings) {
  std::set<DossierId> known;
  for (auto& machine : machines_) {
    UnitOfWork work(machine->node().database());
    for (const auto& id : dossiers_held(work)) known.insert(id);
  }
  auto& store = hub_->store();
  auto transaction = hub::StoreTransaction::begin(store);
  for (const auto& id : known) {
    const auto chain = store.chain(id);
    if (!chain) continue;
    HubOrder order{id, chain->head, {}, {sync::chain_start(id)}, {}};
    for (const auto& each : store.memberships(chain->id, chain->length + 1)) {
      order.epochs.insert(each.membership.epoch());
    }
    for (std::uint64_t dsn = 1; dsn <= chain->length; ++dsn) {
      auto placed = store.read_entry(chain->id, dsn);
      if (!placed) {
        find(findings, "6", "a place at the hub is empty");
        break;
      }
      order.heads.push_back(store.head_at(chain->id, dsn).value_or(Hash{}));
      order.entries.push_back(*std::move(placed));
    }
    orders_.emplace(id, std::move(order));
  }
}

// 6: places are dense, no two entries share one in a stream, everything verifies from the start.
void World::check_order(const HubOrder& order, Findings& findings) {
  Hash chain = sync::chain_start(order.dossier);
  std::map<sync::StreamId, std::pair<std::uint64_t, Hash>> tips;
  sync::OrderRecord before;
  for (std::size_t i = 0; i < order.entries.size(); ++i) {
    const auto& record = order.entries[i].record;
    const auto decoded = sync::decode_header(order.entries[i].entry.header);
    const auto author = decoded.header ? hub_->sequencer().directory().standing(
                                             decoded.header->author, record.directory_version)
                                       : std::nullopt;
    const auto verified =
        author ? sync::verify(order.entries[i].entry, author->key, sync::SealedPart::may_be_deleted)
                     .entry
               : std::nullopt;
    if (!verified || verified->hash() != record.entry) {
      find(findings, "6", "an entry in its place does not verify");
      return;
    }
    const auto& header = verified->header();
    auto& [seq, tip] = tips[header.stream];
    if (header.seq != seq + 1 || header.previous != tip) {
      find(findings, "6", "two entries share a place in a stream, or one is left out");
    }
    seq = header.seq;
    tip = record.entry;
    if (record.dsn != i + 1 || record.accepted_at_ms < before.accepted_at_ms ||
        record.directory_version < before.directory_version) {
      find(findings, "6", "places are not dense, or go back in time");
    }
    before = record;
    chain = sync::chain_next(chain, record);
    if (chain != order.heads[i + 1]) find(findings, "6", "a chain does not verify");
  }
  if (chain != order.head) find(findings, "6", "a chain does not end at its head");
}

// What the hub counts on the way comes to what it holds.
void World::check_totals(Findings& findings) {
  std::uint64_t dossiers = 0, entries = 0;
  for (const auto& [id, order] : orders_) {
    dossiers += order.entries.empty() ? 0 : 1;
    entries += order.entries.size();
  }
  const auto counts = hub_->sequencer().counts();
  if (!counts || counts->dossiers != dossiers || counts->entries != entries) {
    find(findings, "totals", "the hub's figures are not what it holds");
  }
}

// 7: whatever was put back, no node keeps an order that the hub does not have.
void World::check_nodes_follow(Findings& findings) {
  for (std::size_t i = 0; i < machines_.size(); ++i) {
    if (is_revoked(i)) continue;
    auto& machine = machines_[i];
    UnitOfWork work(machine->node().database());
    for (const auto& id : dossiers_held(work)) {
      sync::store::StoredDossier stored(work, id);
      if (stored.length() == 0) continue;
      const auto order = orders_.find(id);
      const bool known = order != orders_.end() && stored.length() < order->second.heads.size() &&
                         order->second.heads[stored.length()] == stored.chain_at(stored.length());
      if (!known) find(findings, "7", machine->name() + " keeps an order that the hub has not");
    }
  }
}

// 7: a node that has been told of more of its own stream than it knew writes there no more.
void World::check_own_streams(Findings& findings) {
  for (auto& machine : machines_) {
    UnitOfWork work(machine->node().database());
    work.each("SELECT header FROM entry WHERE dsn IS NULL AND standing = 4", bound(),
              [&](const Statement& row) {
                const auto header = sync::decode_header(row.view(0)).header;
                const auto order = header ? orders_.find(header->dossier) : orders_.end();
                if (order == orders_.end() || header->base_dsn >= order->second.heads.size() ||
                    order->second.heads[header->base_dsn] != header->base_head) {
                  return;
                }
                for (std::uint64_t dsn = 1; dsn <= header->base_dsn; ++dsn) {
                  const auto other =
                      sync::decode_header(order->second.entries[dsn - 1].entry.header).header;
                  if (other && other->stream == header->stream && other->seq == header->seq) {
                    find(findings, "7",
                         machine->name() +
                             " holds an entry for a place that its author had seen "
                             "taken");
                  }
                }
              });
  }
}

// 3: a place once given stays, within one instance.
void World::note_accepted() {
  const auto instance = hub_->instance();
  if (hub_->answers().is_doubted(instance)) return;
  for (auto& machine : machines_) {
    UnitOfWork work(machine->node().database());
    std::vector<DossierId> dossiers;
    work.each("SELECT dossier FROM dossier WHERE length > 0 AND length = proven AND confirmed = ?",
              bound(instance.view()), [&](const Statement& row) {
                if (const auto id = DossierId::from(row.view(0))) dossiers.push_back(*id);
              });
    for (const auto& id : dossiers) {
      sync::store::StoredDossier stored(work, id);
      for (std::uint64_t dsn = 1; dsn <= stored.length(); ++dsn) {
        const auto record = stored.record_at(dsn);
        if (!record) {
          find(early_, "6", machine->name() + ": a place is empty");
          break;
        }
        const auto [known, is_new] = placed_.try_emplace({instance, id, record->entry}, dsn);
        if (known->second != dsn) find(early_, "3", "an accepted entry moved within one instance");
        if (is_new) ++counts_.entries_accepted;
      }
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
  for (std::size_t i = 0; i < machines_.size(); ++i) {
    if (is_revoked(i)) continue;
    auto& machine = *machines_[i];
    UnitOfWork work(machine.node().database());
    const auto context = machine.node().context();
    // All merge by the same rules here: whoever is told otherwise, at any moment, is misled, and no
    // hub in good hands does that.
    const auto alarms = work.first("SELECT count(*) FROM notice WHERE kind = ?",
                                   bound(static_cast<int>(sync::store::NoticeKind::digest_differs)),
                                   sync::store::unsigned_column);
    if (alarms.value_or(0) > 0 && !evil_) {
      find(findings, "1", machine.name() + " was told that another node shows something else");
    }
    for (const auto& id : dossiers_held(work)) {
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

// 5: what was sealed after a removal does not open for the removed.
void World::check_keys(Findings& findings) {
  note_keys_due(*hub_);
  for (auto& machine : machines_) {
    const auto& organisation = machine->node().identity().organisation;
    UnitOfWork work(machine->node().database());
    for (const auto& [id, order] : orders_) {
      if (!sync::store::StoredDossier::exists(work, id)) continue;
      sync::store::StoredDossier stored(work, id);
      sync::store::KeyTable keys(work);
      for (const auto& epoch : order.epochs) {
        const bool due = keys_due_.contains({id, epoch, organisation});
        if (!due && keys.holds(stored.row(), epoch)) {
          find(findings, "5", machine->name() + " holds a key made after it was removed");
        }
      }
    }
  }
}

// Whoever is a member when an epoch begins or later, by the order that a hub now has.
void World::note_keys_due(HubMachine& hub) {
  std::set<DossierId> known;
  for (const auto& [entry, truth] : truth_) known.insert(truth.dossier);
  auto& store = hub.store();
  auto transaction = hub::StoreTransaction::begin(store);
  for (const auto& id : known) {
    const auto chain = store.chain(id);
    if (!chain) continue;
    std::vector<sync::EpochId> begun;
    for (const auto& each : store.memberships(chain->id, chain->length + 1)) {
      const auto epoch = each.membership.epoch();
      if (std::find(begun.begin(), begun.end(), epoch) == begun.end()) begun.push_back(epoch);
      for (const auto& member : each.membership.members) {
        for (const auto& open : begun) keys_due_.insert({id, open, member.organisation});
      }
    }
  }
}

}  // namespace throughgate::simulation
