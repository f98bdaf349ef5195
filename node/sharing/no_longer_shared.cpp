#include "node/sharing/no_longer_shared.h"

#include "node/erasure/holds.h"
#include "sync/store/purge.h"

namespace throughgate::node {
namespace {

using sync::ErrorKind;
using sync::Result;

bool any_has_ended(OpenNode& node) {
  sync::store::UnitOfWork work(node.database(), sync::store::Purpose::reading);
  return work
      .first("SELECT 1 FROM dossier WHERE ended", sync::store::bound(),
             sync::store::unsigned_column)
      .has_value();
}

Result<std::set<sync::DossierId>> held_by_law(OpenNode& node) {
  const CodeLists codes;  // a hold has none
  const RecordService records(node, codes);
  const auto holds = all_holds(records);
  if (!holds) return holds.error();
  std::set<sync::DossierId> out;
  for (const auto& hold : *holds) {
    if (hold.in_force) out.insert(hold.records.begin(), hold.records.end());
  }
  return out;
}

}  // namespace

Result<std::size_t> delete_what_is_no_longer_shared(OpenNode& node) {
  std::size_t gone = 0;
  if (any_has_ended(node)) {
    const auto held = held_by_law(node);
    if (!held) return held.error();
    const auto purged = sync::store::purge_what_ended(
        node.database(), node.context(),
        [&](const sync::DossierId& id) { return held->contains(id); });
    if (!purged) return purged.error();
    gone = *purged;
  }
  if (auto finished = node.finish_erasures(); !finished) return finished.error();
  return gone;
}

}  // namespace throughgate::node
