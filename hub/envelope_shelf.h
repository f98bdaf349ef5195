// Dossier keys on their way: sealed envelopes, kept for each sender apart so that a bad one cannot
// displace a good one, and handed only to organisations that the chain shows as members at or after
// the epoch began.
#pragma once

#include <set>
#include <vector>

#include "hub/recovery.h"
#include "hub/round.h"

namespace throughgate::schema {
class SignedBytes;
class SyncReply;
}  // namespace throughgate::schema

namespace throughgate::hub {

constexpr std::uint64_t lists_of_one_sender_max = 64;  // for one epoch: more is no honest node's

// The members' recovery keys that lists kept here have an envelope for, of the epoch that this
// membership is under.
std::set<sync::Recipient> sealed_on_shelf(Round& round, const DossierId& dossier,
                                          const sync::Membership& membership);
// Is every member's recovery key among them?
bool covers_all(const std::set<sync::Recipient>& sealed, const sync::Membership& membership);

class EnvelopeShelf {
 public:
  EnvelopeShelf(Round& round, Recovery& recovery) : round_(round), recovery_(recovery) {}

  // Keeps the list when its sender may send one. One for an epoch not yet begun waits for a
  // MEMBERSHIP of this request to begin it.
  void take(const schema::SignedBytes& list);
  // Does every member's recovery key have an envelope of the epoch that this would begin?
  bool covers(const DossierId& dossier, const sync::Membership& membership) const;
  // It has begun: what waited is kept.
  void epoch_began(const DossierId& dossier, const sync::Membership& membership);

  // Lists that hold one for the caller, as far as its organisation is served; not those that it has
  // just brought.
  void put_lists(const StoredOrder& order, std::uint64_t after_change, schema::SyncReply& reply);
  // What the caller is asked to seal: for its own organisation's nodes, and for everybody where it
  // is the owner or the desk.
  void put_wanted(const StoredOrder& order, schema::SyncReply& reply);

 private:
  void keep(const sync::EnvelopeList& list);
  bool adds_nothing(const sync::EnvelopeList& list);
  bool can_rely_on(const NodeId& sender, const sync::Recipient& recipient,
                   const sync::MembershipHistory& memberships) const;
  std::optional<OrganisationId> organisation_of(const NodeId& node) const;
  std::optional<OrganisationId> organisation_of(const sync::Recipient& recipient) const;

  Round& round_;
  Recovery& recovery_;
  std::vector<sync::EnvelopeList> waiting_;
  std::set<Bytes> brought_;  // lists of this request
};

}  // namespace throughgate::hub
