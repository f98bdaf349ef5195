#include "node/handovers/handovers.h"

#include <algorithm>

#include "node/days.h"
#include "node/dossier_kinds.h"
#include "node/field_names.h"
#include "node/handovers/basis.h"
#include "node/handovers/gate_plan.h"
#include "node/handovers/offered_steps.h"
#include "node/handovers/same_day.h"
#include "node/last_contact.h"
#include "node/records/formats.h"
#include "node/records/values.h"
#include "node/stages.h"
#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

using schema::Handover;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::OpKind;
using sync::Result;
using sync::store::OpDraft;
using How = FieldInput::How;

const RecordType& handover_type() { return *record_type(*Handover::descriptor()); }

bool given(const std::vector<FieldInput>& inputs, std::string_view field) {
  return std::any_of(inputs.begin(), inputs.end(), [&](const FieldInput& input) {
    return spoken_name(input.field) == field && !is_blank(input.text);
  });
}

void add_unless_blank(std::vector<FieldInput>& inputs, std::string field, const std::string& text) {
  if (!is_blank(text)) inputs.push_back({std::move(field), text, How::set});
}

Error needs_reason(const char* what) {
  return {ErrorKind::invalid, std::string("Say why ") + what + ". Nothing was saved."};
}

Error no_plan_left() {
  return {ErrorKind::invalid,
          "A plan needs at least the meeting place and the meeting time. Nothing was saved."};
}

// A ground that the person has spoken against is not worth recording.
Result<sync::Done> fits_consent(const CaseFile& file, const BasisInput& basis,
                                const CodeLists& codes) {
  const auto consent = file.number(Handover::kConsentFieldNumber);
  if (consent != Handover::CONSENT_REFUSED && consent != Handover::CONSENT_WITHDRAWN) {
    return sync::Done{};
  }
  using schema::Disclosure;
  const auto& field = *Disclosure::descriptor()->FindFieldByNumber(Disclosure::kBasisFieldNumber);
  const auto ground = value_of(field, basis.ground, codes);
  if (!ground) return ground.error();
  const bool by_consent = sync::decode_number(*ground) == std::uint64_t{Disclosure::CONSENT};
  const bool reasoned = !is_blank(basis.override_reason) && !is_blank(basis.second_person);
  const auto may = check_consent(file, by_consent, reasoned);
  if (may) return sync::Done{};
  return Error{may.error().kind,
               rule_of(field).label() + ": " + may.error().message + " Nothing was saved."};
}

// A time of day, as typed, of something that has happened. What is no time, or on a day to come, is
// refused where it is read.
Result<sync::Done> is_over_by_now(RecordService& records, const std::string& label,
                                  const std::string& on, const std::string& at) {
  if (is_blank(at)) return sync::Done{};
  const auto time = stored_text(schema::FieldRule::TIME, at);
  const auto day = is_blank(on) ? Result<std::string>(iso_day(records.node().now_ms()))
                                : stored_text(schema::FieldRule::DATE, on);
  if (!time || !day || *day != latest_day(records.node()) || *time <= latest_time(records.node())) {
    return sync::Done{};
  }
  return Error{ErrorKind::invalid,
               label +
                   ": This time has not come yet. Save it once it has happened. Nothing was "
                   "saved."};
}

// The stage as typed, which is one of those at which it can be stopped from here.
Result<Handover::State> stage_to_stop(const CaseFile& file, const std::string& stage,
                                      const RecordService& records) {
  const auto& field = *Handover::descriptor()->FindFieldByNumber(Handover::kStateFieldNumber);
  const auto value = value_of(field, stage, records.codes());
  const auto number = value ? sync::decode_number(*value) : std::nullopt;
  std::string ways;
  for (const auto state : stages_to_stop(file, records.node().policies())) {
    if (number == static_cast<std::uint64_t>(state)) return state;
    ways += (ways.empty() ? "\"" : ", \"") + stage_label(field, static_cast<std::uint32_t>(state)) +
            "\"";
  }
  if (ways.empty()) {
    return Error{ErrorKind::denied,
                 "Your organisation cannot hold or stop this handover from where it stands."};
  }
  return Error{number ? ErrorKind::denied : ErrorKind::invalid,
               rule_of(field).label() + ": It can be stopped as one of these from here: " + ways +
                   ". Nothing was saved."};
}

Result<sync::Done> is_complete(const CaseFile& file, const CodeLists& codes) {
  const auto complete = completeness_of(file, codes);
  if (complete.is_ready()) return sync::Done{};
  std::string words = "This handover is not complete yet:";
  for (const auto& lack : complete.missing) words += " " + lack.words;
  return Error{ErrorKind::invalid, words};
}

bool is_before_release(const CaseFile& file, const std::string& on) {
  const auto day = stored_text(schema::FieldRule::DATE, on);
  return day && *day < file.text(Handover::kReleasedOnFieldNumber);
}

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

}  // namespace

Result<Saved> Handovers::begin(const std::vector<FieldInput>& inputs, const By& by) {
  if (!given(inputs, "family-name")) {
    return Error{ErrorKind::invalid, "Give at least the family name. Nothing was saved."};
  }
  std::vector<FieldInput> all = inputs;
  if (!given(inputs, "sender-name")) add_unless_blank(all, "sender-name", by.actor.name);
  add_day_of_same_day(all, records_);
  return records_.new_records({{&handover_type(), std::move(all)}}, Required::none, by);
}

Result<Completeness> Handovers::completeness(const DossierId& handover) const {
  const auto file = read(handover);
  if (!file) return file.error();
  return completeness_of(*file, records_.codes());
}

Result<Saved> Handovers::record_basis(const DossierId& handover, const BasisInput& basis,
                                      const By& by) {
  const auto file = read(handover);
  if (!file) return file.error();
  if (auto fits = fits_consent(*file, basis, records_.codes()); !fits) return fits.error();
  std::vector<FieldInput> inputs{
      {"to", basis.partner.hex(), How::set},
      {"to-name", organisation_name(records_.node(), basis.partner), How::set},
      {"regime", basis.regime, How::set},
      {"basis", basis.ground, How::set},
      {"purpose", basis.purpose, How::set},
      {"from", iso_day(records_.node().now_ms()), How::set},
      {"standing", "In force", How::set}};
  add_unless_blank(inputs, "classes", joined_lines(basis.classes));
  add_unless_blank(inputs, "expires-on", basis.expires_on);
  add_unless_blank(inputs, "evidence", basis.evidence);
  add_unless_blank(inputs, "override-reason", basis.override_reason);
  add_unless_blank(inputs, "second-person", basis.second_person);
  return records_.new_record_in(handover, *record_type(*schema::Disclosure::descriptor()), inputs,
                                by);
}

Result<Saved> Handovers::ready(const DossierId& handover, const By& by) {
  const auto file = read(handover);
  if (!file) return file.error();
  if (auto full = is_complete(*file, records_.codes()); !full) return full.error();
  if (auto may = check_any_basis(*file, records_.node(), records_.codes()); !may) {
    return Error{may.error().kind, may.error().message + " Nothing was saved."};
  }
  return step(handover, {Handover::READY}, {}, by);
}

Result<Saved> Handovers::share(const DossierId& handover, const sync::OrganisationId& partner,
                               const By& by) {
  if (auto may = records_.viewer().check(Act::share); !may) return may.error();
  const auto file = read(handover);
  if (!file) return file.error();
  if (auto full = is_complete(*file, records_.codes()); !full) return full.error();
  if (auto may = check_basis(*file, partner, records_.node(), records_.codes()); !may) {
    return Error{may.error().kind, may.error().message + " Nothing was shared."};
  }
  std::vector<State> path;
  if (file->state == Handover::DRAFT) path.push_back(Handover::READY);
  path.push_back(Handover::SENT);
  auto plan = plan_step(*file, path,
                        {{"receiver", partner.hex(), How::set},
                         {"receiver-name", organisation_name(records_.node(), partner), How::set}},
                        Form::of(file->root));
  if (!plan) return plan.error();
  return change_members(*file,
                        {sync::store::MemberChange::Kind::set_role, partner, sync::Role::receiver},
                        *std::move(plan), by);
}

// ---- the partner's answers

Result<Saved> Handovers::accept(const DossierId& handover, const std::string& contact,
                                const By& by) {
  std::vector<FieldInput> inputs;
  add_unless_blank(inputs, "receiver-contact", contact);
  return step(handover, {Handover::ACCEPTED}, inputs, by);
}

Result<Saved> Handovers::decline(const DossierId& handover, const std::string& reason,
                                 const std::string& note, const By& by) {
  if (is_blank(reason)) return needs_reason("it is declined");
  std::vector<FieldInput> inputs{{"decline-reason", reason, How::set}};
  add_unless_blank(inputs, "decline-note", note);
  return step(handover, {Handover::DECLINED}, inputs, by);
}

Result<Saved> Handovers::more_info(const DossierId& handover, const std::string& what,
                                   const By& by) {
  if (is_blank(what)) {
    return Error{ErrorKind::invalid, "Say what else you need to know. Nothing was saved."};
  }
  const auto file = read(handover);
  if (!file) return file.error();
  std::vector<State> path;  // asked again: it stays where it is
  if (file->state != Handover::MORE_INFO) path.push_back(Handover::MORE_INFO);
  return step(handover, path, {{"information-wanted", what, How::set}}, by);
}

Result<Saved> Handovers::answer(const DossierId& handover, const std::string& words, const By& by) {
  if (is_blank(words)) {
    return Error{ErrorKind::invalid, "Say what the answer is. Nothing was saved."};
  }
  const auto file = read(handover);
  if (!file) return file.error();
  if (file->state != Handover::MORE_INFO || file->role() != sync::Role::owner) {
    return Error{ErrorKind::denied,
                 "Nothing is asked here that your organisation has to answer. Nothing was saved."};
  }
  return step(handover, {}, {{"notes", words, How::set}}, by);
}

// ---- towards the gate

Result<Saved> Handovers::plan(const DossierId& handover, const std::vector<FieldInput>& inputs,
                              const By& by, const Form* opened) {
  const auto file = read(handover);
  if (!file) return file.error();
  const bool was_planned = file->state == Handover::PLANNED;
  std::vector<State> path;
  if (!was_planned) path.push_back(Handover::PLANNED);
  auto plan = plan_step(*file, path, inputs, opened ? *opened : Form::of(file->root));
  if (!plan) return plan.error();
  const GatePlan after(*file, *plan);
  const std::string today = iso_day(records_.node().now_ms());
  if (auto sound = after.check(today); !sound) return sound.error();
  if (after.is_complete()) return records_.save(file->root.name, std::move(*plan), by);
  if (was_planned) return no_plan_left();
  std::erase_if(plan->ops, [](const OpDraft& op) { return op.kind == OpKind::transition; });
  if (plan->ops.empty()) return no_plan_left();
  plan->notes.emplace_back(
      "It counts as planned once the meeting place and the meeting time are given.");
  return records_.save(file->root.name, std::move(*plan), by);
}

bool is_before_expected(const CaseFile& file, const std::string& on, std::uint64_t now_ms) {
  const std::string expected = file.text(Handover::kReleaseDateFieldNumber);
  const auto day = is_blank(on) ? Result<std::string>(iso_day(now_ms))
                                : stored_text(schema::FieldRule::DATE, on);
  return day && *day < expected;
}

Result<Saved> Handovers::release(const DossierId& handover, const std::string& on,
                                 const std::string& at, const By& by, bool is_early) {
  const auto file = read(handover);
  if (!file) return file.error();
  const auto now_ms = records_.node().now_ms();
  if (!is_early && is_before_expected(*file, on, now_ms)) {
    const auto expected =
        shown_text(schema::FieldRule::DATE, file->text(Handover::kReleaseDateFieldNumber));
    return Error{ErrorKind::invalid,
                 "Released on: The release is expected on " + expected +
                     ". Say that it was earlier, or give another day. Nothing was saved."};
  }
  if (auto over = is_over_by_now(records_, "Released at", on, at); !over) return over.error();
  const std::string day = is_blank(on) ? iso_day(now_ms) : on;
  std::vector<FieldInput> inputs{{"released-on", day, How::set}};
  add_unless_blank(inputs, "released-at", at);
  // The others have planned for the day that was expected: they are asked to read this.
  const auto* expected = file->root.field(Handover::kReleaseDateFieldNumber);
  if (is_before_expected(*file, on, now_ms) && !expected->in_review) {
    inputs.push_back({"release-date", day, How::set});
  }
  return step(handover, {Handover::RELEASED}, inputs, by);
}

Result<Saved> Handovers::gate(const DossierId& handover, const GateReport& report, const By& by) {
  const bool met = report.result == GateReport::Result::met;
  const bool missed = report.result == GateReport::Result::missed;
  if (!met && is_blank(report.missed_because)) return needs_reason("they were not met");
  if (met && !is_blank(report.missed_because)) {
    return Error{ErrorKind::invalid,
                 "Why they were not met: You say that they were met at the gate. Take the reason "
                 "out, or say that they were not met. Nothing was saved."};
  }
  const auto file = read(handover);
  if (!file) return file.error();
  const std::string on = is_blank(report.on) ? iso_day(records_.node().now_ms()) : report.on;
  if (auto over = is_over_by_now(records_, "Time", on, report.at); !over) return over.error();
  if (met && is_before_release(*file, on)) {
    return Error{
        ErrorKind::invalid,
        "Date: The release is recorded for " +
            shown_text(schema::FieldRule::DATE, file->text(Handover::kReleasedOnFieldNumber)) +
            ", and nobody is met before that. Check both. Nothing was saved."};
  }
  std::vector<FieldInput> inputs{{"gate-on", on, How::set}};
  std::vector<State> path;
  if (file->state == Handover::PLANNED) {
    path.push_back(Handover::RELEASED);
    // Who was not met may have been released on another day, or not at all.
    if (!missed && file->text(Handover::kReleasedOnFieldNumber).empty()) {
      inputs.push_back({"released-on", on, How::set});
    }
  }
  path.push_back(met ? Handover::GATE_MET : Handover::GATE_MISSED);
  const bool elsewhere = report.result == GateReport::Result::met_elsewhere;
  if (elsewhere) path.push_back(Handover::CONTACT_RECOVERED);
  inputs.push_back({"gate-result", met ? "MET" : elsewhere ? "MET_ELSEWHERE" : "MISSED", How::set});
  add_unless_blank(inputs, "gate-missed-reason", report.missed_because);
  add_unless_blank(inputs, "gate-reported-by", report.reported_by);
  add_unless_blank(inputs, "gate-at", report.at);
  add_unless_blank(inputs, "gate-notes", report.notes);
  return step(handover, path, inputs, by);
}

Result<Saved> Handovers::found(const DossierId& handover, const By& by) {
  return step(handover, {Handover::CONTACT_RECOVERED}, {}, by);
}
Result<Saved> Handovers::lost(const DossierId& handover, const By& by) {
  return step(handover, {Handover::LOST}, {}, by);
}
Result<Saved> Handovers::support(const DossierId& handover, const By& by) {
  return step(handover, {Handover::ACTIVE_SUPPORT}, {}, by);
}

Result<Saved> Handovers::close(const DossierId& handover, const std::string& reason, const By& by) {
  if (is_blank(reason)) return needs_reason("it is closed");
  const auto file = read(handover);
  if (!file) return file.error();
  std::vector<State> path;
  const bool met = file->state == Handover::GATE_MET || file->state == Handover::LOST ||
                   file->state == Handover::CONTACT_RECOVERED;
  if (met) path.push_back(Handover::ACTIVE_SUPPORT);
  path.push_back(Handover::CLOSED);
  return step(handover, path, {{"close-reason", reason, How::set}}, by);
}

Result<Saved> Handovers::stop(const DossierId& handover, const std::string& stage,
                              const std::string& note, const By& by) {
  if (is_blank(note)) return needs_reason("it stops");
  const auto file = read(handover);
  if (!file) return file.error();
  const auto to = stage_to_stop(*file, stage, records_);
  if (!to) return to.error();
  return step(handover, {*to}, {{"stop-note", note, How::set}}, by);
}

// ---- a step

Result<ChangePlan> Handovers::plan_step(const CaseFile& file, const std::vector<State>& path,
                                        const std::vector<FieldInput>& inputs,
                                        const Form& opened) const {
  const auto& type = handover_type();
  const auto& field = *Handover::descriptor()->FindFieldByNumber(Handover::kStateFieldNumber);
  const auto* policy = records_.node().policies().find(type.number, Handover::kStateFieldNumber);
  const auto role = file.role();
  if (!policy || !role) {
    return Error{ErrorKind::denied, "Your organisation no longer takes part in this handover."};
  }
  auto plan = records_.plan(opened, inputs);
  if (!plan) return plan.error();
  const auto* stage = file.root.field(Handover::kStateFieldNumber);
  std::vector<sync::OpId> seen = stage ? stage->seen() : std::vector<sync::OpId>{};
  std::uint32_t from = static_cast<std::uint32_t>(file.state);
  std::vector<OpDraft> moves;
  for (const State to : path) {
    if (!policy->allows(from, static_cast<std::uint32_t>(to), *role)) {
      return Error{ErrorKind::denied,
                   no_way(field, *policy, from, static_cast<std::uint32_t>(to), *role)};
    }
    moves.push_back({file.root.name.field(Handover::kStateFieldNumber),
                     OpKind::transition,
                     sync::encode_state_change({from, static_cast<std::uint32_t>(to)}),
                     std::exchange(seen, {}),
                     {}});
    from = static_cast<std::uint32_t>(to);
  }
  plan->ops.insert(plan->ops.begin(), moves.begin(), moves.end());
  return plan;
}

Result<Saved> Handovers::step(const DossierId& handover, const std::vector<State>& path,
                              const std::vector<FieldInput>& inputs, const By& by) {
  const auto file = read(handover);
  if (!file) return file.error();
  auto plan = plan_step(*file, path, inputs, Form::of(file->root));
  if (!plan) return plan.error();
  return records_.save(file->root.name, std::move(*plan), by);
}

}  // namespace throughgate::node
