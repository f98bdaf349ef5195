#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {

BasisInput example_basis(const World& world) {
  return {
      world.partner.organisation,
      "UK GDPR",
      "Public task",
      "support after release",
      {"IDENTITY", "CONTACT", "RELEASE", "RISK_FLAGS", "RISK_LEVELS", "LICENCE", "NEEDS", "HEALTH"},
      "",
      ""};
}

sync::DossierId ready_handover(World& world) {
  Handovers prison(*world.prison.records);
  const auto id = must(prison.begin(complete_inputs(), world.prison.by)).record.dossier;
  must(world.prison.records->new_record_in(
      id, *record_type(*schema::Need::descriptor()),
      {{"pathway", "Accommodation"}, {"need", "somewhere to live"}}, world.prison.by));
  must(prison.record_basis(id, example_basis(world), world.prison.by));
  return id;
}

sync::DossierId shared_handover(World& world) {
  const auto id = ready_handover(world);
  must(Handovers(*world.prison.records).share(id, world.partner.organisation, world.prison.by));
  return id;
}

RecordService seen_by_jo(const Site& site, const CodeLists& codes) {
  return {*site.node, codes,
          Viewer(Permissions::shipped(),
                 {site.by.actor.id, "Jo Made-Up",
                  "coordinator,supervisor,handover_worker,desk_reviewer,security,administrator"},
                 "a test")};
}

}  // namespace throughgate::node::testing
