// The list of handovers.
#include <catch_amalgamated.hpp>

#include "tests/node/web/pages/handovers/handover_world.h"

namespace throughgate::node::testing {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

std::string next_page(const std::string& body) {
  const std::string mark = "class=\"govuk-link govuk-pagination__link\" href=\"";
  const auto next = body.find("govuk-pagination__next");
  if (next == std::string::npos) return {};
  const auto from = body.find(mark, next) + mark.size();
  std::string out = body.substr(from, body.find('"', from) - from);
  for (auto at = out.find("&amp;"); at != std::string::npos; at = out.find("&amp;")) {
    out.erase(at + 1, 4);
  }
  return out;
}

Typed draft(const std::string& family, const std::string& day) {
  return {{"family-name", family},
          {"release-date-day", day},
          {"release-date-month", "3"},
          {"release-date-year", "2027"}};
}

}  // namespace

TEST_CASE("the list goes by release date, a page at a time, and misses nobody",
          "[pages][handover]") {
  HandoverWorld world;
  CHECK(says(world.at_prison.page("/handovers"), "There are no handovers here"));
  world.at_prison.done("/handovers/new", {{"family-name", "Nodate"}});
  for (int i = 30; i >= 1; --i) {
    world.at_prison.done("/handovers/new", draft("Family" + std::to_string(i), std::to_string(i)));
  }
  const auto first = world.at_prison.page("/handovers");
  CHECK(count(first, "<th scope=\"row\"") == 25);
  CHECK(first.find(">Family1<") < first.find(">Family2<"));
  CHECK(first.find(">Family9<") < first.find(">Family10<"));
  const auto second = world.at_prison.page(next_page(first));
  CHECK(count(second, "<th scope=\"row\"") == 6);
  CHECK(says(second, "Nodate"));
  CHECK(second.find(">Family30<") < second.find(">Nodate<"));
  CHECK(next_page(second).empty());
  for (int i = 1; i <= 30; ++i) {
    const std::string name = ">Family" + std::to_string(i) + "<";
    CHECK(count(first, name) + count(second, name) == 1);
  }
  CHECK(world.at_prison.get("/handovers?after=zz").status == 422);
}

TEST_CASE("the list is narrowed down by stage and to what needs us", "[pages][handover]") {
  HandoverWorld world;
  world.release_on = "2027-03-05";
  const auto shared = world.shared();
  world.at_prison.done("/handovers/new", draft("Draftson", "9"));
  CHECK(says(world.at_prison.page("/handovers"), "Alex Example"));
  const auto sent = world.at_prison.page("/handovers?stage=SENT");
  CHECK(says(sent, "Alex Example"));
  CHECK_FALSE(says(sent, "Draftson"));
  // The prison only waits for the answer; the partner has to give it.
  const auto ours = world.at_prison.page("/handovers?needs=us");
  CHECK(says(ours, "Draftson"));
  CHECK_FALSE(says(ours, "Alex Example"));
  CHECK(says(world.at_partner.page("/handovers?needs=us"), "Alex Example"));
  // Nobody has answered in time: then the prison has to ring.
  world.world.now_ms += 10 * day_ms;
  const auto late = world.at_prison.page("/handovers?needs=us");
  CHECK(says(late, "Alex Example"));
  CHECK(says(late, "Late"));

  world.at_prison.done(shared + "/stop", {{"state", "WITHDRAWN"}, {"note", "moved away"}});
  const std::string wait =
      "The partner has to read that this has stopped; ring them if they do not";
  CHECK(says(world.at_prison.page("/handovers"), wait + " by 26 January 2027"));
  world.sync_all();
  world.at_partner.done(shared + "/read", {{"all", "1"}});
  world.sync_all();
  CHECK_FALSE(says(world.at_prison.page("/handovers"), "Alex Example"));
  CHECK(says(world.at_prison.page("/handovers?stage=over"), "Withdrawn"));
  CHECK(says(world.at_prison.page("/handovers?stage=all"), "Draftson"));
  CHECK(says(world.at_prison.page("/handovers?stage=DIED"), "No handovers match"));
}

TEST_CASE("a handover is found by the person's name, those that are over too when asked",
          "[pages][handover]") {
  HandoverWorld world;
  world.release_on = "2027-03-05";
  const auto shared = world.shared();
  for (const auto* day : {"2", "9", "5"}) {
    auto typed = draft("Draftson" + std::string(day), day);
    typed.emplace_back("release-area", "Example Town");
    world.at_prison.done("/handovers/new", typed);
  }
  const auto found = world.at_prison.page("/handovers?q=drafts");
  CHECK(count(found, "<th scope=\"row\"") == 3);
  CHECK(found.find(">Draftson2<") < found.find(">Draftson5<"));  // by release date
  CHECK(found.find(">Draftson5<") < found.find(">Draftson9<"));
  CHECK(says(world.at_prison.page("/handovers?q=town"), "No handovers match"));  // no name
  CHECK_FALSE(says(found, "Alex Example"));
  CHECK(says(world.at_partner.page("/handovers?q=example+alex"), "Alex Example"));
  CHECK(says(world.at_partner.page("/handovers?q=draftson"), "No handovers match"));
  CHECK_FALSE(says(world.at_prison.page("/handovers?q=example&needs=us"), "Alex Example"));

  world.at_prison.done(shared + "/stop", {{"state", "WITHDRAWN"}, {"note", "moved away"}});
  CHECK(says(world.at_prison.page("/handovers?q=example"), "The partner has to read that"));
  world.sync_all();
  world.at_partner.done(shared + "/read", {{"all", "1"}});
  world.sync_all();
  CHECK(says(world.at_prison.page("/handovers?q=example"), "choose the stage \"All\""));
  CHECK(says(world.at_prison.page("/handovers?q=example&stage=all"), "Alex Example"));

  const auto too_much = world.at_prison.get("/handovers?q=" + std::string(201, 'a'));
  CHECK(too_much.status == 422);
  CHECK(too_much.body.find("<title>Error: Handovers") != std::string::npos);
  CHECK(too_much.body.find("href=\"#q\"") != std::string::npos);
}

TEST_CASE("the list says all that is to be done, what is late first, and can show that alone",
          "[pages][handover]") {
  HandoverWorld world;
  world.release_on = "2027-03-05";
  world.shared();
  world.at_prison.done("/handovers/new", draft("Draftson", "9"));
  CHECK_FALSE(says(world.at_partner.page("/handovers?needs=late"), "Alex Example"));
  world.world.now_ms += 10 * day_ms;
  const auto partner = text_of_page(world.at_partner.page("/handovers?needs=late"));
  const auto late = partner.find("Answer the prison: accept, decline, or ask for more by");
  const auto unread = partner.find("Read what has changed");
  CHECK(late != std::string::npos);
  CHECK(unread != std::string::npos);
  CHECK(late < unread);
  const auto prison = world.at_prison.page("/handovers?needs=late");
  CHECK(says(prison, "Alex Example"));
  CHECK_FALSE(says(prison, "Draftson"));  // it is to be complete three weeks before the release
  world.world.now_ms += 30 * day_ms;
  CHECK(says(world.at_prison.page("/handovers?needs=late"), "Draftson"));
  world.at_prison.done("/handovers/new", {{"family-name", "Nodate"}});
  CHECK_FALSE(says(world.at_prison.page("/handovers?needs=late"), "Nodate"));
}

TEST_CASE("a handover that was sent and not answered by its release is late at both sites",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.shared();  // for a release some weeks ago
  for (const auto* site : {&world.at_prison, &world.at_partner}) {
    CHECK(says(site->page("/handovers?needs=late"), "Alex Example"));
    CHECK(says(site->page("/handovers?needs=us"), "Alex Example"));
  }
  const std::string passed = "The release date has passed: change it, or stop this handover Late";
  CHECK(says(world.at_prison.page("/handovers"), passed));
  CHECK(says(world.at_prison.page(address), passed));
  CHECK(world.at_prison.page(address).find(address + "/change/release\">The release") !=
        std::string::npos);
  CHECK(says(world.at_partner.page(address), "ask the prison whether the person is out Late"));
}

TEST_CASE("the list names with whom each is: the partner at the prison, the prison at the partner",
          "[pages][handover]") {
  HandoverWorld world;
  world.shared();
  const auto prison = world.at_prison.page("/handovers");
  CHECK(says(prison, "Partner What to do next"));
  CHECK(says(prison, "Bridge Trust"));
  const auto partner = world.at_partner.page("/handovers");
  CHECK(says(partner, "From What to do next"));
  CHECK(says(partner, "HMP Example"));
  CHECK_FALSE(says(partner, "Bridge Trust"));
}

TEST_CASE("a handover begun from a person's own record copies what a partner may need",
          "[pages][handover]") {
  HandoverWorld world;
  auto codes = CodeLists::load(CODES_FOLDER);
  REQUIRE(codes);
  RecordService records(*world.prison.node, *codes);
  const By by{world.prison.actor(), ""};
  const auto person = records.new_records(
      {{record_type("person"),
        {{"given-name", "Robin"}, {"family-name", "Personson"}, {"prison-number", "A1234BC"}}},
       {record_type("person-alert"),
        {{"code", "RNO121"}, {"from", "2026-01-02"}, {"standing", "IN_FORCE"}}}},
      Required::all, by);
  if (!person) FAIL(person.error().message);
  CHECK(says(world.at_prison.page("/handovers/new"), "Personson, Robin, A1234BC"));
  const auto begun =
      world.at_prison.done("/handovers/new", {{"person", person->record.dossier.hex()}});
  CHECK(says(begun, "Robin Personson"));
  CHECK(says(begun, "No one-to-ones"));
  const auto nobody = world.at_prison.fill_in("/handovers/new", {{"given-name", "Alex"}});
  CHECK(nobody.status == 422);
  CHECK(says(nobody.body, "Enter at least the family name"));
  CHECK(nobody.body.find("value=\"Alex\"") != std::string::npos);
}

}  // namespace throughgate::node::testing
