// Which changes of a disk are failed, of all that a command, a request or a form makes. Every one:
// `tools/disk_faults`. Each day: of what makes few every one, of what makes many so many, evenly
// spread and beginning one further each day, so that within some days each has had its turn.
// Which it is says the variable THROUGHGATE_DISK_FAULTS: "every", "today", or the number of a day;
// without it, today.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/disk_faults/failing_disk.h"

namespace throughgate::testing {

class Moments {
 public:
  // `most`: so many of each fault for one command each day.
  explicit Moments(std::uint64_t most);

  // Fails the disk under `what`, whose unharmed run has asked for `counted`: once at each moment
  // that has its turn, and by being full from there on. `try_at` does it and says whether the disk
  // struck. The test fails where one did not, or where one that is not there did.
  void each(const std::string& what, const Changes& counted,
            const std::function<bool(Fault, std::uint64_t)>& try_at,
            const std::vector<Fault>& faults = {Fault::io_error, Fault::full});

  // What must hold at the moment that is being tried: else the test fails, and says `seen` of the
  // first such moment of a command. In a twin, whose fault is planted, it is only noted.
  void must_hold(bool holds, const std::string& promise, const std::string& seen);
  std::set<std::string> broken;  // of a twin
  bool is_twin = false;

  std::uint64_t commands() const { return commands_; }
  std::uint64_t counted() const { return counted_; }  // moments that there are
  std::uint64_t tried() const { return tried_; }
  bool plays_every_one() const { return !day_; }
  // In words, and in a line for tools/disk_faults.
  void print(const std::string& of) const;

 private:
  std::vector<std::uint64_t> turns(const std::string& what, std::uint64_t count) const;

  std::string playing_;
  std::map<std::string, std::uint64_t> told_;  // how often each promise was broken under a command
  std::uint64_t most_;
  std::optional<std::uint64_t> day_;
  std::uint64_t commands_ = 0, counted_ = 0, tried_ = 0;
};

}  // namespace throughgate::testing
