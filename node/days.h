// Days as records hold them: ISO text, counted in UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace throughgate::node {

std::string iso_day(std::uint64_t ms);  // ms since 1970 UTC: "2026-12-04"
// The day so many days later (or earlier); nullopt when the text is not a day.
std::optional<std::string> day_after(std::string_view iso, int days);
// The fifth working day after is 5; weekends do not count, bank holidays do.
std::optional<std::string> working_day_after(std::string_view iso, int working_days);
// The last working day before it.
std::optional<std::string> working_day_before(std::string_view iso);

// The same day so many years earlier.
std::string years_before(std::string_view iso, int years);

}  // namespace throughgate::node
