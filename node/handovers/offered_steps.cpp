#include "node/handovers/offered_steps.h"

#include <algorithm>

#include "node/handovers/handover_code.h"
#include "node/handovers/handovers.h"

namespace throughgate::node {
namespace {

using schema::Handover;
using sync::Role;
using State = Handover::State;

class Ways {
 public:
  Ways(const CaseFile& file, const sync::PolicyTable& policies)
      : file_(file),
        stages_(policies.find(record_type(*Handover::descriptor())->number,
                              Handover::kStateFieldNumber)) {}

  // May it go along these stages, one after the other, from where it stands?
  bool lead(std::initializer_list<State> path) const {
    if (!stages_ || !file_.role()) return false;
    std::uint32_t from = static_cast<std::uint32_t>(file_.state);
    for (const State to : path) {
      if (!stages_->allows(from, static_cast<std::uint32_t>(to), *file_.role())) return false;
      from = static_cast<std::uint32_t>(to);
    }
    return true;
  }
  bool is_at(State state) const { return file_.state == state; }
  bool has_role(Role role) const { return file_.role() == role; }

 private:
  const CaseFile& file_;
  const sync::FieldPolicy* stages_;
};

bool before_sending(const CaseFile& file) {
  return file.state == Handover::DRAFT || file.state == Handover::READY;
}

bool may(Step step, const CaseFile& file, const Ways& ways, const OpenNode& node) {
  switch (step) {
    case Step::basis:
      return ways.has_role(Role::owner) && !is_over(file.state);
    case Step::share:
      return before_sending(file) &&
             (ways.lead({Handover::SENT}) || ways.lead({Handover::READY, Handover::SENT}));
    case Step::accept:
      return ways.lead({Handover::ACCEPTED});
    case Step::more_info:
      return ways.lead({Handover::MORE_INFO}) ||
             (ways.is_at(Handover::MORE_INFO) && ways.lead({Handover::ACCEPTED}));
    case Step::decline:
      return ways.lead({Handover::DECLINED});
    case Step::code:
      return HandoverCodes::makes(file);
    case Step::confirm_code:
      return HandoverCodes::takes(file);
    case Step::plan:
      return ways.lead({Handover::PLANNED}) ||
             (ways.is_at(Handover::PLANNED) && ways.lead({Handover::RELEASED}));
    case Step::release:
      return ways.lead({Handover::RELEASED}) &&
             (ways.has_role(Role::owner) || !is_before_expected(file, "", node.now_ms()));
    case Step::gate:
      return ways.lead({Handover::GATE_MET}) || ways.lead({Handover::RELEASED, Handover::GATE_MET});
    case Step::found:
      return ways.lead({Handover::CONTACT_RECOVERED});
    case Step::lost:
      return ways.lead({Handover::LOST});
    case Step::support:
      return ways.lead({Handover::ACTIVE_SUPPORT});
    case Step::close:
      return ways.lead({Handover::CLOSED}) ||
             ways.lead({Handover::ACTIVE_SUPPORT, Handover::CLOSED});
    case Step::stop:
      return !stages_to_stop(file, node.policies()).empty();
    case Step::add_partner:
      return ways.has_role(Role::owner) && !before_sending(file) && !is_over(file.state);
    case Step::remove_partner:
      return sync::leads(file.role()) && !partners_of(file).empty();
    case Step::backup:
      return ways.has_role(Role::owner) && !is_over(file.state);
    case Step::use_backup:
      return ways.has_role(Role::owner) && !file.value(Handover::kBackupFieldNumber).empty() &&
             !ways.is_at(Handover::DRAFT) &&
             (ways.lead({Handover::SENT}) || ways.lead({Handover::READY, Handover::SENT}));
    case Step::move_to:
      return ways.has_role(Role::owner) && !before_sending(file) && !is_over(file.state);
  }
  return false;
}

}  // namespace

std::vector<sync::Member> partners_of(const CaseFile& file) {
  std::vector<sync::Member> out;
  for (const auto& member : file.root.dossier.members) {
    if (member.role != Role::owner && member.role != Role::central) out.push_back(member);
  }
  return out;
}

std::vector<Step> offered_steps(const CaseFile& file, const OpenNode& node) {
  const Ways ways(file, node.policies());
  std::vector<Step> out;
  if (!file.is_acted_on) return out;
  for (const Step step : {Step::basis, Step::share, Step::accept, Step::more_info, Step::decline,
                          Step::code, Step::confirm_code, Step::plan, Step::release, Step::gate,
                          Step::found, Step::lost, Step::support, Step::close, Step::stop}) {
    // Later on it is recorded for somebody more: see offered_with_members().
    const bool is_asked_for = step != Step::basis || before_sending(file);
    if (is_asked_for && may(step, file, ways, node)) out.push_back(step);
  }
  return out;
}

std::vector<Step> offered_with_members(const CaseFile& file, const OpenNode& node) {
  const Ways ways(file, node.policies());
  std::vector<Step> out;
  if (!file.is_acted_on) return out;
  for (const Step step : {Step::basis, Step::use_backup, Step::backup, Step::add_partner,
                          Step::remove_partner, Step::move_to}) {
    const bool is_elsewhere = step == Step::basis && before_sending(file);
    if (!is_elsewhere && may(step, file, ways, node)) out.push_back(step);
  }
  return out;
}

bool is_offered(Step step, const CaseFile& file, const OpenNode& node) {
  return file.is_acted_on && may(step, file, Ways(file, node.policies()), node);
}

std::vector<State> stages_to_stop(const CaseFile& file, const sync::PolicyTable& policies) {
  const Ways ways(file, policies);
  std::vector<State> out;
  for (const State state :
       {Handover::HELD, Handover::WITHDRAWN, Handover::BASIS_ENDED, Handover::RECALLED,
        Handover::DIED, Handover::EXPIRED, Handover::SUPERSEDED}) {
    if (ways.lead({state})) out.push_back(state);
  }
  return out;
}

bool may_write(const CaseFile& file, std::uint32_t type, int field,
               const sync::PolicyTable& policies) {
  const auto* policy = policies.find(type, static_cast<std::uint32_t>(field));
  return policy && file.is_acted_on && file.role() && sync::may_write_entries(*file.role()) &&
         policy->counts(*file.role());
}

}  // namespace throughgate::node
