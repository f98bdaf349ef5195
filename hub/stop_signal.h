// SIGTERM and SIGINT as something to wait for. POSIX.
#pragma once

#include <functional>
#include <thread>

namespace throughgate::hub {

// From its making on, those signals end nothing by themselves: the first one calls `stop`, on a
// thread of its own. To be made before any other thread is started.
class StopSignal {
 public:
  explicit StopSignal(std::function<void()> stop);
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

 private:
  std::thread waiting_;
};

}  // namespace throughgate::hub
