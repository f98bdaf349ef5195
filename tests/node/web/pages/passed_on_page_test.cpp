// Files for the exchange that others brought, at the page.
#include <catch_amalgamated.hpp>
#include <fstream>

#include "node/bundles/passing_on.h"
#include "schema/bundle.pb.h"
#include "tests/node/web/pages/by_hand_world.h"

namespace throughgate::node::testing {

TEST_CASE(
    "a file for the exchange is kept on the page, passed on, and its answer given to its maker",
    "[pages][by-hand][pass-on]") {
  ByHandWorld world;
  world.sync_all();
  const auto handover = world.shared_handover();
  world.set(world.prison, handover, "meeting-place", "Side gate");
  CHECK_FALSE(says(world.at_partner.page("/by-hand"), "Passed on for others"));
  const auto file = world.make("exchange");
  const auto kept = world.bring(world.at_partner, file);
  CHECK(kept.status == 200);
  CHECK(says(kept, "The file is kept, to be passed on"));
  CHECK(says(kept, "Nobody here can open it"));
  CHECK(says(world.at_partner.page("/by-hand"),
             "goes when this computer next exchanges what is new"));
  CHECK(world.at_partner.get("/by-hand/answers/1").status == 404);

  SyncRound round(*world.partner.node, world.hub);
  must(round.run());
  CHECK(must(pass_on(*world.partner.node, round)) == 1);
  const auto page = world.at_partner.page("/by-hand");
  CHECK(says(page, "From HMP Example"));
  CHECK(says(page, "the exchange has it since"));
  const auto answer = world.at_partner.get("/by-hand/answers/1");
  REQUIRE(answer.status == 200);
  CHECK(says(world.bring(world.at_prison, answer.body), "of yours, confirmed by the exchange"));
  CHECK(says(world.bring(world.at_partner, file), "The exchange has this file already"));
  for (const char* name : {"2", "0", "-1", "1x", "99999999999999999999", "%2e%2e"}) {
    CHECK(world.at_partner.get(std::string("/by-hand/answers/") + name).status >= 400);
  }
}

TEST_CASE("what waits for others is shown with its size, and is given up only once asked",
          "[pages][by-hand][pass-on]") {
  ByHandWorld world;
  world.sync_all();
  const auto handover = world.shared_handover();
  world.set(world.prison, handover, "meeting-place", "Side gate");
  world.bring(world.at_partner, world.make("exchange"));
  const auto page = world.at_partner.page("/by-hand");
  CHECK(says(page, "of 64.0 MB are used for others"));
  CHECK(page.find("/by-hand/passed-on/1/give-up") != std::string::npos);
  const auto asked = world.at_partner.page("/by-hand/passed-on/1/give-up");
  CHECK(says(asked, "The file from HMP Example"));
  CHECK(says(asked, "Nothing but time is lost while the computer that made it is in use"));
  CHECK(says(world.at_partner.page("/by-hand"), "From HMP Example"));
  CHECK(says(world.at_partner.done("/by-hand/passed-on/1/give-up", {}), "The file is given up"));
  CHECK_FALSE(says(world.at_partner.page("/by-hand"), "Passed on for others"));
  CHECK(world.at_partner.get("/by-hand/passed-on/1/give-up").status == 404);
}

TEST_CASE("the page says when a file that could not be passed on is tried next, and tries it now",
          "[pages][by-hand][pass-on]") {
  ByHandWorld world;
  world.sync_all();
  const auto handover = world.shared_handover();
  world.set(world.prison, handover, "meeting-place", "Side gate");
  world.bring(world.at_partner, world.make("exchange"));
  const std::string again = "/by-hand/passed-on/1/try-again";
  CHECK(world.at_partner.page("/by-hand").find(again) == std::string::npos);
  SyncRound round(*world.partner.node, world.hub);
  must(round.run());
  world.hub.is_down = true;
  CHECK(must(pass_on(*world.partner.node, round)) == 0);
  const auto page = world.at_partner.get("/by-hand");
  CHECK(says(page, "could not be passed on, and is tried again after"));
  REQUIRE(page.body.find(again) != std::string::npos);
  const auto asked = world.at_partner.send(page, again, {});
  REQUIRE(asked.status == 303);
  const auto after = world.at_partner.page(asked.location);
  CHECK(says(after, "The file is tried when this computer next exchanges"));
  CHECK(says(after, "could not be passed on, and goes when this computer next exchanges"));
  CHECK(after.find(again) == std::string::npos);
  world.hub.is_down = false;
  CHECK(must(pass_on(*world.partner.node, round)) == 1);
  CHECK(world.at_partner.post(again, {}).status >= 400);
}

TEST_CASE("an answer is deleted once its maker is said to have it", "[pages][by-hand][pass-on]") {
  ByHandWorld world;
  world.sync_all();
  const auto handover = world.shared_handover();
  world.set(world.prison, handover, "meeting-place", "Side gate");
  world.bring(world.at_partner, world.make("exchange"));
  SyncRound round(*world.partner.node, world.hub);
  must(round.run());
  must(pass_on(*world.partner.node, round));
  const auto page = world.at_partner.get("/by-hand");
  CHECK(says(page, "They have the answer: delete it here"));
  CHECK(page.body.find("give-up") == std::string::npos);
  const auto told = world.at_partner.send(page, "/by-hand/passed-on/1/brought-back", {});
  CHECK(told.status == 303);
  CHECK(says(world.at_partner.page("/by-hand?done=brought-back"), "answer is deleted"));
  CHECK(world.at_partner.get("/by-hand/answers/1").status == 404);
  CHECK(says(world.at_partner.page("/by-hand"), "the exchange has it since"));
}

TEST_CASE(
    "a file that no site can pass on is said to be so where it is made, and where it is brought",
    "[pages][by-hand][pass-on]") {
  ByHandWorld world;
  sync::testing::SeededRandom random(4);
  const auto& self = world.prison.node->identity();
  schema::Bundle content;
  crypto::Bytes noise(2 << 20);
  random.fill(noise);
  content.add_erasure_receipts()->set_bytes(std::string(noise.begin(), noise.end()));
  sync::BundleLabel label;
  label.meant_for = sync::BundleFor::hub;
  label.maker = self.node.bytes;
  const auto file = must(
      sync::seal_bundle(label, {*sync::hub_as_reader(world.prison.node->directory().hub_key())},
                        content, self.signing_key, random));
  world.make("exchange");
  CHECK_FALSE(says(world.at_prison.page("/by-hand"), "too large to be passed on"));
  std::ofstream(world.prison.folder.by_hand() + "/throughgate-toolarge.tgb", std::ios::binary)
      .write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
  CHECK(
      says(world.at_prison.page("/by-hand"),
           "It is too large to be passed on by a site. Have it brought to whoever looks after the "
           "exchange"));
  const auto brought = world.bring(world.at_partner, std::string(file.begin(), file.end()));
  CHECK(brought.status == 422);
  CHECK(says(brought, "too large to be passed on by a site"));
}

}  // namespace throughgate::node::testing
