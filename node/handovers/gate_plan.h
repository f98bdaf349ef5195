// The meeting before the release and the plan for the gate, as a save leaves them.
#pragma once

#include "node/change_plan.h"
#include "node/handovers/case_file.h"

namespace throughgate::node {

// Looks at both, which must outlive it.
class GatePlan {
 public:
  GatePlan(const CaseFile& file, const ChangePlan& plan) : file_(file), plan_(plan) {}

  // A place and a time: it counts as planned.
  bool is_complete() const;
  //   invalid  somebody is not there in person, and not why; the meeting was too long before
  //            `today`, an ISO day, to be anything but a slip
  sync::Result<sync::Done> check(const std::string& today) const;

 private:
  sync::Bytes value(int field) const;
  std::uint64_t number(int field) const;
  sync::Result<sync::Done> why_not_in_person() const;
  sync::Result<sync::Done> check_day(const std::string& today) const;

  const CaseFile& file_;
  const ChangePlan& plan_;
};

}  // namespace throughgate::node
