// A date typed as day, month and year.
#pragma once

#include <optional>
#include <string>

#include "node/web/components/field.h"

namespace throughgate::node::web {

struct DateInput {
  std::string id{};
  std::string name_prefix{};  // fields are then PREFIX-day, PREFIX-month, PREFIX-year
  std::optional<Legend> legend{};
  Content hint{};
  Content error{};
  std::string day{}, month{}, year{};  // as typed
  // The parts the error is about; all three when none is named.
  bool bad_day = false, bad_month = false, bad_year = false;
};
Html date_input(const DateInput& input);

}  // namespace throughgate::node::web
