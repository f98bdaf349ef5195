#include "sync/store/key_renewals.h"

#include "sync/layout.h"
#include "sync/store/admission.h"
#include "sync/store/settings_table.h"

namespace throughgate::sync::store {
namespace {

void note_due(const StoredDossier& stored, std::uint64_t version, KeyDuty duty) {
  stored.work().run(
      "INSERT INTO key_renewal (dossier, version, duty, done) VALUES (?, ?, ?, 0) "
      "ON CONFLICT (dossier) DO UPDATE SET version = excluded.version, duty = excluded.duty, "
      "done = 0 WHERE version != excluded.version OR duty != excluded.duty OR done",
      stored.id().view(), version, static_cast<int>(duty));
}

void note_not_due(const StoredDossier& stored) {
  stored.work().run("UPDATE key_renewal SET done = 1 WHERE dossier = ? AND NOT done",
                    stored.id().view());
}

bool is_sealed_to(const NodeId& node, const EpochId& epoch, const DossierId& dossier,
                  const KeyTable& keys) {
  for (const auto& list : keys.lists(dossier)) {
    if (list.epoch != epoch) continue;
    for (const auto& envelope : list.envelopes) {
      if (envelope.recipient == Recipient{RecipientKind::node, node.bytes}) return true;
    }
  }
  return false;
}

// Of one whose first entry has its place.
KeyInForce key_in_force(const StoredDossier& stored, const KeyTable& keys) {
  const auto& memberships = stored.memberships();
  const EpochId epoch = memberships.current()->membership.epoch();
  const auto record = stored.record_at(memberships.epoch_began(epoch).value_or(0));
  return {memberships, record ? record->directory_version : 0,
          [&stored, &keys, epoch](const NodeId& node) {
            return is_sealed_to(node, epoch, stored.id(), keys);
          }};
}

std::vector<DossierId> dossiers_in(UnitOfWork& work, std::string_view sql) {
  std::vector<DossierId> out;
  work.each(sql, bound(), [&](const Statement& row) {
    const auto id = DossierId::from(row.view(0));
    id ? out.push_back(*id) : work.fail_as_damaged();
  });
  return out;
}

// As the hub answers for them: refused. One that got its place before comes with the order.
void refuse_unplaced_of(const NodeId& node, UnitOfWork& work, const NodeContext& context) {
  std::map<DossierId, std::vector<EntryRow>> found;
  work.each(
      "SELECT d.dossier, e.id FROM entry e JOIN dossier d ON d.id = e.dossier JOIN author a ON "
      "a.id = e.author WHERE e.dsn IS NULL AND e.standing <= 2 AND a.node = ?",
      bound(node.view()), [&](const Statement& row) {
        const auto id = DossierId::from(row.view(0));
        if (!id) return work.fail_as_damaged();
        found[*id].push_back(row.integer(1));
      });
  for (const auto& [id, rows] : found) {
    Replica replica(work, id, context);
    for (const EntryRow row : rows) replica.refuse(row);
    replica.finish();
  }
}

std::uint64_t heeded_to(UnitOfWork& work) {
  const auto kept = SettingsTable(work).find(setting::revocations_heeded_to);
  return kept ? LayoutReader(*kept).u64() : 0;
}

std::uint64_t count(UnitOfWork& work, std::string_view sql) {
  return work.first(sql, bound(), unsigned_column).value_or(0);
}

}  // namespace

void judge_key(StoredDossier& stored, const KeyTable& keys, const NodeContext& context) {
  const auto* now = stored.memberships().current();
  if (!now || context.directory.last_revocation() == 0) return;
  const auto since = key_due_since(key_in_force(stored, keys), context.directory);
  if (!since) return note_not_due(stored);
  note_due(stored, *since, key_duty_of(context.identity.organisation, now->membership));
}

bool may_know_key(const StoredDossier& stored, const KeyTable& keys, const EnrolledNode& node) {
  return stored.memberships().current() && may_know(node, key_in_force(stored, keys));
}

bool has_heeded_revocations(UnitOfWork& work, const Directory& directory) {
  return heeded_to(work) >= directory.last_revocation();
}

void heed_revocations(UnitOfWork& work, const NodeContext& context) {
  const auto& directory = context.directory;
  const auto before = heeded_to(work);
  if (before >= directory.last_revocation()) return;
  for (const auto& [id, node] : directory.nodes()) {
    const bool is_new = node.revoked_in && *node.revoked_in > before;
    if (is_new && id != context.identity.node) refuse_unplaced_of(id, work, context);
  }
  const KeyTable keys(work);
  for (const auto& id : dossiers_in(work, "SELECT dossier FROM dossier WHERE length > 0")) {
    StoredDossier stored(work, id);
    judge_key(stored, keys, context);
  }
  SettingsTable(work).set(setting::revocations_heeded_to,
                          LayoutWriter().u64(directory.last_revocation()).take());
}

KeyRenewalCounts key_renewal_counts(UnitOfWork& work) {
  KeyRenewalCounts out;
  out.due = count(work, "SELECT count(*) FROM key_renewal");
  if (out.due == 0) return out;
  out.done = count(work, "SELECT count(*) FROM key_renewal WHERE done");
  out.others = count(work, "SELECT count(*) FROM key_renewal WHERE NOT done AND duty = 0");
  out.ours = count(work, "SELECT count(*) FROM key_renewal WHERE NOT done AND duty = 1");
  out.asked = count(work, "SELECT count(*) FROM key_renewal WHERE NOT done AND duty = 2");
  out.sent = count(work,
                   "SELECT count(DISTINCT e.dossier) FROM entry e JOIN dossier d ON d.id = "
                   "e.dossier JOIN key_renewal k ON k.dossier = d.dossier WHERE e.dsn IS NULL AND "
                   "e.standing <= 2 AND e.standing = 1 AND e.kind = 2 AND NOT k.done");
  return out;
}

std::vector<KeyAwaited> keys_awaited(UnitOfWork& work, const NodeContext& context) {
  std::map<std::pair<OrganisationId, bool>, std::uint64_t> by_owner;
  for (const auto& id : dossiers_in(
           work, "SELECT dossier FROM key_renewal WHERE NOT done AND duty = 0 ORDER BY dossier")) {
    const StoredDossier stored(work, id);
    const auto* now = stored.memberships().current();
    if (!now) continue;
    const auto central = context.directory.central();
    const bool desk_may = central && now->membership.role_of(*central) == Role::central;
    ++by_owner[{now->membership.owner(), desk_may}];
  }
  std::vector<KeyAwaited> out;
  out.reserve(by_owner.size());
  for (const auto& [who, dossiers] : by_owner) out.push_back({who.first, who.second, dossiers});
  return out;
}

// ---- making them

std::vector<DossierId> KeyRenewal::next(UnitOfWork& work, std::size_t dossiers_max) const {
  std::vector<DossierId> out;
  const int last_duty = which_ == Which::ours ? 1 : 2;
  work.each(
      "SELECT dossier FROM key_renewal WHERE NOT done AND dossier > ? AND duty BETWEEN 1 AND ? "
      "ORDER BY dossier LIMIT ?",
      bound(after_.view(), last_duty, dossiers_max), [&](const Statement& row) {
        const auto id = DossierId::from(row.view(0));
        id ? out.push_back(*id) : work.fail_as_damaged();
      });
  return out;
}

bool KeyRenewal::renew(UnitOfWork& work, const DossierId& dossier, const Authorship& by) {
  Replica replica(work, dossier, context_);
  const auto latest = replica.latest_membership();
  const bool may_now = latest && !latest->provisional &&
                       replica.stored().receiving() != Receiving::set_aside &&
                       replica.base() == replica.stored().length() &&
                       replica.stored().heard() <= replica.stored().length();
  const bool made = may_now && write_member_change(replica, {MemberChange::Kind::new_key, {}, {}},
                                                   by, {}, context_)
                                   .has_value();
  if (!made) return false;
  replica.finish();
  return true;
}

Result<std::size_t> KeyRenewal::run(std::size_t dossiers_max, const Authorship& by) {
  std::size_t made = 0;
  while (made == 0) {
    UnitOfWork work(database_);
    const auto dossiers = next(work, dossiers_max);
    if (work.failed()) return work.error();
    if (dossiers.empty()) break;
    for (const auto& id : dossiers) {
      if (renew(work, id, by)) {
        ++made;
      } else {
        ++passed_over_;
      }
    }
    if (auto done = work.commit(); !done) return done.error();
    after_ = dossiers.back();
  }
  return made;
}

}  // namespace throughgate::sync::store
