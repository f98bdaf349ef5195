#include "sync/store/late_post.h"

#include "sync/layout.h"
#include "sync/limits.h"
#include "sync/signed_verdict.h"
#include "sync/store/admission.h"
#include "sync/store/purge.h"
#include "sync/store/settings_table.h"
#include "sync/wire_values.h"

namespace throughgate::sync::store {

std::uint64_t LatePost::told_to(UnitOfWork& work) const {
  const auto kept = SettingsTable(work).find(setting::late_to);
  if (!kept) return 0;
  LayoutReader in(*kept);
  const auto instance = in.array<16>();
  const auto number = in.u64();
  return !in.failed() && instance == round_.instance.bytes ? number : 0;
}

void LatePost::add_after(UnitOfWork& work, schema::SyncRequest& request) {
  request.set_late_after(told_to(work));
}

void LatePost::take(UnitOfWork& work, const schema::SyncReply& reply, std::uint64_t now_ms) {
  for (const auto& each : reply.late()) {
    if (!take(work, each, now_ms)) ++round_.counts.unsound;
  }
  if (reply.late_to() <= told_to(work) || reply.late_to() > counter_max) return;
  SettingsTable(work).set(setting::late_to,
                          LayoutWriter().bytes(round_.instance.bytes).u64(reply.late_to()).take());
  round_.wants_another |= reply.late_more();
}

// False where it does not verify.
bool LatePost::take(UnitOfWork& work, const schema::LateEntry& in, std::uint64_t now_ms) {
  const auto signature = crypto::to_array<64>(crypto::as_bytes(in.signature()));
  const auto said = crypto::to_array<64>(crypto::as_bytes(in.verdict().signature()));
  const auto verdict =
      said ? decode_verdict(crypto::as_bytes(in.verdict().bytes()), *said) : std::nullopt;
  if (!signature || !verdict || !verdict->ruling.is_final() ||
      verdict->instance != round_.instance ||
      !sync::verify(*verdict, context_.directory.hub_key())) {
    return false;
  }
  SignedEntry bytes{from_wire(in.header()), *signature, from_wire(in.clear()),
                    from_wire(in.sealed())};
  const auto header = decode_header(bytes.header).header;
  const auto* author = header ? context_.directory.node(header->author) : nullptr;
  if (!author || header->dossier != verdict->dossier) return false;
  const auto verified = verify(std::move(bytes), author->verify_key);
  if (!verified.entry || verified.entry->hash() != verdict->entry) return false;
  // What this very computer wrote it offers itself, hears the answer to, and writes again.
  if (header->author == context_.identity.node) return true;
  if (context_.directory.is_erased(header->dossier) || is_purged(work, header->dossier)) {
    return true;
  }

  Replica replica(work, header->dossier, context_);
  const auto held = replica.stored().find(verdict->entry);
  const auto known = held ? replica.stored().load(*held) : std::nullopt;
  if (known && (known->dsn || known->standing != Standing::carried)) return true;
  if (known) {
    replica.refuse(*held);
  } else {
    replica.hold(*verified.entry, author->organisation, Standing::refused);
  }
  // What else is refused its author's own program writes again.
  const auto why = verdict->ruling.reason;
  const bool is_shut_out =
      why == Reason::not_a_member || why == Reason::reader || why == Reason::revoked;
  if (author->organisation != context_.identity.organisation && is_shut_out) {
    add_notice(work, NoticeKind::late, header->dossier, verdict->entry,
               static_cast<int>(verdict->ruling.reason), now_ms);
  }
  replica.finish();
  return true;
}

}  // namespace throughgate::sync::store
