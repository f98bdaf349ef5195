// Looks every so often, on a thread of its own, whom something has waited for too long, and sends
// them an e-mail. Whatever the mail server does, the hub goes on; failures are counted and logged
// without an address. Threads: any.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "hub/mailer.h"
#include "hub/waiting.h"

namespace throughgate::hub {

class MailLoop {
 public:
  using Clock = std::function<std::uint64_t()>;

  // All must outlive it.
  MailLoop(const MailSettings& settings, Waiting& waiting, crypto::Random& random, Clock clock)
      : settings_(settings),
        waiting_(waiting),
        mailer_(settings, random),
        clock_(std::move(clock)) {}
  ~MailLoop() { stop(); }
  MailLoop(const MailLoop&) = delete;
  MailLoop& operator=(const MailLoop&) = delete;

  void start();
  void stop();  // once the mail under way has left or failed

  std::uint64_t sent() const { return sent_; }
  std::uint64_t failed() const { return failed_; }

 private:
  void run();
  void look_once();

  const MailSettings& settings_;
  Waiting& waiting_;
  Mailer mailer_;
  const Clock clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
  std::atomic<std::uint64_t> sent_ = 0, failed_ = 0;
};

}  // namespace throughgate::hub
