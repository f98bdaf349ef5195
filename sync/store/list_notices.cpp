#include "sync/store/list_notices.h"

#include <algorithm>

#include "sync/list_orders.h"

namespace throughgate::sync::store {

std::vector<ListNotice> notices_in(const DirectoryStep& step, const Directory& after,
                                   const NodeId& own) {
  const auto* self = after.node(own);
  if (!self) return {};
  const auto is_ours = [&](const EnrolledNode* node) {
    return node && node->organisation == self->organisation;
  };
  std::vector<ListNotice> out;
  const auto accidents = accidents_in(step);
  if (std::any_of(accidents.begin(), accidents.end(),
                  [&](const Accident& each) { return is_ours(after.node(each.node)); })) {
    out.push_back(ListNotice::accident);
  }
  const auto& nodes = after.nodes();
  if (std::any_of(nodes.begin(), nodes.end(), [&](const auto& each) {
        return is_ours(&each.second) && each.second.revoked_in == after.version();
      })) {
    out.push_back(ListNotice::withdrawn);
  }
  return out;
}

void add_list_notices(UnitOfWork& work, const std::vector<ListNotice>& notices,
                      std::uint64_t version, std::uint64_t now_ms) {
  for (const auto each : notices) {
    const int kind = static_cast<int>(each);
    work.run(
        "INSERT INTO notice (at_ms, kind, detail) SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 "
        "FROM notice WHERE kind = ?2 AND detail = ?3)",
        now_ms, kind, version);
  }
}

}  // namespace throughgate::sync::store
