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

}  // namespace throughgate::sync
