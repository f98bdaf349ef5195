// When the hub is asked as by a newcomer, who is told all that there is. It tells of each thing
// once; where something is missing still, it may have been left out. Being told all may take many
// syncs on a slow line: what was begun is never begun again before its end, and where it brought
// nothing the next waits twice as long, up to a week.
// Part of a UnitOfWork.
#pragma once

#include "sync/store/unit_of_work.h"

namespace throughgate::sync::store {

class AskingAnew {
 public:
  explicit AskingAnew(UnitOfWork& work) : work_(work) {}

  // A round begins: asks where a key is missing and it is time.
  void begin_round(std::uint64_t now_ms);
  // Asks now; where that is under way, once more after its end. Whether the next request asks.
  bool ask();
  // A reply came, and its cursor is kept. `is_all`: the hub has nothing more to tell. Whether the
  // next request asks.
  bool note_reply(bool is_all, std::uint64_t now_ms);

 private:
  enum class Phase : std::uint8_t { none = 0, under_way = 1, and_once_more = 2 };
  struct State {
    std::uint64_t ended_ms = 0;  // 0: never
    std::uint8_t wait_days = 1;  // from then on
    Phase phase = Phase::none;
  };
  State read() const;
  void keep(const State& state);
  void begin(State state);

  UnitOfWork& work_;
};

}  // namespace throughgate::sync::store
