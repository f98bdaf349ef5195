#include "tests/node/memory_search.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace throughgate::node::testing {
namespace {

constexpr std::uint8_t mask = 0xA5;
std::array<std::uint8_t, std::size_t{1} << 20> window;  // not looked into itself

struct Range {
  std::uintptr_t begin, end;
};

// Those that can be written; what is only read was never written to.
std::vector<Range> writable_ranges() {
  std::ifstream maps("/proc/self/maps");
  std::vector<Range> out;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    Range range{};
    char dash = 0;
    std::string rights;
    words >> std::hex >> range.begin >> dash >> range.end >> rights;
    if (rights.starts_with("rw") && line.find("[vvar]") == std::string::npos) out.push_back(range);
  }
  return out;
}

}  // namespace

Sought::Sought(crypto::ByteView bytes) {
  for (const auto byte : bytes) masked_.push_back(byte ^ mask);
}

std::size_t Sought::count() const {
  const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  if (memory < 0) throw std::runtime_error("/proc/self/mem cannot be opened");
  const auto window_at = reinterpret_cast<std::uintptr_t>(window.data());
  const auto is_it = [](std::uint8_t there, std::uint8_t sought) {
    return (there ^ mask) == sought;
  };
  std::size_t found = 0;
  for (const auto& range : writable_ranges()) {
    for (auto at = range.begin; at < range.end;) {
      if (at >= window_at && at < window_at + window.size()) {
        at = window_at + window.size();
        continue;
      }
      auto end = std::min(range.end, at + window.size());
      if (at < window_at) end = std::min(end, window_at);
      const auto size = pread(memory, window.data(), end - at, static_cast<off_t>(at));
      if (size <= 0) break;  // a guard page
      const auto read_end = window.begin() + size;
      for (auto here = window.begin();; ++here) {
        here = std::search(here, read_end, masked_.begin(), masked_.end(), is_it);
        if (here == read_end) break;
        ++found;
      }
      // What stands across the end of the window is seen by the next.
      const auto step = static_cast<std::uintptr_t>(size);
      at += step > masked_.size() && at + step < range.end ? step - masked_.size() + 1 : step;
    }
  }
  close(memory);
  window.fill(0);
  return found;
}

}  // namespace throughgate::node::testing
