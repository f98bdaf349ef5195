#include <catch_amalgamated.hpp>
#include <regex>

#include "node/audit.h"
#include "node/web/pages/pages.h"
#include "node/web/pages/rights/rights_pages.h"
#include "tests/node/staff/filled_site.h"

namespace throughgate::node::testing {
namespace {

const std::vector<Visitor::AddPages> pages{web::add_subject_access_pages, web::add_volunteer_pages,
                                           web::add_handover_pages};

struct AskedOnPages {
  FilledSite site;
  Visitor governor{site.prison, site.codes, pages, site.person({"governor"})};
  std::string address = "/subject-access/" + site.record("volunteer").dossier.hex();

  std::size_t files_noted() {
    const auto rows = must(Audit(*site.prison.node).list({}, 1000));
    return static_cast<std::size_t>(std::count_if(
        rows.begin(), rows.end(), [](const auto& row) { return row.act == AuditAct::file_taken; }));
  }
};

}  // namespace

TEST_CASE("the page asks why before it shows anything, then what goes in, then gives the file",
          "[pages][rights]") {
  AskedOnPages asked;
  const auto first = asked.governor.page(asked.address);
  CHECK(says(first, "Volunteer file"));
  CHECK(first.find("zq") == first.find("zq50f"));  // the name, and nothing else
  const auto unsaid = asked.governor.fill_in(asked.address, {{"why_look", " "}});
  CHECK(unsaid.status == 422);
  CHECK(says(unsaid, "Enter why you look at all of it"));
  CHECK(asked.files_noted() == 0);

  const auto look = asked.governor.fill_in(asked.address, {{"why_look", "they asked"}});
  REQUIRE(look.status == 200);
  CHECK(says(look, "zq60f26z"));  // interview notes
  CHECK(asked.files_noted() == 0);
  const auto box = tag_with(look, "name=\"keep\"");
  const std::regex value("value=\"([^\"]+)\"");
  std::smatch found;
  REQUIRE(std::regex_search(box, found, value));

  const auto none = asked.governor.send(look, asked.address + "/file", {{"form", "json"}});
  REQUIRE(none.status == 200);
  CHECK(none.file_name == "subject-access.json");
  CHECK(none.body.find("zq60f26z") == std::string::npos);
  CHECK(none.cache_control == "no-store");
  CHECK(asked.files_noted() > 0);
  const auto pdf = asked.governor.send(look, asked.address + "/file",
                                       {{"keep", found[1].str()}, {"form", "pdf"}});
  CHECK(pdf.file_name == "subject-access.pdf");
  CHECK(pdf.content_type == "application/pdf");
  CHECK(pdf.body.starts_with("%PDF"));
}

TEST_CASE("nobody else reaches it, and no page of theirs leads there", "[pages][rights]") {
  AskedOnPages asked;
  const Visitor coordinator(asked.site.prison, asked.site.codes, pages,
                            asked.site.person({"coordinator", "administrator", "handover_worker"}));
  CHECK(coordinator.get(asked.address).status == 403);
  CHECK(coordinator.post(asked.address, {{"why_look", "x"}}).status == 403);
  CHECK(coordinator.post(asked.address + "/file", {{"why_look", "x"}, {"form", "json"}}).status ==
        403);
  const auto id = asked.site.record("volunteer").dossier.hex();
  CHECK(coordinator.page("/volunteers/" + id).find("/subject-access") == std::string::npos);
  CHECK(asked.governor.page("/volunteers/" + id).find(asked.address) != std::string::npos);
  const auto handover = asked.site.record("handover").dossier.hex();
  CHECK(asked.governor.page("/handovers/" + handover).find("/subject-access/" + handover) !=
        std::string::npos);
  CHECK(asked.governor.get("/subject-access/" + std::string(32, '0')).status == 404);
  CHECK(asked.governor.get("/subject-access/zz").status == 404);
}

}  // namespace throughgate::node::testing
