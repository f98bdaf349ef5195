#include "node/out_of_contact.h"

#include <catch_amalgamated.hpp>

#include "node/bundles/import.h"
#include "node/handovers/handover_list.h"
#include "node/handovers/handovers.h"
#include "schema/directory.pb.h"
#include "sync/store/bundle_folder.h"
#include "tests/node/flows/bundle_stick.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using sync::ErrorKind;

namespace {

constexpr std::uint64_t year_ms = 365 * contact_day_ms;

// A partner who has been handed a case, and then hears nothing; somebody looks at it every day.
struct Alone {
  World world;
  std::unique_ptr<RecordService> seen;  // as a person at the partner sees it
  sync::DossierId handover;

  Alone() {
    handover = shared_handover(world);
    world.sync_all();
    must(note_heard(*world.partner.node));
    look();
  }
  OpenNode& node() { return *world.partner.node; }
  sync::Actor worker() const {
    sync::Actor out = world.partner.by.actor;
    out.role = "handover_worker,coordinator";
    return out;
  }
  void look() {
    seen = std::make_unique<RecordService>(node(), world.codes,
                                           Viewer(Permissions::shipped(), worker()));
  }
  OutOfContact contact() { return must(out_of_contact(node())); }
  void live(std::uint64_t days) {
    for (std::uint64_t i = 0; i < days; ++i) {
      world.pass(contact_day_ms);
      must(note_time_passed(node()));
    }
    look();
  }
  // The clock is set, and the store used.
  void set_clock(std::uint64_t ms) {
    world.now_ms = ms;
    must(note_time_passed(node()));
    look();
  }
  bool is_shown() { return read_case(*seen, handover).has_value(); }
  std::string words(std::uint64_t days) {
    return must(words_to_open(*world.desk.node, node().identity().node, contact().state, days));
  }
};

}  // namespace

TEST_CASE("who hears nothing is warned after 60 days, and after 120 shared records are closed",
          "[contact]") {
  Alone at;
  at.live(59);
  CHECK(contact_warning(at.contact()).empty());
  at.live(1);
  CHECK(contact_warning(at.contact()).find("In 60 days") != std::string::npos);
  at.live(59);
  CHECK(at.is_shown());
  at.live(1);
  CHECK(at.contact().is_closed);
  CHECK_FALSE(at.is_shown());
  CHECK(contact_warning(at.contact()).find("closed to reading") != std::string::npos);
  at.world.sync(at.world.partner);
  must(note_heard(at.node()));  // as a visit does
  at.look();
  CHECK(at.is_shown());
}

TEST_CASE("of what is closed to reading the name is shown, and nothing else", "[contact]") {
  Alone at;
  const auto found = [&at] {
    sync::store::SearchQuery search;
    search.text = "Example";
    search.class_max = 4;
    return must(at.seen->reader().search(search)).hits.size();
  };
  CHECK(found() == 1);
  at.live(120);
  CHECK(found() == 0);
  const auto type = record_type(*schema::Handover::descriptor())->number;
  const sync::store::RecordName name{at.handover, {}, type};
  CHECK(refusal(at.seen->reader().read(name)).kind == ErrorKind::denied);
  CHECK(refusal(at.seen->reader().history(name, std::nullopt)).kind == ErrorKind::denied);
  CHECK(refusal(at.seen->reader().ops(name)).kind == ErrorKind::denied);
  CHECK(must(at.seen->reader().field(name, schema::Handover::kReleaseDateFieldNumber)).ops.empty());
  CHECK(refusal(at.seen->open(name)).message.find("closed to reading") != std::string::npos);
  sync::store::ListQuery query;
  query.type = type;
  for (int i = 0; i < 60; ++i) {  // as many as a list may bring
    query.fields.push_back(
        static_cast<std::uint32_t>(schema::Handover::descriptor()->field(i)->number()));
  }
  const auto page = must(at.seen->reader().list(query));
  REQUIRE(page.rows.size() == 1);
  CHECK(page.rows[0].fields.size() == 2);  // given and family name
  const auto listed = must(list_handovers(*at.seen, {}, {}));
  REQUIRE(listed.rows.size() == 1);
  CHECK(listed.closed == 1);
  CHECK(listed.rows[0].file.root.fields.size() == 2);
}

TEST_CASE("neither what differs nor who has it is shown of a record that is closed", "[contact]") {
  Alone at;
  auto& world = at.world;
  const auto set = [&](Site& site, const std::string& value) {
    const auto& type = *record_type(*schema::Handover::descriptor());
    const auto form = must(site.records->open({at.handover, {}, type.number}));
    must(site.records->set_fields(form, {{"release-date", value}}, site.by));
  };
  set(world.prison, "2026-12-10");
  set(world.partner, "2026-12-15");
  world.sync_all(3);
  must(note_heard(at.node()));
  at.look();
  const auto rows = must(at.seen->reader().in_review({}, 10));
  REQUIRE(rows.size() == 1);
  CHECK(at.seen->reader().review(rows[0].name, rows[0].field));
  CHECK(at.seen->reader().notices_of(at.handover));
  CHECK(at.seen->reader().deliveries(at.handover));
  at.live(120);
  CHECK(must(at.seen->reader().in_review({}, 10)).empty());
  CHECK(refusal(at.seen->reader().review(rows[0].name, rows[0].field)).kind == ErrorKind::denied);
  CHECK(refusal(at.seen->reader().notices_of(at.handover)).kind == ErrorKind::denied);
  CHECK(refusal(at.seen->reader().deliveries(at.handover)).kind == ErrorKind::denied);
}

TEST_CASE("no words open a computer that was withdrawn", "[contact]") {
  Alone at;
  at.live(120);
  schema::DirectoryBody body;
  body.add_revoked_nodes(std::string(crypto::as_text(at.node().identity().node.view())));
  at.world.publish(body);
  const auto words =
      words_to_open(*at.world.desk.node, at.node().identity().node, at.contact().state, 7);
  CHECK(refusal(words).kind == ErrorKind::not_found);
}

TEST_CASE("recording goes on while shared records are closed to reading", "[contact]") {
  Alone at;
  at.live(120);
  // Its own records as ever; and what happens to the person whose record is closed.
  const auto own = must(at.seen->new_record(*record_type("volunteer"),
                                            {{"given-name", "Cy"}, {"family-name", "Invented"}},
                                            at.world.partner.by));
  CHECK_FALSE(must(at.seen->reader().read(own.record)).fields.empty());
  REQUIRE(Handovers(*at.seen).accept(at.handover, "Kim, 07700 900111", at.world.partner.by));
  CHECK_FALSE(at.is_shown());
  must(note_heard(at.node()));
  at.look();
  CHECK(must(read_case(*at.seen, at.handover)).state == schema::Handover::ACCEPTED);
}

TEST_CASE("a clock that is wrong by years neither closes nor opens", "[contact]") {
  Alone at;
  const auto right = at.world.now_ms;
  at.live(10);
  at.set_clock(right + 73 * year_ms);
  CHECK(at.contact().days == 10);
  CHECK(at.is_shown());
  CHECK(clock_warning(at.contact()).find("jumped") != std::string::npos);
  at.live(10);  // days pass by a wrong clock as by a right one
  CHECK(at.contact().days == 20);
  at.set_clock(right - 50 * year_ms);
  CHECK(at.contact().days == 20);
  CHECK(clock_warning(at.contact()).find("behind") != std::string::npos);
  at.set_clock(right + 20 * contact_day_ms);  // the jump back is as long: it adds nothing
  at.live(100);
  CHECK(at.contact().is_closed);
  for (const auto years : {-50, -1, 1, 73}) {
    at.set_clock(right + static_cast<std::uint64_t>(years) * year_ms);
    INFO(years);
    CHECK(at.contact().is_closed);
    CHECK_FALSE(at.is_shown());
  }
}

TEST_CASE("days count that passed while the store was not used, and by a clock that nobody sets",
          "[contact]") {
  Alone at;
  at.set_clock(at.world.now_ms + 119 * contact_day_ms);  // switched off meanwhile
  CHECK(at.contact().days == 119);
  must(note_time_passed(at.node(), 120 * contact_day_ms));  // it ran, and its clock stood still
  CHECK(at.contact().is_closed);
}

TEST_CASE("the central team's words open it for so many days, once, on that computer alone",
          "[contact]") {
  Alone at;
  at.live(120);
  const auto words = at.words(7);
  const auto state = at.contact().state;
  CHECK(must(open_by_words(at.node(), "  " + words + ".")) == 7);
  at.look();
  CHECK(at.is_shown());
  CHECK(at.contact().state != state);
  at.live(7);
  CHECK_FALSE(at.is_shown());
  CHECK(refusal(open_by_words(at.node(), words)).kind == ErrorKind::denied);  // they were used
  const auto elsewhere = must(words_to_open(
      *at.world.desk.node, at.world.prison.node->identity().node, at.contact().state, 7));
  CHECK(refusal(open_by_words(at.node(), elsewhere)).kind == ErrorKind::denied);
  // Who is not the central team cannot make them.
  const auto own =
      must(words_to_open(*at.world.prison.node, at.node().identity().node, at.contact().state, 7));
  CHECK(refusal(open_by_words(at.node(), own)).kind == ErrorKind::denied);
  CHECK(refusal(open_by_words(at.node(), "abandon ability")).kind == ErrorKind::invalid);
  CHECK(must(open_by_words(at.node(), at.words(30))) == 30);
  at.set_clock(at.world.now_ms - 20 * contact_day_ms);  // wins no days
  at.live(30);
  CHECK_FALSE(at.is_shown());
}

TEST_CASE("wrong words are counted, and a restart forgets none", "[contact]") {
  Alone at;
  at.live(120);
  const std::string wrong = "abandon abandon abandon abandon abandon abandon abandon abandon";
  for (int i = 0; i < 5; ++i) {
    CHECK(refusal(open_by_words(at.node(), wrong)).message.find("not the words") !=
          std::string::npos);
    at.seen.reset();
    at.world.restart(at.world.partner);
  }
  CHECK(refusal(open_by_words(at.node(), at.words(7))).message.find("Wait an hour") !=
        std::string::npos);
  at.world.pass(3'600'000);
  CHECK(open_by_words(at.node(), at.words(7)));
}

TEST_CASE("the central team and who is in no list are never closed", "[contact]") {
  Alone at;
  at.world.pass(300 * contact_day_ms);
  CHECK_FALSE(must(out_of_contact(*at.world.desk.node)).is_closed);
}

TEST_CASE("a bundle that brings something new counts as contact, one that does not does not",
          "[contact]") {
  Alone at;
  Stick stick;
  const auto bring = [&](const std::vector<std::string>& files) {
    for (const auto& path : files) {
      must(take_bundle(at.node(), must(sync::store::read_bundle_file(path))));
    }
  };
  const auto before = stick.carry(at.world.prison, at.world.partner);
  at.live(120);
  bring(before);
  CHECK(at.contact().is_closed);  // nothing of it was news
  must(at.world.prison.records->new_record_in(
      at.handover, *record_type(*schema::Need::descriptor()),
      {{"pathway", "Accommodation"}, {"need", "a bed"}}, at.world.prison.by));
  const auto news = stick.carry(at.world.prison, at.world.partner);
  SECTION("one of today") {
    bring(news);
    CHECK_FALSE(at.contact().is_closed);
    CHECK(at.contact().days == 0);
  }
  SECTION("one that was kept for 100 days tells how things stood then") {
    at.live(100);
    bring(news);
    CHECK_FALSE(at.contact().is_closed);
    CHECK(at.contact().days == 100);
    at.live(20);
    CHECK(at.contact().is_closed);
  }
  SECTION("one that was kept for longer opens nothing") {
    at.live(130);
    bring(news);
    CHECK(at.contact().is_closed);
  }
  SECTION("nor does it end what the central team's words have opened") {
    at.live(130);
    must(open_by_words(at.node(), at.words(7)));
    bring(news);
    CHECK(at.contact().open_days == 7);
  }
}

TEST_CASE("a file that is older than what was heard since puts nothing off", "[contact]") {
  Alone at;
  Stick stick;
  must(at.world.prison.records->new_record_in(
      at.handover, *record_type(*schema::Need::descriptor()),
      {{"pathway", "Accommodation"}, {"need", "a bed"}}, at.world.prison.by));
  const auto kept = stick.carry(at.world.prison, at.world.partner);
  at.live(40);
  must(note_heard(at.node()));
  at.live(50);
  for (const auto& path : kept) {
    must(take_bundle(at.node(), must(sync::store::read_bundle_file(path))));
  }
  CHECK(at.contact().days == 50);
}
