// What this program is to the central list, which can say that older ones exchange records no more.
#pragma once

#include "sync/directory.h"

namespace throughgate::sync {

constexpr std::uint32_t protocol_number = 1;
constexpr std::uint32_t program_number =
    1;  // one more with each release that older ones must follow

// The central list asks for a newer program than this one.
inline bool needs_update(const Directory& directory) {
  return directory.minimum_protocol() > protocol_number ||
         directory.minimum_program() > program_number;
}

inline Error update_needed() {
  return {
      ErrorKind::newer,
      "This program is too old: update needed. The central team asks for a newer one, and until "
      "then nothing is sent or received. Recording goes on, and everything is sent after the "
      "update."};
}

// What somebody has brought whose program the list asks to be newer. `program`: as it says.
inline Result<Done> check_program(std::uint32_t program, const Directory& directory) {
  if (program >= directory.minimum_program()) return Done{};
  return Error{ErrorKind::denied,
               "This was made by a program that is too old: the central team asks for a newer one, "
               "and nothing but the central list in it was taken in. Ask whoever made it to update "
               "their program, then for a new file."};
}

}  // namespace throughgate::sync
