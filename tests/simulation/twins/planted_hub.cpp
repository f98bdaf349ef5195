// Faults in what the hub does.
#include "hub/recovery.h"
#include "hub/sequencer.h"
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

}  // namespace throughgate::simulation
