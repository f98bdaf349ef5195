// A scene on the stage of the simulated worlds, step by step: what its tests need to say.
#pragma once

#include <algorithm>
#include <catch_amalgamated.hpp>

#include "tests/simulation/handover_fields.h"
#include "tests/simulation/stage.h"

namespace throughgate::simulation {

using sync::DossierId;
using sync::Hash;
using sync::OpId;
using sync::OpKind;
using sync::Role;
using sync::store::MemberChange;
using sync::store::OpTable;
using sync::store::Replica;
using sync::store::UnitOfWork;

struct Scene : Stage {
  Scene() : Stage(1) {}

  sync::store::Authorship by(NodeMachine& machine) {
    return {actor_at(machine, 0), machine.node().now_ms(), "because"};
  }
  DossierId new_case(NodeMachine& machine) {
    const auto made = machine.node().admission().create(
        {{organisations_["A"], Role::owner}, {organisations_["B"], Role::receiver}}, by(machine),
        {{field_key("stop_note"), OpKind::set, text("first"), {}, {}}});
    REQUIRE(made);
    return *made;
  }
  Hash add_note(NodeMachine& machine, const DossierId& id, const std::string& words) {
    const auto saved = machine.node().admission().save(
        id, by(machine), {{field_key("notes"), OpKind::append, text(words), {}, {}}});
    REQUIRE(saved);
    return *saved;
  }
  void sync(NodeMachine& machine) {
    ++time_.tick;
    const auto done = machine.sync();
    if (!done) FAIL(machine.name() << ": " << done.error().message);
  }
  sync::SignedEntry entry(NodeMachine& machine, const Hash& hash) {
    UnitOfWork work(machine.node().database());
    const auto id = work.first(
        "SELECT d.dossier FROM entry e JOIN dossier d ON d.id = e.dossier "
        "WHERE e.hash = ?",
        sync::store::bound(hash), [](const sync::store::Statement& row) {
          return DossierId::from(row.view(0)).value_or(DossierId{});
        });
    REQUIRE(id);
    sync::store::StoredDossier stored(work, *id);
    return stored.load(stored.find(hash).value_or(0))->entry.bytes();
  }
  Hash newest_entry(NodeMachine& machine) {
    UnitOfWork work(machine.node().database());
    return work
        .first("SELECT hash FROM entry ORDER BY id DESC LIMIT 1", sync::store::bound(),
               [](const sync::store::Statement& row) {
                 return crypto::to_array<32>(row.view(0)).value_or(Hash{});
               })
        .value_or(Hash{});
  }
  // Put back, named by the desk, and told to wait for nobody.
  void put_hub_back_at_once(const FaultyDisk::Image& image) {
    Stage::put_hub_back(image);
    sync(machine("Z1"));
    hub_->open_everything();
  }
  std::vector<std::string> notes(NodeMachine& machine, const DossierId& id) {
    UnitOfWork work(machine.node().database());
    const auto context = machine.node().context();
    Replica replica(work, id, context);
    REQUIRE(replica.is_complete());
    std::vector<std::string> out;
    for (const auto& op : replica.ops().load(field_key("notes"), OpTable::View::accepted, {})) {
      out.emplace_back(op.value.begin(), op.value.end());
    }
    std::sort(out.begin(), out.end());
    return out;
  }
};

}  // namespace throughgate::simulation
