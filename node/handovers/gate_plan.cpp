#include "node/handovers/gate_plan.h"

#include "node/days.h"

namespace throughgate::node {

using schema::Handover;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

sync::Bytes GatePlan::value(int field) const {
  for (const auto& op : plan_.ops) {
    if (op.field == file_.root.name.field(static_cast<std::uint32_t>(field))) return op.value;
  }
  return file_.value(field);
}

std::uint64_t GatePlan::number(int field) const {
  return sync::decode_number(value(field)).value_or(0);
}

bool GatePlan::is_complete() const {
  return !value(Handover::kMeetingPlaceFieldNumber).empty() &&
         !value(Handover::kMeetingTimeFieldNumber).empty();
}

Result<Done> GatePlan::check(const std::string& today) const {
  if (auto said = why_not_in_person(); !said) return said;
  return check_day(today);
}

// Of each of the three: in person, or why not.
Result<Done> GatePlan::why_not_in_person() const {
  if (!value(Handover::kMeetingAbsentBecauseFieldNumber).empty()) return Done{};
  for (const int field : {Handover::kMeetingPersonFieldNumber, Handover::kMeetingPrisonFieldNumber,
                          Handover::kMeetingPartnerFieldNumber}) {
    const auto presence = number(field);
    if (presence != Handover::ABSENT && presence != Handover::BY_TELEPHONE) continue;
    const auto& why =
        *Handover::descriptor()->FindFieldByNumber(Handover::kMeetingAbsentBecauseFieldNumber);
    return Error{ErrorKind::invalid, rule_of(why).label() + ": Say why. Nothing was saved."};
  }
  return Done{};
}

// A year typed wrong: nobody writes it down so late.
Result<Done> GatePlan::check_day(const std::string& today) const {
  const std::string on(crypto::as_text(value(Handover::kMeetingOnFieldNumber)));
  const auto earliest = day_after(today, -280);
  if (on.empty() || !earliest || on >= *earliest ||
      on == file_.text(Handover::kMeetingOnFieldNumber)) {
    return Done{};
  }
  return Error{ErrorKind::invalid,
               "Pre-release meeting on: This day is more than nine months ago. Check the year. "
               "Nothing was saved."};
}

}  // namespace throughgate::node
