#include "node/handovers/next_steps.h"

#include <algorithm>

#include "node/days.h"
#include "node/handovers/question.h"
#include "node/handovers/stop.h"

namespace throughgate::node {
namespace {

using schema::Handover;
using sync::Role;

class Steps {
 public:
  Steps(const CaseFile& file, std::string today) : file_(file), today_(std::move(today)) {}

  void add(std::string action, std::string words, const std::optional<std::string>& due = {}) {
    NextStep step{std::move(action), std::move(words), due.value_or(""), false};
    step.is_late = is_past(due);
    out.push_back(std::move(step));
  }

  bool is_past(const std::optional<std::string>& due) const {
    return due && !due->empty() && *due < today_;
  }
  // Counted from the release: the day it happened, else the day expected.
  std::optional<std::string> from_release(int days) const {
    const auto on = file_.text(Handover::kReleasedOnFieldNumber);
    return day_after(on.empty() ? file_.text(Handover::kReleaseDateFieldNumber) : on, days);
  }
  // When the handover came to the stage it is in.
  std::string stage_began() const {
    const auto* field = file_.root.field(Handover::kStateFieldNumber);
    const auto* op = field ? field->shown() : nullptr;
    return op ? iso_day(op->effective_ms) : today_;
  }

  // The day on which the prison said what the partner had asked; none: it has not.
  std::optional<std::string> question_answered() const {
    const auto question = question_of(file_);
    if (!question || !question->answered_ms) return std::nullopt;
    return iso_day(*question->answered_ms);
  }

  // Six weeks after the release, and six months: done with a note that the partner writes from two
  // weeks before. nullopt: both are.
  std::optional<std::string> review_due() const {
    for (const int days : {42, 182}) {
      const auto due = from_release(days);
      const auto from = due ? day_after(*due, -14) : std::nullopt;
      if (!from || last_note_of(Role::receiver) < *from) return due.value_or("");
    }
    return std::nullopt;
  }

  std::vector<NextStep> out;

 private:
  std::string last_note_of(Role role) const {
    std::string last;
    const auto* notes = file_.root.field(Handover::kNotesFieldNumber);
    if (!notes) return last;
    for (const auto* op : notes->listed()) {
      if (op->role == role) last = std::max(last, iso_day(op->effective_ms));
    }
    return last;
  }

  const CaseFile& file_;
  std::string today_;
};

std::string things_missing(std::size_t count) {
  return count == 1 ? "1 thing is missing" : std::to_string(count) + " things are missing";
}

void owner_steps(const CaseFile& file, const CodeLists& codes, Steps& steps) {
  switch (file.state) {
    case Handover::DRAFT:
    case Handover::READY: {
      const auto complete = completeness_of(file, codes);
      if (!complete.is_ready()) {
        steps.add("complete", "Complete it: " + things_missing(complete.missing.size()),
                  steps.from_release(-84));
      } else if (file.disclosures.empty()) {
        steps.add("basis", "Record the ground for sharing");
      } else {
        steps.add("share", "Share it with a partner");
      }
      break;
    }
    case Handover::SENT:
      steps.add("wait", "The partner has to answer; ring them if they do not",
                working_day_after(steps.stage_began(), 5));
      break;
    case Handover::MORE_INFO:
      if (const auto answered = steps.question_answered()) {
        steps.add("wait", "The partner has to read your answer; ring them if they do not",
                  working_day_after(*answered, 5));
      } else {
        steps.add("set", "Answer what the partner asked");
      }
      break;
    case Handover::RELEASED: {
      const auto due = steps.from_release(1);
      steps.add("wait",
                steps.is_past(due) ? "The partner has not said how it went at the gate: ring them"
                                   : "The partner says how it went at the gate",
                due);
      break;
    }
    case Handover::DECLINED:
      steps.add("new", "Begin another handover for another partner");
      break;
    default:
      break;
  }
}

void receiver_steps(const CaseFile& file, Steps& steps) {
  switch (file.state) {
    case Handover::MORE_INFO:
      if (const auto answered = steps.question_answered()) {
        steps.add("accept", "Read the answer, then accept, decline or ask again",
                  working_day_after(*answered, 5));
      } else {
        steps.add("wait", "The prison has to answer what you asked; ring them if it does not",
                  working_day_after(steps.stage_began(), 5));
      }
      break;
    case Handover::SENT:
      steps.add("accept", "Answer the prison: accept, decline, or ask for more",
                working_day_after(steps.stage_began(), 5));
      break;
    case Handover::RELEASED:
      steps.add("gate", "Say how it went at the gate", steps.from_release(1));
      break;
    case Handover::GATE_MISSED:
      steps.add("found", "Look for the person today; then say found or lost",
                steps.from_release(1));
      break;
    case Handover::GATE_MET:
    case Handover::CONTACT_RECOVERED:
      steps.add("support", "Make the first contact in the community", steps.from_release(3));
      break;
    case Handover::LOST:
      steps.add("close", "Close it, or go on if the person turns up", steps.from_release(28));
      break;
    case Handover::ACTIVE_SUPPORT:
      if (const auto due = steps.review_due()) {
        steps.add("review", "Review how it goes, and write a note of it", due);
      }
      steps.add("close", "Close it when support ends");
      break;
    default:
      break;
  }
}

void shared_steps(const CaseFile& file, Role role, Steps& steps) {
  if (role != Role::owner && role != Role::receiver) return;
  if (file.state == Handover::ACCEPTED) {
    steps.add("plan", "Hold the pre-release meeting and plan the gate", steps.from_release(-14));
  }
  if (file.state == Handover::PLANNED) {
    if (file.text(Handover::kFinalCheckOnFieldNumber).empty()) {
      steps.add("set", "Do the final check of date, time and place", steps.from_release(-2));
    }
    steps.add(role == Role::receiver ? "gate" : "release",
              role == Role::receiver ? "Say how it went at the gate"
                                     : "Confirm that the person was released",
              steps.from_release(role == Role::receiver ? 1 : 0));
  }
}

// The organisation at the other end; none: it was not sent yet, or they have left.
const sync::Member* other_end(const CaseFile& file, Role role) {
  if (role != Role::owner && role != Role::receiver) return nullptr;
  return file.root.dossier.member(role == Role::owner ? Role::receiver : Role::owner);
}

// Read here where others stopped it; else whoever stopped it has to know that the others know.
void stop_steps(const CaseFile& file, Role role, const std::vector<Unread>& unread, Steps& steps) {
  const auto* stop = stop_of(file);
  if (stop_among(unread)) {
    steps.add("acknowledge",
              stop_in_words(file) + ". " + to_do_on_stop(file) + ", then mark it as read");
  }
  const auto* other = other_end(file, role);
  const bool ours = stop && stop->role == role;
  if (!ours || !other || read_by(file.root, other->organisation).contains(stop->id)) return;
  steps.add("wait", std::string(role == Role::owner ? "The partner" : "The prison") +
                        " has not said yet that it has read this: ring them, so that nobody "
                        "comes for nothing");
}

void reading_steps(const std::vector<Unread>& unread, Steps& steps) {
  const std::size_t changes = unread.size() - (stop_among(unread) ? 1 : 0);
  if (changes == 0) return;
  steps.add("acknowledge", "Read what has changed: " + std::to_string(changes) +
                               (changes == 1 ? " change waits for you" : " changes wait for you"));
}

}  // namespace

std::vector<NextStep> next_steps(const CaseFile& file, const CodeLists& codes,
                                 const std::vector<Unread>& unread, std::uint64_t now_ms) {
  Steps steps(file, iso_day(now_ms));
  if (!file.role()) return {};
  stop_steps(file, *file.role(), unread, steps);
  if (is_over(file.state)) return std::move(steps.out);
  if (const auto missed = stop_that_missed(file, *file.role())) {
    steps.add("stop", "\"" + *missed +
                          "\" did not apply, as the others had gone on meanwhile: "
                          "stop it again, and ring them");
  }
  reading_steps(unread, steps);
  if (*file.role() == Role::owner) owner_steps(file, codes, steps);
  if (*file.role() == Role::receiver) receiver_steps(file, steps);
  shared_steps(file, *file.role(), steps);
  if (file.state == Handover::HELD) {
    if (*file.role() == Role::owner) {
      steps.add("new", "It is on hold: begin another handover when it goes on");
    }
    steps.add("stop", "Withdraw it if it does not go on");
  }
  std::stable_partition(steps.out.begin(), steps.out.end(),
                        [](const NextStep& step) { return step.is_late; });
  return std::move(steps.out);
}

}  // namespace throughgate::node
