#include "node/handovers/code_tries.h"

#include <map>

#include "sync/layout.h"
#include "sync/store/settings_table.h"

namespace throughgate::node {
namespace {

using sync::Bytes;
using sync::Done;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::SettingsTable;
using sync::store::UnitOfWork;
namespace setting = sync::store::setting;

struct Tally {
  std::uint8_t tries = 0;
  std::uint64_t first_ms = 0;

  // A clock that was put back makes nobody wait longer than an hour.
  bool counts(std::uint64_t now_ms) const {
    return now_ms < first_ms + code_wait_ms && first_ms < now_ms + code_wait_ms;
  }
};
using Tallies = std::map<DossierId, Tally>;

// Layout, for each handover that counts: dossier 16 · tries u8 · first u64.
Tallies decode(const Bytes& stored, std::uint64_t now_ms) {
  Tallies out;
  sync::LayoutReader in(stored);
  for (;;) {
    const auto handover = in.id<DossierId>();
    Tally tally{in.u8(), 0};
    tally.first_ms = in.u64();
    if (in.failed()) return out;
    if (tally.counts(now_ms)) out[handover] = tally;
  }
}

Bytes encode(const Tallies& tallies) {
  sync::LayoutWriter out;
  for (const auto& [handover, tally] : tallies) {
    out.bytes(handover.view()).u8(tally.tries).u64(tally.first_ms);
  }
  return out.take();
}

Tallies read(SettingsTable& settings, std::uint64_t now_ms) {
  return decode(settings.find(setting::handover_code_tries).value_or(Bytes{}), now_ms);
}

}  // namespace

Result<std::size_t> CodeTries::count(const DossierId& handover) {
  const std::uint64_t now_ms = node_.now_ms();
  UnitOfWork work(node_.database());
  SettingsTable settings(work);
  auto tallies = read(settings, now_ms);
  auto& tally = tallies[handover];
  if (tally.tries >= code_tries_max) {
    return Error{ErrorKind::denied,
                 "There were five codes that did not fit. Wait an hour, and ask for a new code; or "
                 "agree on the telephone without one. Nothing was saved."};
  }
  if (tally.tries++ == 0) tally.first_ms = now_ms;
  const std::size_t left = code_tries_max - tally.tries;
  settings.set(setting::handover_code_tries, encode(tallies));
  if (auto done = work.commit(); !done) return done.error();
  return left;
}

Result<Done> CodeTries::forget(const DossierId& handover) {
  UnitOfWork work(node_.database());
  SettingsTable settings(work);
  auto tallies = read(settings, node_.now_ms());
  if (tallies.erase(handover) == 0) return Done{};
  settings.set(setting::handover_code_tries, encode(tallies));
  return work.commit();
}

}  // namespace throughgate::node
