#include "hub/recovery.h"

#include <algorithm>
#include <limits>

#include "hub/wire.h"
#include "sync/wire_form.h"

namespace throughgate::hub {

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
  open(dossier);
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

namespace {

// The highest place of the locator at which the caller's chain and the order held are still one.
std::uint64_t last_common_place(const schema::Presented& presented, const StoredOrder& order) {
  std::uint64_t common = 0;
  for (const auto& each : presented.locator()) {
    const auto head = wire::head(each);
    if (head && head->dsn > common && order.chain_at(head->dsn) == head->chain) common = head->dsn;
  }
  return common;
}

}  // namespace

bool Recovery::is_newer(const InstanceId& instance, const InstanceId& than) const {
  return round_.history().rank(instance).value_or(0) > round_.history().rank(than).value_or(0);
}

bool Recovery::answer(const schema::Presented& presented, HeadAnswer& answer) {
  const auto head = read(presented.proof());
  if (!head) return false;
  const DossierId& dossier = head->head.dossier;
  answer.set_dossier(wire::text(dossier.bytes));
  answer.set_standing(HeadAnswer::UNKNOWN);
  answer.set_from_dsn(last_common_place(presented, round_.order(dossier)));
  if (round_.directory().is_erased(dossier)) return true;

  const bool recovering = is_recovering(dossier);
  const StoredOrder& order = round_.order(dossier);
  if (order.chain_at(head->head.dsn) == head->head.chain) {
    // Until it opens, a newer instance's chain may yet take its place: ask again.
    answer.set_standing(recovering ? HeadAnswer::RECOVERING : HeadAnswer::KNOWN);
    return true;
  }
  if (head->root.instance == round_.state().instance) lost_memory_ = true;
  if (!recovering) return true;
  answer.set_standing(HeadAnswer::RECOVERING);
  answer.clear_from_dsn();
  if (const auto branch = branch_for(*head); branch && !branch->refused) {
    answer.set_standing(HeadAnswer::MISSING);
    answer.set_from_dsn(branch->chain.length + 1);
  }
  return true;
}

// ---- replays

// The caller's branch towards this head, begun if need be; none when the order held wins.
std::optional<Branch> Recovery::branch_for(const sync::SignedHead& head) {
  StoredOrder& held = round_.order(head.head.dossier);
  const bool longer = head.head.dsn > held.length();
  if (!longer && !is_newer(head.root.instance, held.chain().signed_by)) return std::nullopt;
  if (head.head.dsn > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return std::nullopt;
  const auto begun = round_.store().branch(head.head.dossier, round_.caller().node);
  if (begun && begun->target_dsn == head.head.dsn && begun->target == head.head.chain) return begun;

  Branch branch;  // a longer one most likely goes on from here; finish() finds out
  branch.chain = held.chain();
  if (!longer) branch.chain = Chain{0, head.head.dossier, 0, *held.chain_at(0), 0, 0, {}, {}};
  branch.first_dsn = branch.chain.length + 1;
  branch.target_dsn = head.head.dsn;
  branch.target = head.head.chain;
  return round_.store().create_branch(branch, round_.caller().node);
}

void Recovery::take(const schema::Replay& replay) {
  const auto head = read(replay.proof());
  if (!head || round_.directory().is_erased(head->head.dossier)) return;
  const DossierId& dossier = head->head.dossier;
  StoredOrder& held = round_.order(dossier);
  if (!is_recovering(dossier) || held.chain_at(head->head.dsn) == head->head.chain) return;
  auto branch = branch_for(*head);
  if (!branch || branch->refused || replay.page().from_dsn() != branch->chain.length + 1) return;

  StoredOrder order(round_.store(), held, *branch);
  if (!grow(*branch, order, replay)) return give_up(*branch, *head);
  if (order.length() == branch->target_dsn) finish(*branch, order, *head);
}

bool Recovery::grow(Branch& branch, StoredOrder& order, const schema::Replay& replay) {
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

void Recovery::finish(const Branch& branch, StoredOrder& order, const sync::SignedHead& head) {
  StoredOrder& held = round_.order(head.head.dossier);
  if (order.chain().head != branch.target || round_.store().lacks_parts(branch.chain.id)) {
    return give_up(branch, head);
  }
  const auto& before = held.chain().signed_by;
  order.adopt(held, is_newer(before, head.root.instance) ? before : head.root.instance);
  round_.read_again(head.head.dossier);
}

void Recovery::give_up(const Branch& branch, const sync::SignedHead& head) {
  const StoredOrder& held = round_.order(head.head.dossier);
  const bool from_start = branch.first_dsn == 1;
  if (from_start || !is_newer(head.root.instance, held.chain().signed_by)) {
    return round_.store().refuse_branch(branch.chain.id);
  }
  Branch again = branch;  // it does not go on from the order held: it may have left it earlier
  again.chain = Chain{0, head.head.dossier, 0, *held.chain_at(0), 0, 0, {}, {}};
  again.first_dsn = 1;
  round_.store().create_branch(again, round_.caller().node);
}

}  // namespace throughgate::hub
