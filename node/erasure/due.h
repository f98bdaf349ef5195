// Something whose time for keeping is over, as a review lists it.
#pragma once

#include <string>
#include <vector>

#include "node/erasure/schedule.h"
#include "node/record_service.h"

namespace throughgate::node {

struct Due {
  sync::DossierId subject;  // of the list of looks: the site's own record
  std::string kind;         // "Volunteer"
  std::string name;         // of whom
  std::string rule;
  KeptFrom from = KeptFrom::left;
  std::string since{};  // the day from which the time counts: 2026-12-04
  std::string kept_until{};
  std::size_t count = 0;                       // of parts or rows that go; 0: all of it goes
  std::vector<sync::OrganisationId> others{};  // who has the record besides, and keeps it
  std::string held{};  // the legal hold that keeps it, in words; empty: none
  bool asked = false;  // a request is open
};

// What goes of it, in words: "3 expense claims. The rest of the file stays."
std::string what_goes(const Due& due, const OpenNode& node);

// Each of the files beside this one says whether one record is due by a rule of its kind: nullopt
// is kept yet, or not this organisation's to let go. `held` and `asked` are for the caller.
using DueIn = sync::Result<std::optional<Due>> (*)(const RecordService& records,
                                                   const RetentionRule& rule,
                                                   const sync::DossierId& id,
                                                   const std::string& today);

// A day that may be acted on here without another computer's second look: `today`, or the
// exchange's day where this clock runs ahead of that.
sync::Result<std::string> believed_day(const RecordService& records, const std::string& today);

}  // namespace throughgate::node
