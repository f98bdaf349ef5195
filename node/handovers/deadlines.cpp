#include "node/handovers/deadlines.h"

#include <algorithm>

#include "node/days.h"

namespace throughgate::node {

using schema::Handover;

bool Deadlines::release_has_passed() const {
  if (!file_.text(Handover::kReleasedOnFieldNumber).empty()) return false;
  const auto first = file_.text(Handover::kReleaseDateFieldNumber);
  return !first.empty() &&
         is_past(std::max(first, file_.text(Handover::kReleaseDateLatestFieldNumber)));
}

bool Deadlines::release_is_near() const {
  const auto release = from_release(0);
  const auto last = release ? working_day_before(*release) : std::nullopt;
  return last && *last <= today_;
}

Deadlines::Day Deadlines::from_release(int days) const {
  const auto on = file_.text(Handover::kReleasedOnFieldNumber);
  return day_after(on.empty() ? file_.text(Handover::kReleaseDateFieldNumber) : on, days);
}

Deadlines::Day Deadlines::before_release(const Day& due, const std::string& came_up) const {
  const auto release = from_release(0);
  const auto last = release ? working_day_before(*release) : std::nullopt;
  const auto earlier = due && last ? std::min(due, last) : due ? due : last;
  return earlier ? std::max(earlier, Day(came_up)) : std::nullopt;
}

Deadlines::Day Deadlines::answer_to(const std::string& asked_on) const {
  return before_release(working_day_after(asked_on, 5), asked_on);
}

Deadlines::Day Deadlines::reading_of_stop(const std::string& stopped_on) const {
  return before_release(working_day_after(stopped_on, 1), stopped_on);
}

std::string Deadlines::begun() const {
  std::string first = today_;
  for (const auto& field : file_.root.fields) {
    for (const auto& op : field.ops) first = std::min(first, iso_day(op.effective_ms));
  }
  return first;
}

std::string Deadlines::stage_began() const {
  const auto* field = file_.root.field(Handover::kStateFieldNumber);
  const auto* op = field ? field->shown() : nullptr;
  return op ? iso_day(op->effective_ms) : today_;
}

}  // namespace throughgate::node
