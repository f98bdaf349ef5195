#include "hub/mail_loop.h"

#include <spdlog/spdlog.h>

#include <chrono>

#include "crypto/init.h"

namespace throughgate::hub {

using sync::Done;
using sync::Result;

void MailLoop::start() {
  thread_ = std::thread([this] { run(); });
}

void MailLoop::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void MailLoop::look_once() {
  const auto now_ms = clock_();
  const auto send = [&](const std::string& to) -> Result<Done> {
    auto sent = mailer_.send(to, now_ms);
    if (!sent) spdlog::warn("mail not sent: {}", sent.error().message);
    return sent;
  };
  const auto counts = waiting_.look(now_ms, send);
  if (!counts) {
    ++failed_;
    spdlog::warn("mail not looked at: {}", counts.error().message);
    return;
  }
  sent_ += counts->sent;
  failed_ += counts->failed;
  if (counts->sent > 0) spdlog::info("mail sent={}", counts->sent);
}

void MailLoop::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    try {
      look_once();
    } catch (const std::exception&) {  // of memory, say: it goes on next time
      ++failed_;
    }
    crypto::wipe_stack();  // the mail server's password passed through it
    lock.lock();
    changed_.wait_for(lock, std::chrono::seconds(settings_.every_seconds),
                      [this] { return stopping_; });
  }
}

}  // namespace throughgate::hub
