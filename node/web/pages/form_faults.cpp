#include "node/web/pages/form_faults.h"

#include <algorithm>

#include "node/web/components/messages.h"

namespace throughgate::node::web {

std::string FormFaults::of(std::string_view field) const {
  const auto found = std::find_if(items_.begin(), items_.end(),
                                  [&](const auto& item) { return item.first == field; });
  return found == items_.end() ? std::string() : found->second;
}

Html FormFaults::summary() const {
  if (empty()) return {};
  ErrorSummary summary;
  for (const auto& [field, words] : items_) summary.items.push_back({words, field});
  return error_summary(summary);
}

}  // namespace throughgate::node::web
