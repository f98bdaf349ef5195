#include "node/handovers/next_steps.h"

#include <algorithm>

#include "node/days.h"
#include "node/handovers/deadlines.h"
#include "node/handovers/grounds.h"
#include "node/handovers/question.h"
#include "node/handovers/stop.h"

namespace throughgate::node {
namespace {

using schema::Handover;
using sync::Role;

constexpr int ground_warning_days = 14;  // to find out whether the person still agrees
constexpr const char* passed = "The release date has passed: ";

class Steps {
 public:
  Steps(const CaseFile& file, const std::string& today) : by(file, today), file_(file) {}

  void add(std::string action, std::string words, const std::optional<std::string>& due = {}) {
    NextStep step{std::move(action), std::move(words), due.value_or(""), false};
    step.is_late = by.is_past(due);
    out.push_back(std::move(step));
  }
  // What has to be done before the gate: late too once the release has passed.
  void add_before_gate(std::string action, std::string words, const Deadlines::Day& due) {
    add(std::move(action), std::move(words), due);
    out.back().is_late = out.back().is_late || by.release_has_passed();
  }
  // For others to answer. Where the release does not wait for that, it is for us to ring.
  void add_wait(const std::string& words, const std::string& when_near,
                const std::string& asked_on) {
    const bool near = by.release_is_near();
    add_before_gate(near ? "ring" : "wait", near ? when_near : words, by.answer_to(asked_on));
  }
  // That the other end reads of our stop. It needs nobody at once, but does until it is read.
  void add_reading_there(const sync::store::OpView& stop, Role role) {
    const std::string they = role == Role::owner ? "The partner" : "The prison";
    const std::string unread = they + " has not said yet that it has read this";
    if (!is_before_the_gate(stop, file_.number(Handover::kGateResultFieldNumber))) {
      return add("wait", unread);
    }
    const auto due = by.reading_of_stop(iso_day(stop.effective_ms));
    if (!by.release_is_near() && !by.is_past(due)) {
      return add("wait", they + " has to read that this has stopped; ring them if they do not",
                 due);
    }
    const char* why = role == Role::owner ? ": ring them, so that nobody comes for nothing"
                                          : ": ring them, so that they do not count on you";
    add("ring", unread + why, due);
  }
  void add_passed(std::string action, const std::string& what_to_do) {
    if (!by.release_has_passed()) return;
    add_before_gate(std::move(action), passed + what_to_do, std::nullopt);
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
      const auto due = by.from_release(days);
      const auto from = due ? day_after(*due, -14) : std::nullopt;
      if (!from || last_note_of(Role::receiver) < *from) return due.value_or("");
    }
    return std::nullopt;
  }

  const Deadlines by;
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
};

std::string things_missing(std::size_t count) {
  return count == 1 ? "1 thing is missing" : std::to_string(count) + " things are missing";
}

void draft_steps(const CaseFile& file, const CodeLists& codes, Steps& steps) {
  steps.add_passed("date", "change it, or stop this handover");
  const auto complete = completeness_of(file, codes);
  if (!complete.is_ready()) {
    steps.add_before_gate("complete", "Complete it: " + things_missing(complete.missing.size()),
                          steps.by.sharing());
  } else if (file.disclosures.empty()) {
    steps.add_before_gate("basis", "Record the ground for sharing", steps.by.sharing());
  } else {
    steps.add_before_gate("share", "Share it with a partner", steps.by.sharing());
  }
}

void owner_steps(const CaseFile& file, const CodeLists& codes, Steps& steps) {
  const auto began = steps.by.stage_began();
  switch (file.state) {
    case Handover::DRAFT:
    case Handover::READY:
      draft_steps(file, codes, steps);
      break;
    case Handover::SENT:
      steps.add_passed("date", "change it, or stop this handover");
      if (!file.texts(Handover::kConfirmedByCodeFieldNumber).empty()) {
        steps.add("wait", "The partner's code fitted on the telephone; their answer has to arrive");
      } else {
        steps.add_wait("The partner has to answer; ring them if they do not",
                       "The partner has not answered: ring them now", began);
      }
      break;
    case Handover::MORE_INFO:
      steps.add_passed("date", "change it, or stop this handover");
      if (const auto answered = steps.question_answered()) {
        steps.add_wait("The partner has to read your answer; ring them if they do not",
                       "The partner has not answered since you did: ring them now", *answered);
      } else {
        steps.add_before_gate("set", "Answer what the partner asked", steps.by.answer_to(began));
      }
      break;
    case Handover::RELEASED: {
      const auto due = steps.by.from_release(1);
      steps.add("wait",
                steps.by.is_past(due)
                    ? "The partner has not said how it went at the gate: ring them"
                    : "The partner says how it went at the gate",
                due);
      break;
    }
    case Handover::DECLINED:
      steps.add_before_gate("new", "Begin another handover for another partner",
                            steps.by.before_release(std::nullopt, began));
      break;
    default:
      break;
  }
}

void receiver_steps(const CaseFile& file, Steps& steps) {
  const auto began = steps.by.stage_began();
  switch (file.state) {
    case Handover::MORE_INFO:
      steps.add_passed("ring", "ask the prison whether the person is out");
      if (const auto answered = steps.question_answered()) {
        steps.add_before_gate("accept", "Read the answer, then accept, decline or ask again",
                              steps.by.answer_to(*answered));
      } else {
        steps.add_wait("The prison has to answer what you asked; ring them if it does not",
                       "The prison has not answered what you asked: ring them now", began);
      }
      break;
    case Handover::SENT:
      steps.add_passed("ring", "ask the prison whether the person is out");
      steps.add_before_gate("accept", "Answer the prison: accept, decline, or ask for more",
                            steps.by.answer_to(began));
      break;
    case Handover::RELEASED:
      steps.add("gate", "Say how it went at the gate", steps.by.from_release(1));
      break;
    case Handover::GATE_MISSED:
      steps.add("found", "Look for the person today; then say found or lost",
                steps.by.from_release(1));
      break;
    case Handover::GATE_MET:
    case Handover::CONTACT_RECOVERED:
      steps.add("support", "Make the first contact in the community", steps.by.from_release(3));
      break;
    case Handover::LOST:
      steps.add("close", "Close it, or go on if the person turns up", steps.by.from_release(28));
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
  const bool ours = role == Role::owner;
  if (file.state == Handover::ACCEPTED) {
    steps.add_passed(ours ? "date" : "ring",
                     ours ? "change it, or plan the gate and confirm the release"
                          : "ask the prison whether the person is out");
    steps.add_before_gate("plan", "Hold the pre-release meeting and plan the gate",
                          steps.by.in_stage(-14));
  }
  if (file.state == Handover::PLANNED) {
    if (file.text(Handover::kFinalCheckOnFieldNumber).empty()) {
      steps.add("set", "Do the final check of date, time and place", steps.by.in_stage(-2));
    }
    if (ours) {
      const bool late = steps.by.release_has_passed();
      steps.add("release",
                late ? std::string(passed) + "confirm the release, or change it"
                     : std::string("Confirm that the person was released"),
                steps.by.from_release(0));
    } else {
      steps.add("gate", "Say how it went at the gate", steps.by.from_release(1));
    }
  }
}

// Read here where others stopped it; else whoever stopped it has to know that the others know.
void stop_steps(const CaseFile& file, Role role, const std::vector<Unread>& unread, Steps& steps) {
  const auto* stop = stop_of(file);
  if (stop_among(unread)) {
    steps.add("acknowledge",
              stop_in_words(file) + ". " + to_do_on_stop(file) + ", then mark it as read");
  }
  const auto* other = other_end(file.root.dossier);
  const bool ours = stop && stop->role == role;
  if (!ours || !other || read_by(file.root, other->organisation).contains(stop->id)) return;
  steps.add_reading_there(*stop, role);
}

// Where the program itself cannot end sharing, somebody has to.
void ground_steps(const CaseFile& file, std::uint64_t now_ms, Steps& steps) {
  if (file.role() != Role::owner) return;
  const std::string today = iso_day(now_ms);
  const auto over = without_ground(file, today);
  const bool may_renew = !is_over(file.state) && !over.empty() && over.front().has_run_out;
  if (!over.empty()) {
    steps.add("remove-partner", may_renew ? "Stop sharing, or record another ground: it has run out"
                                          : "Stop sharing: its ground is over");
  }
  const auto last_day = ground_running_out(file, today, ground_warning_days);
  if (last_day && !is_over(file.state)) {
    steps.add("basis", "Record another ground for sharing, or sharing stops after the last day",
              last_day);
  }
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
  if (!file.role() || !file.is_acted_on) return {};
  stop_steps(file, *file.role(), unread, steps);
  ground_steps(file, now_ms, steps);
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
