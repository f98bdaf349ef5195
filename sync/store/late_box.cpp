#include "sync/store/late_box.h"

#include <algorithm>

#include "sync/store/admission.h"
#include "sync/store/purge.h"
#include "sync/store/reauthoring.h"

namespace throughgate::sync::store {
namespace {

// A refused entry of somebody who still takes part is written again by its author's own program.
constexpr std::uint64_t own_program_ms = 7ull * 24 * 60 * 60 * 1000;

struct Refused {
  EntryRow row = 0;
  DossierId dossier;
};

// By the index of what has no place; sorted by the row itself, every entry here would be looked at.
std::vector<Refused> refused(UnitOfWork& work) {
  std::vector<Refused> out;
  work.each(
      "SELECT e.id, d.dossier FROM entry e JOIN dossier d ON d.id = e.dossier WHERE e.dsn IS NULL "
      "AND e.standing = 4 ORDER BY +e.id",
      bound(), [&](const Statement& row) {
        if (const auto id = DossierId::from(row.view(1))) out.push_back({row.integer(0), *id});
      });
  return out;
}

// Only who leads, or wrote it, settles it; and an entry that was refused itself settles nothing.
bool is_closed(UnitOfWork& work, const Replica& replica, const StoredEntry& held) {
  constexpr std::string_view stands = "(k.dsn IS NOT NULL OR k.standing IN (1, 2, 5))";
  bool closed = false;
  const auto look = [&](const Statement& row) {
    const auto organisation = OrganisationId::from(row.view(0)).value_or(OrganisationId{});
    closed |= organisation == held.organisation || leads(replica.role_now(organisation)) ||
              (!row.is_null(1) && leads(static_cast<Role>(row.integer(1))));
  };
  work.each(std::string("SELECT a.organisation, k.role FROM closing c JOIN entry k ON k.id = "
                        "c.entry JOIN author a ON a.id = k.author WHERE c.dossier = ? AND "
                        "c.closes = ? AND ") +
                std::string(stands),
            bound(replica.stored().row(), held.entry.hash()), look);
  if (closed) return true;
  work.each(std::string("SELECT a.organisation, k.role FROM op o JOIN entry k ON k.id = o.entry "
                        "JOIN author a ON a.id = k.author WHERE o.dossier = ? AND o.again IS NOT "
                        "NULL AND substr(o.again, 1, 32) = ? AND ") +
                std::string(stands),
            bound(replica.stored().row(), held.entry.hash()), look);
  return closed;
}

class LateBox {
 public:
  LateBox(UnitOfWork& work, const NodeContext& context) : work_(work), context_(context) {}

  // nullopt: it needs nobody here.
  std::optional<LateItem> item(Replica& replica, EntryRow row) {
    const auto held = replica.stored().load(row);
    if (!held || held->dsn || held->standing != Standing::refused) return std::nullopt;
    const bool ours = held->organisation == context_.identity.organisation;
    if (ours ? !is_out_of_our_hands(replica, *held) : !needs_a_leader(replica, *held)) {
      return std::nullopt;
    }
    if (is_closed(work_, replica, *held)) return std::nullopt;
    LateItem out;
    out.entry = held->entry.hash();
    out.dossier = replica.stored().id();
    out.organisation = held->organisation;
    out.node = held->entry.header().author;
    out.kind = held->entry.header().kind;
    out.ours = ours && !leads(replica.role_now(context_.identity.organisation));
    read_more(replica, row, out);
    return out;
  }

 private:
  // Ours is written again by this program, unless it may not write here any more.
  bool is_out_of_our_hands(const Replica& replica, const StoredEntry& held) const {
    const auto* node = context_.directory.node(held.entry.header().author);
    const auto role = replica.role_now(context_.identity.organisation);
    return !role || !may_write_entries(*role) || (node && node->revoked_in) ||
           was_told(held, NoticeKind::refused);
  }

  // It was refused for who its author was then, whoever that is by now: no program writes it again.
  bool was_told(const StoredEntry& held, NoticeKind kind) const {
    return work_
        .first(
            "SELECT 1 FROM notice WHERE entry = ? AND kind = ? AND detail IN (?, ?, ?)",
            bound(held.entry.hash(), static_cast<int>(kind), static_cast<int>(Reason::not_a_member),
                  static_cast<int>(Reason::reader), static_cast<int>(Reason::revoked)),
            unsigned_column)
        .has_value();
  }

  bool needs_a_leader(const Replica& replica, const StoredEntry& held) const {
    if (!leads(replica.role_now(context_.identity.organisation))) return false;
    const auto role = replica.role_now(held.organisation);
    const auto* node = context_.directory.node(held.entry.header().author);
    if (!role || !may_write_entries(*role) || !node || node->revoked_in) return true;
    if (was_told(held, NoticeKind::late)) return true;
    const auto arrived = work_.first("SELECT arrived_at_ms FROM entry WHERE id = ?",
                                     bound(held.row), unsigned_column);
    return context_.clock() > arrived.value_or(0) + own_program_ms;
  }

  // Nobody told this computer why: it carried the entry to the hub itself, say. Who may write there
  // now is the best that is known.
  Reason why_by_now(const Replica& replica, const StoredEntry& held) const {
    const auto* node = context_.directory.node(held.entry.header().author);
    if (node && node->revoked_in) return Reason::revoked;
    const auto role = replica.role_now(held.organisation);
    if (!role) return Reason::not_a_member;
    return may_write_entries(*role) ? Reason::none : Reason::reader;
  }

  void read_more(Replica& replica, EntryRow row, LateItem& out) {
    out.arrived_at_ms =
        work_.first("SELECT arrived_at_ms FROM entry WHERE id = ?", bound(row), unsigned_column)
            .value_or(0);
    out.why = static_cast<int>(
        work_
            .first("SELECT detail FROM notice WHERE entry = ? AND kind IN (?, ?) LIMIT 1",
                   bound(out.entry, static_cast<int>(NoticeKind::refused),
                         static_cast<int>(NoticeKind::late)),
                   unsigned_column)
            .value_or(0));
    const auto held = replica.stored().load(row);
    if (out.why == 0 && held) out.why = static_cast<int>(why_by_now(replica, *held));
    const auto content = held ? replica.open_entry(held->entry) : std::nullopt;
    if (!content) return;
    out.opens = true;
    out.clock_ms = content->clock_ms;
    out.reason = content->reason;
    out.ops = content->ops;
    out.actor = content->actor;
    if (!out.actor.name.empty()) return;
    work_.each("SELECT name, role FROM actor WHERE organisation = ? AND id = ?",
               bound(out.organisation.view(), out.actor.id.view()), [&](const Statement& found) {
                 out.actor.name = found.text(0);
                 out.actor.role = found.text(1);
               });
  }

  UnitOfWork& work_;
  const NodeContext& context_;
};

Error gone() {
  return {ErrorKind::not_found,
          "This does not wait any more: somebody has taken it over or put it aside, or it was "
          "added after all."};
}

// One item with what it is written by.
struct Meant {
  DossierId dossier;
  EntryRow row = 0;
};

Result<Meant> meant(UnitOfWork& work, const Hash& entry) {
  std::optional<Meant> out;
  work.each(
      "SELECT d.dossier, e.id FROM entry e JOIN dossier d ON d.id = e.dossier WHERE e.hash = ?",
      bound(entry), [&](const Statement& row) {
        if (const auto id = DossierId::from(row.view(0))) out = {*id, row.integer(1)};
      });
  if (work.failed()) return work.error();
  if (!out) return gone();
  return *out;
}

Result<LateItem> led_item(UnitOfWork& work, Replica& replica, EntryRow row,
                          const NodeContext& context) {
  auto item = LateBox(work, context).item(replica, row);
  if (!item) return gone();
  if (!leads(replica.role_now(context.identity.organisation))) {
    return Error{ErrorKind::denied,
                 "Only the organisation that keeps this record may take this over or put it "
                 "aside."};
  }
  return *std::move(item);
}

// Its author is of another organisation: the record says at which.
Actor author_of(const LateItem& item, const NodeContext& context) {
  Actor out = item.actor;
  const auto* listed = context.directory.organisation(item.organisation);
  if (item.organisation != context.identity.organisation && listed) {
    out.role = (out.role.empty() ? "" : out.role + ", ") + listed->name;
    if (out.role.size() > name_bytes_max) out.role = listed->name;
  }
  return out;
}

}  // namespace

Result<std::vector<LateItem>> late_items(Database& database, const NodeContext& context) {
  UnitOfWork work(database, Purpose::reading);
  std::vector<LateItem> out;
  LateBox box(work, context);
  for (const auto& [row, dossier] : refused(work)) {
    Replica replica(work, dossier, context);
    if (auto item = box.item(replica, row)) out.push_back(*std::move(item));
  }
  if (work.failed()) return work.error();
  return out;
}

Result<std::vector<OpDraft>> late_ops(Database& database, const NodeContext& context,
                                      const Hash& entry) {
  UnitOfWork work(database, Purpose::reading);
  const auto which = meant(work, entry);
  if (!which) return which.error();
  Replica replica(work, which->dossier, context);
  if (const auto item = led_item(work, replica, which->row, context); !item) return item.error();
  const auto held = replica.stored().load(which->row);
  const auto content = held ? replica.open_entry(held->entry) : std::nullopt;
  if (!content) return std::vector<OpDraft>{};
  return ops_again(replica, *held, *content, context);
}

Result<Hash> write_late(Database& database, const NodeContext& context, const Hash& entry,
                        const std::vector<std::uint32_t>& ops, const Actor& by) {
  UnitOfWork work(database);
  const auto which = meant(work, entry);
  if (!which) return which.error();
  Replica replica(work, which->dossier, context);
  const auto item = led_item(work, replica, which->row, context);
  if (!item) return item.error();
  const auto held = replica.stored().load(which->row);
  const auto content = held ? replica.open_entry(held->entry) : std::nullopt;
  if (!content) return gone();
  auto again = ops_again(replica, *held, *content, context);
  std::erase_if(again, [&](const OpDraft& op) {
    return std::find(ops.begin(), ops.end(), op.again_of->original.index) == ops.end();
  });
  const auto written = write_entry(replica,
                                   {EntryKind::change,
                                    {},
                                    {author_of(*item, context), item->clock_ms, item->reason},
                                    std::move(again),
                                    by,
                                    {entry},
                                    {}},
                                   context);
  if (!written) return written.error();
  work.run("UPDATE notice SET seen = 1 WHERE entry = ? AND kind = ?", entry,
           static_cast<int>(NoticeKind::late));
  replica.finish();
  if (auto done = work.commit(); !done) return done.error();
  return written->hash();
}

Result<Hash> close_late(Database& database, const NodeContext& context, const Hash& entry,
                        const Authorship& by) {
  UnitOfWork work(database);
  const auto which = meant(work, entry);
  if (!which) return which.error();
  Replica replica(work, which->dossier, context);
  if (const auto item = led_item(work, replica, which->row, context); !item) return item.error();
  const auto written =
      write_entry(replica, {EntryKind::change, {}, by, {}, {}, {entry}, {}}, context);
  if (!written) return written.error();
  work.run("UPDATE notice SET seen = 1 WHERE entry = ? AND kind = ?", entry,
           static_cast<int>(NoticeKind::late));
  replica.finish();
  if (auto done = work.commit(); !done) return done.error();
  return written->hash();
}

}  // namespace throughgate::sync::store
