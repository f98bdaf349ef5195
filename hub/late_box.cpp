#include "hub/late_box.h"

#include "hub/wire.h"

namespace throughgate::hub {
namespace {

std::size_t put(const Round& round, const LateEntry& late, const crypto::SigningKey& hub_key,
                schema::SyncReply& reply) {
  sync::SignedVerdict said{round.state().instance,
                           late.dossier,
                           late.hash,
                           late.verdict.ruling,
                           0,
                           late.verdict.given_at_ms,
                           {}};
  sync::sign(said, hub_key);
  auto& out = *reply.add_late();
  out.set_header(wire::text(late.entry.header));
  out.set_signature(wire::text(late.entry.signature));
  out.set_clear(wire::text(late.entry.clear));
  out.set_sealed(wire::text(late.entry.sealed));
  out.mutable_verdict()->set_bytes(wire::text(said.encode()));
  out.mutable_verdict()->set_signature(wire::text(said.signature));
  return out.ByteSizeLong();
}

}  // namespace

void put_late(Round& round, std::uint64_t late_after, const crypto::SigningKey& hub_key,
              schema::SyncReply& reply) {
  std::size_t bytes = 0;
  std::uint64_t told = late_after;
  std::size_t looked_at = 0;
  for (const auto& [number, dossier] :
       round.store().late_after(late_after, late_looked_at_max + 1)) {
    if (++looked_at > late_looked_at_max || bytes > late_bytes_per_reply_max) {
      reply.set_late_more(true);
      break;
    }
    const auto role = round.order(dossier).memberships().role_now(round.caller().organisation);
    if (sync::leads(role)) {
      if (const auto late = round.store().late_entry(number)) {
        bytes += put(round, *late, hub_key, reply);
      }
    }
    told = number;
  }
  reply.set_late_to(told);
}

}  // namespace throughgate::hub
