// The partners that a handover can be shared with, and what still stands in the way with each.
#pragma once

#include <string>
#include <vector>

#include "node/web/pages/handovers/case_page.h"

namespace throughgate::node::web {

struct Partner {
  sync::OrganisationId id;
  std::string name;
  std::string lacks;  // why it cannot be shared with them yet; empty: nothing
};
// Those with a current sharing agreement, by name.
std::vector<Partner> partners_for(const PageContext& context, const CaseFile& file);
// The names of the other partners in the central list.
std::vector<std::string> partners_without_agreement(const PageContext& context);

}  // namespace throughgate::node::web
