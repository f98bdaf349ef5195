#include "sync/store/late_post.h"

#include <map>

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
  std::map<DossierId, std::vector<Late>> by_dossier;
  for (const auto& each : reply.late()) {
    auto late = read(each);
    if (!late) {
      ++round_.counts.unsound;
      continue;
    }
    const auto& header = late->entry.header();
    // What this very computer wrote it offers itself, hears the answer to, and writes again.
    if (header.author == context_.identity.node) continue;
    by_dossier[header.dossier].push_back(*std::move(late));
  }
  for (const auto& [dossier, all] : by_dossier) {
    if (context_.directory.is_erased(dossier) || is_purged(work, dossier)) continue;
    Replica replica(work, dossier, context_);
    for (const auto& late : all) take(replica, late, now_ms);
    replica.finish();
  }
  if (reply.late_to() <= told_to(work) || reply.late_to() > counter_max) return;
  SettingsTable(work).set(setting::late_to,
                          LayoutWriter().bytes(round_.instance.bytes).u64(reply.late_to()).take());
  round_.wants_another |= reply.late_more();
}

// Nothing where it does not verify.
std::optional<LatePost::Late> LatePost::read(const schema::LateEntry& in) const {
  const auto signature = crypto::to_array<64>(crypto::as_bytes(in.signature()));
  const auto said = crypto::to_array<64>(crypto::as_bytes(in.verdict().signature()));
  const auto verdict =
      said ? decode_verdict(crypto::as_bytes(in.verdict().bytes()), *said) : std::nullopt;
  if (!signature || !verdict || !verdict->ruling.is_final() ||
      verdict->instance != round_.instance ||
      !sync::verify(*verdict, context_.directory.hub_key())) {
    return std::nullopt;
  }
  SignedEntry bytes{from_wire(in.header()), *signature, from_wire(in.clear()),
                    from_wire(in.sealed())};
  const auto header = decode_header(bytes.header).header;
  const auto* author = header ? context_.directory.node(header->author) : nullptr;
  if (!author || header->dossier != verdict->dossier) return std::nullopt;
  auto verified = verify(std::move(bytes), author->verify_key);
  if (!verified.entry || verified.entry->hash() != verdict->entry) return std::nullopt;
  return Late{*std::move(verified.entry), author->organisation, verdict->ruling.reason};
}

void LatePost::take(Replica& replica, const Late& late, std::uint64_t now_ms) {
  const StoredDossier& stored = replica.stored();
  const Hash hash = late.entry.hash();
  const auto held = stored.find(hash);
  const auto known = held ? stored.load(*held) : std::nullopt;
  if (known && (known->dsn || known->standing != Standing::carried)) return;
  if (known) {
    replica.refuse(*held);
  } else {
    replica.hold(late.entry, late.author, Standing::refused);
  }
  // What else is refused its author's own program writes again.
  const bool is_shut_out =
      late.why == Reason::not_a_member || late.why == Reason::reader || late.why == Reason::revoked;
  if (late.author != context_.identity.organisation && is_shut_out) {
    add_notice(replica.work(), NoticeKind::late, stored.id(), hash, static_cast<int>(late.why),
               now_ms);
  }
}

}  // namespace throughgate::sync::store
