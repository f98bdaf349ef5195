#include "hub/stop_signal.h"

#include <csignal>

namespace throughgate::hub {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGUSR1);  // our own: wait no longer
  return set;
}

}  // namespace

StopSignal::StopSignal(std::function<void()> stop) {
  const sigset_t set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  waiting_ = std::thread([set, stop = std::move(stop)] {
    int signal = 0;
    sigwait(&set, &signal);
    if (signal != SIGUSR1) stop();
  });
}

StopSignal::~StopSignal() {
  pthread_kill(waiting_.native_handle(), SIGUSR1);
  waiting_.join();
}

}  // namespace throughgate::hub
