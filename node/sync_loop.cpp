#include "node/sync_loop.h"

#include <algorithm>

#include "crypto/init.h"
#include "node/bundles/nightly.h"
#include "node/hub_visit.h"
#include "node/out_of_contact.h"
#include "node/staff/ways_in.h"

namespace throughgate::node {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr std::chrono::seconds soon{3};  // what is saved in one go travels in one go
constexpr std::int64_t note_every_ms = 3'600'000;
constexpr std::size_t read_again_max = 20;  // dossiers at a time: an end is not kept waiting

// Lets the loop end between two requests of a visit: a visit may last long, and goes on next time.
class StoppableHub final : public HubClient {
 public:
  StoppableHub(HubClient& hub, const std::atomic<bool>& stop) : hub_(hub), stop_(stop) {}
  sync::Result<crypto::Bytes> call(Endpoint endpoint, crypto::ByteView request) override {
    if (!stop_) return hub_.call(endpoint, request);
    return sync::Error{
        sync::ErrorKind::unavailable,
        "This program was ended, or its store closed, while it was syncing. The rest "
        "follows next time."};
  }
  std::string address() const override { return hub_.address(); }

 private:
  HubClient& hub_;
  const std::atomic<bool>& stop_;
};

Error no_visit() { return {ErrorKind::unavailable, "The exchange was not visited."}; }

constexpr auto broke_off =
    "This program had not enough memory, or something in it failed, and so it stopped syncing. It "
    "tries again by itself. If this stays, start the program again.";

}  // namespace

void SyncLoop::start() {
  const std::lock_guard lock(mutex_);
  to_read_again_ = stores_.is_open();
  if (every_.count() > 0) due_ = std::chrono::steady_clock::now();
  thread_ = std::thread([this] { run(); });
}

void SyncLoop::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_visit_ = true;
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

SyncLoop::State SyncLoop::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

// Of an opening and a closing that follow each other, whichever is heard of last, the store itself
// tells.
void SyncLoop::note_opened() {
  const std::lock_guard lock(mutex_);
  if (!stores_.is_open()) return;
  to_read_again_ = true;
  to_forget_ = false;
  stop_visit_ = stopping_;
  if (every_.count() > 0) be_due_by(std::chrono::steady_clock::now());
  changed_.notify_all();
}

void SyncLoop::note_closed() {
  const std::lock_guard lock(mutex_);
  if (stores_.is_open()) return;
  stop_visit_ = true;
  to_forget_ = true;
  changed_.notify_all();
}

void SyncLoop::note_saved() {
  if (every_.count() == 0) return;
  const std::lock_guard lock(mutex_);
  be_due_by(std::chrono::steady_clock::now() + soon);
}

void SyncLoop::be_due_by(Time time) {
  if (!due_ || *due_ > time) due_ = time;
  changed_.notify_all();
}

bool SyncLoop::visit_now(std::chrono::seconds at_most) {
  std::unique_lock lock(mutex_);
  const auto wanted = begun_ + 1;
  be_due_by(std::chrono::steady_clock::now());
  return changed_.wait_for(lock, at_most, [&] { return ended_ >= wanted || stopping_; });
}

// After an update of this program; where nothing is left to do, at once. Returns the words for a
// person when it did not end well.
std::string SyncLoop::read_again() {
  auto store = stores_.borrow();
  if (!store) return store.error().message;
  for (;;) {
    const auto left = (*store)->read_again(read_again_max);
    if (!left) return left.error().message;
    const std::lock_guard lock(mutex_);
    if (*left == 0 || stopping_ || stop_visit_) return {};
  }
}

// What passed while this program ran counts whatever becomes of the computer's clock.
void SyncLoop::note_time(OpenNode& node) {
  const auto now = std::chrono::steady_clock::now();
  const auto ran = std::chrono::duration_cast<std::chrono::milliseconds>(now - noted_at_).count();
  if (noted_at_ != Time{} && ran < note_every_ms) return;
  const auto before = out_of_contact(node);
  if (!before) return;
  // Less than was noted here: something was heard meanwhile, and it counts anew.
  const bool goes_on = noted_at_ != Time{} && before->passed_ms >= noted_ms_;
  const auto at_least = goes_on ? noted_ms_ + static_cast<std::uint64_t>(ran) : 0;
  if (!note_time_passed(node, at_least)) return;
  noted_at_ = now;
  noted_ms_ = std::max(before->passed_ms, at_least);
}

SyncLoop::State SyncLoop::visit() {
  const auto ended = [&](std::string problem, std::string warning) {
    return State{false, stores_.now_ms(), std::move(problem), std::move(warning)};
  };
  auto store = stores_.borrow();
  if (!store) return ended(store.error().message, {});
  note_time(**store);
  const auto hub = hub_(**store);
  auto report = Result<VisitReport>(hub ? no_visit() : hub.error());
  if (hub) {
    StoppableHub stoppable(**hub, stop_visit_);
    report = visit_hub(**store, stoppable, folder_, link_);
  }
  if (stop_visit_) {  // what is lent goes back at once; the rest is made up for
    return report ? ended({}, warning_of(*report)) : ended(report.error().message, {});
  }
  Accounts accounts(folder_, (*store)->random());
  const auto closed = close_ways_in_of_leavers(**store, accounts);  // files may have told of some
  const auto nightly = make_nightly_files(**store, folder_);
  if (!report) return ended(report.error().message, {});
  if (!closed) return ended(closed.error().message, {});
  std::string warning = warning_of(*report);
  if (!nightly) {
    warning +=
        (warning.empty() ? "" : " ") + ("The files for the night: " + nightly.error().message);
  }
  return ended({}, warning);
}

// Both let go of the lock while they work.
void SyncLoop::read_again_once(std::unique_lock<std::mutex>& lock) {
  to_read_again_ = false;
  lock.unlock();
  std::string problem = broke_off;
  try {
    problem = read_again();
  } catch (const std::exception&) {  // what it says might hold what was read
  }
  lock.lock();
  if (!problem.empty()) state_ = {false, stores_.now_ms(), problem, {}};
}

void SyncLoop::visit_once(std::unique_lock<std::mutex>& lock) {
  ++begun_;
  state_.visiting = true;
  lock.unlock();
  State ended{false, stores_.now_ms(), broke_off, {}};
  try {
    ended = visit();
  } catch (const std::exception&) {
    link_ = {};
  }
  lock.lock();
  state_ = std::move(ended);
  ended_ = begun_;
  changed_.notify_all();
}

// The store was closed: what the way to the hub was remembered by goes too. An answer that came
// after it was opened again finds nothing, and says hello.
void SyncLoop::forget(std::unique_lock<std::mutex>& lock) {
  to_forget_ = false;
  lock.unlock();
  link_ = {};
  crypto::wipe_stack();
  lock.lock();
}

void SyncLoop::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto now = std::chrono::steady_clock::now();
    if (to_forget_) {
      forget(lock);
    } else if (to_read_again_) {
      read_again_once(lock);
    } else if (!due_) {
      changed_.wait(lock);
    } else if (*due_ > now) {
      changed_.wait_until(lock, Time(*due_));
    } else {
      due_.reset();
      if (every_.count() > 0) due_ = now + every_;
      if (stores_.is_open()) visit_once(lock);  // else nobody has signed in yet
    }
  }
}

}  // namespace throughgate::node
