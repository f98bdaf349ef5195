// This computer's real disk, as one thread sees it, failing at a chosen moment: every change that
// the C library is asked for is counted, whoever asks (SQLite, our own files, the standard
// library). Changes: new files and folders, writes, truncations, flushes, new names, deletions.
// Only in programs that link this file; one at a time on a thread, and other threads notice
// nothing.
#pragma once

#include <cstdint>

namespace throughgate::testing {

enum class Fault {
  io_error,  // the nth change fails, once
  full,      // from the nth that needs room on none does; names, flushes and deletions succeed
  dead,      // from the nth on nothing changes any more: the program was ended, but for its memory
};

// What a disk was asked for.
struct Changes {
  std::uint64_t all = 0;
  std::uint64_t needing_room = 0;  // of these: new files and folders, writes, truncations
  bool operator==(const Changes&) const = default;
};

class FailingDisk {
 public:
  FailingDisk(Fault fault, std::uint64_t nth);  // 1: the next one
  FailingDisk();                                // counts, and never fails
  ~FailingDisk();
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;

  bool has_struck() const;
  Changes changes() const;  // asked for so far
};

}  // namespace throughgate::testing
