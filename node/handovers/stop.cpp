#include "node/handovers/stop.h"

#include <algorithm>
#include <tuple>

#include "node/days.h"
#include "node/records/formats.h"
#include "node/stages.h"

namespace throughgate::node {
namespace {

using schema::Handover;
using sync::store::FieldView;
using sync::store::OpStanding;
using sync::store::OpView;

const FieldView* stage_of(const CaseFile& file) {
  return file.root.field(Handover::kStateFieldNumber);
}

std::string label_of_stage(std::uint32_t stage) {
  return stage_label(*Handover::descriptor()->FindFieldByNumber(Handover::kStateFieldNumber),
                     stage);
}

std::uint32_t target_of(const OpView& step) {
  const auto change = sync::decode_state_change(step.value);
  return change ? change->to : 0;
}

auto place(const OpView& step) {
  return std::tuple(step.dsn.value_or(UINT64_MAX), step.arrived_at_ms, step.id.index);
}

bool is_stop(const OpView& step) {
  const auto stage = static_cast<int>(target_of(step));
  return Handover::State_IsValid(stage) && is_stopped(static_cast<Handover::State>(stage));
}

// Whoever meant to stop it has taken another step since, knowing where it stood.
bool went_on_after(const CaseFile& file, const OpView& missed) {
  return std::any_of(file.steps_applied.begin(), file.steps_applied.end(), [&](const OpView& step) {
    return step.role == missed.role && !is_stop(step) && place(step) > place(missed);
  });
}

}  // namespace

bool is_stopped(Handover::State state) {
  return state == Handover::HELD || (is_over(state) && state != Handover::CLOSED);
}

const OpView* stop_in(const FieldView& stage) {
  const auto* step = stage.shown();
  return step && is_stop(*step) ? step : nullptr;
}

const OpView* stop_of(const CaseFile& file) {
  const auto* stage = stage_of(file);
  return stage ? stop_in(*stage) : nullptr;
}

bool is_before_the_gate(const OpView& stop, std::uint64_t gate_result) {
  const auto change = sync::decode_state_change(stop.value);
  return gate_result == Handover::GATE_NOT_REPORTED && change && change->from != Handover::DECLINED;
}

const sync::Member* other_end(const sync::store::DossierView& dossier) {
  using sync::Role;
  const bool is_owner = dossier.own_role == Role::owner;
  if (!is_owner && dossier.own_role != Role::receiver) return nullptr;
  return dossier.member(is_owner ? Role::receiver : Role::owner);
}

std::string stop_in_words(const CaseFile& file) {
  const auto* step = stop_of(file);
  if (!step) return {};
  return "Stopped on " + shown_text(schema::FieldRule::DATE, iso_day(step->effective_ms)) + ": " +
         label_of_stage(target_of(*step));
}

std::string to_do_on_stop(const CaseFile& file) {
  const bool at_partner = file.role() == sync::Role::receiver;
  const bool unreported =
      file.number(Handover::kGateResultFieldNumber) == Handover::GATE_NOT_REPORTED;
  return at_partner && unreported ? "Tell whoever was to go to the gate"
                                  : "Tell whoever works with this person";
}

std::string steps_cut_off(const CaseFile& file, const sync::OrganisationId& organisation) {
  const auto* step = stop_of(file);
  if (!step) return {};
  std::string out;
  for (const auto& each : stage_of(file)->ops) {
    const bool came_late = each.standing == OpStanding::not_applied &&
                           each.organisation == organisation && place(each) > place(*step);
    if (came_late) out += (out.empty() ? "" : ", ") + label_of_stage(target_of(each));
  }
  return out;
}

std::optional<std::string> stop_that_missed(const CaseFile& file, sync::Role role) {
  const auto* stage = stage_of(file);
  if (!stage || !stage->shown() || is_over(file.state) || is_stopped(file.state)) {
    return std::nullopt;
  }
  for (const auto& each : stage->ops) {
    const bool missed =
        each.standing == OpStanding::not_applied && each.role == role && is_stop(each);
    if (missed && !went_on_after(file, each)) return label_of_stage(target_of(each));
  }
  return std::nullopt;
}

}  // namespace throughgate::node
