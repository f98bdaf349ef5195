// That a handover has stopped: on hold, withdrawn, recalled, died ... Whoever did not stop it has
// to read that, and says so, before it leaves their sight: somebody may be on the way to the gate.
// So it stays in the sight of whoever stopped it, until the other end has.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/handovers/case_file.h"

namespace throughgate::node {

// It goes no further for a reason; what was closed when support ended has not stopped.
bool is_stopped(schema::Handover::State state);

// The step by which it stopped, where it still stands there; nullptr: it has not stopped.
const sync::store::OpView* stop_in(const sync::store::FieldView& stage);
const sync::store::OpView* stop_of(const CaseFile& file);

// By this step it stopped while somebody might still come for nothing: nobody had reported from the
// gate (Handover.gate_result), and the partner had not declined.
bool is_before_the_gate(const sync::store::OpView& stop, std::uint64_t gate_result);
// The organisation at the other end; nullptr: it was not sent yet, they have left, or this one is
// at neither.
const sync::Member* other_end(const sync::store::DossierView& dossier);

// "Stopped on 3 December 2026: Recalled to prison"; it must have stopped.
std::string stop_in_words(const CaseFile& file);
// What whoever reads it in this role has to do about it: "Tell whoever was to go to the gate".
std::string to_do_on_stop(const CaseFile& file);

// Steps of an organisation that arrived after it had stopped, in words: "Accepted, Planned".
std::string steps_cut_off(const CaseFile& file, const sync::OrganisationId& organisation);
// A stop by this role that found the handover further on than it knew, and so did not apply: it
// goes on, and whoever meant to stop it has to say so again. In words: "Died". None where this role
// has taken another step since: it was given up.
std::optional<std::string> stop_that_missed(const CaseFile& file, sync::Role role);

}  // namespace throughgate::node
