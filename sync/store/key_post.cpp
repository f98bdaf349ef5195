#include "sync/store/key_post.h"

#include "sync/store/authoring.h"
#include "sync/store/purge.h"
#include "sync/store/sheet_keys.h"
#include "sync/wire_values.h"

namespace throughgate::sync::store {
Result<Done> KeyPost::take(UnitOfWork& work, const schema::SyncReply& reply) {
  for (const auto& each : reply.envelopes()) {
    const auto list = envelope_list_from_wire(each);
    const auto* sender = list ? context_.directory.node(list->sender) : nullptr;
    if (!sender || !verify(*list, sender->verify_key)) {
      return hub_is_wrong("a key is not signed by the computer it names.");
    }
    if (context_.directory.is_erased(list->dossier) || is_purged(work, list->dossier)) continue;
    KeyTable(work).keep(*list, false);
    touch(list->dossier);
    Replica replica(work, list->dossier, context_);
    replica.touch_key();
    open(replica);
    replica.finish();
  }
  return Done{};
}

void KeyPost::open(Replica& replica) {
  round_.counts.keys += open_envelopes(replica, context_.identity);
}

// The hub names all that are lacking each time a dossier has changed.
Result<Done> KeyPost::take_wanted(UnitOfWork& work, const schema::SyncReply& reply) {
  for (const auto& head : reply.heads().heads()) {
    work.run("DELETE FROM wanted WHERE dossier = ?", crypto::as_bytes(head.dossier()));
    if (const auto id = id_from_wire<DossierId>(head.dossier())) touch(*id);
  }
  for (const auto& wanted : reply.wanted()) {
    const bool reads = wanted.dossier().size() == 16 && wanted.epoch().size() == 16 &&
                       wanted.recipient().size() == 16 && wanted.recipient_kind() >= 1 &&
                       wanted.recipient_kind() <= 2;
    if (!reads) return hub_is_wrong("it asks for a key in a way this program does not know.");
    const auto id = *id_from_wire<DossierId>(wanted.dossier());
    if (context_.directory.is_erased(id) || is_purged(work, id)) continue;
    work.run("INSERT OR IGNORE INTO wanted (dossier, epoch, kind, recipient) VALUES (?, ?, ?, ?)",
             crypto::as_bytes(wanted.dossier()), crypto::as_bytes(wanted.epoch()),
             wanted.recipient_kind(), crypto::as_bytes(wanted.recipient()));
    touch(id);
  }
  return Done{};
}

std::vector<KeyPost::Wanted> KeyPost::wanted(UnitOfWork& work) {
  std::vector<Wanted> out;
  const auto take = [&](const Statement& row) {
    const auto dossier = DossierId::from(row.view(0));
    const auto epoch = EpochId::from(row.view(1));
    const auto id = crypto::to_array<16>(row.view(3));
    if (!dossier || !epoch || !id) return work.fail_as_damaged();
    out.push_back({*dossier, *epoch, {static_cast<RecipientKind>(row.integer(2)), *id}});
  };
  if (all_touched_) {
    work.each("SELECT dossier, epoch, kind, recipient FROM wanted", bound(), take);
    return out;
  }
  for (const auto& dossier : touched_) {
    work.each("SELECT dossier, epoch, kind, recipient FROM wanted WHERE dossier = ?",
              bound(dossier.view()), take);
  }
  return out;
}

void KeyPost::seal_wanted(UnitOfWork& work) {
  for (const auto& each : wanted(work)) seal(work, each);
  touched_.clear();
  all_touched_ = false;
}

void KeyPost::seal(UnitOfWork& work, const Wanted& wanted) {
  const auto& [dossier, epoch, recipient] = wanted;
  const auto forget = [&] {
    work.run("DELETE FROM wanted WHERE dossier = ? AND epoch = ? AND kind = ? AND recipient = ?",
             wanted.dossier.view(), wanted.epoch.view(), static_cast<int>(wanted.recipient.kind),
             wanted.recipient.id);
  };
  OrganisationId organisation{recipient.id};
  if (recipient.kind == RecipientKind::node) {
    const auto* node = context_.directory.node(NodeId{recipient.id});
    if (node && node->revoked_in) return forget();  // for good
    if (!node) return;
    organisation = node->organisation;
  }
  if (!StoredDossier::exists(work, dossier)) return;
  Replica replica(work, dossier, context_);
  // The hub's word is not enough: the chain here must show the recipient as a member.
  if (!replica.opens(epoch) || !replica.stored().memberships().may_hold_key(organisation, epoch)) {
    return;
  }
  if (seal_to_recipients(replica, epoch, {recipient}, context_)) round_.wants_another = true;
  forget();
}

}  // namespace throughgate::sync::store
