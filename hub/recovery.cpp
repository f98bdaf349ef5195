#include "hub/recovery.h"

#include <algorithm>
#include <limits>

#include "hub/envelope_shelf.h"
#include "hub/wire.h"
#include "sync/list_orders.h"
#include "sync/wire_form.h"

namespace throughgate::hub {

namespace {

constexpr int locator_max = 70;  // every power of two, and the start

}  // namespace

using schema::HeadAnswer;

bool is_under_way(const DirectoryHistory& history, const HubState& state) {
  return history.lives() > 1 && !state.recovered;
}

// ---- opening

void Recovery::end_when_due() {
  const auto& state = round_.state();
  if (!is_under_way(round_.history(), state) || !state.began_ms) return;
  if (round_.now_ms() >= *state.began_ms + recovery_ms_max) open_everything();
}

bool Recovery::have_all_replayed(const sync::Membership& membership) {
  for (const auto& member : membership.members) {
    for (const auto* node : round_.directory().active_nodes(member.organisation)) {
      if (!round_.store().has_heard(round_.state().instance, node->id)) return false;
    }
  }
  return true;
}

bool Recovery::is_recovering(const DossierId& dossier, const sync::Membership* first) {
  if (!is_under_way(round_.history(), round_.state())) return false;
  const StoredOrder& order = round_.order(dossier);
  if (order.chain().opened_in == round_.state().instance) return false;
  const auto* now = order.memberships().current();
  const sync::Membership* membership = now ? &now->membership : first;
  if (!membership || !have_all_replayed(*membership)) return true;
  if (now) open(dossier);  // of what is not known here there is nothing to open
  return false;
}

void Recovery::open(const DossierId& dossier) {
  StoredOrder& order = round_.order(dossier);
  order.set_opened_in(round_.state().instance);
  round_.store().drop_branches(dossier);
  std::set<OrganisationId> told;  // removed ones too: their last place may have changed
  for (const auto& each : order.memberships().all()) told.merge(members_of(each.membership));
  if (!told.empty()) round_.tell(dossier, told, told);
}

void Recovery::open_everything() {
  for (const auto& dossier : round_.store().not_open_in(round_.state().instance)) open(dossier);
  round_.set_recovered();
}

void Recovery::heed_opening(const sync::DirectoryStep& step) {
  const auto opening = sync::opening_in(step);
  if (!opening || opening->instance != round_.state().instance) return;
  if (!is_under_way(round_.history(), round_.state())) return;
  if (opening->dossiers.empty()) return open_everything();
  const auto shut = round_.store().not_open_in(round_.state().instance);
  for (const auto& dossier : opening->dossiers) {
    if (std::find(shut.begin(), shut.end(), dossier) != shut.end()) open(dossier);
  }
}

void Recovery::open_what_is_ready(const OrganisationId* organisation) {
  if (!is_under_way(round_.history(), round_.state())) return;
  const auto& instance = round_.state().instance;
  const auto shut = organisation ? round_.store().not_open_in(instance, *organisation)
                                 : round_.store().not_open_in(instance);
  for (const auto& dossier : shut) is_recovering(dossier);
}

void Recovery::note_replay_complete() {
  const Caller& caller = round_.caller();
  const auto& instance = round_.state().instance;
  if (!is_under_way(round_.history(), round_.state())) return;
  if (round_.store().has_heard(instance, caller.node)) return;
  round_.store().note_heard(instance, caller.node);
  open_what_is_ready(&caller.organisation);
}

// ---- heads presented

std::optional<sync::SignedHead> Recovery::read(const schema::WireHeadProof& proof) const {
  auto head = wire::signed_head(proof);
  const auto* life = head ? round_.history().life(head->root.instance) : nullptr;
  if (!life || !sync::verify(*head, life->key)) return std::nullopt;
  return head;
}

bool Recovery::is_newer(const InstanceId& instance, const InstanceId& than) const {
  return round_.history().rank(instance).value_or(0) > round_.history().rank(than).value_or(0);
}

// The highest place that the presented chain and the one held are shown to share.
std::uint64_t Recovery::common_place(const DossierId& dossier, const schema::Presented& presented) {
  std::uint64_t common = 0;
  const StoredOrder& order = round_.order(dossier);
  for (int i = 0; i < std::min(presented.locator_size(), locator_max); ++i) {
    const auto place = wire::head(presented.locator(i));
    if (!place || place->dossier != dossier || place->dsn <= common) continue;
    if (order.chain_at(place->dsn) == place->chain) common = place->dsn;
  }
  return common;
}

bool Recovery::answer(const schema::Presented& presented, HeadAnswer& answer) {
  const auto head = read(presented.proof());
  if (!head) return false;
  const DossierId& dossier = head->head.dossier;
  answer.set_dossier(wire::text(dossier.bytes));
  answer.set_standing(HeadAnswer::UNKNOWN);
  if (round_.directory().is_erased(dossier)) return true;

  const bool recovering = is_recovering(dossier);
  if (round_.order(dossier).chain_at(head->head.dsn) == head->head.chain) {
    // Until it opens, a newer instance's chain may yet take its place: ask again.
    answer.set_standing(recovering ? HeadAnswer::RECOVERING : HeadAnswer::KNOWN);
    return true;
  }
  if (head->root.instance == round_.state().instance) lost_memory_ = true;
  const std::uint64_t common = common_place(dossier, presented);
  if (!recovering) {
    answer.set_from_dsn(common);
    return true;
  }
  answer.set_standing(HeadAnswer::RECOVERING);
  const auto branch = branch_for(*head, common);
  if (!branch || branch->refused) return true;
  if (branch->chain.length == branch->target_dsn) {  // whole, but for its keys until now
    StoredOrder order(round_.store(), round_.order(dossier), *branch);
    if (!finish(*branch, order, *head)) round_.store().refuse_branch(branch->chain.id);
    return true;
  }
  answer.set_standing(HeadAnswer::MISSING);
  answer.set_from_dsn(branch->chain.length + 1);
  return true;
}

// ---- replays

// What the caller has begun to replay towards this head.
std::optional<Branch> Recovery::begun_branch(const sync::SignedHead& head) {
  auto begun = round_.store().branch(head.head.dossier, round_.caller().node);
  const bool same = begun && begun->target_dsn == head.head.dsn && begun->target == head.head.chain;
  return same ? begun : std::nullopt;
}

// The caller's branch towards this head, begun if need be; none when the order held wins.
std::optional<Branch> Recovery::branch_for(const sync::SignedHead& head, std::uint64_t common) {
  const StoredOrder& held = round_.order(head.head.dossier);
  const bool goes_on = common == held.length();  // and does not leave the order held earlier
  if (!goes_on && !is_newer(head.root.instance, held.chain().signed_by)) return std::nullopt;
  if (auto begun = begun_branch(head)) return begun;
  // What a REDACT took away that the branch will not have, the branch must bring back.
  if (!goes_on) common = round_.store().whole_below(held.chain().id, common);

  Branch branch;
  branch.chain = held.chain();
  branch.chain.length = common;
  branch.chain.head = held.chain_at(common).value_or(Hash{});
  const auto last = held.read(common);
  branch.chain.accepted_at_ms = last ? last->record.accepted_at_ms : 0;
  branch.chain.directory_version = last ? last->record.directory_version : 0;
  branch.first_dsn = common + 1;
  branch.target_dsn = head.head.dsn;
  branch.target = head.head.chain;
  return round_.store().create_branch(branch, round_.caller().node);
}

void Recovery::take(const schema::Replay& replay) {
  const auto head = read(replay.proof());
  if (!head || !is_recovering(head->head.dossier)) return;
  const auto branch = begun_branch(*head);  // else it was not asked for
  if (!branch || branch->refused || replay.page().from_dsn() != branch->chain.length + 1) return;

  StoredOrder order(round_.store(), round_.order(head->head.dossier), *branch);
  if (!grow(*branch, order, replay) || !finish(*branch, order, *head)) {
    round_.store().refuse_branch(branch->chain.id);
  }
}

bool Recovery::grow(const Branch& branch, StoredOrder& order, const schema::Replay& replay) {
  const auto& page = replay.page();
  const DossierId& dossier = order.chain().dossier;
  const sync::WireExpander expander(dossier, order);
  if (page.records_size() != page.entries().entries_size()) return false;
  for (int i = 0; i < page.records_size() && order.length() < branch.target_dsn; ++i) {
    const auto expansion = expander.expand(page.entries(), page.entries().entries(i));
    if (!expansion.entry) return false;
    const auto header = sync::decode_header(expansion.entry->header).header;
    if (!header || header->dossier != dossier) return false;
    const auto& in = page.records(i);
    const auto author = round_.directory().standing(header->author, in.directory_version());
    if (!author) return false;
    auto verified =
        sync::verify(*expansion.entry, author->key, sync::SealedPart::may_be_deleted).entry;
    if (!verified || sync::judge(*verified, *author, order).outcome != sync::Outcome::accepted) {
      return false;
    }
    const sync::OrderRecord record{order.length() + 1, verified->hash(), in.directory_version(),
                                   in.accepted_at_ms()};
    const bool in_time = record.directory_version >= order.chain().directory_version &&
                         record.directory_version <= round_.directory().version() &&
                         record.accepted_at_ms >= order.chain().accepted_at_ms &&
                         record.accepted_at_ms <= std::numeric_limits<std::int64_t>::max();
    if (!in_time) return false;
    order.append(*verified, record, author->organisation);
  }
  return true;
}

// Without its envelopes an epoch would be one whose key perhaps nobody holds.
bool Recovery::lacks_keys(const Branch& branch, const StoredOrder& order) {
  const auto& memberships = order.memberships();
  return std::any_of(
      memberships.all().begin(), memberships.all().end(),
      [&](const sync::EffectiveMembership& each) {
        const bool begins = each.dsn >= branch.first_dsn &&
                            memberships.epoch_began(each.membership.epoch()) == each.dsn;
        return begins && !covers_all(sealed_on_shelf(round_, branch.chain.dossier, each.membership),
                                     each.membership);
      });
}

// Takes the branch up when it has come to its end. False when that is not the head it was to reach.
bool Recovery::finish(const Branch& branch, StoredOrder& order, const sync::SignedHead& head) {
  if (order.length() < branch.target_dsn) return true;
  if (order.chain().head != branch.target || round_.store().lacks_parts(branch.chain.id)) {
    return false;
  }
  if (lacks_keys(branch, order)) return true;  // tried again whenever its head is presented
  StoredOrder& held = round_.order(head.head.dossier);
  const auto before = held.chain().signed_by;
  order.adopt(held, is_newer(before, head.root.instance) ? before : head.root.instance);
  round_.read_again(head.head.dossier);
  round_.store().number_late_anew(head.head.dossier);  // who leads may be another
  return true;
}

}  // namespace throughgate::hub
