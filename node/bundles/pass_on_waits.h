// How long a file of others waits after it could not be passed on: a minute, then twice as long
// each time, a day at most. Kept in the store, so that a restart changes nothing. Threads: those of
// the UnitOfWork.
#pragma once

#include <map>

#include "sync/store/passed_on_table.h"

namespace throughgate::node {

constexpr std::uint64_t first_wait_ms = 60ull * 1000;
constexpr std::uint64_t longest_wait_ms = 24ull * 60 * 60 * 1000;

class PassOnWaits {
 public:
  explicit PassOnWaits(sync::store::UnitOfWork& work);

  // When it is tried next; 0: with the next visit. A clock that was put back since keeps nothing
  // waiting.
  std::uint64_t next_try_ms(const sync::store::PassedOnFile& file, std::uint64_t now_ms) const;
  // Once more it could not be passed on; `file` as it was before.
  void add_failure(const sync::store::PassedOnFile& file);
  // It is tried with the next visit, and waits a minute after that again.
  void forget(std::uint64_t number);

 private:
  void keep();  // of files that still wait

  sync::store::UnitOfWork& work_;
  std::map<std::uint64_t, std::uint32_t> failures_;  // by the number of the file
};

}  // namespace throughgate::node
