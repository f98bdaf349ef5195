// Faults in what the hub does.
#include "hub/recovery.h"
#include "hub/sequencer.h"
#include "hub/store/sqlite_store.h"
#include "hub/stored_order.h"
#include "schema/wire.pb.h"
#include "tests/simulation/twins/planted.h"

namespace throughgate::simulation {
namespace {

// A Recovery begins with the reference to its round.
hub::Round& round_of(hub::Recovery* recovery) {
  return **reinterpret_cast<hub::Round* const*>(recovery);
}

}  // namespace

// A hub that begins anew serves before the directory names it.
THROUGHGATE_IN_PLACE_OF(sync::Result<sync::Done>, serves, const hub::Sequencer* sequencer) {
  if (is_planted("named_instance")) return sync::Done{};
  return real_serves(sequencer);
}

// Only members are told that the hub does not know their chain; others hear that all is well.
THROUGHGATE_IN_PLACE_OF(bool, answer_head, hub::Recovery* recovery,
                        const schema::Presented& presented, schema::HeadAnswer& answer) {
  const bool due = real_answer_head(recovery, presented, answer);
  const auto dossier = sync::DossierId::from(crypto::as_bytes(answer.dossier()));
  if (!due || !dossier || !is_planted("tell_all")) return due;
  auto& round = round_of(recovery);
  const auto& memberships = round.order(*dossier).memberships();
  if (!memberships.role_now(round.caller().organisation)) {
    answer.set_standing(schema::HeadAnswer::KNOWN);
  }
  return due;
}

// A hub put back serves at once, as if its nodes had nothing to give back.
THROUGHGATE_IN_PLACE_OF(void, end_when_due, hub::Recovery* recovery) {
  auto& round = round_of(recovery);
  if (is_planted("reopen_at_once") && hub::is_under_way(round.history(), round.state())) {
    recovery->open_everything();
  }
  real_end_when_due(recovery);
}

// What it has never heard of may begin at once: it waits only where it knows whom for.
THROUGHGATE_IN_PLACE_OF(bool, is_recovering, hub::Recovery* recovery,
                        const sync::DossierId& dossier, const sync::Membership* first) {
  const bool unknown = first && round_of(recovery).order(dossier).length() == 0;
  if (is_planted("hold_unknown") && unknown) return false;
  return real_is_recovering(recovery, dossier, first);
}

// All lives of a hub count alike, so the order that it holds stays.
THROUGHGATE_IN_PLACE_OF(std::optional<std::size_t>, rank, const hub::DirectoryHistory* history,
                        const sync::InstanceId& instance) {
  auto rank = real_rank(history, instance);
  if (is_planted("newest_chain") && rank) rank = 0;
  return rank;
}

THROUGHGATE_IN_PLACE_OF(bool, may_hold_key, const sync::MembershipHistory* memberships,
                        const sync::OrganisationId& organisation, const sync::EpochId& epoch) {
  return is_planted("key_to_all") || real_may_hold_key(memberships, organisation, epoch);
}

// An entry that has its place is given another.
THROUGHGATE_IN_PLACE_OF(std::optional<hub::StreamEnd>, find, const hub::StoredOrder* order,
                        const sync::StreamId& stream, std::uint64_t seq) {
  if (is_planted("dup_is_new")) return std::nullopt;
  return real_find(order, stream, seq);
}

// ---- erasures

THROUGHGATE_IN_PLACE_OF(sync::Result<sync::Done>, erase_traces, hub::SqliteStore* store) {
  if (is_planted("pages_kept")) return sync::Done{};
  return real_erase_traces(store);
}

}  // namespace throughgate::simulation
