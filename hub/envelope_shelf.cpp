#include "hub/envelope_shelf.h"

#include <algorithm>

#include "hub/wire.h"

namespace throughgate::hub {
namespace {

using sync::Recipient;
using sync::RecipientKind;

std::set<Recipient> recipients_of(const sync::EnvelopeList& list) {
  std::set<Recipient> out;
  for (const auto& envelope : list.envelopes) out.insert(envelope.recipient);
  return out;
}

bool is_by_member(const sync::Directory& directory, const NodeId& sender,
                  const sync::Membership& membership) {
  const auto* node = directory.node(sender);
  return node && membership.role_of(node->organisation);
}

}  // namespace

std::set<Recipient> sealed_on_shelf(Round& round, const DossierId& dossier,
                                    const sync::Membership& membership) {
  std::set<Recipient> sealed;
  for (const auto& each : round.store().held_envelopes(dossier)) {
    const bool fits = each.epoch == membership.epoch();
    if (fits && is_by_member(round.directory(), each.sender, membership)) {
      sealed.insert(each.recipient);
    }
  }
  return sealed;
}

bool covers_all(const std::set<Recipient>& sealed, const sync::Membership& membership) {
  return std::all_of(membership.members.begin(), membership.members.end(), [&](const auto& member) {
    return sealed.contains({RecipientKind::recovery_key, member.organisation.bytes});
  });
}

std::optional<OrganisationId> EnvelopeShelf::organisation_of(const NodeId& node) const {
  const auto* found = round_.directory().node(node);
  return found ? std::optional(found->organisation) : std::nullopt;
}

void EnvelopeShelf::take(const schema::SignedBytes& in) {
  const auto signature = wire::array<64>(in.signature());
  auto list = signature ? sync::decode_envelope_list(crypto::as_bytes(in.bytes()), *signature)
                        : std::nullopt;
  const auto* sender = list ? round_.directory().node(list->sender) : nullptr;
  if (!sender || list->envelopes.empty() || round_.directory().is_erased(list->dossier)) return;
  // While a hub recovers, old lists come back whose senders may have been revoked since, for epochs
  // that it will learn of again.
  const bool recovering = recovery_.is_recovering(list->dossier);
  if (sender->revoked_in && !recovering) return;
  if (!sync::verify(*list, sender->verify_key)) return;
  const bool all_known =
      std::all_of(list->envelopes.begin(), list->envelopes.end(),
                  [&](const auto& each) { return organisation_of(each.recipient).has_value(); });
  if (!all_known) return;  // sealed to nobody: it would only cost the others
  brought_.insert(list->encode());

  const auto& memberships = round_.order(list->dossier).memberships();
  if (recovering || memberships.may_hold_key(sender->organisation, list->epoch)) {
    keep(*list);
  } else if (!memberships.epoch_known(list->epoch)) {
    waiting_.push_back(*std::move(list));
  }
}

// A list replayed by somebody, that an older or wider one of the same sender makes up for.
bool EnvelopeShelf::adds_nothing(const sync::EnvelopeList& list) {
  if (round_.store().keeps(list)) return true;
  std::set<Recipient> held;
  for (const auto& each : round_.store().held_envelopes(list.dossier)) {
    if (each.epoch == list.epoch && each.sender == list.sender) held.insert(each.recipient);
  }
  const auto now = recipients_of(list);
  return held.size() > now.size() &&
         std::includes(held.begin(), held.end(), now.begin(), now.end());
}

std::optional<OrganisationId> EnvelopeShelf::organisation_of(const Recipient& recipient) const {
  if (recipient.kind == RecipientKind::node) return organisation_of(NodeId{recipient.id});
  const OrganisationId id{recipient.id};
  return round_.directory().organisation(id) ? std::optional(id) : std::nullopt;
}

void EnvelopeShelf::keep(const sync::EnvelopeList& list) {
  if (adds_nothing(list) || round_.store().lists_of(list) >= lists_of_one_sender_max) return;
  const bool recovering = recovery_.is_recovering(list.dossier);
  const std::uint64_t change =
      recovering ? round_.tell(list.dossier, {}) : round_.tell_members(list.dossier);
  round_.store().keep(list, change);
}

bool EnvelopeShelf::covers(const DossierId& dossier, const sync::Membership& membership) const {
  const EpochId epoch = membership.epoch();
  auto sealed = sealed_on_shelf(round_, dossier, membership);
  for (const auto& list : waiting_) {
    const bool fits = list.dossier == dossier && list.epoch == epoch;
    if (fits && is_by_member(round_.directory(), list.sender, membership)) {
      sealed.merge(recipients_of(list));
    }
  }
  return covers_all(sealed, membership);
}

void EnvelopeShelf::epoch_began(const DossierId& dossier, const sync::Membership& membership) {
  const auto begun = [&](const sync::EnvelopeList& list) {
    return list.dossier == dossier && list.epoch == membership.epoch();
  };
  // Lists replayed before their MEMBERSHIP came back were passed over until now: told from the
  // start.
  const auto held = round_.store().held_envelopes(dossier);
  if (std::any_of(held.begin(), held.end(),
                  [&](const auto& each) { return each.epoch == membership.epoch(); })) {
    const auto members = members_of(membership);
    round_.tell(dossier, members, members);
  }
  for (const auto& list : waiting_) {
    const auto organisation = organisation_of(list.sender);
    if (begun(list) && organisation && membership.role_of(*organisation)) keep(list);
  }
  std::erase_if(waiting_, begun);
}

void EnvelopeShelf::put_lists(const StoredOrder& order, std::uint64_t after_change,
                              schema::SyncReply& reply) {
  const Caller& caller = round_.caller();
  const auto& memberships = order.memberships();
  // Whoever was removed hears of that, and gets no key any more that had not reached them. Let in
  // again, they are told from the start.
  if (!memberships.role_now(caller.organisation)) return;
  const auto lists = round_.store().envelopes_for(order.chain().dossier, caller.node,
                                                  caller.organisation, after_change);
  for (const auto& list : lists) {
    const auto sender = organisation_of(list.sender);
    if (brought_.contains(list.bytes)) continue;
    if (!sender || !memberships.may_hold_key(*sender, list.epoch) ||
        !memberships.may_hold_key(caller.organisation, list.epoch)) {
      continue;
    }
    auto& out = *reply.add_envelopes();
    out.set_bytes(wire::text(list.bytes));
    out.set_signature(wire::text(list.signature));
  }
}

// What is in an envelope only its recipient sees. Anybody's else could be empty and would keep the
// real one away: for this question only those count that the recipient can rely on.
bool EnvelopeShelf::can_rely_on(const NodeId& sender, const Recipient& recipient,
                                const sync::MembershipHistory& memberships) const {
  const auto* by = round_.directory().node(sender);
  if (!by || by->revoked_in) return false;
  if (by->organisation == round_.caller().organisation ||
      by->organisation == organisation_of(recipient)) {
    return true;
  }
  return sync::leads(memberships.role_now(by->organisation));
}

void EnvelopeShelf::put_wanted(const StoredOrder& order, schema::SyncReply& reply) {
  const Caller& caller = round_.caller();
  const auto& memberships = order.memberships();
  const auto role = memberships.role_now(caller.organisation);
  if (!role) return;
  std::set<std::pair<EpochId, Recipient>> sealed;
  for (const auto& each : round_.store().held_envelopes(order.chain().dossier)) {
    if (can_rely_on(each.sender, each.recipient, memberships)) {
      sealed.emplace(each.epoch, each.recipient);
    }
  }
  std::set<EpochId> epochs;
  for (const auto& each : memberships.all()) epochs.insert(each.membership.epoch());

  for (const auto& member : memberships.current()->membership.members) {
    if (!sync::leads(role) && member.organisation != caller.organisation) continue;
    for (const auto& recipient : round_.directory().key_holders(member.organisation)) {
      for (const auto& epoch : epochs) {
        if (sealed.contains({epoch, recipient})) continue;
        auto& out = *reply.add_wanted();
        out.set_dossier(wire::text(order.chain().dossier.bytes));
        out.set_epoch(wire::text(epoch.bytes));
        out.set_recipient_kind(static_cast<std::uint32_t>(recipient.kind));
        out.set_recipient(wire::text(recipient.id));
      }
    }
  }
}

}  // namespace throughgate::hub
