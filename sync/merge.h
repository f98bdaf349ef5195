// What the ops of one field come to. A pure function of the set of ops and of their places: neither
// the order of arrival nor anybody's clock decides what counts.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "sync/change_set.h"
#include "sync/policy.h"

namespace throughgate::sync {

// An op with everything that merge may look at.
struct OpInContext {
  OpId id;
  OpKind kind = OpKind::set;
  Bytes value;
  bool value_removed = false;    // redacted
  std::vector<OpId> supersedes;  // only what lay in the author's causal past
  std::optional<AgainOf> again_of;
  NodeId author;
  std::optional<Role> role;          // its author's at the entry's own place; none: does not count
  std::optional<std::uint64_t> dsn;  // none: provisional
  std::uint64_t effective_ms = 0;    // see effective_time.h
  std::uint64_t effective_as_copy_ms = 0;  // where it counts as the copy of an original
  std::uint64_t arrival = 0;  // orders provisional ops on this node's screen; nothing else
};

// Numbers are indices into the ops merged.
struct FieldState {
  std::vector<std::size_t> siblings;  // neither superseded nor a copy that does not count; by OpId
  std::optional<std::size_t> shown;   // LATEST, STRICTEST
  std::vector<std::size_t> listed;  // SET: what is in it; APPEND: all; LIFECYCLE: applied; in order
  std::vector<std::size_t> not_applied;  // LIFECYCLE: "this step did not apply"
  std::vector<std::size_t> not_counted;  // by a role that may not write the field
  std::uint32_t state = 0;               // LIFECYCLE
  bool in_review = false;                // REVIEW, and two distinct values stand
};

FieldState merge(const FieldPolicy& policy, std::span<const OpInContext> ops);

// Names one "changed in two places": the same siblings have the same item on every node.
Hash reconcile_item_id(const FieldState& state, std::span<const OpInContext> ops);

}  // namespace throughgate::sync
