// This computer's real disk, as one thread sees it, failing at a chosen moment: every change that
// the C library is asked for is counted, whoever asks (SQLite, our own files, the standard
// library). Changes: new files and folders, writes, truncations, flushes, new names, deletions.
// Only in programs that link this file; one at a time on a thread, and other threads notice
// nothing.
#pragma once

#include <cstdint>
#include <vector>

namespace throughgate::node::testing {

class FailingDisk {
 public:
  enum class Fault {
    io_error,  // the nth change fails, once
    full,      // from the nth on nothing more finds room; names, flushes and deletions succeed
    dead,  // from the nth on nothing changes any more: the program was ended, but for its memory
  };

  FailingDisk(Fault fault, std::uint64_t nth);  // 1: the next change
  ~FailingDisk();
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;

  bool has_struck() const;
  std::uint64_t changes() const;  // asked for so far
};

// Which of so many changes to strike, where each would take too long: some all along, and every one
// of the last, where what was made gets its name; and the one after them, which strikes nothing.
std::vector<std::uint64_t> moments_of(std::uint64_t changes, std::uint64_t some,
                                      std::uint64_t last);

}  // namespace throughgate::node::testing
