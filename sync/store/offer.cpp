#include "sync/store/offer.h"

#include "sync/signed_verdict.h"
#include "sync/store/fork_shown.h"
#include "sync/store/reauthoring.h"
#include "sync/wire_form.h"
#include "sync/wire_values.h"

namespace throughgate::sync::store {
namespace {

constexpr std::size_t envelope_lists_max = 1000;  // that go by themselves
constexpr std::size_t groups_max = 500;           // dossiers whose entries go in one request

std::size_t bytes_of(const std::vector<EnvelopeList>& lists) {
  std::size_t bytes = 0;
  for (const auto& list : lists) bytes += to_wire(list).ByteSizeLong() + framing_bytes;
  return bytes;
}

// Reasons that whoever holds the order that the hub judged by would have seen coming.
bool is_of_the_order(Reason reason) {
  return reason == Reason::not_a_member || reason == Reason::reader || reason == Reason::base ||
         reason == Reason::dependency || reason == Reason::epoch ||
         reason == Reason::membership_version;
}

// What a node remembers of what a hub does.
class RefusedHere final : public FinalVerdicts {
 public:
  explicit RefusedHere(const StoredDossier& stored) : stored_(stored) {}
  bool is_refused(const Hash& entry) const override {
    const auto row = stored_.find(entry);
    const auto held = row ? stored_.load(*row) : std::nullopt;
    return held && held->standing == Standing::refused;
  }

 private:
  const StoredDossier& stored_;
};

// Whoever holds the order that is held here refuses it for the same.
bool is_explained(const StoredDossier& stored, const Hash& entry, const Ruling& ruling,
                  const Directory& directory) {
  const auto row = stored.find(entry);
  const auto held = row ? stored.load(*row) : std::nullopt;
  const auto author =
      held ? directory.standing(held->entry.header().author, directory.version()) : std::nullopt;
  return author && judge(held->entry, *author, stored, RefusedHere(stored)) == ruling;
}

}  // namespace

void Offer::begin() {
  answered_.clear();
  in_full_.clear();
  tried_.clear();
}

void Offer::offer_nothing() {
  offered_.clear();
  envelopes_sent_.clear();
  epochs_sent_.clear();
}

std::vector<Offer::Waiting> Offer::waiting(UnitOfWork& work) const {
  // More than one request may hold, whatever has been answered already.
  const std::size_t rows_max = answered_.size() + entries_per_request_max + 1;
  std::vector<Waiting> out;
  work.each(
      "SELECT e.id, d.dossier, e.hash FROM entry e JOIN dossier d ON d.id = e.dossier "
      "WHERE e.dsn IS NULL AND e.standing <= 2 ORDER BY e.id LIMIT ?",
      bound(rows_max), [&](const Statement& row) {
        const auto id = DossierId::from(row.view(1));
        const auto hash = crypto::to_array<32>(row.view(2));
        if (!id || !hash) return work.fail_as_damaged();
        if (!answered_.contains(*hash)) out.push_back({row.integer(0), *id, *hash});
      });
  return out;
}

void Offer::add_entries(UnitOfWork& work, RequestRoom& room, schema::SyncRequest& request) {
  offered_.clear();
  envelopes_sent_.clear();
  epochs_sent_.clear();
  entries_remain_ = false;
  std::map<DossierId, int> group_of;
  std::vector<std::vector<Offered>> by_group;
  for (const auto& each : waiting(work)) {
    const bool is_new = !group_of.contains(each.dossier);
    if (is_new && by_group.size() == groups_max) {
      entries_remain_ = true;
      continue;
    }
    const auto held = StoredDossier(work, each.dossier).load(each.row);
    if (!held) return;
    if (is_new) {
      group_of[each.dossier] = request.entries_size();
      by_group.emplace_back();
      request.add_entries()->set_dossier(to_wire(each.dossier.view()));
    }
    const int group = group_of[each.dossier];
    auto lists = lists_beside(work, held->entry);
    const bool room_for_lists =
        request.envelopes_size() + static_cast<int>(lists.size()) <= other_items_per_request_max;
    const WireForm form = in_full_.contains(each.hash) ? WireForm::full : WireForm::brief;
    if (!room_for_lists ||
        !room.add(held->entry, form, bytes_of(lists), *request.mutable_entries(group))) {
      if (is_new) request.mutable_entries()->RemoveLast();
      entries_remain_ = true;
      break;
    }
    add(std::move(lists), request);
    epochs_sent_.emplace(each.dossier, held->entry.header().epoch);
    by_group[static_cast<std::size_t>(group)].push_back(
        {each.dossier, each.hash, held->entry.header().epoch});
  }
  round_.wants_another |= entries_remain_;
  for (const auto& group : by_group) offered_.insert(offered_.end(), group.begin(), group.end());
}

Offer::Lists Offer::lists_beside(UnitOfWork& work, const VerifiedEntry& entry) const {
  const auto& header = entry.header();
  std::set<EpochId> epochs{header.epoch};
  if (header.kind == EntryKind::membership) {
    if (const auto next = decode_membership(entry.bytes().clear)) epochs.insert(next->epoch());
  }
  std::erase_if(epochs, [&](const EpochId& epoch) {
    return epochs_sent_.contains({header.dossier, epoch});
  });
  if (epochs.empty()) return {};
  auto lists = KeyTable(work).unsent(header.dossier);
  std::erase_if(lists, [&](const EnvelopeList& list) { return !epochs.contains(list.epoch); });
  return lists;
}

void Offer::add(Lists lists, schema::SyncRequest& request) {
  for (auto& list : lists) {
    *request.add_envelopes() = to_wire(list);
    epochs_sent_.emplace(list.dossier, list.epoch);
    envelopes_sent_.push_back(std::move(list));
  }
}

// Those of the dossiers whose entries go now come first. The hub keeps no list of a dossier or an
// epoch that it does not know, so others wait for the entry that begins it; where that one was
// refused they wait for ever, and cost no sync anything.
void Offer::add_envelopes(UnitOfWork& work, RequestRoom& room, schema::SyncRequest& request) {
  if (entries_remain_) return;
  KeyTable keys(work);
  std::vector<DossierId> dossiers;
  for (const auto& offered : offered_) dossiers.push_back(offered.dossier);
  for (const auto& id : keys.placed_dossiers_with_unsent()) dossiers.push_back(id);
  std::set<DossierId> seen;
  for (const auto& id : dossiers) {
    if (!seen.insert(id).second) continue;
    const StoredDossier stored(work, id);
    for (auto& list : keys.unsent(id)) {
      if (!stored.memberships().epoch_known(list.epoch)) continue;
      if (epochs_sent_.contains({list.dossier, list.epoch}) || tried_.contains(list.signature)) {
        continue;
      }
      if (envelopes_sent_.size() >= envelope_lists_max || !room.take(bytes_of({list}))) {
        round_.wants_another = true;
        return;
      }
      *request.add_envelopes() = to_wire(list);
      tried_.insert(list.signature);
      envelopes_sent_.push_back(std::move(list));
    }
  }
}

Result<Done> Offer::take_answers(UnitOfWork& work, const schema::SyncReply& reply,
                                 std::uint64_t now_ms) {
  if (reply.answers_size() != static_cast<int>(offered_.size())) {
    return hub_is_wrong("its answers do not match what was sent.");
  }
  std::set<std::pair<DossierId, EpochId>> under_way;  // keys that the hub has entries of
  ReplicaAtHand at_hand(work, context_);
  for (int i = 0; i < reply.answers_size(); ++i) {
    const auto& answer = reply.answers(i);
    const Offered& offered = offered_[static_cast<std::size_t>(i)];
    if (answer.plain() == schema::EntryAnswer::NEED_FULL) {
      if (!in_full_.insert(offered.entry).second) answered_.insert(offered.entry);
      round_.wants_another = true;
      continue;
    }
    answered_.insert(offered.entry);
    if (context_.directory.is_erased(offered.dossier)) continue;  // it has gone since
    if (answer.plain() != schema::EntryAnswer::SEE_VERDICT) {
      if (answer.plain() == schema::EntryAnswer::ACCEPTED) {
        ++round_.counts.sent;
        under_way.emplace(offered.dossier, offered.epoch);
      }
      continue;
    }
    if (auto done = take_verdict(at_hand, offered, answer, now_ms); !done) return done.error();
  }
  at_hand.finish();
  // A hub that does not hold the order yet has not kept the list: it is sent again.
  for (const auto& list : envelopes_sent_) {
    if (context_.directory.is_erased(list.dossier)) continue;
    StoredDossier stored(work, list.dossier);
    if (under_way.contains({list.dossier, list.epoch}) ||
        (stored.is_confirmed(round_.instance) && stored.memberships().epoch_known(list.epoch))) {
      KeyTable(work).mark_sent(list);
    }
  }
  return Done{};
}

Result<Done> Offer::take_verdict(ReplicaAtHand& at_hand, const Offered& offered,
                                 const schema::EntryAnswer& answer, std::uint64_t now_ms) {
  const auto signature = crypto::to_array<64>(crypto::as_bytes(answer.verdict().signature()));
  const auto verdict = signature
                           ? decode_verdict(crypto::as_bytes(answer.verdict().bytes()), *signature)
                           : std::nullopt;
  if (!verdict || verdict->entry != offered.entry || verdict->instance != round_.instance ||
      !verify(*verdict, context_.directory.hub_key())) {
    return hub_is_wrong("a verdict is not signed by it.");
  }
  Replica& replica = at_hand.of(offered.dossier);
  if (verdict->ruling.outcome == Outcome::fork &&
      !shows_fork(replica.stored(), offered.entry, answer)) {
    round_.note_unsound(offered.dossier);  // and the entry is offered again in the next round
    return Done{};
  }
  if (verdict->ruling.is_final()) {
    ++round_.counts.refused;
    if (is_of_the_order(verdict->ruling.reason) &&
        !is_explained(replica.stored(), offered.entry, verdict->ruling, context_.directory)) {
      round_.refused_by_order.insert(offered.dossier);
    }
    take_final_verdict(replica, offered.entry, verdict->ruling, now_ms);
  } else if (verdict->ruling.outcome == Outcome::hold) {
    ++round_.counts.held;
  } else {
    ++round_.counts.sent;
    replica.drop_if_only_carried(offered.entry);
  }
  return Done{};
}

bool Offer::shows_fork(const StoredDossier& stored, const Hash& entry,
                       const schema::EntryAnswer& answer) const {
  return store::shows_fork(stored, entry, answer.fork_header(), answer.fork_signature(),
                           context_.directory);
}

}  // namespace throughgate::sync::store
