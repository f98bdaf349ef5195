// Every form that somebody finds who follows every link of a site, and what can be sent with it.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/node/web/pages/visitor.h"

namespace throughgate::node::testing {

struct FoundForm {
  std::string page;    // the address on which it stands
  std::string action;  // where it posts to, as the page has it
  Typed untouched;     // what a browser would send of it
  // Names of what can be typed, ticked or chosen, and the first thing offered; empty: anything.
  std::vector<std::pair<std::string, std::string>> asked;
};

// `start` and whatever links lead to from there.
std::vector<FoundForm> forms_from(const Visitor& visitor, const std::vector<std::string>& start);

// The form as sent, with these in the place of what it holds.
Typed sent_with(const FoundForm& form, const Typed& typed);

}  // namespace throughgate::node::testing
