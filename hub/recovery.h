// A hub restored or rebuilt. In a new instance every dossier is recovering until all active nodes
// of its members have replayed what they hold, or a week has passed, or the desk opens it. What a
// node replays grows as a branch beside the order held, and takes its place once it has reached the
// head that the hub signed for it earlier, and once the envelopes of every epoch that it begins are
// here: somebody who was removed may hold the order, and never had them.
#pragma once

#include "hub/round.h"

namespace throughgate::schema {
class HeadAnswer;
class Replay;
class Presented;
class WireHeadProof;
}  // namespace throughgate::schema

namespace throughgate::hub {

constexpr std::uint64_t recovery_ms_max = 7ull * 24 * 60 * 60 * 1000;

// Whether the hub has lived before, and some dossier may not yet be open.
bool is_under_way(const DirectoryHistory& history, const HubState& state);

class Recovery {
 public:
  explicit Recovery(Round& round) : round_(round) {}  // which must outlive it

  // Opens everything once the week is over.
  void end_when_due();
  // `first`: of an entry that would begin the dossier. Opens the dossier when nothing is missing.
  bool is_recovering(const DossierId& dossier, const sync::Membership* first = nullptr);
  void open(const DossierId& dossier);
  void open_everything();
  // Where a version of the list says so of this very instance, which is recovering.
  void heed_opening(const sync::DirectoryStep& step);
  // Of the dossiers that the organisation knows (of all, when null), opens what nothing keeps shut.
  void open_what_is_ready(const OrganisationId* organisation);

  // How a presented head stands. False when it is not a head of this hub's: no answer is due.
  bool answer(const schema::Presented& presented, schema::HeadAnswer& answer);
  void take(const schema::Replay& replay);
  // The caller has given back all it holds. To be ignored while it owes something that is MISSING.
  void note_replay_complete();

  // A head that this very instance signed is not on its chain: the hub's own store was put back.
  bool has_lost_memory() const { return lost_memory_; }

 private:
  std::optional<sync::SignedHead> read(const schema::WireHeadProof& proof) const;
  bool is_newer(const InstanceId& instance, const InstanceId& than) const;
  bool have_all_replayed(const sync::Membership& membership);
  std::uint64_t common_place(const DossierId& dossier, const schema::Presented& presented);
  std::optional<Branch> begun_branch(const sync::SignedHead& head);
  std::optional<Branch> branch_for(const sync::SignedHead& head, std::uint64_t common);
  bool grow(const Branch& branch, StoredOrder& order, const schema::Replay& replay);
  bool finish(const Branch& branch, StoredOrder& order, const sync::SignedHead& head);
  bool lacks_keys(const Branch& branch, const StoredOrder& order);

  Round& round_;
  bool lost_memory_ = false;
};

}  // namespace throughgate::hub
