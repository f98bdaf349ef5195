// Which steps this organisation may take with a handover now, by its part in it and the stage: what
// pages offer. The flows ask again when a step is taken.
#pragma once

#include "node/handovers/case_file.h"

namespace throughgate::node {

enum class Step {
  basis,  // record the ground for sharing
  share,
  accept,
  more_info,
  decline,
  code,          // the partner makes a handover code
  confirm_code,  // the prison types it
  plan,
  release,
  gate,
  found,
  lost,
  support,
  close,
  stop,            // on hold, withdrawn, recalled ...: see stages_to_stop()
  add_partner,     // somebody else who contributes, or reads
  remove_partner,  // they no longer take part
  backup,          // name who could take over
  use_backup,      // they do
  move_to,         // the person is in another prison
};

// In the order in which they follow on each other. Before the day on which the release is expected
// only the prison is offered to confirm it.
std::vector<Step> offered_steps(const CaseFile& file, const OpenNode& node);
// Of those that change who takes part: offered beside who can see it.
std::vector<Step> offered_with_members(const CaseFile& file, const OpenNode& node);
bool is_offered(Step step, const CaseFile& file, const OpenNode& node);

// Where a handover can be stopped to from here: on hold, and the ways in which it ends early.
std::vector<schema::Handover::State> stages_to_stop(const CaseFile& file,
                                                    const sync::PolicyTable& policies);

// Who takes part besides the prison that keeps it and the central team.
std::vector<sync::Member> partners_of(const CaseFile& file);

// May this organisation write this field of the handover, or of a record that hangs on it?
bool may_write(const CaseFile& file, std::uint32_t type, int field,
               const sync::PolicyTable& policies);

}  // namespace throughgate::node
