// Short scenes on the stage of the simulated worlds: what once went wrong in a world, step by step.
#include <algorithm>
#include <catch_amalgamated.hpp>

#include "tests/simulation/handover_fields.h"
#include "tests/simulation/stage.h"

namespace throughgate::simulation {
namespace {

using sync::DossierId;
using sync::Hash;
using sync::OpId;
using sync::OpKind;
using sync::Role;
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

}  // namespace

TEST_CASE("a hub that has lost a removal gives back what was removed", "[simulation]") {
  Scene scene;
  auto& a1 = scene.machine("A1");
  auto& b1 = scene.machine("B1");
  const auto id = scene.new_case(a1);
  const auto note = scene.add_note(a1, id, "names somebody");
  scene.sync(a1);
  const auto hub_before = scene.hub_->copy();
  const auto a1_before = a1.copy();
  REQUIRE(a1.node().admission().redact(id, {OpId{note, 0}}, scene.by(a1)));
  scene.sync(a1);
  scene.sync(b1);  // has never held the note's words
  CHECK(scene.notes(b1, id) == std::vector<std::string>{""});

  a1.put_back(a1_before);
  scene.put_hub_back_at_once(hub_before);
  scene.add_note(a1, id, "something else");  // in the place that the removal had in its stream
  scene.sync(a1);
  scene.sync(b1);
  scene.sync(b1);
  const std::vector<std::string> both{"names somebody", "something else"};
  CHECK(scene.notes(a1, id) == both);
  CHECK(scene.notes(b1, id) == both);
}

TEST_CASE("a hub that takes up a newer order without a removal takes back what it removed",
          "[simulation]") {
  Scene scene;
  auto& a1 = scene.machine("A1");
  const auto id = scene.new_case(a1);
  const auto note = scene.add_note(a1, id, "names somebody");
  scene.sync(a1);
  const auto hub_before = scene.hub_->copy();
  const auto a1_before = a1.copy();
  REQUIRE(a1.node().admission().redact(id, {OpId{note, 0}}, scene.by(a1)));
  scene.sync(a1);
  const auto hub_after = scene.hub_->copy();

  a1.put_back(a1_before);
  scene.put_hub_back_at_once(hub_before);
  scene.add_note(a1, id, "something else");
  scene.sync(a1);  // the newest instance has this order, without the removal

  scene.put_hub_back(hub_after);  // which has deleted the note's words
  scene.sync(scene.machine("Z1"));
  scene.sync(a1);
  scene.hub_->open_everything();
  scene.sync(a1);
  scene.sync(scene.machine("B2"));
  const std::vector<std::string> both{"names somebody", "something else"};
  CHECK(scene.notes(a1, id) == both);
  CHECK(scene.notes(scene.machine("B2"), id) == both);
}

TEST_CASE("what waits for a key does not wait for a clock that was wrong", "[simulation]") {
  constexpr std::int64_t seventy_years_ms = 70ll * 365 * 24 * 60 * 60 * 1000;
  Scene scene;
  auto& a1 = scene.machine("A1");
  auto& a2 = scene.machine("A2");
  const auto id = scene.new_case(a1);
  scene.sync(a1);
  const auto hub_before = scene.hub_->copy();
  const auto a1_before = a1.copy();
  REQUIRE(a1.node().admission().change_members(id, {}, scene.by(a1)));  // a new key
  scene.sync(a1);
  scene.sync(a2);
  a2.set_clock_offset_ms(seventy_years_ms);
  scene.add_note(a2, id, "under the new key");

  a1.put_back(a1_before);
  scene.put_hub_back_at_once(hub_before);
  scene.add_note(a1, id, "in the place of the new key");
  scene.sync(a1);
  scene.sync(a2);  // its note cannot be accepted, and the new key may still come
  CHECK(scene.notes(a2, id) == std::vector<std::string>{"in the place of the new key"});

  a2.set_clock_offset_ms(0);
  scene.sync(a2);
  scene.time_.tick += Time::over_a_fortnight;
  scene.sync(a2);
  scene.sync(a2);
  CHECK(scene.notes(a2, id) ==
        std::vector<std::string>{"in the place of the new key", "under the new key"});
}

TEST_CASE("a recovering hub promises no place that another order may take", "[simulation]") {
  Scene scene;
  auto& a1 = scene.machine("A1");
  const auto id = scene.new_case(a1);
  const auto note = scene.add_note(a1, id, "words");
  scene.sync(a1);
  scene.put_hub_back(scene.hub_->copy());  // it has lost nothing, and does not know it
  scene.sync(scene.machine("Z1"));
  auto& c1 = scene.machine("C1");  // no member: a carrier lets go of what has a place for good
  REQUIRE(c1.node().admission().receive_by_hand(scene.entry(a1, note)));
  scene.sync(c1);
  CHECK(scene.hub_->answers().reached().at("HOLD hub recovering") == 1);
  CHECK(scene.hub_->answers().reached().at("DUPLICATE") == 0);
}

TEST_CASE("a record that is begun again builds on nothing", "[simulation]") {
  Scene scene;
  auto& a1 = scene.machine("A1");
  auto& a2 = scene.machine("A2");
  auto& c1 = scene.machine("C1");
  const auto hub_empty = scene.hub_->copy();
  const auto id = scene.new_case(a1);
  const auto first = scene.newest_entry(a1);
  scene.sync(a1);
  scene.sync(a2);
  const auto note = scene.add_note(a2, id, "on what is lost");
  REQUIRE(a1.node().admission().receive_by_hand(scene.entry(a2, note)));

  scene.put_hub_back_at_once(hub_empty);
  REQUIRE(c1.node().admission().receive_by_hand(scene.entry(a1, first)));
  scene.sync(c1);  // without the keys that must come with it: not yet
  scene.time_.tick += Time::over_a_fortnight;
  scene.sync(c1);  // and so never
  CHECK(scene.hub_->answers().reached().at("REJECTED expired") == 1);
  scene.sync(a1);
  scene.sync(a1);
  CHECK_FALSE(scene.hub_->answers().reached().contains("REJECTED first entry"));
  CHECK(scene.notes(a1, id).empty());  // and the record is complete
}

TEST_CASE("an order whose newest key is lost is not taken back from somebody removed",
          "[simulation]") {
  Scene scene;
  auto& a1 = scene.machine("A1");
  auto& b1 = scene.machine("B1");
  const auto id = scene.new_case(a1);
  scene.sync(a1);
  scene.sync(b1);
  const auto hub_before = scene.hub_->copy();
  const auto a1_before = a1.copy();
  const sync::store::MemberChange remove_b{sync::store::MemberChange::Kind::remove,
                                           scene.organisations_["B"], Role::reader};
  REQUIRE(a1.node().admission().change_members(id, remove_b, scene.by(a1)));
  scene.sync(a1);
  scene.sync(b1);  // sees the removal, and has no key of what follows

  scene.put_hub_back(hub_before);
  a1.put_back(a1_before);  // the only machine that held the new key
  scene.sync(scene.machine("Z1"));
  scene.sync(b1);
  scene.hub_->open_everything();
  scene.sync(b1);
  scene.sync(a1);
  scene.add_note(a1, id, "still at work");
  scene.sync(a1);
  CHECK(scene.notes(a1, id) == std::vector<std::string>{"still at work"});
  CHECK(a1.node().admission().change_members(id, remove_b, scene.by(a1)));
}

TEST_CASE("whoever opens a recovering record by its own word learns which order won",
          "[simulation]") {
  Scene scene;
  auto& a1 = scene.machine("A1");
  auto& a2 = scene.machine("A2");
  const auto id = scene.new_case(a1);
  scene.sync(a1);
  scene.sync(a2);
  scene.add_note(a2, id, "before");
  scene.sync(a2);
  const auto hub_before = scene.hub_->copy();
  const auto a2_before = a2.copy();
  scene.add_note(a2, id, "on an order that is lost");
  scene.sync(a2);
  scene.sync(a1);

  a2.put_back(a2_before);
  scene.put_hub_back_at_once(hub_before);
  scene.add_note(a2, id, "in its place");
  scene.sync(a2);
  scene.put_hub_back(scene.hub_->copy());
  for (const char* name : {"Z1", "A2", "B1", "B2"}) scene.sync(scene.machine(name));
  scene.sync(a1);  // the last that the hub waits for
  scene.sync(a1);
  scene.sync(a1);
  CHECK(scene.notes(a1, id) == std::vector<std::string>{"before", "in its place"});
}

}  // namespace throughgate::simulation
