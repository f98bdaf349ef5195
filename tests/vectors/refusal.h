// The class of a refusal that the program says in words: "rejected: The request was not made with
// this code." What it says is part of the class.
#pragma once

#include <string>

#include "sync/result.h"

namespace throughgate::vectors {

inline std::string refusal(const sync::Error& error) {
  const char* const kind = [&] {
    switch (error.kind) {
      case sync::ErrorKind::not_found:
        return "not_found";
      case sync::ErrorKind::stale:
        return "stale";
      case sync::ErrorKind::rejected:
        return "rejected";
      case sync::ErrorKind::unavailable:
        return "unavailable";
      case sync::ErrorKind::corrupt:
        return "corrupt";
      case sync::ErrorKind::invalid:
        return "invalid";
      case sync::ErrorKind::denied:
        return "denied";
      case sync::ErrorKind::newer:
        break;
    }
    return "newer";
  }();
  return std::string(kind) + ": " + error.message;
}

}  // namespace throughgate::vectors
