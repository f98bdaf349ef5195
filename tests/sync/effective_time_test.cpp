#include "sync/effective_time.h"

#include <catch_amalgamated.hpp>

using namespace throughgate::sync;

namespace {

constexpr std::uint64_t base = 1'800'000'000'000;      // the base was accepted then
constexpr std::uint64_t accepted = 1'800'000'900'000;  // and the entry a quarter of an hour later
constexpr std::uint64_t in_1970 = 5000;
constexpr std::uint64_t in_2099 = 4'080'000'000'000;

}  // namespace

TEST_CASE("a right clock is believed", "[effective_time]") {
  CHECK(effective_time_ms({base + 7, base, 0, accepted}) == base + 7);
}

TEST_CASE("a clock in 1970 counts as the time of the base", "[effective_time]") {
  CHECK(effective_time_ms({in_1970, base, 0, accepted}) == base);
  CHECK(effective_time_ms({in_1970, 0, 0, accepted}) == in_1970);  // no bound at base 0
}

TEST_CASE("a clock in 2099 counts as the time of acceptance", "[effective_time]") {
  CHECK(effective_time_ms({in_2099, base, 0, accepted}) == accepted);
}

TEST_CASE("within one stream time does not go back", "[effective_time]") {
  CHECK(effective_time_ms({base + 1, base, base + 500, accepted}) == base + 500);
  CHECK(effective_time_ms({base + 1, base, in_2099, accepted}) == accepted);  // nor past acceptance
}

TEST_CASE("acceptance is the last word, even below the base", "[effective_time]") {
  CHECK(effective_time_ms({base, base, 0, base - 1}) == base - 1);
}

TEST_CASE("what is provisional has no upper bound", "[effective_time]") {
  CHECK(effective_time_ms({in_2099, base, 0, std::nullopt}) == in_2099);
  CHECK(effective_time_ms({in_1970, base, 0, std::nullopt}) == base);
}

TEST_CASE("a change written again keeps its time, and no more than its acceptance",
          "[effective_time]") {
  CHECK(effective_time_of_copy_ms({in_1970, base, base, accepted}) == in_1970);
  CHECK(effective_time_of_copy_ms({in_2099, base, 0, accepted}) == accepted);
  CHECK(effective_time_of_copy_ms({in_2099, base, 0, std::nullopt}) == in_2099);
}
