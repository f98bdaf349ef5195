#include "sync/store/sheet_keys.h"

#include <algorithm>

#include "sync/envelope.h"

namespace throughgate::sync::store {
namespace {

Recipient sheet_of(const OrganisationId& organisation) {
  return {RecipientKind::recovery_key, organisation.bytes};
}

std::size_t open_with(Replica& replica, const NodeIdentity& identity, const crypto::BoxKey* sheet) {
  std::size_t opened = 0;
  for (const auto& list : replica.keys().lists(replica.stored().id())) {
    if (replica.opens(list.epoch)) continue;
    const auto commitment = replica.commitment(list.epoch);
    if (!commitment) continue;
    for (const auto& envelope : list.envelopes) {
      const auto& to = envelope.recipient;
      const bool for_node = to == Recipient{RecipientKind::node, identity.node.bytes};
      const bool for_sheet = sheet && to == sheet_of(identity.organisation);
      if (!for_node && !for_sheet) continue;
      const auto& box_key = for_node ? identity.box_key : *sheet;
      if (auto key = open_envelope(envelope, box_key, list.dossier, *commitment)) {
        replica.take_key(list.epoch, *key);
        ++opened;
        break;
      }
    }
  }
  return opened;
}

bool has_envelope(const EnvelopeList& list, const Recipient& recipient) {
  return std::any_of(list.envelopes.begin(), list.envelopes.end(),
                     [&](const Envelope& each) { return each.recipient == recipient; });
}

}  // namespace

std::size_t open_envelopes(Replica& replica, const NodeIdentity& identity) {
  return open_with(replica, identity,
                   identity.recovery_secret ? &*identity.recovery_secret : nullptr);
}

std::size_t open_envelopes(Replica& replica, const NodeIdentity& identity,
                           const crypto::BoxKey& sheet) {
  return open_with(replica, identity, &sheet);
}

std::vector<DossierId> sealed_dossiers(UnitOfWork& work) {
  std::vector<DossierId> out;
  work.each(
      "SELECT DISTINCT d.dossier FROM entry e JOIN dossier d ON d.id = e.dossier WHERE e.content < "
      "2 AND e.content = 0",
      bound(), [&](const Statement& row) {
        const auto id = DossierId::from(row.view(0));
        id ? out.push_back(*id) : work.fail_as_damaged();
      });
  return out;
}

Awaited what_it_awaits(Replica& replica, const OrganisationId& organisation) {
  for (const auto& list : replica.keys().lists(replica.stored().id())) {
    if (!replica.opens(list.epoch) && replica.commitment(list.epoch) &&
        has_envelope(list, sheet_of(organisation))) {
      return Awaited::sheet;
    }
  }
  const auto& stored = replica.stored();
  const bool is_whole = stored.heard() <= stored.length() && !stored.memberships().empty();
  return is_whole ? Awaited::key : Awaited::rest;
}

}  // namespace throughgate::sync::store
