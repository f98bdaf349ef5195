// A prison that has recorded and sent something, and a computer that its backup is restored on.
#pragma once

#include <catch_amalgamated.hpp>

#include "node/backup/backup.h"
#include "node/hub_visit.h"
#include "node/restored.h"
#include "sync/store/checker.h"
#include "tests/node/test_sites.h"

namespace throughgate::node::testing {

// The value of a success; the test fails with the error's words otherwise.
template <class T>
T must(sync::Result<T> result) {
  if (!result) FAIL(result.error().message);
  return std::move(*result);
}

template <class T>
sync::Error refusal(const sync::Result<T>& result) {
  if (result) FAIL("This should have been refused.");
  return result.error();
}

inline bool says(const sync::Error& error, std::string_view words) {
  return error.message.find(words) != std::string::npos;
}

// Of each record that is open: its place, and what it comes to there.
using Digests = std::map<sync::DossierId, std::pair<std::uint64_t, sync::ProjectionDigest>>;

struct BackupWorld {
  World world;
  TestHub hub{world};
  TestDesk desk{world, hub};
  TestSite prison{world, "HMP Made Up", sync::OrganisationKind::prison, "LEI"};
  crypto::DatabaseKey key = *prison.accounts.sign_in("jo", good_password, world.clock);
  LinkMemory link;

  BackupWorld() {
    desk.enrol(prison, hub);
    record("Al Invented");
    must(prison.sync(hub));
    record("Bo Imagined");  // not sent yet
  }

  std::string path(const std::string& name) const { return world.folder.path(name); }
  void record(const std::string& name) {
    must(Staff(*prison.node).add(name, {"gate_meeter"}, prison.actor()));
  }
  MadeBackup back_up(const std::string& name) {
    return must(make_backup(*prison.node, key, prison.folder, path(name)));
  }
  FindKey password() const {
    return [this](Accounts& of) { return of.sign_in("jo", good_password, world.clock); };
  }
  sync::Result<BackupManifest> restore_to(const std::string& folder, const std::string& file) {
    return restore(path(file), DataFolder(path(folder)), password(), cheap(), world.random,
                   world.clock);
  }
  std::unique_ptr<OpenNode> open(const std::string& folder) {
    const DataFolder at(path(folder));
    must(at.find_store());
    Accounts accounts(at, world.random, cheap());
    const auto opens = must(accounts.sign_in("jo", good_password, world.clock));
    return must(OpenNode::open(at.store(), opens, sync::store::Access::existing, world.random,
                               world.clock));
  }
  std::unique_ptr<OpenNode> restored(const std::string& file) {
    must(restore_to("blank", file));
    return open("blank");
  }
  sync::Result<VisitReport> visit(OpenNode& node, const std::string& folder) {
    return visit_hub(node, hub, DataFolder(path(folder)), link);
  }
};

// What a sound store comes to; the test fails where it is not sound.
inline Digests digests_of(OpenNode& node) {
  must(node.database().quick_check());
  const auto report = must(sync::store::check_store(node.database(), node.context()));
  for (const auto& fault : report.faults) FAIL_CHECK(fault.what);
  Digests out;
  for (const auto& [record, at] : report.digests) out[record] = {at.place, at.digest};
  return out;
}

inline std::vector<std::string> names_of(OpenNode& node) {
  std::vector<std::string> out;
  for (const auto& each : must(Staff(node).list())) out.push_back(each.name);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace throughgate::node::testing
