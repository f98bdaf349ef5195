// Who may share with whom, by pages.
#include <catch_amalgamated.hpp>

#include "tests/node/web/pages/desk/desk_world.h"

namespace throughgate::node::testing {
namespace {

const std::string agreements = "/central-team/agreements";

struct Agreeing : DeskWorld {
  std::string prison_id = prison.node->identity().organisation.hex();
  std::string partner_id = partner.node->identity().organisation.hex();

  // From the partner to the prison, which have none that way round.
  Typed complete() const {
    return {{"from", partner_id},    {"to", prison_id},     {"kinds", "volunteers"},
            {"until-day", "4"},      {"until-month", "12"}, {"until-year", "2027"},
            {"reference", "File 12"}};
  }
  Typed with(const std::string& name, const std::string& value) const {
    Typed out = complete();
    for (auto& [each, typed] : out) {
      if (each == name) typed = value;
    }
    return out;
  }
  // The page that ends one of the two: the one that was made here, or the prison's.
  std::string end_of(bool made_here) {
    for (const auto& [id, agreement] : list().agreements()) {
      if ((agreement.reference == "File 12") == made_here) {
        return agreements + "/" + crypto::to_hex(id) + "/end";
      }
    }
    return {};
  }
  bool may_share() {
    return list().may_share(partner.node->identity().organisation,
                            prison.node->identity().organisation, schema::VOLUNTEER, world.now_ms);
  }
};

}  // namespace

TEST_CASE("an agreement is made by a page, listed in words, and ended by another",
          "[pages][desk]") {
  Agreeing at;
  CHECK(says(at.at_desk.page(agreements), "handovers"));
  CHECK_FALSE(at.may_share());
  const auto made = at.at_desk.done(agreements + "/new", at.complete());
  CHECK(says(made, "The agreement is in the central list"));
  CHECK(says(made, "Bridge Trust HMP Example volunteers To the end of 4 December 2027 File 12"));
  CHECK(says(at.at_desk.page("/central-team/organisations/" + at.partner_id), "4 December 2027"));
  CHECK(at.may_share());
  const auto end = at.end_of(true);
  CHECK(says(at.at_desk.page(end), "It ends at once"));
  CHECK(at.may_share());
  const auto ended = at.at_desk.done(end, {});
  CHECK(says(ended, "The agreement has ended"));
  CHECK(ended.find(end) == std::string::npos);  // it is over
  CHECK_FALSE(at.may_share());
  CHECK(at.at_desk.post(end, {}).status == 404);
  CHECK(at.at_desk.get(agreements + "/zz/end").status == 404);
}

TEST_CASE("before an agreement is ended, its page says who shares what no more and what has left",
          "[pages][desk]") {
  Agreeing at;
  const auto end = at.end_of(false);
  const auto before = at.at_desk.page(end);
  CHECK(says(before, "HMP Example shares no more handovers with Bridge Trust"));
  CHECK(says(before, "knows of no record that HMP Example shares with Bridge Trust"));
  CHECK_FALSE(says(before, "another agreement"));
  at.shared_handover();
  CHECK(says(at.at_desk.page(end),
             "Bridge Trust keeps what HMP Example shares with it now: 1 record "
             "that this computer knows of"));
  at.shared_handover();
  CHECK(says(at.at_desk.page(end), "with it now: 2 records"));
  at.at_desk.done(agreements + "/new", at.with("kinds", "handovers"));
  CHECK(says(at.at_desk.page(end), "What Bridge Trust may share with HMP Example stays as it is"));
  const auto other_way = at.at_desk.page(at.end_of(true));
  CHECK(says(other_way, "Bridge Trust shares no more handovers with HMP Example"));
  CHECK(says(other_way, "knows of no record that Bridge Trust shares with HMP Example"));
  must(at.desk.desk().agree({at.prison.node->identity().organisation,
                             at.partner.node->identity().organisation,
                             {schema::VOLUNTEER},
                             at.world.now_ms + day_ms,
                             {}}));
  CHECK(says(at.at_desk.page(end), "knows of no record"));  // handovers are not meant now
}

TEST_CASE("what would end an agreement that is over is not asked", "[pages][desk]") {
  Agreeing at;
  const auto end = at.end_of(false);
  at.at_desk.done(end, {});
  CHECK(at.at_desk.get(end).status == 404);
}

TEST_CASE("an agreement that lacks something is not made, and nothing typed is lost",
          "[pages][desk]") {
  Agreeing at;
  const auto version = at.list().version();
  const auto tried = [&](const std::string& name, const std::string& value) {
    const auto response = at.at_desk.fill_in(agreements + "/new", at.with(name, value));
    CHECK(response.status == 422);
    return text_of_page(response);
  };
  CHECK(tried("from", "").find("Select who shares") != std::string::npos);
  CHECK(tried("to", "00").find("Select with whom") != std::string::npos);
  CHECK(tried("to", at.partner_id).find("another organisation than") != std::string::npos);
  CHECK(tried("kinds", "secrets").find("Select which records") != std::string::npos);
  CHECK(tried("until-year", "2026").find("a last day that has not passed") != std::string::npos);
  CHECK(tried("reference", std::string(201, 'x')).find("200 letters") != std::string::npos);
  tried("until-day", "32");
  const auto all = at.at_desk.fill_in(agreements + "/new", {});
  for (const char* field :
       {"#from", "#to", "#kinds", "#until-day"}) {  // each leads to its question
    CAPTURE(field);
    CHECK(all.body.find("href=\"" + std::string(field) + "\"") != std::string::npos);
  }
  const auto kept = at.at_desk.fill_in(agreements + "/new", at.with("kinds", ""));
  CHECK(tag_with(kept, "name=\"reference\"").find("File 12") != std::string::npos);
  CHECK(at.list().version() == version);
}

}  // namespace throughgate::node::testing
