#include <catch_amalgamated.hpp>

#include "node/handovers/acknowledgement.h"
#include "node/handovers/partner_overview.h"
#include "node/out_of_contact.h"
#include "node/restored.h"
#include "node/web/pages/pages.h"
#include "tests/node/web/pages/page_world.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;

namespace {

// A prison whose pages visit the hub only when asked.
struct AtPrison : PageWorld {
  crypto::SystemRandom random;
  StorePool stores{prison.folder.store(), random, world.clock};
  SyncLoop loop{stores,
                [this](OpenNode&) -> sync::Result<std::unique_ptr<HubClient>> {
                  return sync::Error{sync::ErrorKind::unavailable, "Made up: no line today."};
                },
                prison.folder, std::chrono::seconds(0)};
  Visitor visitor{prison, codes, {web::add_home_page, [this](web::SitePages& pages) {
                                    web::add_sync_pages(pages, loop);
                                  }}};

  AtPrison() {
    must(stores.open(must(prison.accounts.sign_in("jo", good_password, world.clock))));
    loop.start();
  }
};

}  // namespace

TEST_CASE("the start page says what waits, and nothing when nothing does", "[pages]") {
  AtPrison at;
  const auto quiet = at.visitor.get("/");
  CHECK(says(quiet, "Nothing waits for you"));
  CHECK(quiet.body.find("href=\"/notices\">What you should know<") != std::string::npos);

  const auto handover = at.shared_handover();
  at.set(at.partner, handover, "meeting-place", "Main gate");
  at.sync_all();
  const auto page = at.visitor.get("/");
  CHECK(says(page, "1 change to read in 1 handover"));
  CHECK(page.body.find("href=\"/handovers?needs=unread\"") != std::string::npos);

  at.set(at.prison, handover, "release-date", "2099-12-01");
  CHECK(says(at.visitor.get("/"), "1 change not sent yet"));
}

TEST_CASE("the start page says plainly when work has waited unsent for long, and what to do",
          "[pages][unsent]") {
  AtPrison at;
  CHECK(says(at.visitor.get("/sync"), "Everything on it has reached the exchange"));
  at.shared_handover();
  at.set(at.prison, at.complete_draft(), "meeting-place", "Main gate");
  CHECK(says(at.visitor.get("/"), "not sent yet"));
  CHECK(says(at.visitor.get("/sync"), "Do not let it go yet"));
  CHECK_FALSE(says(at.visitor.get("/sync"), "not reached the exchange, the oldest for"));
  at.world.now_ms += 8 * day_ms;
  CHECK(says(at.visitor.get("/"), "not reached the exchange, the oldest for 8 days: what to do"));
  CHECK_FALSE(says(at.visitor.get("/"), "not sent yet"));
  CHECK(says(at.visitor.get("/sync"), "not reached the exchange, the oldest for 8 days"));
  at.sync_all();
  CHECK_FALSE(says(at.visitor.get("/"), "not reached the exchange"));
  CHECK(says(at.visitor.get("/sync"), "Everything on it has reached the exchange"));
}

TEST_CASE("the start page says first how many handovers are late, and leads to them", "[pages]") {
  AtPrison at;
  at.release_on = "2027-03-05";
  at.shared_handover();
  CHECK_FALSE(says(at.visitor.get("/"), "late"));
  at.world.now_ms += 10 * day_ms;  // the partner has not answered in time
  const auto page = at.visitor.get("/");
  CHECK(says(page, "Waiting for you 1 handover is late"));
  CHECK(page.body.find("href=\"/handovers?needs=late\"") != std::string::npos);
}

TEST_CASE("the start page says how many handovers need this organisation", "[pages]") {
  AtPrison at;
  at.release_on = "2027-03-05";
  const auto handover = at.shared_handover();
  CHECK_FALSE(says(at.visitor.get("/"), "need"));  // the partner has to answer
  auto partner_records = at.records(at.partner);
  must(Handovers(partner_records).more_info(handover, "Which bus?", at.by(at.partner)));
  at.sync_all();
  const auto page = at.visitor.get("/");
  CHECK(says(page, "Waiting for you 1 handover needs you"));
  CHECK(page.body.find("href=\"/handovers?needs=us\"") != std::string::npos);
  at.complete_draft();
  CHECK(says(at.visitor.get("/"), "2 handovers need you"));
}

TEST_CASE(
    "the sync page warns before the central list runs out and after, and the start page leads to "
    "it",
    "[pages]") {
  AtPrison at;
  CHECK_FALSE(says(at.visitor.get("/sync"), "The central list held here"));
  at.world.now_ms = at.prison.node->directory().expires_at_ms() - 13 * day_ms;
  CHECK(says(at.visitor.get("/sync"), "The central list held here runs out within 14 days."));
  CHECK(says(at.visitor.get("/"), "A warning about the central list: read what to do"));
  at.world.now_ms += 13 * day_ms;
  CHECK(says(at.visitor.get("/sync"), "The central list held here has run out"));
}

TEST_CASE("the sync page shows each partner: heard, waiting, arrived, read", "[pages]") {
  AtPrison at;
  CHECK(says(at.visitor.get("/sync"), "No handover that is still going on is shared"));
  const auto handover = at.shared_handover();
  at.set(at.prison, handover, "release-date", "2099-12-01");

  auto records = at.records(at.prison);
  const auto with_partner = [&] {
    const auto all = must(standing_with_partners(records));
    const auto found = std::find_if(all.begin(), all.end(),
                                    [](const auto& with) { return with.name == "Bridge Trust"; });
    REQUIRE(found != all.end());
    return *found;
  };
  const auto before = with_partner();
  CHECK(before.handovers == 1);
  CHECK(before.waiting_to_go == 1);
  CHECK(says(at.visitor.get("/sync"), "Bridge Trust"));

  at.world.now_ms += 1'000;
  at.sync_all(4);  // the partner's proof travels back
  const auto arrived = with_partner();
  CHECK(arrived.waiting_to_go == 0);
  CHECK(arrived.not_arrived == 0);
  CHECK(arrived.unread_there > 0);
  CHECK(arrived.last_heard_ms > before.last_heard_ms);  // they have typed nothing yet

  auto partner_records = at.records(at.partner);
  Acknowledgements reading(partner_records);
  std::vector<sync::OpId> changes;
  for (const auto& unread : must(reading.awaiting(handover))) changes.push_back(unread.change.id);
  REQUIRE(changes.size() == arrived.unread_there);
  must(reading.acknowledge(handover, changes, at.by(at.partner)));
  at.world.now_ms += 1'000;
  at.sync_all();
  const auto read = with_partner();
  CHECK(read.unread_there == 0);
  CHECK(read.last_heard_ms > 0);

  // What hangs on a handover counts like what stands in it.
  must(records.new_record_in(handover, *record_type("flag"),
                             {{"kind", "DO_NOT"}, {"instruction", "Mention the father"}},
                             at.by(at.prison)));
  CHECK(with_partner().waiting_to_go == 1);
  at.sync_all(4);
  const auto flagged = with_partner();
  CHECK(flagged.waiting_to_go == 0);
  CHECK(flagged.not_arrived == 0);
  CHECK(flagged.unread_there == must(reading.awaiting(handover)).size());
  CHECK(flagged.unread_there > 0);
}

TEST_CASE("a handover that the partner ended counts for when they were last heard", "[pages]") {
  AtPrison at;
  const auto ended = at.shared_handover();
  at.shared_handover();
  at.sync_all(4);
  const auto heard = [&] {
    const auto all = must(standing_with_partners(at.records(at.prison)));
    const auto found = std::find_if(all.begin(), all.end(),
                                    [](const auto& with) { return with.name == "Bridge Trust"; });
    REQUIRE(found != all.end());
    return *found;
  };
  REQUIRE(heard().handovers == 2);
  at.world.now_ms += 300'000;
  auto partner_records = at.records(at.partner);
  must(Handovers(partner_records).stop(ended, "RECALLED", "made up", at.by(at.partner)));
  at.sync_all();
  const auto after = heard();
  CHECK(after.handovers == 1);
  CHECK(after.last_heard_ms == at.world.now_ms);
}

TEST_CASE("the central team can see every change, and nobody waits for it to read one", "[pages]") {
  AtPrison at;
  const auto handover = at.shared_handover();
  const Visitor at_desk(at.desk, at.codes, {web::add_home_page, web::add_handover_pages});
  CHECK(says(at_desk.get("/"), "Nothing waits for you"));
  CHECK(says(at_desk.get("/handovers"), "Alex Example"));
  CHECK_FALSE(says(at_desk.get("/handovers"), "to read"));
  CHECK(says(at_desk.get("/handovers?needs=us"), "No handovers match"));

  const auto address = "/handovers/" + handover.hex();
  const auto page = at_desk.get(address);
  CHECK(says(page, "See what has changed"));
  CHECK_FALSE(says(page, "wait for you"));
  const auto changes = at_desk.get(address + "/read");
  CHECK(says(changes, "Expected release date Now says 4 December 2026"));
  const auto sync_page = at.visitor.get("/sync");
  CHECK(says(sync_page, "Central Made-Up Team"));
  CHECK(says(sync_page, "Not asked"));

  CHECK(at_desk.send(changes, address + "/read", {{"all", "1"}}).status == 303);  // it may
  CHECK_FALSE(says(at_desk.get(address), "See what has changed"));
}

TEST_CASE("asked to exchange, the page says why it could not, and shows no success", "[pages]") {
  AtPrison at;
  const auto sent = at.visitor.send(at.visitor.get("/sync"), "/sync", {});
  REQUIRE(sent.status == 303);
  CHECK(sent.location == "/sync");
  const auto page = at.visitor.get("/sync");
  CHECK(says(page, "Made up: no line today."));
  CHECK(says(page, "Not connected"));
  CHECK_FALSE(says(page, "Success"));
}

TEST_CASE("what is still being exchanged is not called a success", "[pages]") {
  AtPrison at;
  const auto going_on = at.visitor.get("/sync?done=going-on");
  CHECK(says(going_on, "Important This computer is still exchanging what is new."));
  CHECK(going_on.body.find("--success") == std::string::npos);
  CHECK(says(at.visitor.get("/sync?done=visited"), "Success This computer has exchanged"));
}

TEST_CASE("the central team's words are taken by a page, and wrong ones are not", "[pages]") {
  AtPrison at;
  must(note_heard(*at.prison.node));
  for (int days = 0; days < 61; ++days) {
    at.world.now_ms += day_ms;
    must(note_time_passed(*at.prison.node));
  }
  const auto state = must(out_of_contact(*at.prison.node)).state;
  const auto words = must(words_to_open(*at.desk.node, at.prison.node->identity().node, state, 7));
  CHECK(at.visitor.post("/sync/open", {{"words", "none of these words is right at all"}}).status ==
        422);
  CHECK(at.visitor.post("/sync/open", {{"words", words}}).status == 303);
}

TEST_CASE("before the central team has let it in, a computer shows what to read aloud", "[pages]") {
  AtPrison at;
  CHECK_FALSE(says(at.visitor.get("/sync"), "has not joined"));
  TestSite fresh(at.world, "HMP Fresh", sync::OrganisationKind::prison, "DMI");
  StorePool stores(fresh.folder.store(), at.random, at.world.clock);
  Visitor visitor(fresh, at.codes,
                  {[&](web::SitePages& pages) { web::add_sync_pages(pages, at.loop); }});
  CHECK(says(visitor.get("/sync"), "This computer has not joined yet"));
}

TEST_CASE("before it has joined, an organisation is called what it was called at set-up",
          "[pages]") {
  PageWorld at;
  TestSite fresh(at.world, "HMP Fresh", sync::OrganisationKind::prison, "DMI");
  const auto id =
      must(at.records(fresh).new_record(*record_type("volunteer"),
                                        {{"given-name", "A"}, {"family-name", "B"}}, at.by(fresh)))
          .record.dossier;
  Visitor visitor(fresh, at.codes, {web::add_volunteer_pages});
  CHECK(says(visitor.get("/volunteers/" + id.hex()),
             "HMP Fresh, the organisation that keeps this record"));
}

TEST_CASE("while a restored store is closed, its pages show no record and lead to the exchange",
          "[pages]") {
  AtPrison at;
  at.shared_handover();
  must(mark_restored(*at.prison.node, at.world.now_ms));
  const auto page = at.visitor.get("/");
  CHECK(page.status == 423);
  CHECK(says(page, "Records are closed until the next exchange"));
  CHECK(says(page, "Nothing is lost."));
  CHECK(page.body.find("href=\"/sync\"") != std::string::npos);
  const auto exchange = at.visitor.get("/sync");
  CHECK(exchange.status == 200);
  CHECK(says(exchange, "was restored from a backup of 2027-01-15"));
  CHECK(says(exchange, "Exchange now"));
  CHECK_FALSE(says(exchange, "Bridge Trust"));
  must(note_list_heard(*at.prison.node, at.prison.node->directory().version()));
  CHECK(at.visitor.get("/").status == 200);
  CHECK(says(at.visitor.get("/sync"), "Bridge Trust"));
}
