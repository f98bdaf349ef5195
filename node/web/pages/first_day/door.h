// The way in to setting this computer up by its pages: a code of one use, told where the program
// was started. Whoever types it goes on, in the browser that they typed it in; nobody else of this
// computer can set it up first, or watch. Times are of a clock that never goes back.
// Threads: one at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "crypto/random.h"
#include "crypto/secret.h"

namespace throughgate::node::web::first_day {

class Door {
 public:
  using TellCode = std::function<void(std::string_view code)>;
  static constexpr std::size_t tries_max = 10;
  static constexpr std::int64_t idle_ms_max =
      30 * 60'000;  // the sheet is taken to a safe meanwhile

  // Tells the code at once. `random` must outlive the door.
  Door(crypto::Random& random, TellCode tell_code);

  enum class State {
    open,   // the code lets somebody in
    taken,  // it has
    shut,   // there were too many wrong ones: there is none any more
  };
  State state() const { return state_; }

  // A try, in any spelling: counted before it is looked at, unless it is the code. Always false but
  // at an open door.
  bool fits(std::string_view typed);
  std::size_t tries_left() const { return tries_left_; }
  // After the code: from now on it is good for nothing, and this session goes on.
  void let_in(std::string session_id, std::int64_t now_ms);
  // Counts as use.
  bool has_let_in(std::string_view session_id, std::int64_t now_ms);
  // Whoever was let in is out, and another code is told.
  void begin_anew();
  // Whether whoever was let in has not been here for too long.
  bool is_idle(std::int64_t now_ms) const;

 private:
  crypto::Random& random_;
  TellCode tell_code_;
  State state_ = State::open;
  crypto::SecretText code_;  // without hyphens
  std::size_t tries_left_ = tries_max;
  std::string session_id_;
  std::int64_t used_ms_ = 0;
};

}  // namespace throughgate::node::web::first_day
