#include "node/accounts/attempts.h"

#include <algorithm>
#include <vector>

#include "crypto/hash.h"
#include "sync/layout.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr crypto::Context name_context("tg attempt name");
constexpr std::uint16_t version = 1;
constexpr std::uint32_t free_attempts = 5;
constexpr std::uint64_t first_wait_ms = 15ull * 1000;
constexpr std::uint64_t wait_ms_max = 15ull * 60 * 1000;
constexpr std::size_t names_max = 2000;  // beyond it, those whose wait is over longest go
constexpr std::size_t row_size = 8 + 4 + 8;
constexpr std::size_t file_bytes_max = 2 + 16 + names_max * row_size;

struct Count {
  crypto::ByteArray<8> name{};
  std::uint32_t failures = 0;
  std::uint64_t not_before_ms = 0;
};

// version u16 · salt 16 · {name 8 · failures u32 · not_before_ms u64}
struct Counts {
  crypto::ByteArray<16> salt{};
  std::vector<Count> rows;

  Count& of(std::string_view name) {
    const auto digest = crypto::keyed_hash(salt, name_context, {crypto::as_bytes(name)});
    Count fresh;
    std::copy_n(digest.begin(), fresh.name.size(), fresh.name.begin());
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [&](const Count& row) { return row.name == fresh.name; });
    if (found != rows.end()) return *found;
    if (rows.size() >= names_max) {
      rows.erase(std::min_element(rows.begin(), rows.end(), [](const Count& a, const Count& b) {
        return a.not_before_ms < b.not_before_ms;
      }));
    }
    return rows.emplace_back(fresh);
  }
};

crypto::Bytes encode(const Counts& counts) {
  sync::LayoutWriter out;
  out.u16(version).bytes(counts.salt);
  for (const auto& row : counts.rows) {
    out.bytes(row.name).u32(row.failures).u64(row.not_before_ms);
  }
  return out.take();
}

// A missing or damaged file counts as a fresh one: it only slows people down.
Counts read(const std::string& path, crypto::Random& random) {
  Counts fresh{random.bytes<16>(), {}};
  const auto bytes = read_private_file(path, file_bytes_max);
  if (!bytes) return fresh;
  sync::LayoutReader in(*bytes);
  if (in.u16() != version) return fresh;
  Counts counts;
  counts.salt = in.array<16>();
  while (!in.finished() && !in.failed()) {
    Count row;
    row.name = in.array<8>();
    row.failures = in.u32();
    row.not_before_ms = in.u64();
    counts.rows.push_back(row);
  }
  return in.failed() ? fresh : counts;
}

std::uint64_t wait_after(std::uint32_t failures) {
  if (failures < free_attempts) return 0;
  const auto doublings = std::min<std::uint32_t>(failures - free_attempts, 10);
  return std::min(first_wait_ms << doublings, wait_ms_max);
}

// One that was let through, so the wait before it was over.
Result<Done> take_back(const DataFolder& folder, crypto::Random& random, std::string_view name) {
  Counts counts = read(folder.attempts(), random);
  Count& count = counts.of(name);
  if (count.failures > 0) --count.failures;
  count.not_before_ms = 0;
  return replace_private_file(folder.attempts(), encode(counts));
}

}  // namespace

Result<bool> Attempts::attempt(std::string_view name, const Clock& clock,
                               const std::function<bool()>& is_right) {
  auto lock = FileLock::take(folder_.attempts_lock(), FileLock::Wait::yes);
  if (!lock) return lock.error();
  // The time after the lock: before it, somebody else's attempt may seem to lie ahead.
  if (auto counted = count(name, clock()); !counted) return counted.error();
  try {
    if (!is_right()) return false;
  } catch (...) {
    static_cast<void>(take_back(folder_, random_, name));  // at worst it counts
    throw;
  }
  if (auto noted = start_anew(name); !noted) return noted.error();
  return true;
}

Result<Done> Attempts::count(std::string_view name, std::uint64_t now_ms) {
  Counts counts = read(folder_.attempts(), random_);
  Count& count = counts.of(name);
  const auto wait_ms = wait_after(count.failures);
  if (wait_ms > 0 && count.not_before_ms > now_ms) {
    if (count.not_before_ms - now_ms <= wait_ms) return too_soon(count.not_before_ms - now_ms);
    count.not_before_ms = now_ms + wait_ms;  // the clock was put back: once more, not for ever
    if (auto kept = replace_private_file(folder_.attempts(), encode(counts)); !kept) return kept;
    return too_soon(wait_ms);
  }
  if (count.failures < UINT32_MAX) ++count.failures;
  count.not_before_ms = now_ms + wait_after(count.failures);
  return replace_private_file(folder_.attempts(), encode(counts));
}

Error Attempts::too_soon(std::uint64_t wait_ms) const {
  const auto minutes = (wait_ms + 59'999) / 60'000;
  return {ErrorKind::denied, too_many_ + " Wait " + std::to_string(minutes) +
                                 (minutes == 1 ? " minute" : " minutes") + ", then try again."};
}

Result<Done> Attempts::forget(std::string_view name) {
  auto lock = FileLock::take(folder_.attempts_lock(), FileLock::Wait::yes);
  if (!lock) return lock.error();
  return start_anew(name);
}

Result<Done> Attempts::start_anew(std::string_view name) {
  Counts counts = read(folder_.attempts(), random_);
  counts.of(name) = Count{counts.of(name).name, 0, 0};
  return replace_private_file(folder_.attempts(), encode(counts));
}

}  // namespace throughgate::node
