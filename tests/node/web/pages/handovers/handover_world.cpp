#include "tests/node/web/pages/handovers/handover_world.h"

namespace throughgate::node::testing {

HandoverWorld::HandoverWorld() {
  desk.enrol(stranger, hub);
  sites.push_back(&stranger);
  sync_all(1);
}

std::string HandoverWorld::draft() { return "/handovers/" + complete_draft().hex(); }

std::string HandoverWorld::shared() {
  auto address = draft();
  at_prison.done(address + "/basis", ground());
  at_prison.done(address + "/share", {{"partner", partner_id().hex()}});
  sync_all();
  return address;
}

std::string HandoverWorld::accepted() {
  auto address = shared();
  at_partner.done(address + "/accept", {{"contact", "Kim, 07700 900111"}});
  sync_all();
  return address;
}

std::string HandoverWorld::released() {
  auto address = accepted();
  at_partner.done(address + "/plan", {{"meeting-place", "Main gate"}, {"meeting-time", "8:30"}});
  sync_all();
  at_prison.done(address + "/release", {{"on-day", "4"}, {"on-month", "12"}, {"on-year", "2026"}});
  sync_all();
  return address;
}

Typed HandoverWorld::ground() {
  return {{"partner", partner_id().hex()},
          {"law", "UK_GDPR"},
          {"ground", "PUBLIC_TASK"},
          {"purpose", "support after release"},
          {"classes", "IDENTITY"},
          {"classes", "CONTACT"},
          {"classes", "RELEASE"},
          {"classes", "RISK_FLAGS"},
          {"classes", "RISK_LEVELS"},
          {"classes", "LICENCE"},
          {"classes", "NEEDS"},
          {"classes", "HEALTH"},
          {"until-day", ""},
          {"until-month", ""},
          {"until-year", ""},
          {"paper", ""}};
}

}  // namespace throughgate::node::testing
