#include "node/store_pool.h"

#include <chrono>

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

// Each holds a few megabytes of pages; a site's few readers rarely overlap, and writers queue
// anyway.
constexpr std::size_t lent_max = 6;
constexpr std::chrono::seconds wait_max{10};

Error closed() { return {ErrorKind::unavailable, "The store is closed. Sign in to open it."}; }

Error busy() { return {ErrorKind::unavailable, "This computer is busy. Try again in a minute."}; }

}  // namespace

StorePool::Loan::~Loan() { give_back(); }

void StorePool::Loan::give_back() {
  if (node_) pool_->give_back(std::move(node_), opened_);
}

Result<Done> StorePool::open(const crypto::DatabaseKey& key) {
  const auto opened = open_first(key);
  if (!opened) return opened.error();
  if (*opened && told_open_) told_open_();
  return Done{};
}

// Whether this call has opened it.
Result<bool> StorePool::open_first(const crypto::DatabaseKey& key) {
  const std::lock_guard lock(mutex_);
  if (key_) return false;
  auto node = OpenNode::open(path_, key, sync::store::Access::existing, random_, clock_);
  if (!node) return node.error();
  if (!(*node)->has_identity()) {
    return Error{ErrorKind::corrupt, "This store was never finished. Make a new one with init."};
  }
  idle_.push_back(*std::move(node));
  key_.emplace(key.duplicate());
  ++opened_;
  return true;
}

void StorePool::close() {
  bool is_wiped = false;
  {
    const std::lock_guard lock(mutex_);
    if (!key_) return;
    key_.reset();
    idle_.clear();
    is_wiped = lent_ == 0;
  }
  if (told_closed_) told_closed_();
  if (is_wiped && told_wiped_) told_wiped_();
}

bool StorePool::is_open() const {
  const std::lock_guard lock(mutex_);
  return key_.has_value();
}

Result<StorePool::Loan> StorePool::borrow() {
  auto loan = take();
  if (!loan) return loan;
  if (auto fresh = (*loan)->refresh_directory(); !fresh) return fresh.error();
  return loan;
}

Result<StorePool::Loan> StorePool::take() {
  std::unique_lock lock(mutex_);
  if (!key_) return closed();
  if (!given_back_.wait_for(lock, wait_max, [&] { return lent_ < lent_max; })) return busy();
  if (!key_) return closed();
  if (idle_.empty()) {
    auto made = OpenNode::open(path_, *key_, sync::store::Access::existing, random_, clock_);
    if (!made) return made.error();
    idle_.push_back(*std::move(made));
  }
  ++lent_;
  auto node = std::move(idle_.back());
  idle_.pop_back();
  return Loan(*this, std::move(node), opened_);
}

// What was lent before the store was closed goes with it.
void StorePool::give_back(std::unique_ptr<OpenNode> node, std::uint64_t opened) {
  bool is_wiped = false;
  {
    const std::lock_guard lock(mutex_);
    if (key_ && opened == opened_) {
      idle_.push_back(std::move(node));
    } else {
      node.reset();
    }
    --lent_;
    is_wiped = !key_ && lent_ == 0;
    given_back_.notify_one();
  }
  if (is_wiped && told_wiped_) told_wiped_();
}

}  // namespace throughgate::node
