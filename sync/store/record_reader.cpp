#include "sync/store/record_reader.h"

#include <algorithm>
#include <set>

#include "sync/store/set_aside.h"
#include "sync/store/suspects.h"

namespace throughgate::sync::store {
namespace {

Error not_here() { return {ErrorKind::not_found, "This record is not on this computer."}; }

template <class T>
Result<T> finished(const UnitOfWork& work, T value) {
  if (work.failed()) return work.error();
  return value;
}

// ---- ops with everything that is known of them

struct Held {
  OpView view;
  EntryRow entry = 0;
  bool looked_at = true;  // by merge: neither refused nor inert
};

constexpr std::string_view ops_of_record =
    "SELECT o.field, e.hash, o.idx, o.kind, o.value, o.removed, a.node, a.organisation, e.role, "
    "e.actor, x.name, x.role, e.clock_ms, e.effective_ms, e.arrived_at_ms, e.accepted_at_ms, "
    "e.dsn, e.standing, e.inert, e.id, o.supersedes "
    "FROM op o JOIN entry e ON e.id = o.entry JOIN author a ON a.id = e.author "
    "LEFT JOIN actor x ON x.organisation = a.organisation AND x.id = e.actor "
    "WHERE o.dossier = ? AND o.record = ? AND o.type = ? AND (? IS NULL OR o.field = ?) "
    "AND o.source = e.redacted_by";

template <class AnyId>
AnyId id_in(const Statement& row, int column) {
  return AnyId::from(row.view(column)).value_or(AnyId{});
}

Held held_in(const Statement& row) {
  Held out;
  OpView& op = out.view;
  op.field = static_cast<std::uint32_t>(row.integer(0));
  op.id = {crypto::to_array<32>(row.view(1)).value_or(Hash{}),
           static_cast<std::uint32_t>(row.integer(2))};
  op.kind = static_cast<OpKind>(row.integer(3));
  op.value = row.bytes(4);
  op.removed = row.integer(5) != 0;
  op.node = id_in<NodeId>(row, 6);
  op.organisation = id_in<OrganisationId>(row, 7);
  if (!row.is_null(8)) op.role = static_cast<Role>(row.integer(8));
  op.actor = id_in<ActorId>(row, 9);
  op.actor_name = row.text(10);
  op.actor_role = row.text(11);
  op.clock_ms = row.unsigned_integer(12);
  op.effective_ms = row.unsigned_integer(13);
  op.arrived_at_ms = row.unsigned_integer(14);
  if (!row.is_null(15)) op.accepted_at_ms = row.unsigned_integer(15);
  if (!row.is_null(16)) op.dsn = row.unsigned_integer(16);
  const bool refused = static_cast<Standing>(row.integer(17)) == Standing::refused;
  out.looked_at = !refused && row.integer(18) == 0;
  out.entry = row.integer(19);
  op.replaces = OpTable::decode_superseded(row.view(20)).value_or(std::vector<OpId>{});
  if (!out.looked_at) op.standing = OpStanding::refused;
  return out;
}

std::vector<Held> held_ops(UnitOfWork& work, const StoredDossier& stored, const RecordName& name,
                           std::optional<std::uint32_t> field) {
  std::vector<Held> out;
  work.each(ops_of_record, bound(stored.row(), name.record.view(), name.type, field, field),
            [&](const Statement& row) { out.push_back(held_in(row)); });
  return out;
}

// One field as merge() sees it, with the ops it speaks of.
struct MergedField {
  FieldView view;
  std::map<OpId, OpStanding> standings;
};

MergedField merge_field(const FieldKey& key, const FieldPolicy& policy, const OpTable& ops,
                        const OpTable::RoleNow& role_now) {
  const auto loaded = ops.load(key, OpTable::View::shown, role_now);
  const FieldState state = merge(policy, loaded);
  MergedField out;
  out.view.field = key.field;
  out.view.policy = policy.policy;
  out.view.state = state.state;
  out.view.in_review = state.in_review;
  if (state.in_review) out.view.review_item = reconcile_item_id(state, loaded);
  const auto mark = [&](const std::vector<std::size_t>& which, OpStanding standing) {
    for (const std::size_t i : which) out.standings[loaded[i].id] = standing;
  };
  mark(state.siblings, OpStanding::beside);
  if (policy.policy != Policy::lifecycle) mark(state.listed, OpStanding::shown);
  if (policy.policy == Policy::lifecycle && !state.listed.empty()) {
    mark(state.listed, OpStanding::superseded);
    mark({state.listed.back()}, OpStanding::shown);
  }
  if (state.shown) mark({*state.shown}, OpStanding::shown);
  mark(state.not_applied, OpStanding::not_applied);
  mark(state.not_counted, OpStanding::not_counted);
  return out;
}

// Every op of a record, each with how it stands in its field.
class ReadRecord {
 public:
  ReadRecord(Replica& replica, const NodeContext& context, const RecordName& name,
             std::optional<std::uint32_t> only)
      : replica_(replica), context_(context), name_(name) {
    ops_ = held_ops(replica.work(), replica.stored(), name, only);
    const auto role_now = replica.role_lookup();
    for (auto& held : ops_) {
      const auto* merged = field(held.view.field, role_now);
      if (!held.view.dsn) held.view.role = role_now(held.view.organisation);
      if (!merged || !held.looked_at) continue;
      const auto found = merged->standings.find(held.view.id);
      held.view.standing =
          found == merged->standings.end() ? OpStanding::superseded : found->second;
    }
    if (has_suspects(context.directory)) mark_suspects();
  }

  std::vector<Held>& ops() { return ops_; }

  std::vector<FieldView> fields() const {
    std::vector<FieldView> out;
    for (const auto& [number, merged] : fields_) {
      FieldView view = merged.view;
      for (const auto standing : {OpStanding::shown, OpStanding::beside, OpStanding::not_applied}) {
        for (const auto& held : ops_) {
          if (held.view.field == number && held.view.standing == standing) {
            view.ops.push_back(held.view);
          }
        }
      }
      if (!view.ops.empty()) out.push_back(std::move(view));
    }
    return out;
  }

 private:
  void mark_suspects() {
    std::optional<Settled> settled;  // costs a look at each entry
    for (auto& held : ops_) {
      OpView& op = held.view;
      const bool stands = op.standing == OpStanding::shown || op.standing == OpStanding::beside;
      if (!stands || !is_suspect(context_.directory, op.node, op.accepted_at_ms)) continue;
      if (!settled) settled.emplace(replica_, context_.directory);
      op.is_suspect = !settled->holds(op.id.entry, op.organisation);
    }
  }

  const MergedField* field(std::uint32_t number, const OpTable::RoleNow& role_now) {
    const auto known = fields_.find(number);
    if (known != fields_.end()) return &known->second;
    const auto* policy = context_.policies.find(name_.type, number);
    if (!policy) return nullptr;
    auto merged = merge_field(name_.field(number), *policy, replica_.ops(), role_now);
    return &fields_.emplace(number, std::move(merged)).first->second;
  }

  Replica& replica_;
  const NodeContext& context_;
  RecordName name_;
  std::vector<Held> ops_;
  std::map<std::uint32_t, MergedField> fields_;
};

// Where a redaction stands in for an entry, its copy says the reason too.
std::string reason_of(Replica& replica, EntryRow row) {
  const auto held = replica.stored().load(row);
  if (!held) return {};
  if (const auto own = replica.open_entry(held->entry)) return own->reason;
  for (const EntryRow redaction : replica.stored().redactions_of(row)) {
    const auto stands_in = replica.stored().load(redaction);
    const auto content = stands_in ? replica.open_entry(stands_in->entry) : std::nullopt;
    if (content && content->copy) return content->copy->reason;
  }
  return {};
}

void add_reasons(Replica& replica, std::vector<Held>& ops) {
  std::map<EntryRow, std::string> reasons;
  for (auto& held : ops) {
    const auto [found, is_new] = reasons.try_emplace(held.entry);
    if (is_new) found->second = reason_of(replica, held.entry);
    held.view.reason = found->second;
  }
}

// By the types of its kind: whoever else writes one here changes nothing of what this is.
std::uint32_t root_type_of(const StoredDossier& stored, const PolicyTable& policies) {
  std::uint32_t out = 0;
  stored.work().each("SELECT DISTINCT type FROM op WHERE dossier = ? AND record = ? ORDER BY type",
                     bound(stored.row(), RecordId{}.view()), [&](const Statement& row) {
                       const auto type = static_cast<std::uint32_t>(row.integer(0));
                       const bool fits = stored.receiving() == Receiving::unknown ||
                                         policies.dossier_kind(type) == stored.kind();
                       if (out == 0 && fits) out = type;
                     });
  return out;
}

// What is set aside is as good as not here. Before it has been judged, after an update of this
// program, it is shown as before.
bool is_here(const StoredDossier& stored) { return stored.receiving() != Receiving::set_aside; }

bool is_here(const StoredDossier& stored, const PolicyTable& policies, const RecordName& name) {
  return stored.receiving() == Receiving::unknown || is_shown(stored, policies, name.type);
}

bool has_unplaced(const StoredDossier& stored) {
  return stored.work()
      .first("SELECT 1 FROM entry WHERE dossier = ? AND standing <= 2 AND dsn IS NULL LIMIT 1",
             bound(stored.row()), unsigned_column)
      .has_value();
}

DossierView view_of(Replica& replica, const NodeContext& context) {
  const StoredDossier& stored = replica.stored();
  DossierView out;
  out.id = stored.id();
  out.root_type = root_type_of(stored, context.policies);
  out.length = stored.length();
  out.complete = replica.is_complete();
  out.update_needed = stored.newer() != 0;
  out.provisional = has_unplaced(stored);
  if (const auto latest = replica.latest_membership()) {
    out.members = latest->membership.members;
    out.members_provisional = latest->provisional;
    out.own_role = latest->membership.role_of(context.identity.organisation);
    out.waiting_for_key = !replica.opens(latest->membership.epoch());
  }
  return out;
}

Notice notice_in(const Statement& row) {
  Notice out;
  out.id = row.integer(0);
  out.at_ms = row.unsigned_integer(1);
  out.kind = static_cast<int>(row.integer(2));
  if (!row.is_null(3)) out.dossier = DossierId::from(row.view(3));
  if (!row.is_null(4)) out.entry = crypto::to_array<32>(row.view(4));
  out.detail = static_cast<int>(row.integer(5));
  out.seen = row.integer(6) != 0;
  return out;
}

}  // namespace

// ---- views

const OpView* FieldView::shown() const {
  return !ops.empty() && ops.front().standing == OpStanding::shown ? &ops.front() : nullptr;
}

std::vector<const OpView*> FieldView::listed() const {
  std::vector<const OpView*> out;
  for (const auto& op : ops) {
    if (op.standing == OpStanding::shown) out.push_back(&op);
  }
  return out;
}

std::vector<OpId> FieldView::seen() const {
  std::vector<OpId> out;
  for (const auto& op : ops) {
    if (op.standing != OpStanding::not_applied) out.push_back(op.id);
  }
  return out;
}

const Member* DossierView::member(Role role) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const Member& member) { return member.role == role; });
  return found == members.end() ? nullptr : &*found;
}

const FieldView* RecordView::field(std::uint32_t number) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const FieldView& view) { return view.field == number; });
  return found == fields.end() ? nullptr : &*found;
}

bool RecordView::is_hidden(std::uint32_t number) const {
  return std::find(hidden.begin(), hidden.end(), number) != hidden.end();
}

bool RecordView::is_on_request(std::uint32_t number) const {
  return std::find(on_request.begin(), on_request.end(), number) != on_request.end();
}

// ---- reading

Result<RecordView> RecordReader::read(const RecordName& name) const {
  UnitOfWork work(database_, Purpose::reading);
  if (!StoredDossier::exists(work, name.dossier)) return not_here();
  Replica replica(work, name.dossier, context_);
  if (!is_here(replica.stored(), context_.policies, name)) return not_here();
  RecordView out{name,
                 view_of(replica, context_),
                 ReadRecord(replica, context_, name, std::nullopt).fields(),
                 {},
                 {}};
  if (out.fields.empty() && !work.failed()) return not_here();
  return finished(work, std::move(out));
}

Result<FieldView> RecordReader::field(const RecordName& name, std::uint32_t number) const {
  UnitOfWork work(database_, Purpose::reading);
  if (!StoredDossier::exists(work, name.dossier)) return not_here();
  Replica replica(work, name.dossier, context_);
  if (!is_here(replica.stored(), context_.policies, name)) return not_here();
  auto fields = ReadRecord(replica, context_, name, number).fields();
  return finished(work, fields.empty() ? FieldView{} : std::move(fields.front()));
}

Result<DossierView> RecordReader::dossier(const DossierId& id) const {
  UnitOfWork work(database_, Purpose::reading);
  if (!StoredDossier::exists(work, id)) return not_here();
  Replica replica(work, id, context_);
  if (!is_here(replica.stored())) return not_here();
  return finished(work, view_of(replica, context_));
}

Result<std::vector<DossierId>> RecordReader::between(const DossierId& first, const DossierId& last,
                                                     std::size_t limit) const {
  UnitOfWork work(database_, Purpose::reading);
  std::vector<DossierId> out;
  work.each(
      "SELECT dossier FROM dossier WHERE dossier BETWEEN ? AND ? AND receiving <> ? "
      "ORDER BY dossier LIMIT ?",
      bound(first.view(), last.view(), static_cast<int>(Receiving::set_aside),
            static_cast<std::uint64_t>(limit)),
      [&](const Statement& row) {
        if (const auto id = DossierId::from(row.view(0))) out.push_back(*id);
      });
  return finished(work, std::move(out));
}

Result<std::optional<SetAside>> RecordReader::set_aside(const DossierId& id) const {
  UnitOfWork work(database_, Purpose::reading);
  std::optional<SetAside> out;
  if (!StoredDossier::exists(work, id)) return finished(work, out);
  const Replica replica(work, id, context_);
  const auto memberships = replica.dated_memberships();
  const auto let = let_in(memberships, context_.identity.organisation);
  if (is_here(replica.stored()) || !let) return finished(work, out);
  out = {let->by, may_be_agreed(replica.stored().kind(), memberships,
                                context_.identity.organisation, context_.directory)};
  return finished(work, out);
}

Result<std::vector<OpView>> RecordReader::history(const RecordName& name,
                                                  std::optional<std::uint32_t> field,
                                                  std::size_t offset, std::size_t limit) const {
  UnitOfWork work(database_, Purpose::reading);
  if (!StoredDossier::exists(work, name.dossier)) return not_here();
  Replica replica(work, name.dossier, context_);
  if (!is_here(replica.stored(), context_.policies, name)) return not_here();
  ReadRecord record(replica, context_, name, field);
  auto& ops = record.ops();
  std::sort(ops.begin(), ops.end(), [](const Held& a, const Held& b) {
    return std::tuple(a.view.effective_ms, a.entry, a.view.id.index) >
           std::tuple(b.view.effective_ms, b.entry, b.view.id.index);
  });
  std::vector<Held> page;
  for (std::size_t i = offset; i < ops.size() && page.size() < limit; ++i) page.push_back(ops[i]);
  add_reasons(replica, page);
  std::vector<OpView> out;
  out.reserve(page.size());
  for (auto& held : page) out.push_back(std::move(held.view));
  return finished(work, std::move(out));
}

Result<std::vector<OpView>> RecordReader::ops(const RecordName& name) const {
  UnitOfWork work(database_, Purpose::reading);
  if (!StoredDossier::exists(work, name.dossier)) return not_here();
  Replica replica(work, name.dossier, context_);
  if (!is_here(replica.stored(), context_.policies, name)) return not_here();
  std::vector<OpView> out;
  ReadRecord record(replica, context_, name, std::nullopt);
  out.reserve(record.ops().size());
  for (auto& held : record.ops()) out.push_back(std::move(held.view));
  return finished(work, std::move(out));
}

Result<FieldView> RecordReader::review(const RecordName& name, std::uint32_t field) const {
  UnitOfWork work(database_, Purpose::reading);
  if (!StoredDossier::exists(work, name.dossier)) return not_here();
  Replica replica(work, name.dossier, context_);
  if (!is_here(replica.stored(), context_.policies, name)) return not_here();
  ReadRecord record(replica, context_, name, field);
  add_reasons(replica, record.ops());
  const auto fields = record.fields();
  if (fields.empty() && !work.failed()) return not_here();
  return finished(work, fields.empty() ? FieldView{} : fields.front());
}

Result<std::vector<Notice>> RecordReader::notices(bool unseen_only, std::size_t limit) const {
  UnitOfWork work(database_, Purpose::reading);
  std::vector<Notice> out;
  work.each(
      "SELECT id, at_ms, kind, dossier, entry, detail, seen FROM notice WHERE seen = 0 OR ? = 0 "
      "ORDER BY id DESC LIMIT ?",
      bound(unseen_only, limit), [&](const Statement& row) { out.push_back(notice_in(row)); });
  return finished(work, std::move(out));
}

Result<std::vector<Notice>> RecordReader::notices_of(const DossierId& dossier) const {
  UnitOfWork work(database_, Purpose::reading);
  std::vector<Notice> out;
  work.each(
      "SELECT id, at_ms, kind, dossier, entry, detail, seen FROM notice WHERE dossier = ? "
      "ORDER BY id",
      bound(dossier.view()), [&](const Statement& row) { out.push_back(notice_in(row)); });
  return finished(work, std::move(out));
}

Result<std::vector<Delivery>> RecordReader::deliveries(const DossierId& dossier) const {
  UnitOfWork work(database_, Purpose::reading);
  std::vector<Delivery> out;
  work.each(
      "SELECT node, proven, heard_at_ms FROM digest WHERE dossier = ?", bound(dossier.view()),
      [&](const Statement& row) {
        out.push_back({id_in<NodeId>(row, 0), row.unsigned_integer(1), row.unsigned_integer(2)});
      });
  return finished(work, std::move(out));
}

Result<Done> mark_notice_seen(Database& database, std::int64_t notice) {
  UnitOfWork work(database);
  work.run("UPDATE notice SET seen = 1 WHERE id = ?", notice);
  return work.commit();
}

}  // namespace throughgate::sync::store
