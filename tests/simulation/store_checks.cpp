// Every store, as `check` proves it: made anew from its entries, it comes to the same.
#include "sync/store/checker.h"
#include "tests/simulation/world.h"

namespace throughgate::simulation {

void World::check_stores(Findings& findings) {
  static auto scratch = sync::store::scratch_store();
  if (!scratch) {
    findings.emplace("store", scratch.error().message);
    return;
  }
  for (auto& machine : machines_) {
    const auto report =
        sync::store::check_store(machine->node().database(), machine->node().context(), *scratch);
    if (!report) {
      findings.emplace("store", report.error().message);
      continue;
    }
    for (const auto& fault : report->faults) {
      findings.emplace("store", machine->name() + ": " + fault.what +
                                    (fault.dsn ? " At place " + std::to_string(*fault.dsn) : ""));
    }
  }
}

}  // namespace throughgate::simulation
