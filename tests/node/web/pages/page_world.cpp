#include "tests/node/web/pages/page_world.h"

#include <algorithm>
#include <catch_amalgamated.hpp>

#include "records/handover.pb.h"

namespace throughgate::node::testing {

void fail_with(const sync::Error& error) {
  FAIL(error.message);
  throw std::logic_error(error.message);
}

PageWorld::PageWorld() : codes(must(CodeLists::load(CODES_FOLDER))) {
  desk.enrol(prison, hub);
  desk.enrol(partner, hub);
  must(desk.desk().agree({prison.node->identity().organisation,
                          partner.node->identity().organisation,
                          {static_cast<std::uint32_t>(schema::CASE)},
                          world.now_ms + 300 * day_ms,
                          {}}));
  must(desk.sync(hub));
  sync_all(1);
}

void PageWorld::sync_all(int rounds) {
  for (int i = 0; i < rounds; ++i) {
    for (TestSite* site : sites) must(site->sync(hub));
  }
}

sync::DossierId PageWorld::complete_draft() {
  auto at_prison = records(prison);
  const By someone = by(prison);
  auto inputs = complete_inputs();
  const auto date = std::find_if(inputs.begin(), inputs.end(),
                                 [](const auto& input) { return input.field == "release-date"; });
  date->text = release_on;
  const auto id = must(Handovers(at_prison).begin(inputs, someone)).record.dossier;
  must(at_prison.new_record_in(id, *record_type(*schema::Need::descriptor()),
                               {{"pathway", "Accommodation"}, {"need", "somewhere to live"}},
                               someone));
  return id;
}

sync::DossierId PageWorld::shared_handover() {
  const auto id = complete_draft();
  auto at_prison = records(prison);
  Handovers handovers(at_prison);
  const By someone = by(prison);
  const auto to = partner.node->identity().organisation;
  BasisInput basis{to, "UK GDPR", "Public task", "support after release", {}, "", ""};
  basis.classes = {"IDENTITY",    "CONTACT", "RELEASE", "RISK_FLAGS",
                   "RISK_LEVELS", "LICENCE", "NEEDS",   "HEALTH"};
  must(handovers.record_basis(id, basis, someone));
  must(handovers.share(id, to, someone));
  sync_all();
  return id;
}

void PageWorld::set(TestSite& site, const sync::DossierId& handover, const std::string& field,
                    const std::string& value, const std::string& reason) {
  auto here = records(site);
  const auto* type = record_type(*schema::Handover::descriptor());
  const auto form = must(here.open({handover, {}, type->number}));
  must(here.set_fields(form, {{field, value}}, by(site, reason)));
}

}  // namespace throughgate::node::testing
