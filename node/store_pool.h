// The open store, shared by many visitors: each borrows a connection of its own and gives it back.
// The store is closed until somebody brings its key: the first sign-in, or a key file.
// Threads: safe from any.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "crypto/key_slots.h"
#include "node/open_node.h"

namespace throughgate::node {

class StorePool {
 public:
  // `random` must outlive the pool and be safe from any thread.
  StorePool(std::string path, crypto::Random& random, Clock clock)
      : path_(std::move(path)), random_(random), clock_(std::move(clock)) {}
  StorePool(const StorePool&) = delete;
  StorePool& operator=(const StorePool&) = delete;

  // Keeps a copy of the key, and opens the store with it. Opening what is open changes nothing.
  // Fails as OpenNode::open(), and with `corrupt` for a store that was never finished.
  sync::Result<sync::Done> open(const crypto::DatabaseKey& key);
  bool is_open() const;
  // Until somebody brings the key again, nothing is lent. The key is wiped, and with each
  // connection, the lent ones as they come back, all that it held.
  void close();
  // Called once the store has been opened, or closed, by whoever did it; and once nothing holds a
  // key of the closed store any more, by whoever gave the last connection back. To be set before
  // anybody can.
  void tell_when_open(std::function<void()> told) { told_open_ = std::move(told); }
  void tell_when_closed(std::function<void()> told) { told_closed_ = std::move(told); }
  void tell_when_wiped(std::function<void()> told) { told_wiped_ = std::move(told); }
  std::uint64_t now_ms() const { return clock_(); }
  const Clock& clock() const { return clock_; }

  // Goes back to the pool when it ends; the pool must outlive it.
  class Loan {
   public:
    Loan(StorePool& pool, std::unique_ptr<OpenNode> node, std::uint64_t opened)
        : pool_(&pool), node_(std::move(node)), opened_(opened) {}
    Loan(Loan&&) noexcept = default;
    Loan& operator=(Loan&&) = delete;
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan();

    OpenNode& operator*() const { return *node_; }
    OpenNode* operator->() const { return node_.get(); }
    void give_back();  // early; there is nothing to point at after it

   private:
    StorePool* pool_;
    std::unique_ptr<OpenNode> node_;  // none: moved away
    std::uint64_t opened_;            // which opening of the store it is of
  };
  // Waits while all are lent. What other programs have done to the store meanwhile is read first.
  //   unavailable  nobody has brought the key, or it takes too long
  sync::Result<Loan> borrow();

 private:
  sync::Result<bool> open_first(const crypto::DatabaseKey& key);
  sync::Result<Loan> take();
  void give_back(std::unique_ptr<OpenNode> node, std::uint64_t opened);

  const std::string path_;
  crypto::Random& random_;
  const Clock clock_;
  std::function<void()> told_open_, told_closed_, told_wiped_;

  mutable std::mutex mutex_;
  std::condition_variable given_back_;
  std::optional<crypto::DatabaseKey> key_;
  std::vector<std::unique_ptr<OpenNode>> idle_;
  std::size_t lent_ = 0;
  std::uint64_t opened_ = 0;  // how often it was opened
};

}  // namespace throughgate::node
