// What one request to the hub may hold at most. Nodes keep below it, hubs refuse what is above.
#pragma once

#include <cstddef>

namespace throughgate::sync {

constexpr std::size_t request_bytes_max = 2 << 20;
constexpr std::size_t batch_bytes_max = 1 << 20;   // of entries in one request
constexpr int entries_per_request_max = 5000;      // replayed ones too
constexpr int other_items_per_request_max = 2000;  // of each kind: heads, lists, digests, steps
constexpr int replays_per_request_max = 500;
constexpr int messages_deep_max = 16;  // in one another; ours are four deep

}  // namespace throughgate::sync
