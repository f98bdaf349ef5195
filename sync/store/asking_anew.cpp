#include "sync/store/asking_anew.h"

#include <algorithm>

#include "sync/layout.h"
#include "sync/store/settings_table.h"

namespace throughgate::sync::store {
namespace {

constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;
constexpr std::uint8_t wait_days_max = 7;

bool is_a_key_missing(UnitOfWork& work) {
  return work
      .first("SELECT 1 FROM dossier WHERE readable < length AND NOT ended LIMIT 1", bound(),
             unsigned_column)
      .has_value();
}

}  // namespace

void AskingAnew::begin_round(std::uint64_t now_ms) {
  State state = read();
  // A clock that was ahead must not make the wait last until then.
  const bool is_due =
      now_ms >= state.ended_ms + state.wait_days * day_ms || now_ms < state.ended_ms;
  if (state.phase != Phase::none || !is_due) return;
  if (!SettingsTable(work_).find(setting::cursor)) return;  // it is told all as it is
  if (is_a_key_missing(work_)) return begin(state);
  keep({now_ms, 1, Phase::none});
}

bool AskingAnew::ask() {
  State state = read();
  if (state.phase == Phase::none) {
    begin(state);
    return true;
  }
  state.phase = Phase::and_once_more;
  keep(state);
  return false;
}

bool AskingAnew::note_reply(bool is_all, std::uint64_t now_ms) {
  State state = read();
  if (state.phase == Phase::none || !is_all) return false;
  if (state.phase == Phase::and_once_more) {
    begin(state);
    return true;
  }
  const int wait_days = std::min<int>(2 * state.wait_days, wait_days_max);
  keep({now_ms, static_cast<std::uint8_t>(wait_days), Phase::none});
  return false;
}

void AskingAnew::begin(State state) {
  SettingsTable(work_).remove(setting::cursor);
  state.phase = Phase::under_way;
  keep(state);
}

AskingAnew::State AskingAnew::read() const {
  State out;
  const auto kept = SettingsTable(work_).find(setting::asked_anew);
  if (!kept) return out;
  LayoutReader in(*kept);
  out.ended_ms = in.u64();
  if (in.finished()) return out;  // as an earlier program kept it
  out.wait_days = std::clamp<std::uint8_t>(in.u8(), 1, wait_days_max);
  const auto phase = in.u8();
  if (!in.failed() && phase <= 2) out.phase = static_cast<Phase>(phase);
  return out;
}

void AskingAnew::keep(const State& state) {
  LayoutWriter out;
  out.u64(state.ended_ms).u8(state.wait_days).u8(static_cast<std::uint8_t>(state.phase));
  SettingsTable(work_).set(setting::asked_anew, out.take());
}

}  // namespace throughgate::sync::store
