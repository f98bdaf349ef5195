// To be called first in every main(): nothing in crypto works before.
#pragma once

namespace throughgate::crypto {

// Starts libsodium. False when the machine has no usable random source: stop with a message.
[[nodiscard]] bool start();

// Keeps this process's memory out of core dumps and, where the system allows, out of swap, and
// closes it to other processes of the same user. Best effort: some containers forbid the locking.
void protect_process_memory();

}  // namespace throughgate::crypto
