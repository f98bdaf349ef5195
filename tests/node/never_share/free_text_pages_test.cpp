// The page that asks before free text goes to others.
#include <catch_amalgamated.hpp>

#include "node/web/pages/free_text_warning.h"
#include "tests/node/never_share/sharing_world.h"

namespace throughgate::node::testing {
namespace {

struct Typing {
  SharingWorld world;
  Visitor visitor{world.prison, world.codes, world.every_page()};
  std::string add = "/handovers/" + world.draft.hex() + "/flags/new";
  Typed typed{{"kind", "DO_NOT"}, {"instruction", "Keep away from A9876XY <b>"}};

  std::size_t flags() {
    auto records = world.records(world.prison);
    sync::store::ListQuery query;
    query.type = record_type("flag")->number;
    query.dossier = world.draft;
    return must(records.whole().list(query)).rows.size();
  }
  web::Response press(const web::Response& page, const std::string& choice) {
    return visitor.send(page, add, {{web::free_text_field, choice}});
  }
};

}  // namespace

TEST_CASE("the page says what the text looks like and what was looked for, and saves nothing yet",
          "[free-text][pages]") {
  Typing at;
  const auto asked = at.visitor.fill_in(at.add, at.typed);
  CHECK(asked.status == 422);
  CHECK(says(asked, "Should this be shared?"));
  CHECK(says(asked, "What to do: A9876XY looks like a prison number of somebody else"));
  CHECK(says(asked, "Keep away from A9876XY"));
  CHECK(says(asked, "an NHS number"));
  CHECK(says(asked, "What it does not find may still be too much"));
  CHECK(at.flags() == 0);
}

TEST_CASE("one more press saves it as it stands, with all that was typed", "[free-text][pages]") {
  Typing at;
  const auto asked = at.visitor.fill_in(at.add, at.typed);
  CHECK(at.press(asked, std::string(web::free_text_as_it_stands)).status == 303);
  CHECK(at.flags() == 1);
  CHECK(says(at.visitor.page("/handovers/" + at.world.draft.hex()), "Keep away from A9876XY <b>"));
}

TEST_CASE("to change it leads back to the form with what was typed", "[free-text][pages]") {
  Typing at;
  const auto asked = at.visitor.fill_in(at.add, at.typed);
  const auto again = at.press(asked, std::string(web::free_text_change));
  CHECK(again.status == 422);
  CHECK(says(again, "What to do: This looks like a prison number of somebody else"));
  CHECK(again.body.find("Keep away from A9876XY &lt;b&gt;") != std::string::npos);
  CHECK(at.flags() == 0);
  CHECK(at.visitor.send(again, at.add, {{"kind", "DO_NOT"}, {"instruction", "Meets nobody alone"}})
            .status == 303);
  CHECK(at.flags() == 1);
}

TEST_CASE("a code that never leaves the prison is not saved however sure somebody is",
          "[free-text][never-share][pages]") {
  Typing at;
  const auto asked = at.visitor.fill_in(at.add, at.typed);
  const auto sent =
      at.visitor.send(asked, at.add, {{"code", "XCI"}, {web::free_text_field, "as-it-stands"}});
  CHECK(sent.status == 422);
  CHECK(at.flags() == 0);
}

TEST_CASE("what stays in the prison is not asked about", "[free-text][pages]") {
  Typing at;
  const auto file = "/volunteers/" + at.world.volunteer.hex() + "/add/supervision-note";
  const auto page = at.visitor.get(file);
  if (page.status == 200) {
    const auto answer = at.visitor.fill_in(file, {{"text", "met A9876XY"}});
    CHECK_FALSE(says(answer, "Should this be shared?"));
  }
  RecordService jo(
      *at.world.prison.node, at.world.codes,
      Viewer(Permissions::shipped(),
             {at.world.prison.actor().id, "Jo", "security,coordinator,handover_worker"}, "a test"));
  must(jo.new_record(
      *record_type("incident"),
      {{"happened-on", "2027-01-02"}, {"kind", "SECURITY"}, {"what-happened", "A9876XY was there"}},
      at.world.by(at.world.prison)));
  CHECK(jo.text_doubts().empty());
}

TEST_CASE("a reason for a change is looked through as the change is", "[free-text][pages]") {
  Typing at;
  const auto address = "/handovers/" + at.world.draft.hex() + "/change/notes";
  const auto asked =
      at.visitor.fill_in(address, {{"notes", "Likes tea"}, {"change_reason", "told by A9876XY"}});
  CHECK(says(asked, "Reason: A9876XY looks like"));
}

}  // namespace throughgate::node::testing
