#include "node/cli/review_item.h"

#include "node/text/unicode.h"

namespace throughgate::node::cli {

const sync::store::OpView* change_meant(const std::vector<sync::store::OpView>& changes,
                                        std::string_view typed) {
  const auto wanted = lower_case(typed);
  if (wanted.size() < 4) return nullptr;
  std::vector<const sync::store::OpView*> exact;
  std::vector<const sync::store::OpView*> begin_so;
  for (const auto& change : changes) {
    const auto digits = change_digits(change.id);
    if (digits == wanted) exact.push_back(&change);
    if (digits.starts_with(wanted)) begin_so.push_back(&change);
  }
  const auto& meant = exact.empty() ? begin_so : exact;
  return meant.size() == 1 ? meant.front() : nullptr;
}

}  // namespace throughgate::node::cli
