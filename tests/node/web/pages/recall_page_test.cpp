// Recalling a file that was for the wrong organisation, at the page.
#include <catch_amalgamated.hpp>

#include "node/bundles/made_files.h"
#include "node/handovers/handovers.h"
#include "node/web/pages/free_text_warning.h"
#include "tests/node/web/pages/by_hand_world.h"

namespace throughgate::node::testing {

TEST_CASE(
    "a file for the wrong organisation is recalled record by record, and the page says what became "
    "of each",
    "[pages][by-hand][recall]") {
  ByHandWorld world;
  world.sync_all();
  const auto first = world.shared_handover();
  const auto second = world.shared_handover();
  const auto third = world.shared_unsent();
  world.change_members(second, {sync::store::MemberChange::Kind::new_key, {}, {}});
  world.make(world.id_of_partner());
  const auto list = world.at_prison.page("/by-hand");
  CHECK(says(list, "Files made for others For Bridge Trust, made on"));
  const auto opened = world.at_prison.page("/by-hand/made/1");
  CHECK(says(opened, "What they have opened stays opened"));
  CHECK(says(opened, "Handover of Alex Example"));
  CHECK(says(opened, "Not yet Handover of"));
  CHECK(says(opened, "Exchange what is new, or have a file for the exchange brought there"));
  const auto box = [](const sync::DossierId& id) { return "value=\"" + id.hex() + "\" checked"; };
  CHECK(opened.find(box(first)) != std::string::npos);  // all are ticked at first
  CHECK(opened.find(box(third)) != std::string::npos);
  CHECK(opened.find(second.hex()) == std::string::npos);

  const auto nothing = world.at_prison.fill_in("/by-hand/made/1", {});
  CHECK(nothing.status == 422);
  CHECK(says(nothing, "Select what is taken back"));
  CHECK(says(nothing, "Enter why it is recalled"));
  const auto no_reason = world.at_prison.fill_in("/by-hand/made/1", {{"record", third.hex()}});
  CHECK(no_reason.status == 422);  // and what was ticked stays so
  CHECK(no_reason.body.find(box(third)) != std::string::npos);
  CHECK(no_reason.body.find(box(first)) == std::string::npos);
  const auto other = world.at_prison.fill_in(
      "/by-hand/made/1", {{"record", std::string(32, 'a')}, {"reason", "the wrong partner"}});
  CHECK(other.status == 422);
  CHECK(says(other, "One of these records is not in that file"));

  const auto part = world.at_prison.done(
      "/by-hand/made/1",
      {{"record", third.hex()}, {"record", first.hex()}, {"reason", "the wrong partner"}});
  CHECK(says(part, "What was ticked is taken back. Exchange what is new at once"));
  CHECK(says(part, "2 records in it: they can see it no more"));
  CHECK(says(part, "1 record of these had reached their computers already"));
  CHECK(says(part, "Not yet Handover of Alex Example"));
  CHECK(says(part, "Nothing in it can be taken back now"));
  CHECK(says(world.at_prison.page("/by-hand"), "Recall it"));  // for what is left
  world.sync_all();
  const auto rest = world.at_prison.done(
      "/by-hand/made/1", {{"record", second.hex()}, {"reason", "the wrong partner"}});
  CHECK(says(rest, "3 records in it: they can see it no more"));
  CHECK(
      says(world.at_prison.page("/by-hand"), "Nothing in it is shared with them any more, since"));
  CHECK_FALSE(says(world.at_prison.page("/by-hand"), "Recall it"));
}

TEST_CASE("what became of a recall is said as it was, whole, in part or not at all",
          "[pages][by-hand][recall]") {
  ByHandWorld world;
  world.sync_all();
  const auto ready = world.shared_handover();
  const auto waits = world.shared_handover();
  world.make(world.id_of_partner());
  const auto opened = world.at_prison.get("/by-hand/made/1");
  // Somebody else changes who can see one of them, while the form is open.
  world.change_members(waits, {sync::store::MemberChange::Kind::new_key, {}, {}});
  const auto recall = [&](const Typed& typed) {
    const auto answer = world.at_prison.send(opened, "/by-hand/made/1", typed);
    REQUIRE(answer.status == 303);  // a save: the exchange hears of it at once
    return world.at_prison.page(answer.location);
  };
  const auto nothing = recall({{"record", waits.hex()}, {"reason", "the wrong partner"}});
  CHECK(says(nothing, "Nothing was taken back. Exchange what is new"));
  const auto part =
      recall({{"record", ready.hex()}, {"record", waits.hex()}, {"reason", "the wrong partner"}});
  CHECK(says(part, "Some of it is taken back, and some could not be"));
  CHECK(says(part, "Not yet Handover of Alex Example"));
  const auto again = recall({{"record", ready.hex()}, {"reason", "the wrong partner"}});
  CHECK(says(again, "What was ticked is taken back"));
}

TEST_CASE("a reason that should not be shared is asked about before any record is taken back",
          "[pages][by-hand][recall]") {
  ByHandWorld world;
  world.sync_all();
  const auto first = world.shared_unsent();
  const auto second = world.shared_unsent();
  world.make(world.id_of_partner());
  const auto asked = world.at_prison.fill_in(
      "/by-hand/made/1", {{"record", first.hex()},
                          {"record", second.hex()},
                          {"reason", "the wrong partner, by a security intelligence report"}});
  CHECK(says(asked, "security intelligence"));
  const auto page = world.at_prison.page("/by-hand/made/1");
  for (const auto& id : {first, second}) CHECK(page.find(id.hex()) != std::string::npos);
  const auto stands = world.at_prison.send(
      asked, "/by-hand/made/1", {{web::free_text_field, std::string(web::free_text_as_it_stands)}});
  CHECK(stands.status == 303);
  CHECK(says(world.at_prison.page("/by-hand/made/1"), "2 records in it: they can see it no more"));
}

TEST_CASE("files made at night stand apart from those that a person made", "[pages][by-hand]") {
  ByHandWorld world;
  world.sync_all();
  world.shared_handover();
  auto& node = *world.prison.node;
  const auto partner = world.partner.node->identity().organisation;
  for (int i = 0; i < 30; ++i) {
    must(note_made(node, partner, sync::BundleSet::random(world.world.random), 1, {},
                   MadeBy::night));
  }
  world.make(world.id_of_partner());
  const auto count = [](const std::string& page) {
    std::size_t out = 0;
    for (auto at = page.find("For Bridge Trust"); at != std::string::npos;
         at = page.find("For Bridge Trust", at + 1)) {
      ++out;
    }
    return out;
  };
  const auto page = text_of_page(world.at_prison.page("/by-hand"));
  CHECK(count(page) == 1 + 5);
  CHECK(page.find("Files made for others") < page.find("Made by itself at night"));
  const auto all = text_of_page(world.at_prison.page("/by-hand/made"));
  CHECK(count(all) == 1 + 30);
  CHECK(all.find("Files made for others For") < all.find("Made by itself at night For"));
}

TEST_CASE("of a file with very many records the rest shares one box", "[pages][by-hand][recall]") {
  ByHandWorld world;
  std::set<sync::DossierId> ids;
  for (int i = 0; i < 202; ++i) ids.insert(world.quickly_shared());
  must(note_made(*world.prison.node, world.partner.node->identity().organisation,
                 sync::BundleSet::random(world.world.random), 1, ids, MadeBy::person));
  const auto page = world.at_prison.page("/by-hand/made/1");
  CHECK(says(page, "The other 2 in it"));
  const auto last = *std::next(ids.begin(), 199);
  const auto done = world.at_prison.done(
      "/by-hand/made/1", {{"record", "behind-" + last.hex()}, {"reason", "the wrong partner"}});
  CHECK(says(done, "2 records in it: they can see it no more"));
  CHECK_FALSE(says(world.at_prison.page("/by-hand/made/1"), "The other"));
}

}  // namespace throughgate::node::testing
