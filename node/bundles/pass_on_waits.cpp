#include "node/bundles/pass_on_waits.h"

#include <algorithm>

#include "sync/layout.h"
#include "sync/store/settings_table.h"

namespace throughgate::node {
namespace {

using sync::store::Fate;
using sync::store::PassedOnFile;
using sync::store::SettingsTable;
namespace setting = sync::store::setting;

constexpr std::uint32_t failures_max = 20;  // twice a minute so often is more than the longest wait

}  // namespace

PassOnWaits::PassOnWaits(sync::store::UnitOfWork& work) : work_(work) {
  const auto kept = SettingsTable(work_).find(setting::passed_on_tries);
  if (!kept) return;
  sync::LayoutReader in(*kept);
  while (!in.failed() && in.position() < kept->size()) {
    const auto number = in.u64();
    failures_[number] = in.u32();
  }
}

// A number is given again once its file has gone, so it counts only what is known to have been
// tried.
std::uint64_t PassOnWaits::next_try_ms(const PassedOnFile& file, std::uint64_t now_ms) const {
  const auto found = failures_.find(file.number);
  if (file.fate != Fate::waits || file.fate_at_ms == 0 || found == failures_.end()) return 0;
  const auto doublings = std::clamp(found->second, 1u, failures_max) - 1;
  const auto due_ms = file.fate_at_ms + std::min(first_wait_ms << doublings, longest_wait_ms);
  return now_ms < file.fate_at_ms || now_ms >= due_ms ? 0 : due_ms;
}

void PassOnWaits::add_failure(const PassedOnFile& file) {
  auto& failures = failures_[file.number];
  failures = file.fate_at_ms == 0 ? 1 : std::min(failures + 1, failures_max);
  keep();
}

void PassOnWaits::forget(std::uint64_t number) {
  failures_.erase(number);
  keep();
}

void PassOnWaits::keep() {
  const auto files = sync::store::PassedOnTable(work_).all();
  sync::LayoutWriter out;
  for (const auto& file : files) {
    const auto found = failures_.find(file.number);
    if (file.fate == Fate::waits && found != failures_.end())
      out.u64(file.number).u32(found->second);
  }
  SettingsTable(work_).set(setting::passed_on_tries, out.take());
}

}  // namespace throughgate::node
