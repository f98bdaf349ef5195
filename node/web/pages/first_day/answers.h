// What has been answered so far, and which question comes next. In memory only, until the last page
// makes a store of it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "node/setup.h"

namespace throughgate::node::web::first_day {

enum class Step {
  way,          // is this the organisation's first computer?
  sheet_words,  // no: what its recovery sheet says
  kind,
  prison,  // which one it is in the list of establishments
  name,
  person,  // the first member of staff
  check,
  sheet,        // a new organisation's recovery sheet
  asked_words,  // some of its words, typed back
  password,     // the last: then it is set up
};
const char* address_of(Step step);

struct Answers {
  enum class Way { first_computer, another_computer };

  std::optional<Way> way{};
  std::optional<Sheet> joins{};
  std::optional<sync::OrganisationKind> kind{};
  std::string establishment{};
  std::string name{};
  std::string staff_name{}, sign_in_name{};
  std::vector<std::string> roles{};
  bool are_checked = false;
  std::optional<Sheet> sheet{};  // made once they are
  bool sheet_was_seen = false;
  std::array<std::size_t, 3> asked{};  // which of its words, counted from 1
  bool sheet_is_kept = false;          // they were typed back

  Step next() const;
  // Whether it is asked at all, and everything before it has been answered.
  bool reach(Step step) const;
  // The one asked before it.
  std::optional<Step> before(Step step) const;
  // Something is another now: it is checked once more, and the sheet seen with what it says now.
  // Its words stay as they were, so that one that is on paper already stays good.
  void note_changed();

 private:
  bool ask(Step step) const;
};

}  // namespace throughgate::node::web::first_day
