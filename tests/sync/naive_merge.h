// The merge rules a second time, as plainly as they can be said and without a thought for speed, to
// hold merge() against. Each fault is one rule broken on purpose: the tests must see every one.
#pragma once

#include <array>
#include <span>

#include "sync/merge.h"
#include "sync/projection.h"

namespace throughgate::sync::testing {

enum class Fault {
  none,
  latest_by_arrival,       // the last to come is shown
  hash_before_time,        // LATEST by op identity alone
  anyone_lowers,           // lower_by ignored
  unknown_is_mild,         // an unknown severity ranks lowest
  clear_is_strict,         // CLEAR ranks as the strictest
  roles_ignored,           // whoever wrote it counts
  own_stream_replaces,     // an author's later op replaces its earlier ones unlisted
  copies_count_apart,      // again_of ignored
  copy_before_original,    // a copy counts although the original has its place
  last_copy_counts,        // not the first
  anybody_copies,          // a copy by anybody counts as one
  contradiction_believed,  // what a copy says of a known original is not checked
  supersede_by_name_only,  // a supersede of an original does not reach its copy
  copy_time_as_any,        // a copy's time has the lower bound of others
  remove_wins,             // REMOVE takes equal values that it had not seen
  folded_by_hash,          // LIFECYCLE by op identity, not by place
  owner_not_preferred,     // `shown` ignored
  equal_values_in_review,  // two siblings are a conflict, whatever they hold
  desk_may_not_settle,     // the desk's op in a REVIEW field does not count
  redaction_drops_op,      // an op whose value was removed is left out
};

inline constexpr std::array all_faults{
    Fault::latest_by_arrival,      Fault::hash_before_time,    Fault::anyone_lowers,
    Fault::unknown_is_mild,        Fault::clear_is_strict,     Fault::roles_ignored,
    Fault::own_stream_replaces,    Fault::copies_count_apart,  Fault::copy_before_original,
    Fault::last_copy_counts,       Fault::anybody_copies,      Fault::contradiction_believed,
    Fault::supersede_by_name_only, Fault::copy_time_as_any,    Fault::remove_wins,
    Fault::folded_by_hash,         Fault::owner_not_preferred, Fault::equal_values_in_review,
    Fault::desk_may_not_settle,    Fault::redaction_drops_op};

ProjectedField naive_merge(const FieldPolicy& policy, std::span<const OpInContext> ops,
                           Fault fault = Fault::none);

}  // namespace throughgate::sync::testing
