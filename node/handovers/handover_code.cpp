#include "node/handovers/handover_code.h"

#include <algorithm>

#include "node/handovers/code_tries.h"
#include "node/records/catalogue.h"
#include "node/records/formats.h"
#include "node/text/unicode.h"
#include "sync/contexts.h"
#include "sync/layout.h"
#include "sync/store/member_secret.h"

namespace throughgate::node {
namespace {

using schema::FieldRule;
using schema::Handover;
using sync::Bytes;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::Role;
using sync::store::Purpose;
using sync::store::UnitOfWork;

constexpr std::size_t code_figures = 6;
constexpr std::uint32_t codes = 1'000'000;

bool is_to_confirm(const CaseFile& file) {
  switch (file.state) {
    case Handover::SENT:
    case Handover::MORE_INFO:
    case Handover::ACCEPTED:
    case Handover::PLANNED:
      return true;
    default:
      return false;
  }
}

// Each text ended by a zero byte, which no text holds.
void add_text(sync::LayoutWriter& out, std::string_view text) {
  out.bytes(crypto::as_bytes(text)).u8(0);
}

// As it is read aloud: in one case, one blank between words, without what nobody sees.
std::string as_spoken(const std::string& place) {
  std::string out = fold_case(visible_line(place));
  const auto twice = std::unique(out.begin(), out.end(),
                                 [](char one, char next) { return one == ' ' && next == ' '; });
  out.erase(twice, out.end());
  return out;
}

// Layout: partner 16 · quarter of an hour u64 · release day, place and time, each ended by 00.
Bytes said_by(const CaseFile& file, std::uint64_t step) {
  sync::LayoutWriter out;
  const auto* partner = file.root.dossier.member(Role::receiver);
  out.bytes(partner ? partner->organisation.view() : sync::OrganisationId{}.view()).u64(step);
  add_text(out, file.text(Handover::kReleaseDateFieldNumber));
  add_text(out, as_spoken(file.text(Handover::kMeetingPlaceFieldNumber)));
  add_text(out, file.text(Handover::kMeetingTimeFieldNumber));
  return out.take();
}

std::uint32_t figures_of(const sync::Hash& hash) {
  sync::LayoutReader in(hash);
  return static_cast<std::uint32_t>(in.u64() % codes);
}

std::string in_figures(std::uint32_t number) {
  std::string out = std::to_string(number);
  return std::string(code_figures - out.size(), '0') + out;
}

std::optional<std::uint32_t> typed_figures(std::string_view typed) {
  std::uint32_t number = 0;
  std::size_t figures = 0;
  for (const char sign : visible_line(typed)) {
    if (sign == ' ' || sign == '-') continue;
    if (sign < '0' || sign > '9' || ++figures > code_figures) return std::nullopt;
    number = number * 10 + static_cast<std::uint32_t>(sign - '0');
  }
  return figures == code_figures ? std::optional(number) : std::nullopt;
}

Error nothing_to_confirm(const char* whose) {
  return {ErrorKind::denied,
          std::string("A handover code is ") + whose +
              ", from when the handover was shared until the person is released. Nothing was "
              "saved."};
}

Error does_not_fit(std::size_t tries_left) {
  const std::string left = tries_left == 0 ? "There are no more tries for an hour."
                           : tries_left == 1
                               ? "There is 1 more try."
                               : "There are " + std::to_string(tries_left) + " more tries.";
  return {ErrorKind::invalid,
          "This code does not fit. Read the release day, the meeting place and the meeting time "
          "to each other: where they differ, agree what holds, record it at both ends, and ask for "
          "a new code. A code is good for three quarters of an hour, and the clocks of both "
          "computers must be right. " +
              left};
}

}  // namespace

std::string code_facts_in_words(const CaseFile& file) {
  const auto day = file.text(Handover::kReleaseDateFieldNumber);
  const auto place = visible_line(file.text(Handover::kMeetingPlaceFieldNumber));
  const auto time = file.text(Handover::kMeetingTimeFieldNumber);
  return (day.empty() ? "Release day not known" : "Release " + shown_text(FieldRule::DATE, day)) +
         ", " + (place.empty() ? "no meeting place yet" : place) + ", " +
         (time.empty() ? "no meeting time yet" : shown_text(FieldRule::TIME, time));
}

bool HandoverCodes::makes(const CaseFile& file) {
  return file.role() == Role::receiver && is_to_confirm(file);
}
bool HandoverCodes::takes(const CaseFile& file) {
  return file.role() == Role::owner && is_to_confirm(file);
}

Result<HandoverCode> HandoverCodes::make(const CaseFile& file) const {
  if (!makes(file)) return nothing_to_confirm("made by the partner");
  const std::uint64_t step = records_.node().now_ms() / code_step_ms;
  UnitOfWork work(records_.node().database(), Purpose::reading);
  const auto hash =
      member_hash(work, file.id(), sync::contexts::handover_code, said_by(file, step));
  if (!hash) return hash.error();
  if (work.failed()) return work.error();
  return HandoverCode{in_figures(figures_of(*hash)), (step + code_steps_good) * code_step_ms};
}

Result<bool> HandoverCodes::fits(const CaseFile& file, std::uint32_t figures) const {
  const std::uint64_t now = records_.node().now_ms() / code_step_ms;
  UnitOfWork work(records_.node().database(), Purpose::reading);
  bool found = false;
  for (std::uint64_t step = now - std::min(now, code_steps_good); step <= now + code_steps_ahead;
       ++step) {
    for (const auto& hash :
         member_hashes(work, file.id(), sync::contexts::handover_code, said_by(file, step))) {
      found = found || figures_of(hash) == figures;
    }
  }
  if (work.failed()) return work.error();
  return found;
}

Result<Saved> HandoverCodes::confirm(const CaseFile& file, const std::string& typed, const By& by) {
  if (!takes(file)) return nothing_to_confirm("typed by the prison");
  const auto figures = typed_figures(typed);
  if (!figures) {
    return Error{ErrorKind::invalid, "A handover code has six figures. Nothing was saved."};
  }
  const std::string facts = code_facts_in_words(file);
  ChangePlan plan;
  plan.ops.push_back({file.root.name.field(Handover::kConfirmedByCodeFieldNumber),
                      sync::OpKind::append,
                      Bytes(facts.begin(), facts.end()),
                      {},
                      {}});
  // Before a try is counted: whoever may not record it takes none from those who may.
  if (auto may = records_.check_written(plan.ops); !may) return may.error();
  if (auto fit = records_.check_text(file.id(), {}, by.reason); !fit) return fit.error();
  CodeTries tries(records_.node());
  const auto left = tries.count(file.id());
  if (!left) return left.error();
  const auto fitted = fits(file, *figures);
  if (!fitted) return fitted.error();
  if (!*fitted) return does_not_fit(*left);
  auto saved = records_.save(file.root.name, std::move(plan), by, TypedText::reason_alone);
  if (!saved) return saved;
  if (auto done = tries.forget(file.id()); !done) return done.error();
  return saved;
}

}  // namespace throughgate::node
