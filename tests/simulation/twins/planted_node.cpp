// Faults in what a node does.
#include <algorithm>
#include <tuple>

#include "schema/wire.pb.h"
#include "sync/store/authoring.h"
#include "sync/store/directory_table.h"
#include "sync/store/erasure.h"
#include "sync/store/exchange.h"
#include "sync/store/reauthoring.h"
#include "tests/simulation/twins/planted.h"

namespace throughgate::simulation {
namespace {

using sync::Hash;
using sync::store::bound;
using sync::store::EntryRow;
using sync::store::KeyTable;
using sync::store::NodeContext;
using sync::store::Replica;
using sync::store::Standing;
using sync::store::StoredDossier;
using sync::store::unsigned_column;

bool in_final_verdict = false;  // a node takes the hub's last word
bool in_retry = false;          // a node writes again what waits

// For as long as a shipped function runs.
class Within {
 public:
  explicit Within(bool& flag) : flag_(flag) { flag_ = true; }
  ~Within() { flag_ = false; }
  Within(const Within&) = delete;
  Within& operator=(const Within&) = delete;

 private:
  bool& flag_;
};

void forget(sync::store::UnitOfWork& work, EntryRow row) {
  work.run("DELETE FROM op WHERE entry = ?", row);
  work.run("DELETE FROM part WHERE entry = ?", row);
  work.run("DELETE FROM entry WHERE id = ?", row);
}

}  // namespace

// ---- streams and orders

THROUGHGATE_IN_PLACE_OF(void, take_final_verdict, Replica& replica, const Hash& entry,
                        const sync::Ruling& ruling, std::uint64_t now_ms) {
  const Within within(in_final_verdict);
  const auto row = replica.stored().find(entry);
  const auto held = row ? replica.stored().load(*row) : std::nullopt;
  if (is_planted("refuse_waiting") && held && held->standing == Standing::waiting) {
    return replica.refuse(*row);
  }
  real_take_final_verdict(replica, entry, ruling, now_ms);
}

THROUGHGATE_IN_PLACE_OF(void, close_own_stream, StoredDossier* stored) {
  if (is_planted(in_final_verdict ? "close_stream" : "own_return")) return;
  real_close_own_stream(stored);
}

THROUGHGATE_IN_PLACE_OF(void, cut, Replica* replica, std::uint64_t dsn) {
  if (is_planted("unsequence")) return;
  real_cut(replica, dsn);
}

THROUGHGATE_IN_PLACE_OF(void, forget_digests, sync::store::UnitOfWork& work) {
  if (is_planted("forget_digests")) return;
  real_forget_digests(work);
}

// ---- what was refused

THROUGHGATE_IN_PLACE_OF(void, set_standing, StoredDossier* stored, EntryRow row,
                        Standing standing) {
  if (is_planted("keep_rejected") && standing == Standing::refused) {
    return forget(stored->work(), row);
  }
  if (is_planted("never_wait") && in_retry && standing == Standing::waiting) {
    standing = Standing::refused;
  }
  real_set_standing(stored, row, standing);
}

THROUGHGATE_IN_PLACE_OF(sync::Result<sync::VerifiedEntry>, write_entry, Replica& replica,
                        const sync::store::EntryDraft& draft, const NodeContext& context) {
  if (!is_planted("again")) return real_write_entry(replica, draft, context);
  auto as_new = draft;
  for (auto& op : as_new.ops) op.again_of.reset();
  return real_write_entry(replica, as_new, context);
}

// ---- keys that are not here, or not yet in the order

// What waits for the change of members that made its key waits no longer.
THROUGHGATE_IN_PLACE_OF(bool, retry_waiting, Replica& replica, std::uint64_t now_ms,
                        const NodeContext& context) {
  const Within within(in_retry);
  return real_retry_waiting(replica, now_ms, context);
}

THROUGHGATE_IN_PLACE_OF(bool, epoch_known, const sync::MembershipHistory* memberships,
                        const sync::EpochId& epoch) {
  return (is_planted("membership_first") && in_retry) || real_epoch_known(memberships, epoch);
}

// A save builds on all that has come, readable or not.
THROUGHGATE_IN_PLACE_OF(std::uint64_t, base, const Replica* replica) {
  if (is_planted("readable_base")) return const_cast<Replica*>(replica)->stored().length();
  return real_base(replica);
}

// ---- times and roles

THROUGHGATE_IN_PLACE_OF(void, set_times, StoredDossier* stored, EntryRow row,
                        std::uint64_t effective_ms, std::optional<sync::Role> role) {
  auto& work = stored->work();
  const auto clock =
      work.first("SELECT ifnull(clock_ms, 0) FROM entry WHERE id = ?", bound(row), unsigned_column)
          .value_or(effective_ms);
  if (is_planted("no_clamp")) effective_ms = clock;
  const auto held = stored->load(row);
  if (is_planted("node_clock") && role && held && held->dsn) {
    std::uint64_t dsn = *held->dsn;  // the last place there was by the author's clock
    while (dsn > 1 && stored->accepted_at(dsn) > clock) --dsn;
    role = stored->memberships().role_for_entry_at(dsn, held->organisation);
  }
  real_set_times(stored, row, effective_ms, role);
}

// A clock that never goes back behind what it has heard of: one in 2099 makes all write 2099. Here
// all have heard of everything at once.
THROUGHGATE_IN_PLACE_OF(sync::Result<sync::VerifiedEntry>, seal_and_sign, sync::Header header,
                        sync::Bytes clear, const sync::ChangeSet& change_set,
                        const crypto::ContentKey& key, const crypto::SigningKey& author,
                        crypto::Random& random) {
  static std::uint64_t heard_ms = 0;
  auto written = change_set;
  if (is_planted("clamped_time")) {
    heard_ms = std::max(heard_ms + 1, change_set.clock_ms);
    written.clock_ms = heard_ms;
  }
  return real_seal_and_sign(std::move(header), std::move(clear), written, key, author, random);
}

// ---- redaction

THROUGHGATE_IN_PLACE_OF(void, add_op, sync::store::OpTable* table, EntryRow entry, EntryRow source,
                        std::uint32_t index, const sync::Op& op,
                        const std::vector<sync::OpId>& supersedes) {
  if (is_planted("redact_drops_op") && op.value_removed) return;
  real_add_op(table, entry, source, index, op, supersedes);
}

// ---- keys

namespace {

using ListId = std::tuple<sync::NodeId, sync::DossierId, sync::EpochId, std::size_t>;
std::set<ListId> lists_sent;
ListId id_of(const sync::EnvelopeList& list) {
  return {list.sender, list.dossier, list.epoch, list.envelopes.size()};
}

}  // namespace

// What the hub has had once is not kept to be given back to it.
THROUGHGATE_IN_PLACE_OF(void, mark_sent, KeyTable* keys, const sync::EnvelopeList& list) {
  if (is_planted("envelopes_kept")) lists_sent.insert(id_of(list));
  real_mark_sent(keys, list);
}

THROUGHGATE_IN_PLACE_OF(void, keep_list, KeyTable* keys, const sync::EnvelopeList& list,
                        bool unsent) {
  if (is_planted("envelopes_kept") && !unsent) lists_sent.insert(id_of(list));
  real_keep_list(keys, list, unsent);
}

THROUGHGATE_IN_PLACE_OF(std::vector<sync::EnvelopeList>, unsent, const KeyTable* keys,
                        const sync::DossierId& dossier) {
  auto lists = real_unsent(keys, dossier);
  if (is_planted("envelopes_kept")) {
    std::erase_if(lists, [](const auto& list) { return lists_sent.contains(id_of(list)); });
  }
  return lists;
}

// A new key goes to everybody; see also may_hold_key() in planted_hub.cpp.
THROUGHGATE_IN_PLACE_OF(std::vector<sync::Recipient>, recipients_of,
                        const sync::Membership& membership, const NodeContext& context) {
  auto recipients = real_recipients_of(membership, context);
  if (!is_planted("key_to_all")) return recipients;
  for (const auto& [id, node] : context.directory.nodes()) {
    const sync::Recipient to{sync::RecipientKind::node, id.bytes};
    if (std::find(recipients.begin(), recipients.end(), to) == recipients.end()) {
      recipients.push_back(to);
    }
  }
  return recipients;
}

// Once more, to those who were revoked.
THROUGHGATE_IN_PLACE_OF(bool, seal_to_recipients, Replica& replica, const sync::EpochId& epoch,
                        const std::vector<sync::Recipient>& recipients,
                        const NodeContext& context) {
  const bool sealed = real_seal_to_recipients(replica, epoch, recipients, context);
  const auto key = replica.keys().find(replica.stored().row(), epoch);
  if (!is_planted("sealed_to_revoked") || !sealed || !key) return sealed;
  for (auto& list : replica.keys().lists(replica.stored().id())) {
    if (list.sender != context.identity.node || list.epoch != epoch) continue;
    for (const auto& [id, node] : context.directory.nodes()) {
      if (!node.revoked_in) continue;
      const auto envelope =
          sync::seal_key(*key, {sync::RecipientKind::node, id.bytes}, node.box_key);
      if (envelope) list.envelopes.push_back(*envelope);
    }
    sync::sign(list, context.identity.signing_key);
    replica.keys().keep(list, true);
  }
  return true;
}

// ---- the directory

THROUGHGATE_IN_PLACE_OF(std::vector<sync::DirectoryStep>, directory_after,
                        const sync::store::DirectoryTable* table, std::uint64_t version) {
  if (is_planted("dir_forward")) return {};
  return real_directory_after(table, version);
}

// ---- erasures

THROUGHGATE_IN_PLACE_OF(void, erase_what_is_named, sync::store::UnitOfWork& work,
                        const sync::Directory& directory, std::uint64_t now_ms) {
  if (!is_planted("keep_erased")) real_erase_what_is_named(work, directory, now_ms);
}

}  // namespace throughgate::simulation
