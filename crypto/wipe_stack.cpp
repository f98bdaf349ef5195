// What a thread still holds of calls that have returned: their part of the stack, and the
// processor's wide registers, through which keys are copied and which end up in memory whenever the
// thread waits.
#include <sodium.h>

#include <array>
#include <cstdint>

#include "crypto/init.h"

namespace throughgate::crypto {
namespace {

constexpr std::size_t stack_bytes_wiped = 256 << 10;  // deeper than any call of ours; in 8 us

// Not by sodium_stackzero(), which leaves what lies where its own frame stands: room for a key.
[[gnu::noinline]] void wipe_dead_frames() {
  std::array<std::uint8_t, stack_bytes_wiped> left;
  sodium_memzero(left.data(), left.size());
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
// All registers that a call may change, as wide as the processor has them. What is empty would not
// be called.
[[gnu::noinline, gnu::zero_call_used_regs("all"), gnu::target("avx512f")]] void wipe_512_bits() {
  asm volatile("");
}
[[gnu::noinline, gnu::zero_call_used_regs("all"), gnu::target("avx")]] void wipe_256_bits() {
  asm volatile("");
}
[[gnu::noinline, gnu::zero_call_used_regs("all")]] void wipe_128_bits() { asm volatile(""); }

void wipe_registers() {
  if (__builtin_cpu_supports("avx512f") != 0) return wipe_512_bits();
  if (__builtin_cpu_supports("avx") != 0) return wipe_256_bits();
  wipe_128_bits();
}
#else
void wipe_registers() {}
#endif

}  // namespace

void wipe_stack() {
  wipe_dead_frames();
  wipe_registers();
}

}  // namespace throughgate::crypto
