#include "sync/list_orders.h"

#include "schema/directory.pb.h"
#include "sync/wire_values.h"

namespace throughgate::sync {
namespace {

schema::DirectoryBody body_of(const DirectoryStep& step) {
  schema::DirectoryBody body;
  if (!body.ParseFromArray(step.body.data(), static_cast<int>(step.body.size()))) body.Clear();
  return body;
}

}  // namespace

std::vector<Accident> accidents_in(const DirectoryStep& step) {
  std::vector<Accident> out;
  const auto body = body_of(step);
  for (const auto& each : body.accidents()) {
    const auto node = id_from_wire<NodeId>(each.node());
    const auto entry = hash_from_wire(each.entry());
    if (node && entry) out.push_back({*node, *entry});
  }
  return out;
}

std::optional<Opening> opening_in(const DirectoryStep& step) {
  const auto body = body_of(step);
  const auto instance = id_from_wire<InstanceId>(body.opening().instance());
  if (!body.has_opening() || !instance) return std::nullopt;
  Opening out{*instance, {}};
  for (const auto& each : body.opening().dossiers()) {
    if (const auto dossier = id_from_wire<DossierId>(each)) out.dossiers.push_back(*dossier);
  }
  return out;
}

}  // namespace throughgate::sync
