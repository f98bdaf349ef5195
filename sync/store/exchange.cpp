#include "sync/store/exchange.h"

#include "sync/signed_verdict.h"
#include "sync/store/directory_table.h"
#include "sync/store/placing.h"
#include "sync/store/reauthoring.h"
#include "sync/store/settings_table.h"
#include "sync/wire_form.h"
#include "sync/wire_values.h"

namespace throughgate::sync::store {
namespace {

constexpr int presented_max = 200;  // in one request: each brings its proof along
constexpr int digests_max = 500;
constexpr std::size_t envelope_lists_max = 300;
constexpr std::size_t groups_max = 500;     // dossiers whose entries go in one request
constexpr int pages_per_commit_max = 64;    // each waits for the disk; others may write in between
constexpr std::size_t entry_overhead = 48;  // message framing and the short header fields, about

Error hub_is_wrong(const char* what) {
  return {ErrorKind::rejected,
          std::string("The central exchange sent something that does not hold: ") + what +
              " Nothing of it was kept. Tell the central team."};
}

bool is_confirmed(const StoredDossier& stored, const InstanceId& instance) {
  return stored.work()
      .first("SELECT 1 FROM dossier WHERE id = ? AND confirmed = ?",
             bound(stored.row(), instance.view()), unsigned_column)
      .has_value();
}

// Places of the same chain below `dsn`: 1, 2, 4, 8 ... back, and the start.
std::vector<std::uint64_t> locator_places(std::uint64_t dsn) {
  std::vector<std::uint64_t> out;
  for (std::uint64_t back = 1; back < dsn; back *= 2) out.push_back(dsn - back);
  return out;
}

// Was the organisation a member at any time since the epoch began? Only then may it hold its key.
bool may_hold_key(const MembershipHistory& history, const EpochId& epoch,
                  const OrganisationId& organisation) {
  const auto began = history.epoch_began(epoch);
  if (!began) return false;
  for (const auto& each : history.all()) {
    if (each.dsn >= *began && each.membership.role_of(organisation)) return true;
  }
  return false;
}

// Whoever has sent this digest for this place holds all that we hold up to there.
void note_delivered(UnitOfWork& work, const DossierId& id, std::uint64_t dsn,
                    const PolicyTable::Version& policies, const ProjectionDigest& digest) {
  work.run(
      "UPDATE digest SET proven = dsn WHERE dossier = ? AND dsn = ? AND policy_version = ? AND "
      "digest = ? AND proven < dsn",
      id.view(), dsn, policies, digest);
}

}  // namespace

// ---- the request

Result<Done> Exchange::begin(const InstanceId& instance, std::uint64_t hub_directory_version) {
  instance_ = instance;
  hub_directory_version_ = hub_directory_version;
  answered_.clear();
  in_full_.clear();
  replays_.clear();
  recovering_.clear();
  counts_ = {};

  UnitOfWork work(database_);
  SettingsTable settings(work);
  const auto known = settings.find(setting::hub_instance);
  if (known && *known != Bytes(instance.bytes.begin(), instance.bytes.end())) {
    reopen_refused(work);
  }
  settings.set(setting::hub_instance, instance.view());
  replay_complete_told_ =
      settings.find(setting::replayed_to) == Bytes(instance.bytes.begin(), instance.bytes.end());

  return work.commit();
}

// A new instance may take what an earlier one could not, and may have lost what an earlier one had.
void Exchange::reopen_refused(UnitOfWork& work) {
  std::vector<DossierId> unproven;
  work.each("SELECT dossier FROM dossier WHERE length > proven", bound(),
            [&](const Statement& row) {
              if (const auto id = DossierId::from(row.view(0))) unproven.push_back(*id);
            });
  for (const auto& id : unproven) {
    Replica replica(work, id, context_);
    replica.cut(replica.stored().proven());
    replica.finish();
  }
  std::vector<DossierId> refused;
  work.each(
      "SELECT DISTINCT d.dossier FROM entry e JOIN dossier d ON d.id = e.dossier WHERE e.dsn IS "
      "NULL AND e.standing = 4",
      bound(), [&](const Statement& row) {
        if (const auto id = DossierId::from(row.view(0))) refused.push_back(*id);
      });
  for (const auto& id : refused) {
    Replica replica(work, id, context_);
    replica.reopen_refused();
    replica.finish();
  }
  work.run("UPDATE envelope_list SET unsent = 1 WHERE NOT unsent");
  work.run("UPDATE dossier SET digest_sent = 0, heard = length, heard_proof = NULL");
}

Result<schema::SyncRequest> Exchange::next_request(std::size_t batch_bytes) {
  UnitOfWork work(database_);
  schema::SyncRequest request;
  wants_another_ = false;
  if (const auto cursor = SettingsTable(work).find(setting::cursor)) {
    request.set_cursor(to_wire(ByteView(*cursor)));
  }
  request.set_directory_version(directory_.version());
  add_directory(work, request);
  add_presented(work, request);
  add_replays(work, batch_bytes, request);
  add_entries(work, batch_bytes, request);
  add_envelopes(work, request);
  add_digests(work, request);
  if (auto done = work.commit(); !done) return done.error();
  return request;
}

void Exchange::add_directory(UnitOfWork& work, schema::SyncRequest& request) {
  if (hub_directory_version_ >= directory_.version()) return;
  for (const auto& step : DirectoryTable(work).after(hub_directory_version_)) {
    auto& out = *request.add_directory();
    out.set_header(to_wire(ByteView(step.header)));
    out.set_body(to_wire(ByteView(step.body)));
    out.set_signature(to_wire(ByteView(step.signature)));
  }
}

void Exchange::add_presented(UnitOfWork& work, schema::SyncRequest& request) {
  asked_about_.clear();
  std::vector<DossierId> unconfirmed;
  work.each(
      "SELECT dossier FROM dossier WHERE length > 0 AND proof IS NOT NULL AND "
      "confirmed IS NOT ? ORDER BY id",
      bound(instance_.view()), [&](const Statement& row) {
        if (const auto id = DossierId::from(row.view(0))) unconfirmed.push_back(*id);
      });
  for (const auto& id : unconfirmed) {
    if (recovering_.contains(id) || replays_.contains(id)) continue;
    if (request.presented_size() == presented_max) {
      wants_another_ = true;
      return;
    }
    StoredDossier stored(work, id);
    const auto proof = stored.proof();
    if (!proof) continue;
    auto& presented = *request.add_presented();
    *presented.mutable_proof() = to_wire(*proof);
    for (const std::uint64_t dsn : locator_places(proof->head.dsn)) {
      if (const auto chain = stored.chain_at(dsn)) {
        *presented.add_locator() = to_wire(Head{id, dsn, *chain});
      }
    }
    asked_about_.push_back(id);
  }
  const bool owes_nothing = unconfirmed.size() == recovering_.size() && replays_.empty();
  if (owes_nothing && !replay_complete_told_) request.set_replay_complete(true);
}

void Exchange::add_replays(UnitOfWork& work, std::size_t bytes, schema::SyncRequest& request) {
  std::size_t used = 0;
  while (!replays_.empty() && used < bytes) {
    const auto [id, from] = *replays_.begin();
    StoredDossier stored(work, id);
    const auto proof = stored.proof();
    if (!proof) {
      replays_.erase(id);
      continue;
    }
    auto& replay = *request.add_replays();
    *replay.mutable_proof() = to_wire(*proof);
    auto& page = *replay.mutable_page();
    page.set_from_dsn(from);
    page.mutable_entries()->set_dossier(to_wire(id.view()));
    for (std::uint64_t dsn = from; dsn <= proof->head.dsn && used < bytes; ++dsn) {
      const auto row = stored.row_at(dsn);
      const auto held = row ? stored.load(*row) : std::nullopt;
      const auto record = stored.record_at(dsn);
      if (!held || !record) break;
      add_to_group(held->entry, WireForm::full, *page.mutable_entries());
      auto& out = *page.add_records();
      out.set_directory_version(record->directory_version);
      out.set_accepted_at_ms(record->accepted_at_ms);
      used += held->entry.bytes().sealed.size() + held->entry.bytes().clear.size() + 400;
    }
    replays_.erase(id);  // presented again next time: the hub says whether more is missing
    wants_another_ = true;
  }
  if (!replays_.empty()) wants_another_ = true;
}

void Exchange::add_entries(UnitOfWork& work, std::size_t bytes, schema::SyncRequest& request) {
  struct Waiting {
    EntryRow row;
    DossierId dossier;
    Hash hash{};
  };
  std::vector<Waiting> waiting;
  work.each(
      "SELECT e.id, d.dossier, e.hash FROM entry e JOIN dossier d ON d.id = e.dossier "
      "WHERE e.dsn IS NULL AND e.standing <= 2 ORDER BY e.id",
      bound(), [&](const Statement& row) {
        const auto id = DossierId::from(row.view(1));
        const auto hash = crypto::to_array<32>(row.view(2));
        if (!id || !hash) return work.fail_as_damaged();
        if (!answered_.contains(*hash)) waiting.push_back({row.integer(0), *id, *hash});
      });
  offered_.clear();
  entries_remain_ = false;
  std::map<DossierId, std::vector<Offered>> grouped;
  std::vector<std::pair<DossierId, schema::EntryGroup>> groups;
  std::map<DossierId, std::size_t> group_of;
  std::size_t used = 0;
  for (const auto& each : waiting) {
    if (used >= bytes) {
      entries_remain_ = true;
      break;
    }
    if (groups.size() == groups_max && !group_of.contains(each.dossier)) {
      entries_remain_ = true;
      continue;
    }
    const auto held = StoredDossier(work, each.dossier).load(each.row);
    if (!held) return;
    const auto [found, is_new] = group_of.try_emplace(each.dossier, groups.size());
    if (is_new) {
      groups.emplace_back(each.dossier, schema::EntryGroup());
      used += KeyTable(work).unsent_bytes(each.dossier);  // they go along
    }
    const WireForm form = in_full_.contains(each.hash) ? WireForm::full : WireForm::brief;
    add_to_group(held->entry, form, groups[found->second].second);
    grouped[each.dossier].push_back({each.dossier, each.hash, held->entry.header().epoch});
    used +=
        held->entry.bytes().sealed.size() + held->entry.bytes().clear.size() + 64 + entry_overhead;
  }
  wants_another_ |= entries_remain_;
  for (auto& [id, group] : groups) {
    *request.add_entries() = std::move(group);
    offered_.insert(offered_.end(), grouped[id].begin(), grouped[id].end());
  }
}

// Those of the dossiers whose entries go now come first: a MEMBERSHIP waits for its envelopes. The
// hub keeps no list of a dossier that it does not know, so others wait for their entries.
void Exchange::add_envelopes(UnitOfWork& work, schema::SyncRequest& request) {
  envelopes_sent_.clear();
  KeyTable keys(work);
  std::set<DossierId> first;
  for (const auto& offered : offered_) first.insert(offered.dossier);
  const auto add = [&](const DossierId& id) {
    for (auto& list : keys.unsent(id)) {
      *request.add_envelopes() = to_wire(list);
      envelopes_sent_.push_back(std::move(list));
    }
  };
  for (const auto& id : first) add(id);
  if (entries_remain_) return;
  for (const auto& id : keys.placed_dossiers_with_unsent()) {
    if (envelopes_sent_.size() >= envelope_lists_max) return;
    if (!first.contains(id)) add(id);
  }
}

void Exchange::add_digests(UnitOfWork& work, schema::SyncRequest& request) {
  std::vector<DossierId> changed;
  work.each("SELECT dossier FROM dossier WHERE digest_sent != length", bound(),
            [&](const Statement& row) {
              if (const auto id = DossierId::from(row.view(0))) changed.push_back(*id);
            });
  for (const auto& id : changed) {
    if (request.digests_size() == digests_max) {
      wants_another_ = true;
      return;
    }
    Replica replica(work, id, context_);
    if (!replica.is_complete() ||
        !replica.stored().memberships().role_now(context_.identity.organisation)) {
      continue;
    }
    const auto digest = replica.digest();
    if (!digest) continue;
    auto& out = *request.add_digests();
    out.set_dossier(to_wire(id.view()));
    out.set_dsn(replica.stored().length());
    out.set_policy_version(to_wire(ByteView(context_.policies.version())));
    out.set_digest(to_wire(ByteView(*digest)));
    note_delivered(work, id, replica.stored().length(), context_.policies.version(), *digest);
    work.run("UPDATE dossier SET digest_sent = length WHERE id = ?", replica.stored().row());
  }
}

// ---- the answer

Result<Done> Exchange::take_reply(const schema::SyncReply& reply, std::uint64_t now_ms) {
  if (auto done = take_directory(reply); !done) return done.error();
  if (id_from_wire<InstanceId>(reply.instance()) != instance_) {
    return Error{ErrorKind::stale, "The central exchange was restarted. Sync again."};
  }
  hub_directory_version_ = std::max(hub_directory_version_, reply.directory_version());

  UnitOfWork work(database_);
  if (auto done = take_answers(work, reply, now_ms); !done) return done.error();
  if (auto done = take_head_answers(work, reply, now_ms); !done) return done.error();
  if (auto done = take_envelopes(work, reply); !done) return done.error();
  if (auto done = take_heads(work, reply); !done) return done.error();
  if (auto done = take_wanted(work, reply); !done) return done.error();
  seal_wanted(work);
  take_digests(work, reply, now_ms);
  SettingsTable settings(work);
  settings.set(setting::cursor, crypto::as_bytes(reply.cursor()));
  if (reply.more()) wants_another_ = true;
  return work.commit();
}

Result<Done> Exchange::take_directory(const schema::SyncReply& reply) {
  if (reply.directory_size() == 0) return Done{};
  Directory next = directory_;
  UnitOfWork work(database_);
  for (const auto& each : reply.directory()) {
    const auto signature = crypto::to_array<64>(crypto::as_bytes(each.signature()));
    if (!signature) return hub_is_wrong("a version of the central list.");
    const DirectoryStep step{from_wire(each.header()), from_wire(each.body()), *signature};
    const auto done = next.apply(step, directory_key_);
    if (!done && done.error().kind == ErrorKind::stale) continue;  // one that we have
    if (!done) return done.error();
    DirectoryTable(work).add(next.version(), step);
  }
  if (auto done = work.commit(); !done) return done.error();
  directory_ = std::move(next);
  return Done{};
}

Result<Done> Exchange::take_answers(UnitOfWork& work, const schema::SyncReply& reply,
                                    std::uint64_t now_ms) {
  if (reply.answers_size() != static_cast<int>(offered_.size())) {
    return hub_is_wrong("its answers do not match what was sent.");
  }
  std::set<std::pair<DossierId, EpochId>> under_way;  // keys that the hub has entries of
  for (int i = 0; i < reply.answers_size(); ++i) {
    const auto& answer = reply.answers(i);
    const Offered& offered = offered_[static_cast<std::size_t>(i)];
    if (answer.plain() == schema::EntryAnswer::NEED_FULL) {
      if (!in_full_.insert(offered.entry).second) answered_.insert(offered.entry);
      wants_another_ = true;
      continue;
    }
    answered_.insert(offered.entry);
    if (answer.plain() != schema::EntryAnswer::SEE_VERDICT) {
      if (answer.plain() == schema::EntryAnswer::ACCEPTED) {
        ++counts_.sent;
        under_way.emplace(offered.dossier, offered.epoch);
      }
      continue;
    }
    const auto signature = crypto::to_array<64>(crypto::as_bytes(answer.verdict().signature()));
    const auto verdict =
        signature ? decode_verdict(crypto::as_bytes(answer.verdict().bytes()), *signature)
                  : std::nullopt;
    if (!verdict || verdict->entry != offered.entry || verdict->instance != instance_ ||
        !verify(*verdict, directory_.hub_key())) {
      return hub_is_wrong("a verdict is not signed by it.");
    }
    Replica replica(work, offered.dossier, context_);
    if (verdict->ruling.is_final()) {
      ++counts_.refused;
      take_final_verdict(replica, offered.entry, verdict->ruling, now_ms);
    } else if (verdict->ruling.outcome == Outcome::hold) {
      ++counts_.held;
    } else {
      ++counts_.sent;
      replica.drop_if_only_carried(offered.entry);
    }
    replica.finish();
  }
  // A hub that does not hold the order yet has not kept the list: it is sent again.
  for (const auto& list : envelopes_sent_) {
    StoredDossier stored(work, list.dossier);
    if (under_way.contains({list.dossier, list.epoch}) ||
        (is_confirmed(stored, instance_) && stored.memberships().epoch_known(list.epoch))) {
      KeyTable(work).mark_sent(list);
    }
  }
  return Done{};
}

Result<Done> Exchange::take_head_answers(UnitOfWork& work, const schema::SyncReply& reply,
                                         std::uint64_t now_ms) {
  using schema::HeadAnswer;
  for (const auto& answer : reply.head_answers()) {
    const auto id = id_from_wire<DossierId>(answer.dossier());
    if (!id || std::find(asked_about_.begin(), asked_about_.end(), *id) == asked_about_.end()) {
      return hub_is_wrong("it answers for something that was not asked.");
    }
    Replica replica(work, *id, context_);
    switch (answer.standing()) {
      case HeadAnswer::KNOWN:
        replica.stored().set_confirmed(instance_);
        break;
      case HeadAnswer::MISSING:
        replays_[*id] = std::max<std::uint64_t>(answer.from_dsn(), 1);
        wants_another_ = true;
        break;
      case HeadAnswer::UNKNOWN: {
        const std::uint64_t common = std::min(answer.from_dsn(), replica.stored().length());
        for (const EntryRow row : replica.stored().placed_after(common)) {
          ++counts_.taken_back;
          const auto held = replica.stored().load(row);
          if (held) {
            add_notice(work, NoticeKind::taken_back, *id, held->entry.hash(), 0, now_ms);
          }
        }
        replica.cut(common);
        replica.keys().mark_all_unsent(
            *id);  // they go again with the entries that begin their keys
        // The hub says once what it has: it may have said so before it was asked.
        if (const auto heard = replica.stored().heard_proof();
            heard && heard->root.instance == instance_) {
          reach_heard_head(replica, now_ms);
        } else {
          replica.stored().forget_heard();
        }
        replica.stored().set_confirmed(instance_);  // answered: not to be asked again
        wants_another_ = true;
        break;
      }
      default:
        recovering_.insert(*id);
    }
    replica.finish();
  }
  if (!replay_complete_told_ && reply.head_answers_size() == 0 && asked_about_.empty() &&
      replays_.empty()) {
    SettingsTable(work).set(setting::replayed_to, instance_.view());
    replay_complete_told_ = true;
  } else if (!replay_complete_told_) {
    wants_another_ = true;
  }
  return Done{};
}

Result<Done> Exchange::take_envelopes(UnitOfWork& work, const schema::SyncReply& reply) {
  for (const auto& each : reply.envelopes()) {
    const auto list = envelope_list_from_wire(each);
    const auto* sender = list ? directory_.node(list->sender) : nullptr;
    if (!sender || !verify(*list, sender->verify_key)) {
      return hub_is_wrong("a key is not signed by the computer it names.");
    }
    if (directory_.is_erased(list->dossier)) continue;
    KeyTable(work).keep(*list, false);
    Replica replica(work, list->dossier, context_);
    open_envelopes(replica);
    replica.finish();
  }
  return Done{};
}

void Exchange::open_envelopes(Replica& replica) {
  const auto& identity = context_.identity;
  for (const auto& list : replica.keys().lists(replica.stored().id())) {
    if (replica.opens(list.epoch)) continue;
    const auto commitment = replica.commitment(list.epoch);
    if (!commitment) continue;
    for (const auto& envelope : list.envelopes) {
      const auto& to = envelope.recipient;
      const bool for_node = to == Recipient{RecipientKind::node, identity.node.bytes};
      const bool for_sheet =
          identity.recovery_secret &&
          to == Recipient{RecipientKind::recovery_key, identity.organisation.bytes};
      if (!for_node && !for_sheet) continue;
      const auto& box_key = for_node ? identity.box_key : *identity.recovery_secret;
      if (auto key = open_envelope(envelope, box_key, list.dossier, *commitment)) {
        replica.take_key(list.epoch, *key);
        ++counts_.keys;
        break;
      }
    }
  }
}

// The hub names all that are lacking each time a dossier has changed.
Result<Done> Exchange::take_wanted(UnitOfWork& work, const schema::SyncReply& reply) {
  for (const auto& head : reply.heads().heads()) {
    work.run("DELETE FROM wanted WHERE dossier = ?", crypto::as_bytes(head.dossier()));
  }
  for (const auto& wanted : reply.wanted()) {
    const bool reads = wanted.dossier().size() == 16 && wanted.epoch().size() == 16 &&
                       wanted.recipient().size() == 16 && wanted.recipient_kind() >= 1 &&
                       wanted.recipient_kind() <= 2;
    if (!reads) return hub_is_wrong("it asks for a key in a way this program does not know.");
    work.run("INSERT OR IGNORE INTO wanted (dossier, epoch, kind, recipient) VALUES (?, ?, ?, ?)",
             crypto::as_bytes(wanted.dossier()), crypto::as_bytes(wanted.epoch()),
             wanted.recipient_kind(), crypto::as_bytes(wanted.recipient()));
  }
  return Done{};
}

void Exchange::seal_wanted(UnitOfWork& work) {
  struct Wanted {
    DossierId dossier;
    EpochId epoch;
    Recipient recipient;
  };
  std::vector<Wanted> all;
  work.each("SELECT dossier, epoch, kind, recipient FROM wanted", bound(),
            [&](const Statement& row) {
              const auto dossier = DossierId::from(row.view(0));
              const auto epoch = EpochId::from(row.view(1));
              const auto id = crypto::to_array<16>(row.view(3));
              if (!dossier || !epoch || !id) return work.fail_as_damaged();
              all.push_back({*dossier, *epoch, {static_cast<RecipientKind>(row.integer(2)), *id}});
            });
  for (const auto& [dossier, epoch, recipient] : all) {
    OrganisationId organisation{recipient.id};
    if (recipient.kind == RecipientKind::node) {
      const auto* node = directory_.node(NodeId{recipient.id});
      if (!node || node->revoked_in) continue;
      organisation = node->organisation;
    }
    if (!StoredDossier::exists(work, dossier)) continue;
    Replica replica(work, dossier, context_);
    // The hub's word is not enough: the chain here must show the recipient as a member.
    if (!replica.opens(epoch) ||
        !may_hold_key(replica.stored().memberships(), epoch, organisation)) {
      continue;
    }
    if (seal_to_recipients(replica, epoch, {recipient}, context_)) wants_another_ = true;
    work.run("DELETE FROM wanted WHERE dossier = ? AND epoch = ? AND kind = ? AND recipient = ?",
             dossier.view(), epoch.view(), static_cast<int>(recipient.kind), recipient.id);
  }
}

Result<Done> Exchange::take_heads(UnitOfWork& work, const schema::SyncReply& reply) {
  if (!reply.has_heads() || reply.heads().heads_size() == 0) return Done{};
  const auto heads = from_wire(reply.heads());
  if (!heads || heads->root.instance != instance_ || !verify(*heads, directory_.hub_key())) {
    return hub_is_wrong("what it has is not signed by it.");
  }
  for (const auto& head : separate(*heads)) {
    if (directory_.is_erased(head.head.dossier)) continue;
    StoredDossier stored(work, head.head.dossier);
    const auto held = stored.chain_at(head.head.dsn);
    if (head.head.dsn > stored.length()) {
      stored.set_heard(head);
    } else if (held == head.head.chain) {
      if (head.head.dsn >= stored.proven()) stored.set_proof(head);
      if (head.head.dsn == stored.length()) stored.set_confirmed(instance_);
      if (head.head.dsn < stored.length()) stored.set_heard(head);
    } else {  // another chain: ask where the two part
      stored.set_heard(head);
      stored.forget_confirmed();
      wants_another_ = true;
    }
  }
  return Done{};
}

void Exchange::take_digests(UnitOfWork& work, const schema::SyncReply& reply,
                            std::uint64_t now_ms) {
  for (const auto& each : reply.digests()) {
    const auto id = id_from_wire<DossierId>(each.dossier());
    const auto node = id_from_wire<NodeId>(each.node());
    if (!id || !node || each.digest().size() != 16 || each.policy_version().size() != 16 ||
        !StoredDossier::exists(work, *id)) {
      continue;
    }
    work.run(
        "INSERT INTO digest (dossier, node, dsn, policy_version, digest) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (dossier, node) DO UPDATE SET dsn = excluded.dsn, "
        "policy_version = excluded.policy_version, digest = excluded.digest",
        id->view(), node->view(), each.dsn(), crypto::as_bytes(each.policy_version()),
        crypto::as_bytes(each.digest()));
    Replica replica(work, *id, context_);
    const bool comparable =
        each.dsn() == replica.stored().length() &&
        from_wire(each.policy_version()) ==
            Bytes(context_.policies.version().begin(), context_.policies.version().end());
    const auto ours = comparable ? replica.digest() : std::nullopt;
    if (!ours) continue;
    note_delivered(work, *id, each.dsn(), context_.policies.version(), *ours);
    if (to_wire(ByteView(*ours)) != each.digest()) {
      add_notice(work, NoticeKind::digest_differs, *id, std::nullopt, static_cast<int>(each.dsn()),
                 now_ms);
    }
  }
}

// Not before the order that made it necessary is here: else it would be refused again.
Result<bool> Exchange::write_again(std::uint64_t now_ms) {
  std::vector<DossierId> waiting;
  UnitOfWork work(database_);
  work.each(
      "SELECT DISTINCT d.dossier FROM entry e JOIN dossier d ON d.id = e.dossier "
      "WHERE e.dsn IS NULL AND e.standing = 5",
      bound(), [&](const Statement& row) {
        if (const auto id = DossierId::from(row.view(0))) waiting.push_back(*id);
      });
  bool written = false;
  for (const auto& id : waiting) {
    Replica replica(work, id, context_);
    written |= retry_waiting(replica, now_ms, context_);
    replica.finish();
  }
  if (auto done = work.commit(); !done) return done.error();
  return written;
}

// ---- pages

Result<schema::FetchRequest> Exchange::next_fetch(std::size_t bytes_max) {
  schema::FetchRequest request;
  request.set_bytes_max(static_cast<std::uint32_t>(bytes_max));
  UnitOfWork work(database_);
  work.each(
      "SELECT dossier, length, chain FROM dossier WHERE heard > length AND NOT newer & 1 "
      "ORDER BY id LIMIT 200",
      bound(), [&](const Statement& row) {
        auto& after = *request.add_after();
        after.set_dossier(to_wire(row.view(0)));
        after.set_dsn(row.unsigned_integer(1));
        after.set_chain(to_wire(row.view(2)));
      });
  if (auto done = work.commit(); !done) return done.error();
  return request;
}

// Where one page of several does not hold, those before it are kept all the same.
Result<Done> Exchange::take_pages(const schema::FetchReply& reply, std::uint64_t now_ms) {
  for (int first = 0; first < reply.pages_size(); first += pages_per_commit_max) {
    const int last = std::min(reply.pages_size(), first + pages_per_commit_max);
    const RoundCounts before = counts_;
    if (take_pages(reply, first, last, now_ms)) continue;
    counts_ = before;
    for (int i = first; i < last; ++i) {
      if (auto done = take_pages(reply, i, i + 1, now_ms); !done) return done.error();
    }
  }
  return Done{};
}

Result<Done> Exchange::take_pages(const schema::FetchReply& reply, int first, int last,
                                  std::uint64_t now_ms) {
  UnitOfWork work(database_);
  for (int i = first; i < last; ++i) {
    if (auto done = take_page(work, reply.pages(i), now_ms); !done) return done.error();
  }
  seal_wanted(work);
  return work.commit();
}

Result<Done> Exchange::take_page(UnitOfWork& work, const schema::Page& page, std::uint64_t now_ms) {
  const auto id = id_from_wire<DossierId>(page.entries().dossier());
  if (!id || page.records_size() != page.entries().entries_size()) {
    return hub_is_wrong("a page of entries.");
  }
  if (directory_.is_erased(*id)) return Done{};
  Replica replica(work, *id, context_);
  if (page.from_dsn() > replica.stored().length() + 1) return hub_is_wrong("a page with a gap.");
  if (auto done = append(replica, page, now_ms); !done) return done.error();
  open_envelopes(replica);
  if (!reach_heard_head(replica, now_ms)) wants_another_ = true;
  replica.finish();
  return Done{};
}

Result<Done> Exchange::append(Replica& replica, const schema::Page& page, std::uint64_t now_ms) {
  StoredDossier& stored = replica.stored();
  const WireExpander expander(stored.id(), stored);
  for (int i = 0; i < page.records_size(); ++i) {
    const std::uint64_t dsn = page.from_dsn() + static_cast<std::uint64_t>(i);
    if (dsn <= stored.length()) continue;  // held already
    const auto& record = page.records(i);
    if (record.directory_version() > directory_.version()) return Done{};  // after the next sync

    auto expanded = expander.expand(page.entries(), page.entries().entries(i));
    if (!expanded.entry) return hub_is_wrong("an entry that builds on something unknown.");
    const Hash hash = entry_hash(expanded.entry->header);
    const ParkedEntry::Place place{
        stored.id(), {dsn, hash, record.directory_version(), record.accepted_at_ms()}};
    switch (place_next(replica, std::move(*expanded.entry), place, context_, now_ms)) {
      case Placing::placed:
        ++counts_.received;
        break;
      case Placing::parked:
        return Done{};
      case Placing::author_unknown:
        return hub_is_wrong("an entry by nobody known.");
      case Placing::not_signed:
        return hub_is_wrong("an entry that its author did not sign.");
      case Placing::not_due:
        return hub_is_wrong("an entry that must not have a place.");
    }
  }
  return Done{};
}

}  // namespace throughgate::sync::store
