#include "sync/store/offer.h"

#include "sync/signed_verdict.h"
#include "sync/store/reauthoring.h"
#include "sync/wire_form.h"
#include "sync/wire_values.h"

namespace throughgate::sync::store {
namespace {

constexpr std::size_t envelope_lists_max = 300;
constexpr std::size_t groups_max = 500;     // dossiers whose entries go in one request
constexpr std::size_t entry_overhead = 48;  // message framing and the short header fields, about

bool is_confirmed(const StoredDossier& stored, const InstanceId& instance) {
  return stored.work()
      .first("SELECT 1 FROM dossier WHERE id = ? AND confirmed = ?",
             bound(stored.row(), instance.view()), unsigned_column)
      .has_value();
}

}  // namespace

void Offer::begin() {
  answered_.clear();
  in_full_.clear();
}

void Offer::add_entries(UnitOfWork& work, std::size_t bytes, schema::SyncRequest& request) {
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
  round_.wants_another |= entries_remain_;
  for (auto& [id, group] : groups) {
    *request.add_entries() = std::move(group);
    offered_.insert(offered_.end(), grouped[id].begin(), grouped[id].end());
  }
}

// Those of the dossiers whose entries go now come first: a MEMBERSHIP waits for its envelopes. The
// hub keeps no list of a dossier that it does not know, so others wait for their entries.
void Offer::add_envelopes(UnitOfWork& work, schema::SyncRequest& request) {
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

Result<Done> Offer::take_answers(UnitOfWork& work, const schema::SyncReply& reply,
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
      round_.wants_another = true;
      continue;
    }
    answered_.insert(offered.entry);
    if (answer.plain() != schema::EntryAnswer::SEE_VERDICT) {
      if (answer.plain() == schema::EntryAnswer::ACCEPTED) {
        ++round_.counts.sent;
        under_way.emplace(offered.dossier, offered.epoch);
      }
      continue;
    }
    const auto signature = crypto::to_array<64>(crypto::as_bytes(answer.verdict().signature()));
    const auto verdict =
        signature ? decode_verdict(crypto::as_bytes(answer.verdict().bytes()), *signature)
                  : std::nullopt;
    if (!verdict || verdict->entry != offered.entry || verdict->instance != round_.instance ||
        !verify(*verdict, context_.directory.hub_key())) {
      return hub_is_wrong("a verdict is not signed by it.");
    }
    Replica replica(work, offered.dossier, context_);
    if (verdict->ruling.is_final()) {
      ++round_.counts.refused;
      take_final_verdict(replica, offered.entry, verdict->ruling, now_ms);
    } else if (verdict->ruling.outcome == Outcome::hold) {
      ++round_.counts.held;
    } else {
      ++round_.counts.sent;
      replica.drop_if_only_carried(offered.entry);
    }
    replica.finish();
  }
  // A hub that does not hold the order yet has not kept the list: it is sent again.
  for (const auto& list : envelopes_sent_) {
    StoredDossier stored(work, list.dossier);
    if (under_way.contains({list.dossier, list.epoch}) ||
        (is_confirmed(stored, round_.instance) && stored.memberships().epoch_known(list.epoch))) {
      KeyTable(work).mark_sent(list);
    }
  }
  return Done{};
}

}  // namespace throughgate::sync::store
