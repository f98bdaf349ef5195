// A value that the person born_in_may is wrong: corrected, or kept with a note that goes with the
// record.
#include "node/disputes.h"

#include <catch_amalgamated.hpp>

#include "node/rights/files.h"
#include "node/rights/pack_document.h"
#include "node/web/pages/pages.h"
#include "node/web/pages/rights/rights_pages.h"
#include "tests/node/staff/filled_site.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {
namespace {

using schema::Handover;
using sync::ErrorKind;
using sync::store::RecordName;

constexpr const char* born_in_may = "I was born in May.";

struct DisputeWorld : PageWorld {
  sync::DossierId id = shared_handover();
  RecordName handover{id, {}, record_type("handover")->number};
  std::uint32_t born = Handover::kDateOfBirthFieldNumber;
  RecordService at_prison = records(prison);
  RecordService at_partner = records(partner);

  std::size_t disputed_at(const RecordService& site) {
    return must(disputed_in(site, id)).count({handover, born});
  }
  Visitor visitor(TestSite& site) {
    return {site, codes, {web::add_handover_pages, web::add_correct_pages}};
  }
  std::string field() const {
    return "/said-to-be-wrong/" + id.hex() + "/" + std::string(16, '0') + "/" +
           std::to_string(handover.type) + "/" + std::to_string(born);
  }
};

bool says_twice(const std::string& page, const std::string& words) {
  const auto text = text_of_page(page);
  const auto first = text.find(words);
  return first != std::string::npos && text.find(words, first + 1) != std::string::npos;
}

}  // namespace

TEST_CASE(
    "a note that a value is wrong stands beside it at whoever has the record, until it is "
    "settled",
    "[rights][dispute]") {
  DisputeWorld world;
  Disputes disputes(world.at_prison);
  must(disputes.note(world.handover, world.born, born_in_may, world.by(world.prison)));
  CHECK(world.disputed_at(world.at_prison) == 1);
  world.sync_all();
  CHECK(world.disputed_at(world.at_partner) == 1);
  const auto page = "/handovers/" + world.id.hex();
  for (TestSite* site : {&world.prison, &world.partner}) {
    CHECK(says_twice(world.visitor(*site).page(page),
                     born_in_may));  // beside the value, and first of all
  }
  const RecordService program(*world.prison.node, world.codes);
  const auto pack = must(pack_of(program, world.id, {}));
  CHECK(json_of(pack).find("said_to_be_wrong") != std::string::npos);
  CHECK(json_of(pack).find(born_in_may) != std::string::npos);
  // Said anew, it is one note still.
  must(disputes.note(world.handover, world.born, "In June.", world.by(world.prison)));
  CHECK(must(disputed_in(world.at_prison, world.id)).size() == 1);
  must(disputes.settle(world.handover, world.born, world.by(world.prison, "both looked")));
  world.sync_all();
  CHECK(world.disputed_at(world.at_partner) == 0);
  CHECK_FALSE(says(world.visitor(world.partner).page(page), born_in_may));
}

TEST_CASE("a correction keeps the old value in the history with its reason, and ends the note",
          "[rights][dispute]") {
  DisputeWorld world;
  Disputes disputes(world.at_prison);
  must(disputes.note(world.handover, world.born, born_in_may, world.by(world.prison)));
  must(disputes.correct(world.handover, world.born, "1990-05-07",
                        world.by(world.prison, "the person showed a passport")));
  CHECK(world.disputed_at(world.at_prison) == 0);
  const auto history = must(world.at_prison.reader().history(world.handover, world.born));
  REQUIRE(history.size() == 2);
  CHECK(crypto::as_text(history[0].value) == "1990-05-07");
  CHECK(history[0].reason == "the person showed a passport");
}

TEST_CASE("the partner notes what the person born_in_may too, and nothing is said of nobody",
          "[rights][dispute]") {
  DisputeWorld world;
  world.sync_all();
  must(Disputes(world.at_partner)
           .note(world.handover, world.born, born_in_may, world.by(world.partner)));
  world.sync_all();
  CHECK(world.disputed_at(world.at_prison) == 1);
  Disputes disputes(world.at_prison);
  const auto refused = [](const sync::Result<Saved>& saved) {
    REQUIRE_FALSE(saved);
    return saved.error().kind;
  };
  const auto by = world.by(world.prison);
  CHECK(refused(disputes.note(world.handover, world.born, " ", by)) == ErrorKind::invalid);
  CHECK(refused(disputes.note(world.handover, 9999, born_in_may, by)) == ErrorKind::invalid);
  CHECK(refused(disputes.note(world.handover, Handover::kVehicleFieldNumber, born_in_may, by)) ==
        ErrorKind::invalid);  // nothing stands there
  CHECK(refused(disputes.note(world.handover, world.born, std::string(1'001, 'x'), by)) ==
        ErrorKind::invalid);
  CHECK(refused(disputes.correct(world.handover, world.born, "1990-05-07", by)) ==
        ErrorKind::invalid);  // no reason
  CHECK(refused(disputes.settle(world.handover, Handover::kCrnFieldNumber,
                                world.by(world.prison, "x"))) == ErrorKind::invalid);
}

TEST_CASE("the page corrects, notes and settles, and asks for what is missing",
          "[pages][rights][dispute]") {
  DisputeWorld world;
  const auto visitor = world.visitor(world.prison);
  const auto list = visitor.page("/said-to-be-wrong/" + world.id.hex());
  CHECK(list.find(world.field()) != std::string::npos);
  CHECK(visitor.fill_in(world.field(), {{"reason", born_in_may}}).status == 422);
  CHECK(visitor.fill_in(world.field(), {{"decision", "note"}, {"reason", " "}}).status == 422);
  const auto noted = visitor.done(world.field(), {{"decision", "note"}, {"reason", born_in_may}});
  CHECK(says(noted, "The note stands beside the value"));
  CHECK(says(noted, born_in_may));
  const auto wrong = visitor.fill_in(world.field(), {{"decision", "correct"},
                                                     {"reason", born_in_may},
                                                     {"date-of-birth-day", "31"},
                                                     {"date-of-birth-month", "2"},
                                                     {"date-of-birth-year", "1990"}});
  CHECK(wrong.status == 422);
  const auto corrected = visitor.done(world.field(), {{"decision", "correct"},
                                                      {"reason", born_in_may},
                                                      {"date-of-birth-day", "7"},
                                                      {"date-of-birth-month", "5"},
                                                      {"date-of-birth-year", "1990"}});
  CHECK(says(corrected, "It is corrected"));
  CHECK(says(corrected, "7 May 1990"));
  CHECK(world.disputed_at(world.at_prison) == 0);
}

TEST_CASE("whoever may not see a detail notes nothing of it", "[rights][dispute][permissions]") {
  FilledSite site;
  auto worker = site.seen_by({"gate_meeter"});
  const auto file = site.record("volunteer-file");
  const auto saved = Disputes(worker).note(file, 20, born_in_may, {site.prison.actor(), ""});
  REQUIRE_FALSE(saved);
  CHECK(saved.error().kind == ErrorKind::denied);
}

TEST_CASE("each kind of record about somebody has its type of note, with the same fields",
          "[rights][dispute]") {
  const auto* of_case = dispute_type(schema::CASE);
  REQUIRE(of_case);
  for (const auto kind : {schema::VOLUNTEER, schema::VOLUNTEER_FILE, schema::VETTING_NOTES,
                          schema::PERSON, schema::INCIDENT}) {
    const auto* type = dispute_type(kind);
    REQUIRE(type);
    REQUIRE(type->descriptor->field_count() == of_case->descriptor->field_count());
    for (int i = 0; i < type->descriptor->field_count(); ++i) {
      CHECK(type->descriptor->field(i)->name() == of_case->descriptor->field(i)->name());
      CHECK(type->descriptor->field(i)->number() == of_case->descriptor->field(i)->number());
    }
  }
  CHECK_FALSE(dispute_type(schema::SITE));
}

}  // namespace throughgate::node::testing
