// A prison with two computers, of which one is stolen, and the desk. Made-up people.
#pragma once

#include "node/desk/revocations.h"
#include "node/key_renewal.h"
#include "sync/store/directory_table.h"
#include "sync/wire_values.h"
#include "tests/node/backup/backup_world.h"

namespace throughgate::node::testing {

using sync::RevocationReason;
using sync::store::Purpose;
using sync::store::StoredDossier;
using sync::store::UnitOfWork;
using Which = sync::store::KeyRenewal::Which;

struct StolenWorld {
  World world;
  TestHub hub{world};
  TestDesk desk{world, hub};
  TestSite prison{world, "HMP Made Up", sync::OrganisationKind::prison, "LEI"};
  std::unique_ptr<TestSite> laptop;  // its second computer

  StolenWorld() {
    desk.enrol(prison, hub);
    must(prison.sync(hub));
    laptop = another("Laptop");
    for (int i = 0; i < 3; ++i) record(prison, "Al Invented " + std::to_string(i));
    exchange({&prison, laptop.get(), &prison, laptop.get()});
  }

  std::unique_ptr<TestSite> another(const std::string& folder) {
    auto out = std::make_unique<TestSite>(world, folder, prison);
    desk.enrol(*out, hub);
    return out;
  }
  static void record(TestSite& at, const std::string& name) {
    must(Staff(*at.node).add(name, {"gate_meeter"}, at.actor()));
  }
  void exchange(const std::vector<TestSite*>& sites) {
    for (auto* site : sites) must(site->sync(hub));
  }
  // As the program does it: with what the visit itself makes.
  sync::Result<VisitReport> visit(TestSite& site) {
    LinkMemory link;
    return visit_hub(*site.node, hub, site.folder, link);
  }
  sync::NodeId id(const TestSite& site) const { return site.node->identity().node; }
  void revoke(const sync::NodeId& node, std::uint64_t suspect_since_ms = 0) {
    must(desk.desk().revoke(node, RevocationReason::stolen, suspect_since_ms));
    must(desk.sync(hub));
  }
  std::size_t renew(TestSite& site, Which which = Which::ours) {
    const auto context = site.node->context();
    sync::store::KeyRenewal renewal(site.node->database(), context, which);
    return must(renew_keys(*site.node, renewal, 1000, sync::store::program_actor()));
  }
};

inline std::vector<sync::DossierId> dossiers_of(OpenNode& node) {
  std::vector<sync::DossierId> out;
  UnitOfWork work(node.database(), Purpose::reading);
  work.each("SELECT dossier FROM dossier WHERE length > 0 ORDER BY dossier", sync::store::bound(),
            [&](const auto& row) { out.push_back(*sync::DossierId::from(row.view(0))); });
  return out;
}

inline sync::EpochId epoch_of(OpenNode& node, const sync::DossierId& id) {
  UnitOfWork work(node.database(), Purpose::reading);
  return StoredDossier(work, id).memberships().current()->membership.epoch();
}

// Whom the keys in force here are sealed to, by the lists held.
inline std::set<sync::Recipient> sealed_to(OpenNode& node, const sync::DossierId& id) {
  std::set<sync::Recipient> out;
  UnitOfWork work(node.database(), Purpose::reading);
  const auto epoch = StoredDossier(work, id).memberships().current()->membership.epoch();
  for (const auto& list : sync::store::KeyTable(work).lists(id)) {
    if (list.epoch != epoch) continue;
    for (const auto& each : list.envelopes) out.insert(each.recipient);
  }
  return out;
}

inline std::uint64_t notices_of(OpenNode& node) {
  UnitOfWork work(node.database(), Purpose::reading);
  return *work.first("SELECT count(*) FROM notice", sync::store::bound(),
                     sync::store::unsigned_column);
}

// What of a computer's own has no place yet, as it would be carried by hand.
inline std::vector<sync::SignedEntry> unsent_of(OpenNode& node) {
  std::vector<sync::SignedEntry> out;
  const auto dossiers = dossiers_of(node);
  UnitOfWork work(node.database(), Purpose::reading);
  for (const auto& id : dossiers) {
    const StoredDossier stored(work, id);
    for (const auto row : stored.unplaced(sync::store::Standing::outbox)) {
      out.push_back(stored.load(row)->entry.bytes());
    }
  }
  return out;
}

}  // namespace throughgate::node::testing
