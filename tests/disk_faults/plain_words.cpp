#include "tests/disk_faults/plain_words.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace throughgate::testing {
namespace {

template <std::size_t N>
bool has_any(const std::string& text, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](auto each) { return text.find(each) != std::string::npos; });
}

constexpr std::array<std::string_view, 15> next_steps{
    "Make room", "make room", "ree some space", "ry again",  "Check ",
    "check ",    "Run ",      "run it again",   "once more", "Use another",
    "Keep both", "delete it", "Sync again",     "wait.",     "have the disk checked"};
constexpr std::array<std::string_view, 5> about_room{"room", "space", "full", "disk", "stick"};
// Of whoever wrote the program, not of whoever reads this.
constexpr std::array<std::string_view, 22> ours{"SQLITE",
                                                "sqlite",
                                                "SQL ",
                                                "database",
                                                "transaction",
                                                "rollback",
                                                "checkpoint",
                                                "WAL",
                                                "errno",
                                                "EIO",
                                                "ENOSPC",
                                                "I/O",
                                                "nput/output error",
                                                "No space left",
                                                "No such file",
                                                "std::",
                                                "exception",
                                                "0x",
                                                "fsync",
                                                "syscall",
                                                "-wal",
                                                "constraint"};

}  // namespace

std::string fault_in_words(const std::string& message, Fault fault) {
  if (message.empty()) return "says nothing";
  if (has_any(message, ours)) return "speaks of how the program is made";
  if (!has_any(message, next_steps)) return "does not say what to do next";
  if (fault == Fault::full && !has_any(message, about_room))
    return "does not say that there is no room";
  return {};
}

}  // namespace throughgate::testing
