#include "sync/store/replica.h"

#include <algorithm>

#include "sync/effective_time.h"
#include "sync/store/key_renewals.h"
#include "sync/store/set_aside.h"

namespace throughgate::sync::store {

namespace {

// Entries under this key of which only a redaction's copy was read, as its key came first: they are
// read too, for a hub that loses the redaction's place.
std::vector<EntryRow> redacted_unread(const EpochId& epoch, const StoredDossier& stored,
                                      const OpTable& ops) {
  std::vector<EntryRow> out;
  stored.work().each("SELECT id FROM entry WHERE dossier = ? AND redacted_by != 0",
                     bound(stored.row()),
                     [&](const Statement& row) { out.push_back(row.integer(0)); });
  std::erase_if(out, [&](EntryRow row) {
    const auto held = ops.holds(row) ? std::nullopt : stored.load(row);
    return !held || held->entry.header().epoch != epoch || !stored.holds_sealed_part(row);
  });
  return out;
}

}  // namespace

Replica::Replica(UnitOfWork& work, const DossierId& dossier, const NodeContext& context)
    : work_(work),
      context_(context),
      stored_(work, dossier),
      ops_(work, stored_),
      keys_(work),
      records_(work, stored_, context.policies) {}

// ---- entries

EntryRow Replica::hold(const VerifiedEntry& entry, const OrganisationId& organisation,
                       Standing standing) {
  const EntryRow row = stored_.add(entry, organisation, standing, context_.clock());
  if (entry.membership()) all_touched_ = true;                // roles of provisional ops may change
  if (standing != Standing::outbox) unplaced_follow_ = true;  // its successors may be here already
  absorb(row);
  return row;
}

void Replica::accept(const VerifiedEntry& entry, const OrganisationId& organisation,
                     const OrderRecord& record) {
  auto row = stored_.find(entry.hash());
  if (!row) row = stored_.add(entry, organisation, Standing::carried, context_.clock());
  stored_.place(*row, entry, organisation, record);
  unplaced_follow_ = true;
  if (entry.membership()) all_touched_ = true;
  const auto held = stored_.load(*row);
  if (!held) return;
  if (held->content == Content::sealed || held->content == Content::unresolved) {
    absorb(*row);
  } else {
    update_times(*held);
    touch(*row);
  }
  if (entry.redaction()) {
    if (const auto target = stored_.target_of(*row)) apply_redactions(*target);
  }
}

void Replica::refuse(EntryRow row) {
  touch(row);
  stored_.set_standing(row, Standing::refused);
  all_touched_ = true;
}

void Replica::reopen_refused() {
  for (const EntryRow row : stored_.unplaced(Standing::refused)) {
    stored_.set_standing(row, Standing::carried);
  }
  all_touched_ = true;
}

void Replica::cut(std::uint64_t dsn) {
  const auto tail = stored_.cut(stored_.whole_below(dsn), context_.identity.node);
  for (const EntryRow row : tail) {
    const auto target = stored_.target_of(row);
    if (!target) continue;
    work_.run("DELETE FROM redaction WHERE entry = ?", row);
    touch(*target);  // of some fields there may be no other op
    ops_.remove(*target, row);
    apply_redactions(*target);
  }
  for (const EntryRow row : tail) {  // bare: nothing that anybody could take it for
    if (!stored_.holds_sealed_part(row)) forget(row);
  }
  update_all_times();
}

void Replica::drop_if_only_carried(const Hash& entry) {
  const auto row = stored_.find(entry);
  const auto held = row ? stored_.load(*row) : std::nullopt;
  if (!held || held->dsn || held->standing != Standing::carried) return;
  if (stored_.memberships().role_now(context_.identity.organisation)) return;
  forget(*row);
}

void Replica::forget(EntryRow row) {
  touch(row);
  const auto held = stored_.load(row);
  if (held && held->entry.membership()) all_touched_ = true;  // it gives nobody a role any more
  unplaced_follow_ = true;  // nor do those after it in its stream have its time any more
  ops_.remove(row, OpTable::from_itself);
  work_.run("DELETE FROM closing WHERE entry = ?", row);
  stored_.forget(row);
}

// ---- what entries hold

Result<ChangeSet> Replica::read_content(const VerifiedEntry& entry) const {
  const auto key = keys_.find(stored_.row(), entry.header().epoch);
  if (!key || !entry.holds_sealed_part()) {
    return Error{ErrorKind::rejected, "The change is not open here."};
  }
  return open(entry, *key);
}

std::optional<ChangeSet> Replica::open_entry(const VerifiedEntry& entry) const {
  auto change_set = read_content(entry);
  if (!change_set) return std::nullopt;
  return std::move(*change_set);
}

void Replica::absorb(EntryRow row) {
  const auto held = stored_.load(row);
  if (!held || !opens(held->entry.header().epoch)) return;
  const auto change_set = read_content(held->entry);
  if (!change_set) {
    const bool newer = change_set.error().kind == ErrorKind::newer;
    if (newer) note_newer(Newer::content);
    stored_.set_content(row, newer ? Content::newer : Content::unreadable);
    stored_.set_opened(row, 0, {});
    update_times(*held);
    return;
  }
  learn_actor(held->organisation, change_set->actor);
  stored_.set_opened(row, change_set->clock_ms, change_set->actor.id);
  stored_.set_passed_over(row, change_set->passed_over);
  if (change_set->passed_over) note_newer(Newer::field);
  note_unknown_fields(change_set->ops);
  note_closed(row, *change_set);
  update_times(*held);
  if (merge_content(*held, *change_set)) touch(row);
}

bool Replica::merge_content(const StoredEntry& stored, const ChangeSet& change_set) {
  const auto superseded = resolve(stored.entry.header(), change_set.ops, stored_);
  if (!superseded) {
    stored_.set_content(stored.row, Content::unresolved);
    return false;
  }
  for (std::uint32_t i = 0; i < change_set.ops.size(); ++i) {
    ops_.add(stored.row, OpTable::from_itself, i, change_set.ops[i], (*superseded)[i]);
  }
  stored_.set_content(stored.row, Content::merged);
  return true;
}

void Replica::note_closed(EntryRow row, const ChangeSet& change_set) {
  for (const auto& entry : change_set.closes) {
    work_.run("INSERT OR IGNORE INTO closing (dossier, closes, entry) VALUES (?, ?, ?)",
              stored_.row(), entry, row);
  }
}

// Their ops are kept with all others, and shown once the rules of these fields are known.
void Replica::note_unknown_fields(const std::vector<Op>& ops) {
  const bool all_known = std::all_of(ops.begin(), ops.end(), [&](const Op& op) {
    return context_.policies.find(op.field.record_type, op.field.field) != nullptr;
  });
  if (!all_known) note_newer(Newer::field);
}

void Replica::read_again() {
  stored_.set_newer(stored_.newer() & Newer::place);
  const auto rows = stored_.not_understood();
  for (const EntryRow row : rows) {
    touch(row);
    ops_.remove(row, OpTable::from_itself);
    stored_.set_content(row, Content::sealed);
    stored_.set_passed_over(row, false);
  }
  for (const EntryRow row : rows) absorb(row);
  for (const EntryRow row : rows) {
    if (const auto target = stored_.target_of(row)) apply_redactions(*target);
    if (!stored_.redactions_of(row).empty()) apply_redactions(row);
  }
  for (const auto& field : ops_.fields()) {
    if (!context_.policies.find(field.record_type, field.field)) note_newer(Newer::field);
  }
  update_all_times();  // an entry's time follows from those before it in its stream
}

// ---- times and roles

std::optional<std::uint64_t> Replica::clock_of(EntryRow row) const {
  return work_.first("SELECT clock_ms FROM entry WHERE id = ? AND clock_ms IS NOT NULL", bound(row),
                     unsigned_column);
}

void Replica::update_times(const StoredEntry& stored) {
  const auto clock = clock_of(stored.row);
  if (!clock) return;
  const Header& header = stored.entry.header();
  ClaimedTime claimed;
  claimed.clock_ms = *clock;
  if (stored_.chain_at(header.base_dsn) == header.base_head) {
    claimed.base_accepted_at_ms = stored_.accepted_at(header.base_dsn);
  }
  if (header.seq > 1) claimed.previous_effective_ms = stored_.effective_ms(header.previous);
  if (stored.dsn) claimed.accepted_at_ms = stored_.accepted_at(*stored.dsn);
  std::optional<Role> role;
  if (stored.dsn) {
    role = stored_.memberships().role_for_entry_at(*stored.dsn, stored.organisation);
  }
  stored_.set_times(stored.row, effective_time_ms(claimed), role);
}

void Replica::update_all_times() {
  for (const EntryRow row : stored_.placed_after(0)) {
    if (const auto held = stored_.load(row)) update_times(*held);
  }
  update_unplaced_times();
  all_follow_ = false;
  all_touched_ = true;
}

// A time follows from the one before it in its stream, so stream by stream.
void Replica::update_unplaced_times() {
  std::vector<EntryRow> rows;
  work_.each("SELECT id FROM entry WHERE dossier = ? AND dsn IS NULL ORDER BY stream, seq",
             bound(stored_.row()), [&](const Statement& row) { rows.push_back(row.integer(0)); });
  for (const EntryRow row : rows) {
    const auto held = stored_.load(row);
    if (!held) continue;
    const auto before = stored_.effective_ms(held->entry.hash());
    update_times(*held);
    if (stored_.effective_ms(held->entry.hash()) != before) touch(row);
  }
  unplaced_follow_ = false;
}

void Replica::learn_actor(const OrganisationId& organisation, const Actor& actor) {
  if (actor.name.empty()) return;
  work_.run(
      "INSERT INTO actor (organisation, id, name, role) VALUES (?, ?, ?, ?) "
      "ON CONFLICT (organisation, id) DO UPDATE SET name = excluded.name, role = excluded.role "
      "WHERE name != excluded.name OR role != excluded.role",
      organisation.view(), actor.id.view(), actor.name, actor.role);
}

void Replica::touch(EntryRow row) { touched_.merge(ops_.fields_of(row)); }

// ---- keys

void Replica::take_key(const EpochId& epoch, const crypto::ContentKey& key) {
  if (opens(epoch)) return;
  keys_.add(stored_.row(), epoch, key);
  const auto redacted = redacted_unread(epoch, stored_, ops_);
  for (const EntryRow row : redacted) stored_.set_content(row, Content::sealed);
  const auto sealed = stored_.unmerged();
  for (const EntryRow row : sealed) absorb(row);
  for (const EntryRow row : sealed) {
    if (const auto target = stored_.target_of(row)) apply_redactions(*target);
  }
  for (const EntryRow row : redacted) apply_redactions(row);
  update_all_times();  // an entry's time follows from those before it in its stream
}

std::optional<Hash> Replica::commitment(const EpochId& epoch) const {
  if (const auto accepted = stored_.memberships().key_commitment(epoch)) return accepted;
  for (const auto standing : {Standing::outbox, Standing::carried, Standing::waiting}) {
    for (const EntryRow row : stored_.unplaced(standing)) {
      const auto held = stored_.load(row);
      if (held && held->entry.membership() && held->entry.membership()->epoch() == epoch) {
        return held->entry.membership()->key_commitment;
      }
    }
  }
  return std::nullopt;
}

// ---- where this node stands

std::uint64_t Replica::base() const {
  std::uint64_t base = stored_.readable();
  const auto& history = stored_.memberships();
  for (;;) {
    const auto epoch = history.epoch_at(base);
    if (!epoch || opens(*epoch)) return base;
    base = history.epoch_began(*epoch).value_or(1) - 1;
  }
}

bool Replica::is_complete() const {
  return stored_.newer() == 0 && stored_.readable() == stored_.length() &&
         base() == stored_.length() && stored_.proven() == stored_.length() &&
         stored_.heard() <= stored_.length();
}

std::optional<ProjectionDigest> Replica::digest() const {
  if (stored_.newer() != 0 || stored_.is_stale())
    return std::nullopt;  // no word for what is not known
  const std::uint64_t dsn = stored_.length();
  const auto epoch = stored_.memberships().epoch_at(dsn);
  const auto key = epoch ? keys_.find(stored_.row(), *epoch) : std::nullopt;
  if (!key || base() != dsn) return std::nullopt;
  // Of an entry that came bare the redaction has not come yet: until then it is not what others
  // saw.
  if (stored_.whole_below(dsn) != dsn) return std::nullopt;
  std::map<FieldKey, Bytes> fields;
  for (const auto& field : ops_.fields()) {
    const auto* policy = context_.policies.find(field.record_type, field.field);
    if (!policy) continue;
    const auto ops = ops_.load(field, OpTable::View::accepted, {});
    const auto projected = project(*policy, ops);
    if (!projected.siblings.empty()) fields[field] = canonical(field, projected);
  }
  return projection_digest(*key, stored_.id(), dsn, fields);
}

// ---- the end of a change

void Replica::retry_unmerged() {
  for (const EntryRow row : stored_.unmerged()) absorb(row);
}

void Replica::advance_readable() {
  std::uint64_t dsn = stored_.readable();
  while (dsn < stored_.length()) {
    const auto content = work_.first(
        "SELECT content FROM entry WHERE dossier = ? AND dsn = ?", bound(stored_.row(), dsn + 1),
        [](const Statement& row) { return static_cast<Content>(row.integer(0)); });
    if (!content || *content == Content::sealed || *content == Content::unresolved) break;
    ++dsn;
  }
  stored_.set_readable(dsn);
}

// The kind that the first entry says; of the first that is open, where that one is not.
std::optional<std::uint32_t> Replica::dossier_kind() const {
  const auto type = work_.first(
      "SELECT o.type FROM op o JOIN entry e ON e.id = o.entry WHERE o.dossier = ? "
      "ORDER BY e.dsn IS NULL, e.dsn, e.id, o.source, o.record, o.type LIMIT 1",
      bound(stored_.row()),
      [](const Statement& row) { return static_cast<std::uint32_t>(row.integer(0)); });
  return type ? std::optional(context_.policies.dossier_kind(*type)) : std::nullopt;
}

void Replica::judge_receiving() {
  const auto kind = dossier_kind();
  if (!kind) return;
  const bool counted = stored_.receiving() == Receiving::counts && stored_.kind() == *kind;
  if (counted && goes_on_counting(*kind)) return;
  const Receiving before = stored_.receiving();
  const Receiving now =
      receive(*kind, dated_memberships(), context_.identity.organisation, context_.directory);
  if (now == before && stored_.kind() == *kind) return;
  stored_.set_receiving(now, *kind);
  all_touched_ = true;
  if (now == Receiving::set_aside) {
    note_set_aside(stored_, context_.clock());
  } else if (before == Receiving::set_aside) {
    forget_set_aside(stored_);
  }
}

void Replica::note_whether_ended() {
  const auto& own = context_.identity.organisation;
  const auto& history = stored_.memberships();
  stored_.set_ended(!history.role_now(own) && history.was_ever_member(own));
}

void Replica::finish() {
  retry_unmerged();
  advance_readable();
  if (all_follow_) update_all_times();
  if (unplaced_follow_) update_unplaced_times();
  if (all_touched_ || stored_.receiving() == Receiving::unknown) judge_receiving();
  if (all_touched_ || key_touched_) judge_key(stored_, keys_, context_);
  if (all_touched_) {
    touched_.merge(ops_.fields());
    note_whether_ended();
  }
  const auto role_now = role_lookup();
  for (const auto& field : touched_) records_.refresh(field, ops_, role_now);
  touched_.clear();
  all_touched_ = false;
  key_touched_ = false;
}

}  // namespace throughgate::sync::store
