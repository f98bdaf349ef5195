#include "sync/store/admission.h"

#include <algorithm>

#include "sync/store/by_hand.h"
#include "sync/store/erasure.h"
#include "sync/store/parked_table.h"
#include "sync/store/purge.h"

namespace throughgate::sync::store {
namespace {

Error denied_to_role() {
  return {ErrorKind::denied,
          "Your organisation may not change one of these fields. Nothing was saved."};
}

Result<Done> check_counts(const Replica& replica) {
  if (replica.stored().receiving() != Receiving::set_aside) return Done{};
  return Error{
      ErrorKind::denied,
      "This record is kept apart, because there is no agreement to receive it. Nothing was "
      "saved."};
}

bool may_write_all(const Replica& replica, const std::vector<OpDraft>& ops,
                   const NodeContext& context) {
  const auto role = replica.role_now(context.identity.organisation);
  return role && may_write_entries(*role) &&
         std::all_of(ops.begin(), ops.end(), [&](const OpDraft& op) {
           const auto* policy = context.policies.find(op.field.record_type, op.field.field);
           return !policy || policy->counts(*role);
         });
}

Result<Hash> finish(UnitOfWork& work, Replica& replica, const VerifiedEntry& entry) {
  replica.finish();
  if (auto done = work.commit(); !done) return done.error();
  return entry.hash();
}

std::optional<Membership> changed(const Membership& now, const Hash& now_entry,
                                  const MemberChange& change) {
  Membership next = now;
  next.number = now.number + 1;
  next.previous = now_entry;
  next.dossier_random = {};
  auto& members = next.members;
  if (change.kind != MemberChange::Kind::new_key) {
    std::erase_if(members, [&](const Member& m) {
      return m.organisation == change.organisation || m.organisation == change.replaces;
    });
  }
  if (change.kind == MemberChange::Kind::set_role) {
    if (change.role == Role::owner) {
      for (auto& member : members) {
        if (member.role == Role::owner) member.role = change.old_owner;
      }
    }
    members.push_back({change.organisation, change.role});
  }
  std::sort(members.begin(), members.end(),
            [](const Member& a, const Member& b) { return a.organisation < b.organisation; });
  const bool same = members == now.members && change.kind != MemberChange::Kind::new_key;
  if (same || !decode_membership(next.encode())) return std::nullopt;
  return next;
}

bool removes_somebody(const Membership& before, const Membership& after) {
  return std::any_of(before.members.begin(), before.members.end(),
                     [&](const Member& m) { return !after.role_of(m.organisation); });
}

// Who takes part anew may have taken part before, by an order that a hub has lost since, and have
// been given the key in force: a computer of theirs that was withdrawn then knows it, and of those
// who hold the record now perhaps nobody can tell.
bool lets_in_the_withdrawn(const Membership& before, const Membership& after,
                           const Directory& directory) {
  return std::any_of(directory.nodes().begin(), directory.nodes().end(), [&](const auto& each) {
    const auto& [id, node] = each;
    return node.revoked_in && after.role_of(node.organisation) &&
           !before.role_of(node.organisation);
  });
}

}  // namespace

void add_notice(UnitOfWork& work, NoticeKind kind, const DossierId& dossier,
                const std::optional<Hash>& entry, int detail, std::uint64_t at_ms) {
  const auto same = work.first(
      "SELECT 1 FROM notice WHERE dossier = ? AND kind = ? AND entry IS ? AND detail = ? AND NOT "
      "seen",
      bound(dossier.view(), static_cast<int>(kind), entry, detail), unsigned_column);
  if (same) return;
  work.run("INSERT INTO notice (at_ms, kind, dossier, entry, detail) VALUES (?, ?, ?, ?, ?)", at_ms,
           static_cast<int>(kind), dossier.view(), entry, detail);
}

void forget_refusal(UnitOfWork& work, const DossierId& dossier, const Hash& entry) {
  work.run("DELETE FROM notice WHERE dossier = ? AND entry = ? AND kind = ? AND NOT seen",
           dossier.view(), entry, static_cast<int>(NoticeKind::refused));
}

// Nothing of it can be checked before this program is updated, so only so much of it is kept.
Result<Done> park_by_hand(UnitOfWork& work, const SignedEntry& entry) {
  constexpr std::uint64_t parked_max = 1000;  // a case carried by hand has some fifty
  constexpr std::size_t dossier_at = 4;       // in a header of every version so far
  const ByteView header(entry.header);
  const auto dossier = header.size() < dossier_at + 16
                           ? std::nullopt
                           : DossierId::from(header.subspan(dossier_at, 16));
  if (dossier && is_erased(work, *dossier)) return already_erased();
  const std::size_t size = entry.header.size() + entry.clear.size() + entry.sealed.size();
  ParkedTable parked(work);
  if (size > redact_bytes_max || parked.count_without_place() >= parked_max) {
    return Error{ErrorKind::newer,
                 "This was made by a newer version of Throughgate. Update this program, then "
                 "bring it in again."};
  }
  parked.keep({entry, std::nullopt});
  return Done{};
}

bool hold_by_hand(Replica& replica, const VerifiedEntry& entry, const AuthorStanding& author,
                  const NodeContext& context) {
  const bool says_it_begins = entry.membership() && entry.membership()->number == 1;
  if (says_it_begins && !begins_its_dossier(entry, author)) return false;
  StoredDossier& stored = replica.stored();
  const auto own = stored.own_stream();
  const bool is_own = entry.header().author == context.identity.node;
  if (is_own && own && own->id == entry.header().stream) {
    stored.close_own_stream();  // it knows more of our stream than we do
    add_notice(stored.work(), NoticeKind::disk_put_back, stored.id(), std::nullopt, 0, 0);
  }
  replica.hold(entry, author.organisation, Standing::carried);
  return true;
}

Result<DossierId> Admission::create(std::vector<Member> members, const Authorship& by,
                                    std::vector<OpDraft> ops) {
  Batch batch(database_, context_);
  auto id = batch.create(std::move(members), by, std::move(ops));
  if (!id) return id.error();
  if (auto done = batch.commit(); !done) return done.error();
  return id;
}

Result<DossierId> Batch::create(std::vector<Member> members, const Authorship& by,
                                std::vector<OpDraft> ops) {
  std::sort(members.begin(), members.end(),
            [](const Member& a, const Member& b) { return a.organisation < b.organisation; });
  const auto& identity = context_.identity;
  Membership membership;
  membership.number = 1;
  membership.dossier_random = context_.random.bytes<16>();
  membership.members = std::move(members);
  const DossierId id = make_dossier_id(identity.organisation, identity.signing_key.verify_key(),
                                       membership.dossier_random);
  const auto key = crypto::ContentKey::generate(context_.random);
  membership.key_commitment = key_commitment(key, id);
  const Bytes clear = membership.encode();
  if (!decode_membership(clear) || membership.owner() != identity.organisation) {
    return Error{ErrorKind::invalid,
                 "A record needs exactly one owner, and that must be your organisation."};
  }

  Replica replica(work_, id, context_);
  replica.take_key(membership.epoch(), key);
  auto entry = write_entry(replica, {EntryKind::membership, clear, by, std::move(ops), {}, {}, {}},
                           context_);
  if (!entry) {
    work_.fail(entry.error());  // what stands half made must not be committed
    return entry.error();
  }
  seal_to_recipients(replica, membership.epoch(), recipients_of(membership, context_), context_);
  replica.finish();
  if (work_.failed()) return work_.error();
  return id;
}

Result<Hash> Admission::save(const DossierId& dossier, const Authorship& by,
                             std::vector<OpDraft> ops, std::vector<Hash> closes) {
  UnitOfWork work(database_);
  if (!StoredDossier::exists(work, dossier)) {
    if (work.failed()) return work.error();
    return Error{ErrorKind::not_found, "This record is not on this computer."};
  }
  Replica replica(work, dossier, context_);
  if (auto counts = check_counts(replica); !counts) return counts.error();
  if (!may_write_all(replica, ops, context_)) return denied_to_role();
  auto entry = write_entry(
      replica, {EntryKind::change, {}, by, std::move(ops), {}, std::move(closes), {}}, context_);
  if (!entry) return entry.error();
  return finish(work, replica, *entry);
}

Result<VerifiedEntry> write_member_change(Replica& replica, const MemberChange& change,
                                          const Authorship& by, std::vector<OpDraft> ops,
                                          const NodeContext& context) {
  const auto latest = replica.latest_membership();
  if (!latest) return Error{ErrorKind::not_found, "This record is not on this computer."};
  const auto role = latest->membership.role_of(context.identity.organisation);
  if (!leads(role)) {
    return Error{ErrorKind::denied,
                 "Only the organisation that owns this record may change who shares it."};
  }
  if (replica.base() < replica.stored().length()) {
    return Error{ErrorKind::stale,
                 "Part of this record is not here yet. Sync first, then try again."};
  }
  auto next = changed(latest->membership, latest->entry, change);
  if (!next) {
    return Error{ErrorKind::invalid,
                 "That would leave who shares this record as it is, or with "
                 "no owner. Nothing was changed."};
  }
  const bool new_key = change.kind == MemberChange::Kind::new_key ||
                       removes_somebody(latest->membership, *next) ||
                       lets_in_the_withdrawn(latest->membership, *next, context.directory);
  std::optional<crypto::ContentKey> key;
  if (new_key) {
    key = crypto::ContentKey::generate(context.random);
    next->key_commitment = key_commitment(*key, replica.stored().id());
  }
  auto entry = write_entry(
      replica, {EntryKind::membership, next->encode(), by, std::move(ops), {}, {}, {}}, context);
  if (!entry) return entry.error();
  if (key) replica.keys().add(replica.stored().row(), next->epoch(), *key);
  const auto recipients = recipients_of(*next, context);
  std::set<EpochId> epochs{next->epoch(), latest->membership.epoch()};
  for (const auto& each : replica.stored().memberships().all()) {
    epochs.insert(each.membership.epoch());  // newcomers read from the first entry on
  }
  for (const auto& epoch : epochs) seal_to_recipients(replica, epoch, recipients, context);
  return entry;
}

Result<Hash> Admission::change_members(const DossierId& dossier, const MemberChange& change,
                                       const Authorship& by, std::vector<OpDraft> ops) {
  UnitOfWork work(database_);
  Replica replica(work, dossier, context_);
  if (auto counts = check_counts(replica); !counts) return counts.error();
  const auto latest = replica.latest_membership();
  if (latest && latest->provisional && replica.stored().length() > 0) {
    return Error{ErrorKind::stale,
                 "An earlier change of who shares this record has not been sent yet. Sync first, "
                 "then try again."};
  }
  auto entry = write_member_change(replica, change, by, std::move(ops), context_);
  if (!entry) return entry.error();
  return finish(work, replica, *entry);
}

Result<Hash> Admission::redact(const DossierId& dossier, const std::vector<OpId>& ops,
                               const Authorship& by) {
  UnitOfWork work(database_);
  Replica replica(work, dossier, context_);
  if (auto counts = check_counts(replica); !counts) return counts.error();
  // Before its first place nobody is a member of record: then whoever is by what is written here.
  const auto& own = context_.identity.organisation;
  const auto role = replica.stored().length() == 0 ? replica.role_now(own)
                                                   : replica.stored().memberships().role_now(own);
  if (!leads(role)) {
    return Error{ErrorKind::denied,
                 "Only the organisation that owns this record may remove something from it."};
  }
  const auto row = ops.empty() ? std::nullopt : replica.stored().find(ops.front().entry);
  const auto held = row ? replica.stored().load(*row) : std::nullopt;
  const auto original = held && held->dsn ? replica.open_entry(held->entry) : std::nullopt;
  if (held && (held->content == Content::newer || (original && original->passed_over))) {
    return Error{
        ErrorKind::newer,
        "This was written by a newer version of Throughgate. Update this program, then try "
        "again."};
  }
  if (!original || *held->dsn > replica.base()) {
    return Error{ErrorKind::stale,
                 "This has not been confirmed by the central exchange yet. Sync first, then try "
                 "again."};
  }

  RedactedCopy copy{
      original->schema_version, original->clock_ms, original->actor, original->reason, {}};
  const auto superseded = replica.ops().superseded_by(*row);
  const auto before = replica.removed_from(*held);
  for (std::uint32_t i = 0; i < original->ops.size(); ++i) {
    Op op = original->ops[i];
    op.value_removed = before.contains(i) ||
                       std::find(ops.begin(), ops.end(), OpId{held->entry.hash(), i}) != ops.end();
    const auto* policy = context_.policies.find(op.field.record_type, op.field.field);
    if (op.value_removed && !(policy && policy->may_be_redacted())) {
      return Error{ErrorKind::invalid,
                   "This kind of field is corrected by a new value, not removed."};
    }
    if (op.value_removed) op.value.clear();
    op.supersedes.clear();
    const auto found = superseded.find(i);
    for (const auto& id : found == superseded.end() ? std::vector<OpId>{} : found->second) {
      const auto link = replica.stored().link(id.entry);
      if (link && link->dsn && *link->dsn <= replica.base()) {
        op.supersedes.push_back({SeenName::By::dsn, *link->dsn, 0, id.index});
      }
    }
    copy.ops.emplace_back(i, std::move(op));
  }
  const Redaction target{*held->dsn, held->entry.hash()};
  auto entry = write_entry(
      replica, {EntryKind::redact, target.encode(), by, {}, {}, {}, std::move(copy)}, context_);
  if (!entry) return entry.error();
  return finish(work, replica, *entry);
}

Result<Done> Admission::receive_by_hand(const SignedEntry& bytes) {
  const auto decoded = decode_header(bytes.header);
  if (!decoded.header && decoded.fault == HeaderFault::version_unknown) {
    UnitOfWork work(database_);
    if (auto kept = park_by_hand(work, bytes); !kept) return kept;
    return work.commit();
  }
  if (!decoded.header) {
    return Error{ErrorKind::rejected, "This is not something that Throughgate wrote."};
  }
  if (context_.directory.is_erased(decoded.header->dossier)) return already_erased();
  const auto* author = context_.directory.node(decoded.header->author);
  if (!author) {
    return Error{ErrorKind::stale,
                 "This was written by a computer that is not in the list held here. Sync, or "
                 "import a newer bundle, then try again."};
  }
  if (author->revoked_in) {
    return Error{ErrorKind::denied,
                 "This was written by a computer that the central team has withdrawn. Nothing of "
                 "it was kept."};
  }
  auto verified = verify(bytes, author->verify_key);
  if (!verified.entry) {
    return Error{ErrorKind::rejected, "This has been altered since it was written."};
  }

  UnitOfWork work(database_);
  if (is_purged(work, verified.entry->header().dossier)) {
    return Error{ErrorKind::denied, "This record is no longer shared with your organisation."};
  }
  Replica replica(work, verified.entry->header().dossier, context_);
  if (replica.stored().find(verified.entry->hash())) return work.commit();
  const AuthorStanding standing{author->organisation, author->verify_key, false};
  if (!hold_by_hand(replica, *verified.entry, standing, context_)) {
    return Error{ErrorKind::rejected,
                 "This says that it begins a record that somebody else began. Nothing of it was "
                 "kept. Tell the central team who gave it to you."};
  }
  replica.finish();
  return work.commit();
}

}  // namespace throughgate::sync::store
