// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace throughgate::node {

// 1200 as "1,200".
inline std::string with_thousands(std::uint64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3;) out.insert(at -= 3, ",");
  return out;
}

}  // namespace throughgate::node
