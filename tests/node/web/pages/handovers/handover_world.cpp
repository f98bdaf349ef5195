#include "tests/node/web/pages/handovers/handover_world.h"

#include <catch_amalgamated.hpp>

#include "node/handovers/handovers.h"
#include "records/case.pb.h"
#include "tests/node/complete_handover.h"

namespace throughgate::node::testing {

HandoverWorld::HandoverWorld()
    : hub(world),
      desk(world, hub),
      prison_site(world, "HMP Example", sync::OrganisationKind::prison, "LEI"),
      partner_site(world, "Bridge Trust", sync::OrganisationKind::partner),
      stranger_site(world, "Other Trust", sync::OrganisationKind::partner) {
  for (TestSite* site : {&prison_site, &partner_site, &stranger_site}) desk.enrol(*site, hub);
  REQUIRE(desk.desk().agree({prison_site.node->identity().organisation,
                             partner_site.node->identity().organisation,
                             {schema::CASE},
                             world.now_ms + 300 * day_ms,
                             "made up"}));
  sync(1);
  prison = std::make_unique<PageSite>(prison_site, web::add_handover_pages);
  partner = std::make_unique<PageSite>(partner_site, web::add_handover_pages);
  stranger = std::make_unique<PageSite>(stranger_site, web::add_handover_pages);
}

void HandoverWorld::sync(int rounds) {
  for (int i = 0; i < rounds; ++i) {
    for (TestSite* site :
         {static_cast<TestSite*>(&desk), &prison_site, &partner_site, &stranger_site}) {
      const auto report = site->sync(hub);
      if (!report) FAIL(report.error().message);
    }
  }
}

std::string HandoverWorld::complete_draft() {
  auto codes = CodeLists::load(CODES_FOLDER);
  REQUIRE(codes);
  RecordService records(*prison_site.node, *codes);
  Handovers handovers(records);
  const By by{prison_site.actor(), ""};
  const auto begun = handovers.begin(complete_inputs(), by);
  if (!begun) FAIL(begun.error().message);
  const auto id = begun->record.dossier;
  REQUIRE(records.new_record_in(id, *record_type(*schema::Need::descriptor()),
                                {{"pathway", "ACCOMMODATION"}, {"need", "somewhere to live"}}, by));
  return "/handovers/" + id.hex();
}

std::string HandoverWorld::shared() {
  const auto address = complete_draft();
  prison->done(address + "/basis", ground());
  prison->done(address + "/share", {{"partner", partner_id().hex()}});
  sync();
  return address;
}

std::string HandoverWorld::accepted() {
  const auto address = shared();
  partner->done(address + "/accept", {{"contact", "Kim, 07700 900111"}});
  sync();
  return address;
}

Typed HandoverWorld::ground() {
  return {{"partner", partner_id().hex()},
          {"law", "UK_GDPR"},
          {"ground", "PUBLIC_TASK"},
          {"purpose", "support after release"},
          {"classes", "IDENTITY"},
          {"classes", "RELEASE"},
          {"until-day", ""},
          {"until-month", ""},
          {"until-year", ""},
          {"paper", ""}};
}

}  // namespace throughgate::node::testing
