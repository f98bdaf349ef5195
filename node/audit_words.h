// A row of who looked at what, in words for people. Names are looked up when it is shown: the rows
// hold ids only.
#pragma once

#include <map>
#include <string>

#include "node/audit.h"

namespace throughgate::node {

struct AuditWords {
  std::string when;    // "2026-12-04 08:30 UTC"
  std::string who;     // a name of the staff list, or the id
  std::string what;    // "Looked at", "Took out a file", "Was let in"
  std::string record;  // "handover 3fa9..."; empty: a file that is about no single one
  std::string fields;  // "Risk to staff, Licence in a few words"; of a file "12 rows", "3 values"
  std::string reason;
};
using StaffNames = std::map<sync::ActorId, std::string>;
sync::Result<StaffNames> staff_names(OpenNode& node);
AuditWords words_of(const AuditRow& row, const StaffNames& names);

// All of these rows as a spreadsheet takes them, the newest first.
std::string audit_csv(const std::vector<AuditRow>& rows, const StaffNames& names);

}  // namespace throughgate::node
