// Once nobody is signed in any more whose pages are not locked, and when the computer has slept,
// the store is closed and its keys wiped; the next sign-in opens it. Until then syncing waits.
// Never under somebody who is being signed in, unless the computer has slept. A setting, off by
// default. Threads: one of its own, from start() to its end.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "node/store_pool.h"
#include "node/web/session.h"

namespace throughgate::node::web {

class LockWatch {
 public:
  // All must outlive it. `monotonic_ms` is the sessions' clock, `slept_ms` how long the computer
  // has slept altogether.
  LockWatch(SessionTable& sessions, StorePool& stores, std::function<std::int64_t()> monotonic_ms,
            std::function<std::int64_t()> slept_ms);
  ~LockWatch();
  LockWatch(const LockWatch&) = delete;
  LockWatch& operator=(const LockWatch&) = delete;

  void start();  // from now on it looks by itself; once
  // Locks all pages and closes the store, whoever works: the computer is about to sleep. From any
  // thread.
  void lock_now();
  // One look, as the thread takes one each second. For tests, where it was not started.
  void look();

 private:
  void run();
  bool has_slept();
  void close_for_nobody();

  SessionTable& sessions_;
  StorePool& stores_;
  const std::function<std::int64_t()> monotonic_ms_;
  const std::function<std::int64_t()> slept_ms_;
  bool stays_open_;               // a key file opened it, and nobody has been there yet
  std::int64_t slept_before_ms_;  // as of the last look

  std::mutex mutex_;
  std::condition_variable ending_;
  bool is_ending_ = false;
  std::thread thread_;
};

// How long this computer has slept since it was started.
std::int64_t machine_slept_ms();

}  // namespace throughgate::node::web
