#include "node/web/lock_watch.h"

#include <chrono>
#include <ctime>

#include "crypto/init.h"

namespace throughgate::node::web {
namespace {

constexpr std::chrono::seconds between_looks{1};
constexpr std::int64_t slept_at_least_ms = 2'000;  // between reading two clocks, none passes

}  // namespace

LockWatch::LockWatch(SessionTable& sessions, StorePool& stores,
                     std::function<std::int64_t()> monotonic_ms,
                     std::function<std::int64_t()> slept_ms)
    : sessions_(sessions),
      stores_(stores),
      monotonic_ms_(std::move(monotonic_ms)),
      slept_ms_(std::move(slept_ms)),
      stays_open_(stores.is_open()),
      slept_before_ms_(slept_ms_()) {}

void LockWatch::start() {
  thread_ = std::thread([this] { run(); });
}

LockWatch::~LockWatch() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  ending_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void LockWatch::run() {
  std::unique_lock lock(mutex_);
  while (!ending_.wait_for(lock, between_looks, [this] { return is_ending_; })) look();
}

// Noticed on waking: a program is not always told before.
bool LockWatch::has_slept() {
  const auto slept = slept_ms_();
  const bool has = slept - slept_before_ms_ >= slept_at_least_ms;
  slept_before_ms_ = slept;
  return has;
}

void LockWatch::lock_now() {
  sessions_.lock_all();
  stores_.close();
  crypto::wipe_stack();
}

// Before anybody has signed in there is nothing to lock: a store that a key file opened stays open
// until somebody has been there.
void LockWatch::close_for_nobody() {
  const bool is_there = sessions_.is_anybody_active(monotonic_ms_());
  const bool is_open = stores_.is_open();
  // Whoever signed in just as the computer went to sleep signs in once more.
  if (is_there && !is_open) sessions_.lock_all();
  if (is_there || !is_open) stays_open_ = false;
  if (is_open && !is_there && !stays_open_) lock_now();
}

// Whoever comes meanwhile waits, and opens the store anew.
void LockWatch::look() {
  if (has_slept()) lock_now();
  const std::unique_lock alone(sessions_.arriving(), std::try_to_lock);
  if (alone) close_for_nobody();
}

std::int64_t machine_slept_ms() {
  timespec with_sleep{}, without{};
  clock_gettime(CLOCK_BOOTTIME, &with_sleep);
  clock_gettime(CLOCK_MONOTONIC, &without);
  return (with_sleep.tv_sec - without.tv_sec) * 1'000 +
         (with_sleep.tv_nsec - without.tv_nsec) / 1'000'000;
}

}  // namespace throughgate::node::web
