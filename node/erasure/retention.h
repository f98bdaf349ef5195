// How long records are kept. A schedule, read from a file, says from when and for how many months;
// a review lists what is due. Nothing goes without a person who confirms it.
// Threads: those of the RecordService's node; a schedule does not change once read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/erasure/requests.h"

namespace throughgate::node {

enum class KeptFrom { not_appointed, left, vetting_decided, handover_over, incident_closed };

struct RetentionRule {
  std::string name;  // one line, at most 60 letters
  KeptFrom from = KeptFrom::left;
  int months = 0;      // 1 to 1,200
  std::string source;  // who says so
};

struct RetentionSchedule {
  std::vector<RetentionRule> rules;  // at most one for each `from`

  const RetentionRule* rule(std::string_view name) const;  // nullptr: none of that name
};

// `invalid` says what is wrong and where; `not_found` that there is no such file.
sync::Result<RetentionSchedule> parse_retention(std::string_view toml);
sync::Result<RetentionSchedule> read_retention(const std::string& path);

// A record whose time is over.
struct Due {
  sync::DossierId subject;
  std::string kind;  // "Volunteer"
  std::string name;  // of whom
  std::string rule;
  std::string since;  // the day from which the time counts: 2026-12-04
  std::string kept_until;
  std::string held;    // the legal hold that keeps it, in words; empty: none
  bool asked = false;  // a request is open
};

// Those that this organisation keeps and whose last day is before `today`, longest over first.
sync::Result<std::vector<Due>> due_records(const RecordService& records,
                                           const RetentionSchedule& schedule,
                                           const std::string& today);

// Whether the rule's time is over for this record, by what is here of it, whoever keeps it.
// nullopt: it is not here, or a record of another kind.
sync::Result<std::optional<bool>> is_over_as_seen(const RecordService& records,
                                                  const RetentionRule& rule,
                                                  const sync::DossierId& id,
                                                  const std::string& today);

// The day so many months later; of a month that is shorter its last. nullopt: not a day.
std::optional<std::string> months_after(std::string_view iso, int months);

// Asks for a record that is due to be erased.
//   invalid  it is not due by any rule, or one is open already
//   denied   a legal hold is in force
sync::Result<Saved> confirm_due(RecordService& records, const RetentionSchedule& schedule,
                                const sync::DossierId& subject, const std::string& today,
                                const By& by);

}  // namespace throughgate::node
