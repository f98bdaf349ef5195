#include "sync/store/reauthoring.h"

#include <algorithm>
#include <map>

#include "sync/store/admission.h"
#include "sync/store/purge.h"

namespace throughgate::sync::store {
namespace {

constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;
// Twice the time in which a restored hub gathers what its nodes hold: then the MEMBERSHIP is not
// coming.
constexpr std::uint64_t epoch_wait_ms = 14 * day_ms;

class Reauthoring {
 public:
  Reauthoring(Replica& replica, std::uint64_t now_ms, const NodeContext& context)
      : replica_(replica), stored_(replica.stored()), now_ms_(now_ms), context_(context) {}

  // True when something was written.
  bool write_again(const std::vector<EntryRow>& rows) {
    for (const EntryRow row : rows) {
      if (const auto held = stored_.load(row)) write_again(*held);
    }
    return written_;
  }

  // Without those that stand in the order already, as themselves or as their author's copy.
  std::vector<OpDraft> ops_again(const StoredEntry& held, const ChangeSet& change_set) {
    const auto superseded = replica_.ops().superseded_by(held.row);
    const auto copies = own_copies();
    std::vector<OpDraft> out;
    for (std::uint32_t i = 0; i < change_set.ops.size(); ++i) {
      const Op& op = change_set.ops[i];
      const AgainOf again =
          op.again_of.value_or(AgainOf{{held.entry.hash(), i}, held.entry.header().author});
      if (copies.contains(again.original) || is_placed(again.original.entry)) continue;
      OpDraft draft{op.field, op.kind, op.value, {}, again};
      if (const auto found = superseded.find(i); found != superseded.end()) {
        for (const auto& id : found->second) {
          const auto moved = copies.find(id);
          draft.supersedes.push_back(moved == copies.end() ? id : moved->second);
        }
      }
      out.push_back(std::move(draft));
    }
    return out;
  }

 private:
  void write_again(const StoredEntry& held) {
    const auto change_set = replica_.open_entry(held.entry);
    if (!change_set || held.content == Content::sealed) return keep_refused(held);
    if (must_wait(held) && may_wait(held)) return;
    if (knows_nobody(held)) return stored_.set_standing(held.row, Standing::refused);
    if (is_shut_out(held) && order_may_change() && may_wait(held)) return;
    if (is_shut_out(held)) return keep_refused(held);

    auto written = begins(held)              ? write_first(held, *change_set)
                   : held.entry.membership() ? write_membership(held, *change_set)
                   : held.entry.redaction()  ? write_redaction(held, *change_set)
                                             : write_change(held, *change_set);
    if (!written && may_wait(held)) return;
    if (!written) return keep_refused(held);
    keep_refused(held);
    const bool says_something = held.entry.redaction() || !change_set->ops.empty();
    const bool stands_elsewhere = !*written && says_something;
    // That a disk was copied is told all the same.
    if (*written || stands_elsewhere) {
      forget_refusal(replica_.work(), stored_.id(), held.entry.hash());
    }
    if (!*written) return;
    written_ = true;
    notice(NoticeKind::written_again, held);
  }

  void keep_refused(const StoredEntry& held) {
    stored_.set_standing(held.row, Standing::refused);
    replica_.work().run("UPDATE entry SET waiting_since_ms = NULL WHERE id = ?", held.row);
  }

  void notice(NoticeKind kind, const StoredEntry& held) {
    add_notice(replica_.work(), kind, stored_.id(), held.entry.hash(), 0, now_ms_);
  }

  static bool begins(const StoredEntry& held) {
    return held.entry.membership() && held.entry.membership()->number == 1;
  }

  bool is_shut_out(const StoredEntry& held) const {
    if (begins(held)) return false;
    const auto& own = context_.identity.organisation;
    const auto may_write = [](const auto& role) { return role && may_write_entries(*role); };
    return !may_write(replica_.role_now(own)) && !may_write(stored_.memberships().role_now(own));
  }

  // The hub has told of an order that is not here yet, and this one may be given up for it: then
  // what it says of who takes part shuts nobody out.
  bool order_may_change() const { return stored_.heard_proof().has_value(); }

  // Nothing that has a place here says who takes part, so nobody can be said to take part no more:
  // the hub may have forgotten the record, and be told of it again. Then it is looked at again: see
  // retry_waiting().
  bool knows_nobody(const StoredEntry& held) const {
    return !begins(held) && !is_purged(replica_.work(), stored_.id()) &&
           stored_.memberships().empty() && is_shut_out(held);
  }

  // While nobody here knows who takes part. And content of an epoch that this chain does not hold
  // is never sealed under an earlier one while the MEMBERSHIP that made it may still come.
  bool must_wait(const StoredEntry& held) const {
    if (begins(held) || is_purged(replica_.work(), stored_.id())) return false;
    if (knows_nobody(held)) return true;
    const auto& history = stored_.memberships();
    return !is_shut_out(held) && !history.empty() &&
           !history.epoch_known(held.entry.header().epoch);
  }

  // For a MEMBERSHIP, or for the key that it gives: but not for ever.
  bool may_wait(const StoredEntry& held) {
    auto& work = replica_.work();
    const auto since = work.first(
        "SELECT waiting_since_ms FROM entry WHERE id = ? AND waiting_since_ms IS NOT NULL",
        bound(held.row), unsigned_column);
    if (since && now_ms_ >= *since + epoch_wait_ms) return false;
    // A clock that was ahead when the wait began must not make it last until then.
    if (!since || now_ms_ < *since) {
      work.run("UPDATE entry SET waiting_since_ms = ? WHERE id = ?", now_ms_, held.row);
    }
    stored_.set_standing(held.row, Standing::waiting);
    return true;
  }

  // ---- each kind; an empty optional inside says: nothing was left to write

  using Written = Result<std::optional<Hash>>;

  Written write_change(const StoredEntry& held, const ChangeSet& change_set) {
    auto ops = ops_again(held, change_set);
    if (ops.empty()) return std::optional<Hash>();
    return written(write_entry(replica_,
                               {EntryKind::change,
                                {},
                                by_original(held, change_set),
                                std::move(ops),
                                program(),
                                change_set.closes,
                                {}},
                               context_));
  }

  // It begins its stream too, or nobody takes it for the first.
  Written write_first(const StoredEntry& held, const ChangeSet& change_set) {
    if (stored_.length() > 0) return std::optional<Hash>();
    if (stored_.own_stream()) stored_.close_own_stream();
    return written(write_entry(replica_,
                               {EntryKind::membership,
                                held.entry.bytes().clear,
                                by_original(held, change_set),
                                ops_again(held, change_set),
                                program(),
                                {},
                                {}},
                               context_));
  }

  Written write_membership(const StoredEntry& held, const ChangeSet& change_set) {
    auto ops = ops_again(held, change_set);
    const auto change = wished_change(held);
    if (change && !pending_membership()) {
      auto made =
          write_member_change(replica_, *change, by_original(held, change_set), ops, context_);
      if (made) return std::optional(made->hash());
    }
    // Where only the key was to be new, nobody need redo it: whether it must be is asked anew.
    const bool is_for_people = !change || change->kind != MemberChange::Kind::new_key;
    if (is_for_people) notice(NoticeKind::membership_lost, held);
    if (ops.empty()) return std::optional<Hash>();
    return written(write_entry(
        replica_,
        {EntryKind::change, {}, by_original(held, change_set), std::move(ops), program(), {}, {}},
        context_));
  }

  // All of it, by others that have a place or are on their way to one.
  bool is_removed_already(const Redaction& target, const RedactedCopy& copy) const {
    std::vector<EntryRow> standing;
    replica_.work().each(
        "SELECT id FROM entry WHERE dossier = ? AND kind = ? AND (dsn IS NOT NULL OR standing = ?)",
        bound(stored_.row(), static_cast<int>(EntryKind::redact),
              static_cast<int>(Standing::outbox)),
        [&](const Statement& row) { standing.push_back(row.integer(0)); });
    std::set<std::uint32_t> removed;
    for (const EntryRow row : standing) {
      const auto each = stored_.load(row);
      if (!each || each->entry.redaction()->entry != target.entry) continue;
      const auto content = replica_.open_entry(each->entry);
      if (!content || !content->copy) continue;
      for (const auto& [index, op] : content->copy->ops) {
        if (op.value_removed) removed.insert(index);
      }
    }
    return std::all_of(copy.ops.begin(), copy.ops.end(), [&](const auto& each) {
      return !each.second.value_removed || removed.contains(each.first);
    });
  }

  // The same copy against the target's place in this chain.
  Written write_redaction(const StoredEntry& held, const ChangeSet& change_set) {
    const auto link = stored_.link(held.entry.redaction()->entry);
    const auto role = stored_.memberships().role_now(context_.identity.organisation);
    const bool may = leads(role);
    if (!change_set.copy || !link || !link->dsn || *link->dsn > replica_.base() || !may) {
      return Error{ErrorKind::stale, "The entry to redact has no place."};
    }
    if (is_removed_already(*held.entry.redaction(), *change_set.copy)) return std::optional<Hash>();
    RedactedCopy copy = *change_set.copy;
    const auto row = stored_.find(held.entry.redaction()->entry);
    const auto target_held = row ? stored_.load(*row) : std::nullopt;
    const auto removed =
        target_held ? replica_.removed_from(*target_held) : std::set<std::uint32_t>{};
    const auto superseded =
        row ? replica_.ops().superseded_by(*row) : std::map<std::uint32_t, std::vector<OpId>>{};
    for (auto& [index, op] : copy.ops) {
      if (removed.contains(index)) {
        op.value_removed = true;
        op.value.clear();
      }
      op.supersedes.clear();
      const auto found = superseded.find(index);
      if (found == superseded.end()) continue;
      for (const auto& id : found->second) {
        const auto seen = stored_.link(id.entry);
        if (seen && seen->dsn && *seen->dsn <= replica_.base()) {
          op.supersedes.push_back({SeenName::By::dsn, *seen->dsn, 0, id.index});
        }
      }
    }
    const Redaction target{*link->dsn, held.entry.redaction()->entry};
    return written(write_entry(replica_,
                               {EntryKind::redact,
                                target.encode(),
                                by_original(held, change_set),
                                {},
                                program(),
                                {},
                                std::move(copy)},
                               context_));
  }

  static Written written(const Result<VerifiedEntry>& entry) {
    if (!entry) return entry.error();
    return std::optional(entry->hash());
  }

  // ---- what is written

  Authorship by_original(const StoredEntry& held, const ChangeSet& change_set) const {
    Actor actor = change_set.actor;
    replica_.work().each("SELECT name, role FROM actor WHERE organisation = ? AND id = ?",
                         bound(held.organisation.view(), actor.id.view()),
                         [&](const Statement& row) {
                           actor.name = row.text(0);
                           actor.role = row.text(1);
                         });
    return {actor, change_set.clock_ms, change_set.reason};
  }
  static Actor program() { return program_actor(); }

  bool is_placed(const Hash& entry) const {
    const auto link = stored_.link(entry);
    return link && link->dsn;
  }

  // Originals that this node has written again, and is not about to lose again: where each is now.
  std::map<OpId, OpId> own_copies() const {
    std::map<OpId, OpId> out;
    replica_.work().each(
        "SELECT o.again, e.hash, o.idx FROM op o JOIN entry e ON e.id = o.entry "
        "JOIN author a ON a.id = e.author WHERE o.dossier = ? AND o.again IS NOT NULL AND "
        "o.source = 0 AND a.node = ? AND (e.dsn IS NOT NULL OR e.standing = 1)",
        bound(stored_.row(), context_.identity.node.view()), [&](const Statement& row) {
          const auto again = OpTable::decode_again(row.view(0));
          const auto entry = crypto::to_array<32>(row.view(1));
          if (!again || !entry) return replica_.work().fail_as_damaged();
          out[again->original] = {*entry, static_cast<std::uint32_t>(row.integer(2))};
        });
    return out;
  }

  bool pending_membership() const {
    const auto latest = replica_.latest_membership();
    return latest && latest->provisional;
  }

  // Whose role was set: where ownership moved, the new owner's and not the old one's.
  static std::optional<Member> changed_role(const Membership& old, const Membership& next) {
    std::optional<Member> out;
    for (const auto& member : next.members) {
      if (old.role_of(member.organisation) == member.role) continue;
      if (!out || member.role == Role::owner) out = member;
    }
    return out;
  }

  // What the lost MEMBERSHIP was for: its difference to the one it followed.
  std::optional<MemberChange> wished_change(const StoredEntry& held) const {
    const Membership& next = *held.entry.membership();
    const auto row = stored_.find(next.previous);
    const auto before = row ? stored_.load(*row) : std::nullopt;
    if (!before || !before->entry.membership()) return std::nullopt;
    const Membership& old = *before->entry.membership();
    std::optional<OrganisationId> gone;
    for (const auto& member : old.members) {
      if (!next.role_of(member.organisation)) gone = member.organisation;
    }
    const auto changed = changed_role(old, next);
    if (changed) {
      return MemberChange{MemberChange::Kind::set_role, changed->organisation, changed->role,
                          next.role_of(old.owner()).value_or(Role::contributor), gone};
    }
    if (gone) return MemberChange{MemberChange::Kind::remove, *gone, {}};
    return MemberChange{};
  }

  Replica& replica_;
  StoredDossier& stored_;
  std::uint64_t now_ms_;
  const NodeContext& context_;
  bool written_ = false;
};

// The refused entry and what follows it in its stream, which is closed with it.
std::vector<EntryRow> closed_with(const StoredDossier& stored, const Header& header) {
  std::vector<EntryRow> out;
  stored.work().each(
      "SELECT e.id FROM entry e JOIN author a ON a.id = e.author WHERE e.dossier = ? AND "
      "e.stream = ? AND a.node = ? AND e.seq >= ? AND e.dsn IS NULL AND e.standing IN (?, ?) "
      "ORDER BY e.seq",
      bound(stored.row(), header.stream.view(), header.author.view(), header.seq,
            static_cast<int>(Standing::outbox), static_cast<int>(Standing::carried)),
      [&](const Statement& row) { out.push_back(row.integer(0)); });
  return out;
}

}  // namespace

void take_final_verdict(Replica& replica, const Hash& entry, const Ruling& ruling,
                        std::uint64_t now_ms) {
  StoredDossier& stored = replica.stored();
  const auto row = stored.find(entry);
  const auto held = row ? stored.load(*row) : std::nullopt;
  if (!held || held->dsn || held->standing == Standing::refused) return;
  if (held->standing == Standing::waiting) return;  // closed with one before it, written again soon
  // Ours may have come by hand, from another machine that lived on from this one's disk.
  if (held->entry.header().author != replica.own_node()) return replica.refuse(*row);

  const auto kind = ruling.outcome == Outcome::fork ? NoticeKind::forked : NoticeKind::refused;
  add_notice(replica.work(), kind, stored.id(), entry, static_cast<int>(ruling.reason), now_ms);
  for (const EntryRow each : closed_with(stored, held->entry.header())) {
    stored.set_standing(each, Standing::waiting);
  }
  replica.touch_everything();  // a MEMBERSHIP among them gives nobody a role any more
  const auto own = stored.own_stream();
  if (own && own->id == held->entry.header().stream) stored.close_own_stream();
}

std::vector<OpDraft> ops_again(Replica& replica, const StoredEntry& held,
                               const ChangeSet& change_set, const NodeContext& context) {
  return Reauthoring(replica, 0, context).ops_again(held, change_set);
}

void take_up_again(UnitOfWork& work) {
  work.run(
      "UPDATE entry SET standing = ?, waiting_since_ms = NULL WHERE dsn IS NULL AND standing = ? "
      "AND waiting_since_ms IS NOT NULL AND (SELECT length FROM dossier d WHERE d.id = "
      "entry.dossier) > 0",
      static_cast<int>(Standing::waiting), static_cast<int>(Standing::refused));
}

bool retry_waiting(Replica& replica, std::uint64_t now_ms, const NodeContext& context) {
  const auto rows = replica.stored().unplaced(Standing::waiting);
  const bool written = Reauthoring(replica, now_ms, context).write_again(rows);
  replica.touch_everything();
  return written;
}

}  // namespace throughgate::sync::store
