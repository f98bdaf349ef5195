#include "tests/disk_faults/moments.h"

#include <catch_amalgamated.hpp>
#include <chrono>
#include <cstdlib>
#include <iostream>

namespace throughgate::testing {
namespace {

constexpr const char* variable = "THROUGHGATE_DISK_FAULTS";

std::uint64_t today() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::hours>(now).count()) /
         24;
}

std::optional<std::uint64_t> day_to_play() {
  const char* given = std::getenv(variable);
  if (given == nullptr || std::string(given) == "today") return today();
  if (std::string(given) == "every") return std::nullopt;
  return std::stoull(given);
}

}  // namespace

Moments::Moments(std::uint64_t most) : most_(most), day_(day_to_play()) {}

std::vector<std::uint64_t> Moments::turns(const std::string& what, std::uint64_t count) const {
  const std::uint64_t step = day_ ? (count + most_ - 1) / most_ : 1;
  std::vector<std::uint64_t> out;
  if (step == 0) return out;
  const std::uint64_t first = day_ ? (*day_ + std::hash<std::string>{}(what)) % step : 0;
  for (std::uint64_t n = first + 1; n <= count; n += step) out.push_back(n);
  return out;
}

void Moments::each(const std::string& what, const Changes& counted,
                   const std::function<bool(Fault, std::uint64_t)>& try_at,
                   const std::vector<Fault>& faults) {
  ++commands_;
  playing_ = what;
  for (const auto fault : faults) {
    const auto count = fault == Fault::full ? counted.needing_room : counted.all;
    const auto due = turns(what, count);
    counted_ += count;
    std::uint64_t struck = 0;
    for (const auto n : due) {
      INFO(what << ", change " << n << " of " << count
                << (fault == Fault::full   ? ", full"
                    : fault == Fault::dead ? ", ended"
                                           : ", failing once"));
      if (try_at(fault, n)) ++struck;
    }
    INFO(what << ": of " << count << " changes");
    CHECK(struck == due.size());
    if (!day_) CHECK(struck == count);
    CHECK_FALSE(try_at(fault, count + 1));
    tried_ += struck;
  }
}

void Moments::must_hold(bool holds, const std::string& promise, const std::string& seen) {
  if (holds) return;
  broken.insert(promise);
  if (is_twin) return;
  const bool is_first = ++told_[playing_ + ": " + promise] == 1;
  if (is_first) FAIL_CHECK("not kept: " + promise + "\n" + seen);
}

void Moments::print(const std::string& of) const {
  for (const auto& [promise, times] : told_) {
    std::cout << "not kept, " << times << " times: " << promise << "\n";
  }
  std::cout << "disk faults: {\"of\": \"" << of
            << "\", \"day\": " << (day_ ? std::to_string(*day_) : "null")
            << ", \"played\": " << commands_ << ", \"moments\": " << counted_
            << ", \"tried\": " << tried_ << "}\n";
}

}  // namespace throughgate::testing
