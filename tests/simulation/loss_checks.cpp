// That nothing anybody typed is lost, once a world is quiet.
#include <algorithm>

#include "sync/clear_part.h"
#include "sync/store/op_table.h"
#include "tests/simulation/world.h"

namespace throughgate::simulation {
namespace {

using sync::Hash;
using sync::OpId;
using sync::OrganisationId;
using sync::store::bound;
using sync::store::OpTable;
using sync::store::Standing;
using sync::store::Statement;
using sync::store::StoredDossier;
using sync::store::UnitOfWork;

OpId original_in(const Statement& row) {  // of (hash, idx, again)
  const auto again = OpTable::decode_again(row.view(2));
  const auto own = crypto::to_array<32>(row.view(0)).value_or(Hash{});
  return again ? again->original : OpId{own, static_cast<std::uint32_t>(row.integer(1))};
}

// Entries of which a copy is held here, by whomever it was written again.
std::set<Hash> written_again_in(UnitOfWork& work) {
  std::set<Hash> out;
  work.each("SELECT again FROM op WHERE again IS NOT NULL", bound(), [&](const Statement& row) {
    const auto again = OpTable::decode_again(row.view(0));
    if (!again) return work.fail_as_damaged();
    out.insert(again->original.entry);
  });
  return out;
}

bool could_write_all_along(const StoredDossier& stored, const OrganisationId& organisation) {
  const auto& all = stored.memberships().all();
  return !all.empty() && std::all_of(all.begin(), all.end(), [&](const auto& each) {
    const auto role = each.membership.role_of(organisation);
    return role && sync::may_write_entries(*role);
  });
}

}  // namespace

// 2: every acknowledged save is in the hub's order, kept as refused, held as the copy by which it
// was written again, was on a disk that is gone, or of a record that was erased.
void World::check_nothing_lost(Findings& findings) {
  std::set<Hash> kept = lost_with_disks_;
  for (const auto& [id, order] : orders_) {
    for (const auto& placed : order.entries) kept.insert(placed.record.entry);
  }
  for (std::size_t i = 0; i < machines_.size(); ++i) {
    if (is_revoked(i)) {  // it may keep an order that no hub has any more
      kept.merge(entries_on(i));
      continue;
    }
    UnitOfWork work(machines_[i]->node().database());
    work.each("SELECT hash FROM entry WHERE dsn IS NULL", bound(), [&](const Statement& row) {
      if (const auto hash = crypto::to_array<32>(row.view(0))) kept.insert(*hash);
    });
    // Whoever stops taking part deletes the original once its copy has a place, which a hub that is
    // put back may forget: whoever holds the copy brings it there again.
    kept.merge(written_again_in(work));
  }
  auto transaction = hub::StoreTransaction::begin(hub_->store());
  for (const auto& [entry, truth] : truth_) {
    if (erased_.contains(truth.dossier)) continue;
    if (kept.contains(entry) || hub_->store().final_verdict(entry)) continue;
    find(findings, "2",
         "a save by " + truth.author + " at step " + std::to_string(truth.tick) + " is nowhere");
  }
}

// 2: of what somebody wrote who could write all along, in this order and in those before it,
// nothing is left behind as refused.
void World::check_written_again(Findings& findings) {
  for (std::size_t i = 0; i < machines_.size(); ++i) {
    if (is_revoked(i)) continue;
    auto& machine = machines_[i];
    const auto& identity = machine->node().identity();
    UnitOfWork work(machine->node().database());
    for (const auto& [id, order] : orders_) {
      if (!StoredDossier::exists(work, id)) continue;
      const StoredDossier stored(work, id);
      if (!could_write_all_along(stored, identity.organisation)) continue;
      std::set<OpId> stands;
      const std::string ops =
          "SELECT e.hash, o.idx, o.again FROM op o JOIN entry e ON e.id = o.entry "
          "WHERE o.dossier = ? AND ";
      // One that came without its text stands as what its removal left of it.
      work.each(ops + "(e.dsn IS NOT NULL OR (o.source = 0 AND e.standing IN (?, ?)))",
                bound(stored.row(), static_cast<int>(Standing::outbox),
                      static_cast<int>(Standing::waiting)),
                [&](const Statement& row) { stands.insert(original_in(row)); });
      work.each(
          ops +
              "o.source = 0 AND e.dsn IS NULL AND e.standing = ? AND e.kind = ? AND e.author = "
              "(SELECT id FROM author WHERE node = ?) AND NOT EXISTS (SELECT 1 FROM notice n "
              "JOIN entry f ON f.hash = n.entry WHERE f.stream = e.stream AND n.kind = ? AND "
              "n.detail IN (?, ?))",
          bound(stored.row(), static_cast<int>(Standing::refused),
                static_cast<int>(sync::EntryKind::change), identity.node.view(),
                static_cast<int>(sync::store::NoticeKind::refused),
                static_cast<int>(sync::Reason::not_a_member),
                static_cast<int>(sync::Reason::reader)),
          [&](const Statement& row) {
            if (stands.contains(original_in(row))) return;
            find(findings, "2", "a refused save by " + machine->name() + " was not written again");
          });
    }
  }
}

}  // namespace throughgate::simulation
