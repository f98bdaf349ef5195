// Compare and choose: a record changed in two or more places, one question for each field that
// differs. Nothing is chosen beforehand.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/web/components/button.h"

namespace throughgate::node::web {

struct CompareVersion {
  std::string value{};  // sent back when chosen: names the version, not its text
  Content shown{};
  Content source{};  // who and when: "HMP Northgate, A. Hughes, 19 November 2026 at 4:05pm"
};

// A value that is none of the versions: typed.
struct CompareOther {
  std::string value{};  // sent back when chosen
  Content text = "Another value";
  Html question{};
};

struct CompareField {
  std::string name{};
  std::string label{};
  std::vector<CompareVersion> versions{};  // one: the same in all places
  std::string chosen{};                    // the value picked before an error elsewhere
  Content error{};
  std::optional<CompareOther> other{};
};

struct Compare {
  Form form{};
  std::vector<CompareField> fields{};
  Html more{};  // the reason, say
  std::string save_text = "Save this record";
};
Html compare_and_choose(const Compare& compare);
// The versions side by side, for those who do not decide.
Html compare_only(const std::vector<CompareVersion>& versions);

}  // namespace throughgate::node::web
