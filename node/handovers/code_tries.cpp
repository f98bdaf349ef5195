#include "node/handovers/code_tries.h"

#include "node/tries.h"
#include "sync/store/settings_table.h"

namespace throughgate::node {
namespace {

Tries tries(OpenNode& node) {
  return {node,
          {sync::store::setting::handover_code_tries, code_tries_max, code_wait_ms,
           "There were five codes that did not fit. Wait an hour, and ask for a new code; or agree "
           "on the telephone without one. Nothing was saved."}};
}

}  // namespace

sync::Result<std::size_t> CodeTries::count(const sync::DossierId& handover) {
  return tries(node_).count(handover.bytes);
}

sync::Result<sync::Done> CodeTries::forget(const sync::DossierId& handover) {
  return tries(node_).forget(handover.bytes);
}

}  // namespace throughgate::node
