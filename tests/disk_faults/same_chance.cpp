#include "tests/disk_faults/same_chance.h"

#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <optional>
#include <random>

namespace {

thread_local std::optional<std::mt19937_64> chance;
thread_local std::optional<std::uint64_t> time_ms;

void fill(void* bytes, std::size_t size) {
  auto* each = static_cast<unsigned char*>(bytes);
  for (std::size_t i = 0; i < size; ++i) each[i] = static_cast<unsigned char>((*chance)());
}

}  // namespace

// In place of the C library's, which libsodium and the standard library ask.
extern "C" {

ssize_t getrandom(void* bytes, size_t size, unsigned flags) {
  if (!chance) return syscall(SYS_getrandom, bytes, size, flags);
  fill(bytes, size);
  return static_cast<ssize_t>(size);
}
int getentropy(void* bytes, size_t size) {
  return getrandom(bytes, size, 0) == static_cast<ssize_t>(size) ? 0 : -1;
}

int clock_gettime(clockid_t clock, timespec* out) noexcept {
  if (!time_ms || clock != CLOCK_REALTIME) {
    return static_cast<int>(syscall(SYS_clock_gettime, clock, out));
  }
  out->tv_sec = static_cast<time_t>(*time_ms / 1000);
  out->tv_nsec = static_cast<long>(*time_ms % 1000) * 1'000'000;
  return 0;
}

}  // extern "C"

namespace throughgate::testing {

SameChance::SameChance(std::uint64_t seed, std::optional<std::uint64_t> now_ms) {
  chance.emplace(seed);
  time_ms = now_ms;
}
SameChance::~SameChance() {
  chance.reset();
  time_ms.reset();
}

}  // namespace throughgate::testing
