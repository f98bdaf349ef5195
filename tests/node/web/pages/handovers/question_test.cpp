// What the partner asks before it answers, and the way back to it.
#include <catch_amalgamated.hpp>

#include "tests/node/web/pages/handovers/handover_world.h"

namespace throughgate::node::testing {
namespace {

const char* const to_answer = "Answer what the partner asked";
const char* const answered = "Read the answer, then accept, decline or ask again";
const char* const prison_waits = "The partner has to read your answer; ring them if they do not";
const char* const partner_waits =
    "The prison has to answer what you asked; ring them if it does not";

bool needs(const Visitor& site) { return says(site.page("/handovers?needs=us"), "Alex Example"); }

struct Asked {
  HandoverWorld world;
  std::string address = shared_in_time();

  std::string shared_in_time() {
    world.release_on = "2027-03-05";
    return world.shared();
  }

  void ask(const char* question) {
    world.at_partner.done(address + "/more-info", {{"what", question}});
    world.sync_all();
  }
  void answer(const char* words) {
    world.at_prison.done(address + "/change/notes", {{"notes", words}});
    world.sync_all();
  }
};

}  // namespace

TEST_CASE("what the partner asked is in view where it is answered, and nowhere after that",
          "[pages][handover]") {
  Asked asked;
  const auto notes = asked.address + "/change/notes";
  CHECK_FALSE(says(asked.world.at_prison.page(notes), to_answer));
  asked.ask("Which bus can <they> take?");
  const auto page = asked.world.at_prison.page(notes);
  CHECK(says(page, "Bridge Trust asked Which bus can <they> take?"));
  CHECK(page.find("Which bus") < page.find("<textarea"));
  // It stays in view with what is typed next to it.
  CHECK_FALSE(says(asked.world.at_partner.page(notes), "Bridge Trust asked"));
}

TEST_CASE(
    "whoever asked sees what was asked, and what was answered, where it answers or asks again",
    "[pages][handover]") {
  Asked asked;
  const auto& partner = asked.world.at_partner;
  const auto page = [&](const char* step) { return partner.page(asked.address + step); };
  const std::vector<const char*> steps{"/accept", "/decline", "/more-info"};
  for (const auto* step : steps) CHECK_FALSE(says(page(step), "You asked"));
  asked.ask("Which bus?");
  for (const auto* step : steps) {
    CHECK(says(page(step), "You asked Which bus? The prison has not answered yet."));
  }
  asked.answer("The number <5>.");
  for (const auto* step : steps) {
    CHECK(says(page(step), "You asked Which bus? The prison says The number <5>."));
    CHECK_FALSE(says(page(step), "has not answered yet"));
  }
}

TEST_CASE("once what was asked is answered it is the partner's turn, until it asks again",
          "[pages][handover]") {
  Asked asked;
  auto& prison = asked.world.at_prison;
  auto& partner = asked.world.at_partner;
  partner.done(asked.address + "/read", {{"all", "1"}});
  asked.answer("Written before anything was asked.");
  asked.ask("Which bus?");
  for (const char* again : {"", "And who pays?"}) {
    if (*again) asked.ask(again);
    CHECK(says(prison.page(asked.address), to_answer));
    CHECK(says(partner.page(asked.address), partner_waits));
    CHECK_FALSE(says(partner.page(asked.address), answered));
    CHECK(needs(prison));
    CHECK_FALSE(needs(partner));
    asked.answer(*again ? "The prison does." : "The number 5.");
    CHECK_FALSE(says(prison.page(asked.address), to_answer));
    CHECK(says(prison.page(asked.address), prison_waits));
    CHECK(says(partner.page(asked.address), answered));
    CHECK_FALSE(needs(prison));
    CHECK(needs(partner));
  }
  asked.world.world.now_ms += 10 * day_ms;
  CHECK(says(prison.page("/handovers?needs=late"), "Alex Example"));
  partner.done(asked.address + "/accept", {{"contact", "Kim, 07700 900111"}});
}

TEST_CASE("a note by the partner itself answers nothing", "[pages][handover]") {
  Asked asked;
  asked.ask("Which bus?");
  asked.world.at_partner.done(asked.address + "/change/notes", {{"notes", "We still wait."}});
  asked.world.sync_all();
  CHECK(says(asked.world.at_prison.page(asked.address), to_answer));
}

}  // namespace throughgate::node::testing
