#include "node/web/sign_in_throttle.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace throughgate::node::web {
namespace {

constexpr int failures_max = 1'000;  // doubling has long stopped by then

std::optional<std::int64_t> number(std::string_view digits) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || value < 0) {
    return std::nullopt;
  }
  return value;
}

std::string_view next_word(std::string_view& rest, char separator) {
  const auto end = std::min(rest.find(separator), rest.size());
  const auto word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

}  // namespace

std::int64_t SignInThrottle::wait_ms(std::string_view name, std::int64_t now_ms) const {
  const auto found = accounts_.find(key_of(name));
  const std::int64_t account =
      found == accounts_.end() ? 0 : wait_of(found->second, limits_.account, now_ms);
  return std::max(account, wait_of(overall_, limits_.overall, now_ms));
}

void SignInThrottle::note_attempt(std::string_view name, std::int64_t now_ms) {
  add_failure(overall_, limits_.overall, now_ms);
  const Key key = key_of(name);
  if (!accounts_.contains(key)) make_room();
  add_failure(accounts_[key], limits_.account, now_ms);
}

void SignInThrottle::note_success(std::string_view name) {
  accounts_.erase(key_of(name));
  if (overall_.failures > 0) --overall_.failures;  // it was counted before it was known
}

SignInThrottle::Key SignInThrottle::key_of(std::string_view name) {
  const auto digest = crypto::hash("sign-in throttle", {crypto::as_bytes(name)});
  Key key;
  std::copy_n(digest.begin(), key.size(), key.begin());
  return key;
}

std::int64_t SignInThrottle::wait_of(const Tally& tally, const Backoff& backoff,
                                     std::int64_t now_ms) {
  if (tally.failures <= backoff.free) return 0;
  const std::int64_t quiet_ms = now_ms - tally.last_ms;
  if (quiet_ms >= backoff.forget_ms) return 0;
  const int doublings = std::min(tally.failures - backoff.free - 1, 30);
  const std::int64_t delay = std::min(backoff.first_ms << doublings, backoff.longest_ms);
  return std::max<std::int64_t>(0, delay - quiet_ms);
}

void SignInThrottle::add_failure(Tally& tally, const Backoff& backoff, std::int64_t now_ms) {
  const bool forgotten = now_ms - tally.last_ms >= backoff.forget_ms;
  tally.failures = forgotten ? 1 : std::min(tally.failures + 1, failures_max);
  tally.last_ms = now_ms;
}

// Made-up names must not push out the account that is being guessed at: fewest failures go first.
void SignInThrottle::make_room() {
  if (accounts_.size() < limits_.accounts_max) return;
  accounts_.erase(
      std::min_element(accounts_.begin(), accounts_.end(), [](const auto& a, const auto& b) {
        return std::pair(a.second.failures, a.second.last_ms) <
               std::pair(b.second.failures, b.second.last_ms);
      }));
}

std::string SignInThrottle::save(std::int64_t now_ms) const {
  const auto line = [&](const std::string& name, const Tally& tally) {
    return name + " " + std::to_string(tally.failures) + " " +
           std::to_string(now_ms - tally.last_ms) + "\n";
  };
  std::string text = line("all", overall_);
  for (const auto& [key, tally] : accounts_) text += line(crypto::to_hex(key), tally);
  return text;
}

void SignInThrottle::read(std::string_view saved, std::int64_t now_ms) {
  accounts_.clear();
  overall_ = {};
  bool good = !saved.empty();
  while (good && !saved.empty()) good = read_line(next_word(saved, '\n'), now_ms);
  if (!good) overall_ = {failures_max, now_ms};
}

bool SignInThrottle::read_line(std::string_view line, std::int64_t now_ms) {
  const auto name = next_word(line, ' ');
  const auto failures = number(next_word(line, ' '));
  const auto quiet_ms = number(line);
  if (!failures || !quiet_ms || *failures > failures_max) return false;
  const Tally tally{static_cast<int>(*failures), now_ms - *quiet_ms};
  if (name == "all") {
    overall_ = tally;
    return true;
  }
  const auto bytes = crypto::from_hex(name);
  if (!bytes || accounts_.size() >= limits_.accounts_max) return false;
  const auto key = crypto::to_array<16>(*bytes);
  if (key) accounts_[*key] = tally;
  return key.has_value();
}

}  // namespace throughgate::node::web
