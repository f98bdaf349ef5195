// By when the steps of a handover are due, counted from its release and from where it stands. Days
// are ISO text; none where no day is set.
#pragma once

#include "node/handovers/case_file.h"

namespace throughgate::node {

class Deadlines {
 public:
  using Day = std::optional<std::string>;

  // `file` must outlive it.
  Deadlines(const CaseFile& file, std::string today) : file_(file), today_(std::move(today)) {}

  bool is_past(const Day& due) const { return due && !due->empty() && *due < today_; }
  // Nobody has confirmed the release, and the last day on which it was expected is over.
  bool release_has_passed() const;
  // Today is the last day on which it helps to ring somebody before the release, or later.
  bool release_is_near() const;

  // Counted from the release: the day it happened, else the day expected.
  Day from_release(int days) const;
  // Of what has to be done before the gate: on `due`, but on the working day before the release at
  // the latest; and never before the day on which it came up.
  Day before_release(const Day& due, const std::string& came_up) const;
  // Of what comes up with the stage it is in: so many days from the release, as before_release().
  Day in_stage(int days_from_release) const {
    return before_release(from_release(days_from_release), stage_began());
  }
  // An answer that was waited for since then: within five working days, and before the release.
  Day answer_to(const std::string& asked_on) const;
  // A stop is to be read at the other end: on the working day after it was made.
  Day reading_of_stop(const std::string& stopped_on) const;
  // A draft is to be complete, and with the partner: so that its five working days to answer are
  // over by the meeting, which is due fourteen days before the release.
  Day sharing() const { return before_release(from_release(-21), begun()); }

  std::string begun() const;        // when the handover was begun
  std::string stage_began() const;  // when it came to the stage it is in

 private:
  const CaseFile& file_;
  std::string today_;
};

}  // namespace throughgate::node
