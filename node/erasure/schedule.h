// How long records are kept: a schedule, read from a file, says from when and for how long, and of
// each kind of record without a rule of its own, in words, what it goes with.
// Threads: a schedule does not change once read.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/records/catalogue.h"
#include "sync/result.h"

namespace throughgate::node {

// What the time counts from; and with it what goes.
enum class KeptFrom {
  not_appointed,
  left,
  vetting_decided,
  handover_over,
  incident_closed,
  no_handover,    // the last change to a person's own record that no handover here is about
  gate_result,    // a prison's copy of a handover that another prison keeps
  partner_copy,   // a partner's copy of a handover
  risk_at_close,  // what a handover that is over says of risk
  tax_year,       // expenses: the end of the tax year of the claim
  looked,         // who looked at what on this computer
};

// How it goes, once somebody has confirmed it.
enum class Goes {
  everywhere,  // the whole record, once the central team has signed
  own_copy,    // this organisation's copy; whoever else has the record keeps theirs
  values,      // parts of the record, for everybody; the rest stays
  rows,        // of a list of this computer
};

std::string_view name_of(KeptFrom from);  // as the file says it: "handover-over"
std::optional<KeptFrom> kept_from(std::string_view name);
Goes how_it_goes(KeptFrom from);
// The kind of record that such a rule keeps; nullptr: a list that is no record.
const RecordType* kind_kept(KeptFrom from);

struct RetentionRule {
  std::string name;  // one line, at most 60 letters
  KeptFrom from = KeptFrom::left;
  int months = 0;  // 0 to 1,200, and as many days besides
  int days = 0;    // 0 to 3,660
  // Of a partner's copy: so many months after it was shared with them it goes, over or not. 0: no
  // such end.
  int longest = 0;
  std::string source;  // who says so

  // The last day that it is kept; nullopt: `since` is no day. Without months and days it goes at
  // once, on that day.
  std::optional<std::string> kept_until(std::string_view since) const;
  bool is_over(const std::string& until, const std::string& today) const;
};

struct RetentionSchedule {
  std::vector<RetentionRule> rules;  // at most one for each `from`
  // By kind of record, "training-passed": why it has no rule of its own.
  std::map<std::string, std::string> goes_with;

  const RetentionRule* rule(std::string_view name) const;  // nullptr: none of that name
  // Kinds of record of which it says nothing at all.
  std::vector<std::string> silent_on() const;
};

// `invalid` says what is wrong and where; `not_found` that there is no such file.
sync::Result<RetentionSchedule> parse_retention(std::string_view toml);
sync::Result<RetentionSchedule> read_retention(const std::string& path);

// The day so many months later; of a month that is shorter its last. nullopt: not a day.
std::optional<std::string> months_after(std::string_view iso, int months);
// The last day of the tax year that this day is in: 2027-04-05. nullopt: not a day.
std::optional<std::string> tax_year_end(std::string_view iso);

}  // namespace throughgate::node
