#include "node/web/pages/first_day/answers.h"

namespace throughgate::node::web::first_day {

const char* address_of(Step step) {
  switch (step) {
    case Step::way:
      return "/set-up/which-computer";
    case Step::sheet_words:
      return "/set-up/organisations-sheet";
    case Step::kind:
      return "/set-up/kind";
    case Step::prison:
      return "/set-up/prison";
    case Step::name:
      return "/set-up/name";
    case Step::person:
      return "/set-up/person";
    case Step::check:
      return "/set-up/check";
    case Step::sheet:
      return "/set-up/recovery-sheet";
    case Step::asked_words:
      return "/set-up/words";
    case Step::password:
      break;
  }
  return "/set-up/password";
}

bool Answers::ask(Step step) const {
  switch (step) {
    case Step::sheet_words:
      return way == Way::another_computer;
    case Step::prison:
      return kind == sync::OrganisationKind::prison;
    case Step::sheet:
    case Step::asked_words:
      return way == Way::first_computer;
    default:
      return true;
  }
}

Step Answers::next() const {
  if (!way) return Step::way;
  if (ask(Step::sheet_words) && !joins) return Step::sheet_words;
  if (!kind) return Step::kind;
  if (ask(Step::prison) && establishment.empty()) return Step::prison;
  if (name.empty()) return Step::name;
  if (sign_in_name.empty()) return Step::person;
  if (!are_checked) return Step::check;
  if (ask(Step::sheet) && !sheet_was_seen) return Step::sheet;
  if (ask(Step::asked_words) && !sheet_is_kept) return Step::asked_words;
  return Step::password;
}

bool Answers::reach(Step step) const { return ask(step) && step <= next(); }

std::optional<Step> Answers::before(Step step) const {
  for (auto each = static_cast<int>(step) - 1; each >= 0; --each) {
    if (ask(static_cast<Step>(each))) return static_cast<Step>(each);
  }
  return std::nullopt;
}

void Answers::note_changed() {
  are_checked = false;
  sheet_was_seen = false;
  sheet_is_kept = false;
}

}  // namespace throughgate::node::web::first_day
