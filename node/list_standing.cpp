#include "node/list_standing.h"

#include "sync/program_number.h"

namespace throughgate::node {

bool has_run_out(const sync::Directory& directory, std::uint64_t now_ms) {
  return directory.version() > 0 && directory.expires_at_ms() <= now_ms;
}

std::string list_warning(const sync::Directory& directory, std::uint64_t now_ms) {
  if (directory.version() == 0) return {};
  if (sync::needs_update(directory)) {
    return "Update needed: the central team asks for a newer program than this one. Until then "
           "nothing is sent or received. Recording goes on.";
  }
  if (has_run_out(directory, now_ms)) {
    return "The central list held here has run out, so nothing can be shared with anybody new. "
           "Recording goes on. Exchange now; if this does not go away, tell the central team: the "
           "exchange may be holding a newer list back.";
  }
  if (directory.expires_at_ms() - now_ms <= list_warning_ms) {
    return "The central list held here runs out within 14 days. Exchange now; if this does not go "
           "away, tell the central team.";
  }
  return {};
}

}  // namespace throughgate::node
