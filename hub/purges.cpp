#include "hub/purges.h"

#include "hub/wire.h"
#include "sync/purge_receipt.h"

namespace throughgate::hub {
namespace {

using sync::PurgeReceipt;

std::set<OrganisationId> leaders(const sync::Membership& membership) {
  std::set<OrganisationId> out;
  for (const auto& member : membership.members) {
    if (sync::leads(member.role)) out.insert(member.organisation);
  }
  return out;
}

std::optional<PurgeReceipt> callers_own(const Round& round, const schema::SignedBytes& bytes) {
  const auto signature = wire::array<64>(bytes.signature());
  auto receipt = signature ? sync::decode_purge_receipt(crypto::as_bytes(bytes.bytes()), *signature)
                           : std::nullopt;
  const auto* node = receipt ? round.directory().node(receipt->node) : nullptr;
  const bool is_own = node && receipt->node == round.caller().node;
  return is_own && sync::verify(*receipt, node->verify_key) ? receipt : std::nullopt;
}

}  // namespace

void take_purge_receipt(Round& round, Recovery& recovery, const schema::SignedBytes& bytes,
                        schema::SyncReply& reply) {
  const auto receipt = callers_own(round, bytes);
  if (!receipt || recovery.is_recovering(receipt->dossier)) return;
  reply.add_purge_receipts_taken(wire::text(receipt->dossier.bytes));
  if (round.directory().is_erased(receipt->dossier)) return;
  const StoredOrder& order = round.order(receipt->dossier);
  const auto& memberships = order.memberships();
  const bool fits = !memberships.empty() && !memberships.role_now(round.caller().organisation) &&
                    memberships.was_ever_member(round.caller().organisation) &&
                    order.entry_at(receipt->dsn) == receipt->removal;
  if (!fits || round.store().keeps(*receipt)) return;
  round.store().keep_receipt(
      *receipt, round.tell(receipt->dossier, leaders(memberships.current()->membership)));
}

void put_purge_receipts(Round& round, const StoredOrder& order, std::uint64_t after_change,
                        schema::SyncReply& reply) {
  if (!sync::leads(order.memberships().role_now(round.caller().organisation))) return;
  for (const auto& receipt :
       round.store().purge_receipts_after(order.chain().dossier, after_change)) {
    auto& out = *reply.add_purge_receipts();
    out.set_bytes(wire::text(receipt.encode()));
    out.set_signature(wire::text(receipt.signature));
  }
}

}  // namespace throughgate::hub
