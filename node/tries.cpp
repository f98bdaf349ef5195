#include "node/tries.h"

#include <map>

#include "sync/layout.h"
#include "sync/store/settings_table.h"

namespace throughgate::node {
namespace {

using sync::Bytes;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::SettingsTable;
using sync::store::UnitOfWork;

struct Tally {
  std::uint8_t tries = 0;
  std::uint64_t first_ms = 0;

  // A clock that was put back makes nobody wait longer than the rule says.
  bool counts(std::uint64_t now_ms, std::uint64_t wait_ms) const {
    return now_ms < first_ms + wait_ms && first_ms < now_ms + wait_ms;
  }
};
using Tallies = std::map<Tries::What, Tally>;

// Layout, for each that counts: what 16 · tries u8 · first u64.
Tallies decode(const Bytes& stored, std::uint64_t now_ms, std::uint64_t wait_ms) {
  Tallies out;
  sync::LayoutReader in(stored);
  for (;;) {
    const auto what = in.array<16>();
    Tally tally{in.u8(), 0};
    tally.first_ms = in.u64();
    if (in.failed()) return out;
    if (tally.counts(now_ms, wait_ms)) out[what] = tally;
  }
}

Bytes encode(const Tallies& tallies) {
  sync::LayoutWriter out;
  for (const auto& [what, tally] : tallies) out.bytes(what).u8(tally.tries).u64(tally.first_ms);
  return out.take();
}

Tallies read(SettingsTable& settings, const TriesRule& rule, std::uint64_t now_ms) {
  return decode(settings.find(rule.setting).value_or(Bytes{}), now_ms, rule.wait_ms);
}

}  // namespace

Result<std::size_t> Tries::count(const What& what) {
  const std::uint64_t now_ms = node_.now_ms();
  UnitOfWork work(node_.database());
  SettingsTable settings(work);
  auto tallies = read(settings, rule_, now_ms);
  auto& tally = tallies[what];
  if (tally.tries >= rule_.most) return Error{ErrorKind::denied, rule_.refused};
  if (tally.tries++ == 0) tally.first_ms = now_ms;
  const std::size_t left = rule_.most - tally.tries;
  settings.set(rule_.setting, encode(tallies));
  if (auto done = work.commit(); !done) return done.error();
  return left;
}

Result<Done> Tries::forget(const What& what) {
  UnitOfWork work(node_.database());
  SettingsTable settings(work);
  auto tallies = read(settings, rule_, node_.now_ms());
  if (tallies.erase(what) == 0) return work.commit();
  settings.set(rule_.setting, encode(tallies));
  return work.commit();
}

}  // namespace throughgate::node
