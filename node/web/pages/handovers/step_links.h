// Where each step is taken, and what the way there is called.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/handovers/next_steps.h"
#include "node/handovers/offered_steps.h"
#include "node/web/html.h"

namespace throughgate::node::web {

struct StepLink {
  Step step;
  const char* page;   // below the handover's own address
  const char* words;  // "Accept this handover"
};
const StepLink& link_of(Step step);

// Where a next step is taken; nullopt: it is only waited for, or done outside of these pages.
std::optional<Url> way_to(const NextStep& step, const CaseFile& file);

}  // namespace throughgate::node::web
