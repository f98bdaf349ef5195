// To be called first in every main(): nothing in crypto works before.
#pragma once

namespace throughgate::crypto {

// Starts libsodium. False when the machine has no usable random source: stop with a message.
[[nodiscard]] bool start();

// Keeps this process's memory out of core dumps and, where the system allows, out of swap, and
// closes it to other processes of the same user. Call it before threads start and secrets are read.
// False when the memory may go to swap: nothing is locked unless RLIMIT_MEMLOCK leaves room for 4
// GiB (systemd: LimitMEMLOCK=infinity), as later allocations would fail. The rest holds all the
// same.
bool protect_process_memory();

// Overwrites what calls that have returned left on this thread's stack, a quarter of a mebibyte
// deep, and in the registers. For threads that live on after they have handled secrets.
void wipe_stack();

}  // namespace throughgate::crypto
