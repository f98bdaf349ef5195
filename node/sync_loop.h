// Works in the background while pages are served: once the store is open, brings up to date what an
// earlier program read; then visits the hub, every so often, at once when asked, and a little while
// after something was saved.
// Threads: it has one of its own; every call is safe from any.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "node/data_folder.h"
#include "node/hub_client.h"
#include "node/link_memory.h"
#include "node/store_pool.h"

namespace throughgate::node {

class SyncLoop {
 public:
  struct State {
    bool visiting = false;        // just now
    std::uint64_t tried_at_ms{};  // the last visit's end; 0: none yet
    std::string problem{};        // why it did not end well; empty: it did, or there was none
    std::string warning{};        // what people should know although it ended well
    bool is_online() const { return tried_at_ms != 0 && problem.empty(); }
  };

  // Opens the way to the hub for one visit; called on the loop's thread.
  using HubSource = std::function<sync::Result<std::unique_ptr<HubClient>>(OpenNode&)>;

  // `stores` must outlive it. `every` of 0: only when asked.
  SyncLoop(StorePool& stores, HubSource hub, DataFolder folder, std::chrono::seconds every)
      : stores_(stores), hub_(std::move(hub)), folder_(std::move(folder)), every_(every) {}
  ~SyncLoop() { stop(); }
  SyncLoop(const SyncLoop&) = delete;
  SyncLoop& operator=(const SyncLoop&) = delete;

  void start();
  // Returns when the request under way has been answered: the rest of a visit is left for next
  // time.
  void stop();

  bool is_stopping() const { return stop_visit_; }

  State state() const;
  // The store, which was closed, is open.
  void note_opened();
  // The store, which was open, is closed: nothing is visited until it is open again. A visit under
  // way ends when its request has been answered, and nothing of it is remembered.
  void note_closed();
  // Something was saved: soon is early enough.
  void note_saved();
  // True when a visit that began after this call has ended, however, or the loop has; false when
  // `at_most` is over.
  bool visit_now(std::chrono::seconds at_most);

 private:
  using Time = std::chrono::steady_clock::time_point;
  void run();
  void read_again_once(std::unique_lock<std::mutex>& lock);
  void visit_once(std::unique_lock<std::mutex>& lock);
  void forget(std::unique_lock<std::mutex>& lock);
  std::string read_again();
  State visit();
  void note_time(OpenNode& node);
  void be_due_by(Time time);  // with the lock held

  StorePool& stores_;
  const HubSource hub_;
  const DataFolder folder_;
  const std::chrono::seconds every_;
  Time noted_at_{};  // when what had passed out of contact was last added; its thread only
  std::uint64_t noted_ms_ = 0;  // and how much it was
  LinkMemory link_;             // from one visit to the next; the loop's thread only

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::thread thread_;
  State state_;
  std::optional<Time> due_;
  std::uint64_t begun_ = 0, ended_ = 0;  // visits
  bool to_read_again_ = false, to_forget_ = false, stopping_ = false;
  std::atomic<bool> stop_visit_ = false;
};

}  // namespace throughgate::node
