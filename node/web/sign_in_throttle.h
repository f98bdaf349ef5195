// Slows guessing down: each wrong password doubles the wait for that account, and many of them,
// whoever they are for, slow down everybody. A restart does not forget.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "crypto/hash.h"

namespace throughgate::node::web {

// How fast waiting grows: nothing for the first `free` failures, then `first_ms`, doubling up to
// `longest_ms`. Forgotten after `forget_ms` without another failure.
struct Backoff {
  int free = 3;
  std::int64_t first_ms = 1'000;
  std::int64_t longest_ms = 15 * 60'000;
  std::int64_t forget_ms = 24 * 60 * 60'000;
};

struct ThrottleLimits {
  Backoff account{};
  Backoff overall{20, 1'000, 60'000, 30 * 60'000};  // under a hundred guesses an hour
  std::size_t accounts_max = 1'000;
};

// Pure: the caller hands in milliseconds of a monotonic clock. Not for use by several threads at
// once.
class SignInThrottle {
 public:
  explicit SignInThrottle(const ThrottleLimits& limits = {}) : limits_(limits) {}

  // How long an attempt for this name must still wait; 0: now. Equal for names that do not exist.
  std::int64_t wait_ms(std::string_view name, std::int64_t now_ms) const;
  // Call before a password is checked, so that attempts at the same moment count too.
  void note_attempt(std::string_view name, std::int64_t now_ms);
  // The password was right: this account starts anew. What counts overall stays.
  void note_success(std::string_view name);

  // Lines of text without names; read() takes up where save() stopped, and time that passed between
  // them does not count as waiting. Text that is not ours leaves the throttle at its strictest.
  std::string save(std::int64_t now_ms) const;
  void read(std::string_view saved, std::int64_t now_ms);

 private:
  struct Tally {
    int failures = 0;
    std::int64_t last_ms = 0;
  };
  using Key = crypto::ByteArray<16>;  // of the name, so that the saved state names nobody

  static Key key_of(std::string_view name);
  static std::int64_t wait_of(const Tally& tally, const Backoff& backoff, std::int64_t now_ms);
  static void add_failure(Tally& tally, const Backoff& backoff, std::int64_t now_ms);
  void make_room();
  bool read_line(std::string_view line, std::int64_t now_ms);

  ThrottleLimits limits_;
  Tally overall_;
  std::map<Key, Tally> accounts_;
};

}  // namespace throughgate::node::web
