// Words people use for things that have a code: roles, stages, vetting, yes and no; and the shapes
// of prison numbers and establishment codes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/intake/refusal.h"

namespace throughgate::node {

// Role codes, from codes or common words between ; , / or line breaks, each once, in order.
Reading<std::vector<std::string>> read_roles(std::string_view text);

// Stage of a volunteer: ENQUIRY ... ACTIVE, PAUSED, LEAVING, LEFT, DECLINED, WITHDRAWN, ...
Reading<std::string> read_status(std::string_view text);

// STANDARD_PLUS, ENHANCED_1, CTC, DBS_ENHANCED, ...
Reading<std::string> read_vetting_level(std::string_view text);

// What stands in a column for DBS checks only, where "Enhanced" means DBS_ENHANCED.
Reading<std::string> read_dbs_level(std::string_view text);

// APPLIED, GRANTED, GRANTED_WITH_CONDITIONS, REFUSED, WITHDRAWN, LAPSED, SUSPENDED, UNDER_APPEAL
Reading<std::string> read_vetting_outcome(std::string_view text);

// What pages call a code of theirs: "Meets people at the gate".
std::string role_label(const std::string& code);
std::string status_label(const std::string& code);
std::string vetting_level_label(const std::string& code);
std::string vetting_outcome_label(const std::string& code);

Reading<bool> read_yes_no(std::string_view text);

// One letter, four digits, two letters, upper case: "A1234BC". Only the shape is judged.
std::optional<std::string> prison_number(std::string_view text);
// Whether a piece of free text seems to name somebody in prison by number.
bool mentions_prison_number(std::string_view text);

// "MDI", "STC3": 2 to 6 letters or digits beginning with a letter. Only the shape is judged;
// whether there is such an establishment is for the caller's list to say.
Reading<std::string> read_establishment_code(std::string_view text);

}  // namespace throughgate::node
