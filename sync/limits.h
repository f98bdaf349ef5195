// What one request to the hub may hold at most, and the numbers in it. Nodes keep below it, hubs
// refuse what is above.
#pragma once

#include <cstddef>
#include <cstdint>

namespace throughgate::sync {

constexpr std::size_t request_bytes_max = 2 << 20;
constexpr std::size_t batch_bytes_max = 1 << 20;   // of entries in one request
constexpr int entries_per_request_max = 5000;      // replayed ones too
constexpr int other_items_per_request_max = 2000;  // of each kind: heads, lists, digests, steps
constexpr int replays_per_request_max = 500;
constexpr int messages_deep_max = 16;  // in one another; ours are four deep
// Of a place, a version, a time: what every store can hold.
constexpr std::uint64_t counter_max = std::uint64_t{1} << 62;

}  // namespace throughgate::sync
