#include "sync/store/authoring.h"

#include <algorithm>
#include <map>

namespace throughgate::sync::store {
namespace {

struct ForeignTip {
  std::uint64_t seq = 0;
  Hash entry{};
};

// The last entry of every stream but ours that has no place yet and that we could open.
std::map<StreamId, ForeignTip> foreign_tips(const Replica& replica, const StreamId& own) {
  std::map<StreamId, ForeignTip> out;
  const StoredDossier& stored = replica.stored();
  stored.work().each(
      "SELECT stream, seq, hash FROM entry WHERE dossier = ? AND dsn IS NULL AND "
      "standing IN (1, 2) AND content = 2",
      bound(stored.row()), [&](const Statement& row) {
        const auto stream = StreamId::from(row.view(0));
        const auto hash = crypto::to_array<32>(row.view(2));
        if (!stream || !hash || *stream == own) return;
        auto& tip = out[*stream];
        if (row.unsigned_integer(1) > tip.seq) tip = {row.unsigned_integer(1), *hash};
      });
  return out;
}

bool begins_dossier(const EntryDraft& draft) {
  const auto membership =
      draft.kind == EntryKind::membership ? decode_membership(draft.clear) : std::nullopt;
  return membership && membership->number == 1;
}

// What the entry builds on beyond its base. First what must be named, then what else is held;
// nullopt when more than the limit must be named.
std::optional<std::vector<Dependency>> dependencies_of(const Replica& replica,
                                                       const EntryDraft& draft,
                                                       const Standpoint& at) {
  if (begins_dossier(draft)) return std::vector<Dependency>{};  // it builds on nothing
  const auto tips = foreign_tips(replica, at.stream);
  std::set<StreamId> needed;
  if (at.base_dsn == 0 && draft.kind != EntryKind::membership) {
    if (const auto first = replica.unplaced_first()) needed.insert(first->entry.header().stream);
  }
  for (const auto& op : draft.ops) {
    for (const auto& id : op.supersedes) {
      if (name_of(id, at, replica.stored())) continue;
      const auto link = replica.stored().link(id.entry);
      if (link && tips.contains(link->stream)) needed.insert(link->stream);
    }
  }
  std::erase_if(needed, [&](const StreamId& stream) { return !tips.contains(stream); });
  if (needed.size() > dependencies_max) return std::nullopt;
  for (const auto& [stream, tip] : tips) {
    if (needed.size() < dependencies_max) needed.insert(stream);
  }
  std::vector<Dependency> out;
  for (const auto& stream : needed) {
    const auto& tip = tips.at(stream);
    out.push_back({stream, tip.seq, tip.entry});
  }
  return out;
}

// The key to write under: the one in force at the base, else the newest one held.
std::optional<EpochId> epoch_to_write(const Replica& replica, std::uint64_t base) {
  const auto& history = replica.stored().memberships();
  if (const auto epoch = history.epoch_at(base); epoch && replica.opens(*epoch)) return epoch;
  const auto& all = history.all();
  for (auto it = all.rbegin(); it != all.rend(); ++it) {
    if (replica.opens(it->membership.epoch())) return it->membership.epoch();
  }
  if (!history.empty()) return std::nullopt;
  const auto first = replica.unplaced_first();
  if (!first || !replica.opens(first->entry.membership()->epoch())) return std::nullopt;
  return first->entry.membership()->epoch();
}

// Name and role travel where the stream has not named this actor so yet.
Actor actor_as_written(const Actor& actor, const StreamId& stream, UnitOfWork& work) {
  const auto named = work.first(
      "SELECT 1 FROM stream_actor WHERE stream = ? AND actor = ? AND name = ? AND role = ?",
      bound(stream.view(), actor.id.view(), actor.name, actor.role), unsigned_column);
  if (named) return {actor.id, "", ""};
  work.run("INSERT OR REPLACE INTO stream_actor (stream, actor, name, role) VALUES (?, ?, ?, ?)",
           stream.view(), actor.id.view(), actor.name, actor.role);
  return actor;
}

std::vector<Op> name_ops(const std::vector<OpDraft>& drafts, const Standpoint& at,
                         const EntryGraph& graph) {
  std::vector<Op> out;
  for (const auto& draft : drafts) {
    Op op{draft.field, draft.kind, draft.value, {}, draft.again_of, false};
    for (const auto& id : draft.supersedes) {
      // What cannot be named is not in the causal past: its value stays, beside this one.
      if (const auto name = name_of(id, at, graph)) op.supersedes.push_back(*name);
    }
    std::sort(op.supersedes.begin(), op.supersedes.end());
    out.push_back(std::move(op));
  }
  return out;
}

Header header_for(const Replica& replica, const EntryDraft& draft, const Standpoint& at,
                  std::uint64_t seq, const EpochId& epoch, const NodeContext& context) {
  const StoredDossier& stored = replica.stored();
  Header header;
  header.kind = draft.kind;
  header.dossier = stored.id();
  header.author = context.identity.node;
  header.stream = at.stream;
  header.seq = seq;
  header.previous = at.stream_tip;
  header.membership_version = at.base_dsn == 0 ? 1 : stored.memberships().number_at(at.base_dsn);
  if (draft.kind == EntryKind::membership) {
    const auto membership = decode_membership(draft.clear);
    header.membership_version = membership ? membership->number : 0;
  }
  header.epoch = epoch;
  header.base_dsn = at.base_dsn;
  header.base_head = stored.chain_at(at.base_dsn).value_or(Hash{});
  header.dependencies = at.dependencies;
  return header;
}

// This node's own keys from its identity (it may record before it is enrolled), others' from the
// directory; none for a revoked or unknown node.
std::optional<crypto::BoxPublicKey> box_key_of(const Recipient& recipient,
                                               const NodeContext& context) {
  const auto& identity = context.identity;
  if (recipient.kind == RecipientKind::node) {
    if (NodeId{recipient.id} == identity.node) return identity.box_key.public_key();
    const auto* node = context.directory.node(NodeId{recipient.id});
    return node && !node->revoked_in ? std::optional(node->box_key) : std::nullopt;
  }
  if (OrganisationId{recipient.id} == identity.organisation) return identity.recovery_key;
  const auto* organisation = context.directory.organisation(OrganisationId{recipient.id});
  return organisation ? std::optional(organisation->recovery_key) : std::nullopt;
}

}  // namespace

Result<VerifiedEntry> write_entry(Replica& replica, const EntryDraft& draft,
                                  const NodeContext& context) {
  StoredDossier& stored = replica.stored();
  auto stream = stored.own_stream();
  if (!stream) stream = StoredDossier::OwnStream{StreamId::random(context.random), 0, {}};

  Standpoint at{replica.base(), stream->id, stream->tip, {}};
  auto dependencies = dependencies_of(replica, draft, at);
  if (!dependencies) {
    return Error{ErrorKind::stale,
                 "Too much has been brought in by hand since the last contact. Sync or import "
                 "first, then save again. What you typed has not been saved yet."};
  }
  at.dependencies = std::move(*dependencies);

  std::optional<EpochId> epoch;
  const auto first =
      draft.kind == EntryKind::membership ? decode_membership(draft.clear) : std::nullopt;
  epoch = first && first->number == 1 ? first->epoch() : epoch_to_write(replica, at.base_dsn);
  const auto key = epoch ? replica.keys().find(stored.row(), *epoch) : std::nullopt;
  if (!key) {
    return Error{ErrorKind::denied,
                 "This computer is still waiting for access to this record. Nothing was saved. "
                 "Sync, then try again."};
  }

  ChangeSet change_set;
  change_set.clock_ms = draft.by.clock_ms;
  change_set.actor = actor_as_written(draft.by.actor, stream->id, replica.work());
  change_set.reason = draft.by.reason;
  change_set.ops = name_ops(draft.ops, at, stored);
  change_set.reauthored_by = draft.reauthored_by;
  change_set.closes = draft.closes;
  change_set.copy = draft.copy;

  const Header header = header_for(replica, draft, at, stream->seq + 1, *epoch, context);
  auto entry = seal_and_sign(header, draft.clear, change_set, *key, context.identity.signing_key,
                             context.random);
  if (!entry) return entry.error();
  stored.set_own_stream({stream->id, stream->seq + 1, entry->hash()});
  replica.hold(*entry, context.identity.organisation, Standing::outbox);
  return std::move(*entry);
}

bool seal_to_recipients(Replica& replica, const EpochId& epoch,
                        const std::vector<Recipient>& recipients, const NodeContext& context) {
  const auto key = replica.keys().find(replica.stored().row(), epoch);
  if (!key) return false;
  EnvelopeList list{context.identity.node, replica.stored().id(), epoch, {}, {}};
  const auto has = [&](const Recipient& recipient) {
    return std::any_of(list.envelopes.begin(), list.envelopes.end(),
                       [&](const Envelope& e) { return e.recipient == recipient; });
  };
  for (const auto& held : replica.keys().lists(replica.stored().id())) {
    if (held.sender != list.sender || held.epoch != epoch) continue;
    for (const auto& each : held.envelopes) {
      if (!has(each.recipient)) list.envelopes.push_back(each);
    }
  }
  const std::size_t before = list.envelopes.size();
  for (const auto& recipient : recipients) {
    const auto box_key = box_key_of(recipient, context);
    if (has(recipient) || !box_key || list.envelopes.size() >= envelopes_max) continue;
    if (const auto envelope = seal_key(*key, recipient, *box_key)) {
      list.envelopes.push_back(*envelope);
    }
  }
  if (list.envelopes.size() == before) return false;
  sign(list, context.identity.signing_key);
  replica.keys().keep(list, true);
  return true;
}

std::vector<Recipient> recipients_of(const Membership& membership, const NodeContext& context) {
  std::set<Recipient> out;
  for (const auto& member : membership.members) {
    for (const auto& each : context.directory.key_holders(member.organisation)) out.insert(each);
    if (member.organisation == context.identity.organisation) {
      out.insert({RecipientKind::node, context.identity.node.bytes});
    }
  }
  return {out.begin(), out.end()};
}

}  // namespace throughgate::sync::store
