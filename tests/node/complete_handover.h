// All that a handover of a made-up person needs before it can be shared.
#pragma once

#include <vector>

#include "node/change_plan.h"

namespace throughgate::node::testing {

inline std::vector<FieldInput> complete_inputs() {
  return {{"given-name", "Alex"},
          {"family-name", "Example"},
          {"date-of-birth", "1990-05-06"},
          {"prison-number", "A1234BC"},
          {"establishment", "LEI"},
          {"languages", "English"},
          {"communication-needs", "none"},
          {"release-date", "2026-12-04"},
          {"release-date-confidence", "Likely"},
          {"release-type", "CR"},
          {"release-area", "Leeds"},
          {"contact-route", "through the prison"},
          {"risk-to-staff", "Medium"},
          {"licence-headline", "not near the old town"},
          {"first-appointment-on", "2026-12-04"},
          {"sender-name", "Sam"},
          {"sender-telephone", "07700 900100"}};
}

}  // namespace throughgate::node::testing
