#include "sync/store/sheet_keys.h"

#include "sync/envelope.h"

namespace throughgate::sync::store {

std::size_t open_envelopes(Replica& replica, const NodeIdentity& identity) {
  std::size_t opened = 0;
  for (const auto& list : replica.keys().lists(replica.stored().id())) {
    if (replica.opens(list.epoch)) continue;
    const auto commitment = replica.commitment(list.epoch);
    if (!commitment) continue;
    for (const auto& envelope : list.envelopes) {
      const auto& to = envelope.recipient;
      const bool for_node = to == Recipient{RecipientKind::node, identity.node.bytes};
      const bool for_sheet =
          identity.recovery_secret &&
          to == Recipient{RecipientKind::recovery_key, identity.organisation.bytes};
      if (!for_node && !for_sheet) continue;
      const auto& box_key = for_node ? identity.box_key : *identity.recovery_secret;
      if (auto key = open_envelope(envelope, box_key, list.dossier, *commitment)) {
        replica.take_key(list.epoch, *key);
        ++opened;
        break;
      }
    }
  }
  return opened;
}

Result<Done> open_all_envelopes(Database& database, const NodeContext& context) {
  UnitOfWork work(database);
  std::vector<DossierId> sealed;
  work.each(
      "SELECT DISTINCT d.dossier FROM entry e JOIN dossier d ON d.id = e.dossier WHERE e.content < "
      "2 AND e.content = 0",
      bound(), [&](const Statement& row) {
        if (const auto id = DossierId::from(row.view(0))) sealed.push_back(*id);
      });
  for (const auto& id : sealed) {
    Replica replica(work, id, context);
    if (open_envelopes(replica, context.identity) > 0) replica.finish();
  }
  return work.commit();
}

}  // namespace throughgate::sync::store
