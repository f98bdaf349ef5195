// What the hub counts for people who look after it, in the text format of Prometheus. Numbers only:
// no name and no id. Safe from any thread.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "hub/sync_api.h"

namespace throughgate::hub {

class Metrics {
 public:
  void note(Endpoint endpoint, const Answer& answer, std::size_t request_bytes,
            std::uint64_t microseconds);
  void note_refused(int status);  // before an endpoint was asked, or where one failed

  struct Mail {
    std::uint64_t sent = 0;
    std::uint64_t failed = 0;
  };
  std::string text(const SyncApi::Health& health, const Mail& mail) const;

 private:
  struct Totals {
    std::map<int, std::uint64_t> by_status;
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    std::uint64_t microseconds = 0;
  };

  mutable std::mutex mutex_;
  std::map<Endpoint, Totals> endpoints_;
  std::map<int, std::uint64_t> refused_;
  Tally tally_;
};

const char* name_of(Endpoint endpoint);

}  // namespace throughgate::hub
