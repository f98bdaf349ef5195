// What an organisation may not do with a handover, and what is kept of what was typed.
#include <catch_amalgamated.hpp>

#include "node/handovers/acknowledgement.h"
#include "node/handovers/case_file.h"
#include "tests/node/web/pages/handovers/handover_world.h"

namespace throughgate::node::testing {
namespace {

using schema::Handover;

// The handover as the site's store has it.
CaseFile stored(TestSite& site, const std::string& address) {
  static const CodeLists codes = *CodeLists::load(CODES_FOLDER);
  RecordService records(*site.node, codes);
  const auto id = sync::DossierId::from(*crypto::from_hex(address.substr(address.rfind('/') + 1)));
  auto file = read_case(records, *id);
  if (!file) FAIL(file.error().message);
  return *std::move(file);
}

std::size_t unread_at(TestSite& site, const std::string& address) {
  static const CodeLists codes = *CodeLists::load(CODES_FOLDER);
  RecordService records(*site.node, codes);
  return Acknowledgements(records).awaiting(stored(site, address))->size();
}

// How many changes the site's copy has seen in all, sent or not.
std::size_t changes_at(TestSite& site, const std::string& address) {
  static const CodeLists codes = *CodeLists::load(CODES_FOLDER);
  RecordService records(*site.node, codes);
  return records.reader().ops(stored(site, address).root.name)->size();
}

}  // namespace

TEST_CASE("opening pages of a handover changes nothing and says nothing was read",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.shared();
  const auto unread = unread_at(world.partner, address);
  REQUIRE(unread > 0);
  const auto before = changes_at(world.partner, address);
  for (const char* page : {"", "/read", "/accept", "/decline", "/more-info", "/stop",
                           "/change/release", "/change/notes", "/needs/new", "/flags/new"}) {
    world.at_partner.page(address + page);
  }
  world.at_partner.page("/handovers");
  world.at_partner.page("/handovers?needs=us");
  CHECK(unread_at(world.partner, address) == unread);
  CHECK(changes_at(world.partner, address) == before);
}

TEST_CASE("only what this organisation may do now is offered", "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.shared();
  const auto partner = world.at_partner.page(address);
  const auto prison = world.at_prison.page(address);
  for (const char* step : {"Accept this handover", "Decline this handover", "Ask the prison"}) {
    CHECK(says(partner, step));
    CHECK_FALSE(says(prison, step));
  }
  CHECK_FALSE(says(partner, "Share with a partner"));
  CHECK(world.at_prison.get(address + "/accept").status == 403);
  CHECK(world.at_partner.get(address + "/share").status == 403);
  CHECK(world.at_partner.get(address + "/gate").status == 403);
  CHECK(world.at_stranger.get(address).status == 404);
  CHECK(world.at_stranger.get("/handovers/new").status == 403);
  CHECK_FALSE(says(world.at_stranger.page("/handovers"), "Begin a handover"));
}

TEST_CASE("a step that is not allowed is refused in words and changes nothing",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.shared();
  const auto before = changes_at(world.prison, address);
  for (const char* step : {"/accept", "/decline", "/more-info", "/release", "/gate", "/found",
                           "/lost", "/support", "/close", "/share"}) {
    const auto refused = world.at_prison.post(address + step, {{"contact", "Kim"},
                                                               {"reason", "OTHER"},
                                                               {"what", "more"},
                                                               {"result", "met"},
                                                               {"reported-by", "Kim"}});
    INFO(step << text_of_page(refused.body));
    CHECK(refused.status == 422);
    CHECK(says(refused.body, "There is a problem"));
    CHECK(says(refused.body, "This handover is at \"Shared\""));
  }
  const auto plan = world.at_prison.post(address + "/plan", {{"meeting-place", "Main gate"}});
  CHECK(plan.status == 422);
  CHECK(
      says(plan.body, "This handover is at \"Shared\": the meeting and the gate are not planned"));
  CHECK(plan.body.find("value=\"Main gate\"") != std::string::npos);
  // A stage that stopping does not lead to.
  const auto odd =
      world.at_prison.post(address + "/stop", {{"state", "ACCEPTED"}, {"note", "why"}});
  CHECK(odd.status == 422);
  CHECK(says(odd.body, "Select one of the answers that are offered now"));
  CHECK(changes_at(world.prison, address) == before);
  CHECK(stored(world.prison, address).state == Handover::SENT);
}

TEST_CASE("who may not write what is missing reads what it is, without a way there",
          "[pages][handover]") {
  HandoverWorld world;
  const Visitor at_desk(world.desk, world.codes, {web::add_handover_pages});
  world.at_prison.done("/handovers/new", {{"family-name", "Example"}});
  world.sync_all();
  sync::store::ListQuery drafts;
  drafts.type = record_type(*Handover::descriptor())->number;
  const auto found = must(world.records(world.prison).reader().list(drafts)).rows;
  const auto address = "/handovers/" + found.at(0).name.dossier.hex();
  const auto page = at_desk.page(address);
  REQUIRE(says(page, "Still missing"));
  CHECK(says(page, "Date of birth"));
  CHECK(page.find(address + "/change/person") == std::string::npos);
  const std::string link = "href=\"" + address + "/change/";
  for (auto at = page.find(link); at != std::string::npos; at = page.find(link, at + 1)) {
    const auto to = page.substr(at + 6, page.find('"', at + 6) - at - 6);
    INFO(to);
    CHECK(at_desk.get(to).status == 200);
  }
}

TEST_CASE("nothing is shared without ground, agreement or what a partner must know",
          "[pages][handover]") {
  HandoverWorld world;
  const auto bare = world.at_prison.done("/handovers/new", {{"family-name", "Example"}});
  CHECK(says(bare, "The draft was begun"));
  CHECK(says(bare, "Still missing"));
  CHECK(says(bare, "Needs: record at least one kind of support"));
  CHECK(bare.find("/change/person\"") != std::string::npos);

  const auto address = world.draft();
  const auto share = world.at_prison.page(address + "/share");
  CHECK(says(share, "No ground for sharing with Bridge Trust is recorded"));
  CHECK(says(share, "No current agreement here: Other Trust"));
  const auto without =
      world.at_prison.fill_in(address + "/share", {{"partner", world.partner_id().hex()}});
  CHECK(without.status == 422);
  CHECK(says(without.body, "No ground for sharing with Bridge Trust is recorded"));

  const auto stranger = world.stranger.node->identity().organisation.hex();
  const auto none = world.at_prison.fill_in(address + "/share", {{"partner", stranger}});
  CHECK(none.status == 422);
  CHECK(stored(world.prison, address).state == Handover::DRAFT);
  world.sync_all();
  CHECK(world.at_partner.get(address).status == 404);
}

TEST_CASE("an error shows a step's form again with all that was typed", "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.draft();
  auto typed = world.ground();
  typed[0] = {"partner", ""};
  typed.insert(typed.end(), {{"until-day", "31"}, {"until-month", "2"}, {"until-year", "2027"}});
  const auto again = world.at_prison.fill_in(address + "/basis", typed);
  CHECK(again.status == 422);
  CHECK(again.body.find("<title>Error: Record the ground for sharing") != std::string::npos);
  CHECK(says(again.body, "Select the partner"));
  CHECK(again.body.find("value=\"support after release\"") != std::string::npos);
  CHECK(again.body.find("value=\"PUBLIC_TASK\" checked") != std::string::npos);
  CHECK(again.body.find("value=\"RELEASE\" checked") != std::string::npos);
  CHECK(stored(world.prison, address).disclosures.empty());

  auto bad_day = world.ground();
  std::erase_if(bad_day, [](const auto& each) { return each.first.starts_with("until"); });
  bad_day.insert(bad_day.end(),
                 {{"until-day", "31"}, {"until-month", "2"}, {"until-year", "2027"}});
  const auto no_day = world.at_prison.fill_in(address + "/basis", bad_day);
  CHECK(no_day.status == 422);
  CHECK(says(no_day.body, "Expires on: "));
  CHECK(no_day.body.find("name=\"until-day\" type=\"text\" value=\"31\"") != std::string::npos);
}

TEST_CASE("a step that does not fit any more says what happened and keeps what was typed",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.shared();
  Typed form = hidden_fields(world.at_partner.page(address + "/accept"));
  form.emplace_back("contact", "Kim, 07700 900111");
  world.at_prison.done(address + "/stop", {{"state", "WITHDRAWN"}, {"note", "moved away"}});
  world.sync_all();
  const auto late = world.at_partner.post(address + "/accept", form);
  CHECK(late.status == 422);
  CHECK(says(late.body, "Since you opened this page the handover has come to \"Withdrawn\""));
  CHECK(late.body.find("value=\"Kim, 07700 900111\"") != std::string::npos);
  CHECK(stored(world.partner, address).state == Handover::WITHDRAWN);
}

TEST_CASE("of two steps taken apart one does not apply, and both sites are told why",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.accepted();
  world.at_prison.done(address + "/stop", {{"state", "HELD"}, {"note", "waiting for the court"}});
  world.world.now_ms += 1000;
  world.at_partner.done(address + "/plan",
                        {{"meeting-place", "Main gate"}, {"meeting-time", "8:30"}});
  world.sync_all();
  for (const Visitor* site : {&world.at_prison, &world.at_partner}) {
    const auto page = site->page(address);
    CHECK(says(page, "\"Planned\" did not apply"));
    CHECK(says(page, "because the handover had come to \"On hold\" before it arrived"));
    CHECK(says(page, "More about why it stopped: waiting for the court"));
  }
}

TEST_CASE("a change is acknowledged by itself or with all that were shown, and not twice",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.shared();
  const auto before = unread_at(world.partner, address);
  const auto shown = hidden_fields(world.at_partner.page(address + "/read"));
  REQUIRE(shown.size() == before);
  world.at_partner.done(address + "/read", {{"change", shown[0].second}});
  CHECK(unread_at(world.partner, address) == before - 1);
  const auto twice = world.at_partner.post(address + "/read", {{"change", shown[0].second}});
  CHECK(twice.status == 422);
  CHECK(says(twice.body, "does not wait to be read any more"));

  // What comes in after the page was opened still waits.
  const auto rest = hidden_fields(world.at_partner.page(address + "/read"));
  world.at_prison.done(address + "/change/licence",
                       {{"licence-headline", "not near the new town"}});
  world.sync_all();
  auto all = rest;
  all.emplace_back("all", "1");
  const auto partly = world.at_partner.post(address + "/read", all);
  const bool replaced = partly.status == 422;  // one of those shown has been replaced since
  CHECK(replaced);
  world.at_partner.done(address + "/read", {{"all", "1"}});
  CHECK(unread_at(world.partner, address) == 0);
}

TEST_CASE("two values in two places are marked, with the way to decide", "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.accepted();
  const auto date = [](const char* day) {
    return Typed{
        {"release-date-day", day}, {"release-date-month", "12"}, {"release-date-year", "2026"}};
  };
  world.at_prison.done(address + "/change/release", date("10"));
  world.at_partner.done(address + "/change/release", date("15"));
  world.sync_all();
  for (const Visitor* site : {&world.at_prison, &world.at_partner}) {
    const auto page = site->page(address);
    CHECK(says(page, "Changed in two places: Expected release date"));
    CHECK(page.find("href=\"/changed-in-two-places/") != std::string::npos);
    CHECK(says(page, "Alex Example, release 10 December 2026"));
  }
  CHECK(says(world.at_prison.page("/handovers"), "Changed in two places"));
}

TEST_CASE("somebody else's change meanwhile is shown before it is replaced", "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.accepted();
  Typed form = hidden_fields(world.at_prison.page(address + "/change/release"));
  world.at_partner.done(address + "/change/release", {{"release-area", "Bradford"}});
  world.sync_all();
  form.emplace_back("release-area", "Wakefield");
  const auto again = world.at_prison.post(address + "/change/release", form);
  CHECK(again.status == 422);
  CHECK(says(again.body, "Somebody changed this while you were typing"));
  CHECK(says(again.body, "Bradford"));
  CHECK(again.body.find("value=\"Wakefield\"") != std::string::npos);
  CHECK(stored(world.prison, address).text(Handover::kReleaseAreaFieldNumber) == "Bradford");
  Typed second = hidden_fields(again.body);
  second.emplace_back("release-area", "Wakefield");
  CHECK(world.at_prison.post(address + "/change/release", second).status == 303);
  CHECK(stored(world.prison, address).text(Handover::kReleaseAreaFieldNumber) == "Wakefield");
}

TEST_CASE("what was typed into a handover that ended meanwhile is shown again, and not saved",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.shared();
  Typed form = hidden_fields(world.at_prison.page(address + "/change/notes"));
  form.emplace_back("notes", "Rang the wing twice.");
  world.at_partner.done(address + "/stop", {{"state", "DIED"}, {"note", "the hospital rang"}});
  world.sync_all();
  const auto late = world.at_prison.post(address + "/change/notes", form);
  CHECK(late.status == 422);
  CHECK(says(late.body, "This handover is over: it is at \"Died\""));
  CHECK(late.body.find("Rang the wing twice.") != std::string::npos);
  CHECK(stored(world.prison, address).texts(Handover::kNotesFieldNumber).empty());
  CHECK(world.at_prison.get(address + "/change/notes").status == 403);
}

TEST_CASE("a form of another record is not saved into this one", "[pages][handover]") {
  HandoverWorld world;
  const auto one = world.draft();
  const auto other = world.draft();
  Typed form = hidden_fields(world.at_prison.page(one + "/change/person"));
  form.emplace_back("known-as", "Lex");
  const auto wrong = world.at_prison.post(other + "/change/person", form);
  CHECK(wrong.status == 422);
  CHECK(wrong.body.find("value=\"Lex\"") != std::string::npos);
  CHECK(stored(world.prison, one).text(Handover::kKnownAsFieldNumber).empty());
  CHECK(stored(world.prison, other).text(Handover::kKnownAsFieldNumber).empty());
}

TEST_CASE("an empty plan is no plan, and one without a time is kept but not yet planned",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.accepted();
  const auto empty = world.at_partner.fill_in(address + "/plan", {});
  CHECK(empty.status == 422);
  CHECK(says(empty, "A plan needs at least the meeting place and the meeting time"));
  const auto half = world.at_partner.done(address + "/plan", {{"meeting-place", "Main gate"}});
  CHECK(says(half, "counts as planned once the meeting place and the meeting time are given"));
  CHECK(says(half, "Hold the pre-release meeting and plan the gate"));
  CHECK(says(half, "Main gate"));
  const auto absent = world.at_partner.fill_in(
      address + "/plan", {{"meeting-time", "8:30"}, {"meeting-person", "ABSENT"}});
  CHECK(absent.status == 422);
  CHECK(absent.body.find("href=\"#meeting-absent-because\"") != std::string::npos);
  CHECK(says(world.at_partner.done(address + "/plan", {{"meeting-time", "8:30"}}),
             "The plan is saved"));
}

TEST_CASE("a release before the expected day is asked about once more, one to come is refused",
          "[pages][handover]") {
  HandoverWorld world;  // it is 15 January 2027
  const auto address = world.accepted();
  world.at_partner.done(address + "/plan",
                        {{"meeting-place", "Main gate"}, {"meeting-time", "8:30"}});
  world.at_prison.done(
      address + "/change/release",
      {{"release-date-day", "1"}, {"release-date-month", "2"}, {"release-date-year", "2027"}});
  world.sync_all();
  CHECK(world.at_partner.get(address + "/release").status == 403);
  CHECK_FALSE(says(world.at_partner.page(address), "Confirm the release"));
  CHECK(says(world.at_prison.page(address + "/release"), "expected on 1 February 2027"));

  const Typed early{{"on-day", "14"}, {"on-month", "1"}, {"on-year", "2027"}};
  const auto asked = world.at_prison.fill_in(address + "/release", early);
  CHECK(asked.status == 422);
  CHECK(asked.body.find("value=\"14\"") != std::string::npos);
  CHECK(says(asked, "It was earlier than expected"));
  CHECK(world.at_prison.fill_in(address + "/release", {}).status == 422);  // empty: today
  const auto future = world.at_prison.fill_in(
      address + "/release", {{"on-day", "25"}, {"on-month", "12"}, {"on-year", "2027"}});
  CHECK(future.status == 422);
  CHECK(says(future, "This day has not come yet"));
  auto meant = early;
  meant.emplace_back("early", "Yes");
  CHECK(says(world.at_prison.done(address + "/release", meant), "released 14 January 2027"));
}

}  // namespace throughgate::node::testing
