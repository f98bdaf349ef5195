// Short scenes on the stage of the simulated worlds: what once went wrong in a world, step by step.
#include "sync/store/late_box.h"
#include "sync/store/purge.h"
#include "tests/simulation/recovery_scenes.h"
#include "tests/simulation/scene.h"

namespace throughgate::simulation {

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

TEST_CASE("that a machine was put back is told once for each record, whatever it had sent",
          "[simulation]") {
  Scene scene;
  auto& a1 = scene.machine("A1");
  const auto id = scene.new_case(a1);
  scene.sync(a1);
  const auto before = a1.copy();
  for (const char* words : {"first", "second", "third"}) scene.add_note(a1, id, words);
  scene.sync(a1);
  a1.put_back(before);
  scene.sync(a1);
  scene.sync(a1);
  CHECK(scene.notes(a1, id).size() == 3);
  UnitOfWork work(a1.node().database());
  constexpr auto kind = static_cast<int>(sync::store::NoticeKind::disk_put_back);
  const auto told = work.first("SELECT count(*) FROM notice WHERE kind = ?",
                               sync::store::bound(kind), sync::store::unsigned_column);
  CHECK(told == 1);
}

// ---- each of these is also a twin: with one repair taken out it must go wrong (twins/)

TEST_CASE("a hub put back takes nothing from somebody removed since", "[simulation]") {
  CHECK(scenes::removed_before_the_hub_was_put_back() == "");
}

TEST_CASE("a hub that has forgotten a record lets nobody begin it again", "[simulation]") {
  CHECK(scenes::begun_again_at_an_empty_hub() == "");
}

TEST_CASE("of two orders the one of the hub's newest life wins, and a removal in it stands",
          "[simulation]") {
  CHECK(scenes::put_back_to_an_order_given_up() == "");
}

TEST_CASE("what was said of a forgotten change is not held against the one in its place",
          "[simulation]") {
  CHECK(scenes::heard_of_a_place_that_is_anothers() == "");
}

TEST_CASE("what was written under a new key is never sealed under an earlier one", "[simulation]") {
  CHECK(scenes::written_under_a_forgotten_key() == "");
}

TEST_CASE("what is written while a key is awaited is accepted as it stands", "[simulation]") {
  CHECK(scenes::written_while_a_key_is_awaited() == "");
}

// Told by nobody that it was put back, it has gone on so long that it counts further than before.
TEST_CASE("a hub that was put back and has gone on since is found out by whom it had told more",
          "[simulation]") {
  Scene scene;
  auto& a1 = scene.machine("A1");
  auto& a2 = scene.machine("A2");
  auto& b1 = scene.machine("B1");
  scene.sync(a2);
  const auto hub_before = scene.hub_->copy();
  for (int i = 0; i < 3; ++i) scene.new_case(a1);
  scene.sync(a1);
  scene.sync(b1);
  const auto instance = scene.hub_->instance();

  scene.hub_->put_back_quietly(hub_before);
  std::vector<DossierId> made;
  made.reserve(20);
  for (int i = 0; i < 20; ++i) made.push_back(scene.new_case(a2));
  scene.sync(a2);
  CHECK(scene.hub_->instance() == instance);  // A2 had seen nothing of what it has lost
  for (int i = 0; i < 3; ++i) {
    for (auto* machine : {&b1, &a1, &scene.machine("Z1")}) {
      ++scene.time_.tick;
      (void)machine->sync();  // may be told to wait for the central team
      scene.name_new_instance();
    }
  }
  scene.hub_->open_everything();
  for (auto* machine : {&b1, &a1, &a2, &b1}) scene.sync(*machine);
  CHECK(scene.hub_->instance() != instance);
  for (const auto& id : made) CHECK(scene.notes(b1, id).empty());
}

// Whoever holds the only list that names the hub's new life was cut in an earlier visit, after it
// had heard of more: the hub answers no question before it has that list.
TEST_CASE("a hub that waits to be named is given the list before anything is asked of it",
          "[simulation]") {
  Scene scene;
  auto& z1 = scene.machine("Z1");
  const auto made = z1.node().admission().create(
      {{scene.organisations_["Z"], Role::owner}, {scene.organisations_["B"], Role::receiver}},
      scene.by(z1), {{field_key("stop_note"), OpKind::set, text("first"), {}, {}}});
  REQUIRE(made);
  scene.put_hub_back(scene.hub_->copy());
  {
    UnitOfWork work(z1.node().database());
    work.run("UPDATE dossier SET heard = length + 1");
    REQUIRE(work.commit());
  }
  scene.sync(z1);
  CHECK(scene.hub_->sequencer().serves());
}

// Two machines live on from one disk; one writes, and its words reach the other by hand before its
// disk goes. What the exchange refuses of them is the other's to write again: nobody else has them.
TEST_CASE("what a machine's double had written, and only it holds, is written again when refused",
          "[simulation]") {
  Scene scene;
  auto& a1 = scene.machine("A1");
  const auto id = scene.new_case(a1);
  scene.sync(a1);
  auto& twin = scene.clone(0);
  const auto before = a1.copy();
  const auto carried = scene.entry(a1, scene.add_note(a1, id, "by hand"));
  scene.add_note(twin, id, "by network");
  scene.sync(twin);  // the place in the stream is taken
  REQUIRE(twin.node().admission().receive_by_hand(carried));
  a1.put_back(before);
  for (int i = 0; i < 3; ++i) {
    scene.sync(twin);
    scene.sync(a1);
  }
  const std::vector<std::string> both{"by hand", "by network"};
  CHECK(scene.notes(twin, id) == both);
  CHECK(scene.notes(a1, id) == both);
}

// A disk that was put back: what is written on it once more is refused, and written again. Once the
// sharing has ended, nobody has to look for what stands.
TEST_CASE("what was refused, written again and accepted before a removal waits for nobody",
          "[simulation]") {
  Scene scene;
  auto& a1 = scene.machine("A1");
  auto& b1 = scene.machine("B1");
  const auto id = scene.new_case(a1);
  scene.sync(a1);
  scene.sync(b1);
  scene.add_note(b1, id, "before the copy");
  const auto before = b1.copy();
  scene.add_note(b1, id, "after the copy");
  scene.sync(b1);
  b1.put_back(before);
  scene.add_note(b1, id, "by the old copy");
  for (int i = 0; i < 2; ++i) scene.sync(b1);
  scene.sync(a1);
  REQUIRE(scene.notes(a1, id) ==
          std::vector<std::string>{"after the copy", "before the copy", "by the old copy"});
  const MemberChange remove_b{MemberChange::Kind::remove, scene.organisations_["B"], Role::reader};
  REQUIRE(a1.node().admission().change_members(id, remove_b, scene.by(a1)));
  scene.sync(a1);
  scene.sync(b1);
  const auto context = b1.node().context();
  const auto kept_by_nobody = [](const DossierId&) { return false; };
  const auto gone = sync::store::purge_what_ended(b1.node().database(), context, kept_by_nobody);
  REQUIRE(gone);
  REQUIRE(*gone == 1);
  const auto late = sync::store::late_items(b1.node().database(), context);
  REQUIRE(late);
  CHECK(late->empty());
}

}  // namespace throughgate::simulation
