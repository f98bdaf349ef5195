// May this entry have the next place in its dossier's order? One pure function, asked by the hub
// before it gives the place and by every node again when it receives it. It reads no clock and no
// arrival order: only the order so far, the directory version, and what the hub remembers as final.
#pragma once

#include <optional>
#include <string_view>

#include "sync/entry.h"
#include "sync/membership_history.h"

namespace throughgate::sync {

enum class Outcome : std::uint8_t {
  accepted = 1,  // may have the next place
  duplicate,     // has one already
  need_full,     // the short form does not expand here: send the whole header
  hold,          // not yet: try again later
  rejected,      // never; final
  fork,          // its author signed two entries for one place in a stream; final
};

// Numbers are sent and stored: never reused.
enum class Reason : std::uint16_t {
  none = 0,
  // hold
  dossier_unknown = 1,
  not_yet_a_member = 2,
  predecessor_missing = 3,
  dependency_missing = 4,
  envelopes_missing = 5,
  hub_recovering = 6,
  update_needed = 7,
  over_quota = 8,
  // rejected
  revoked = 20,
  not_a_member = 21,
  reader = 22,
  stream_taken = 23,
  stream_closed = 24,
  base = 25,
  dependency = 26,
  epoch = 27,
  membership_version = 28,
  first_entry = 29,
  second_first_entry = 30,
  key_kept_after_removal = 31,
  redact_role = 32,
  redact_target = 33,
  expired = 34,
  erased = 35,
};

struct Ruling {
  Outcome outcome = Outcome::accepted;
  Reason reason = Reason::none;

  bool is_final() const { return outcome == Outcome::rejected || outcome == Outcome::fork; }
  // A final verdict closes the entry's stream in that dossier, unless the stream is another
  // author's: nobody closes a stream by writing on it.
  bool closes_stream() const { return is_final() && reason != Reason::stream_taken; }
  friend bool operator==(const Ruling&, const Ruling&) = default;
};

struct StreamTip {
  NodeId author;
  std::uint64_t seq = 0;
  Hash entry{};
};

// The order of one dossier, as far as it has come. Implemented over a store; every answer is O(log
// n).
class OrderView {
 public:
  virtual ~OrderView() = default;
  virtual std::uint64_t length() const = 0;
  virtual std::optional<Hash> chain_at(std::uint64_t dsn) const = 0;  // H_dsn, also for 0
  virtual std::optional<Hash> entry_at(std::uint64_t dsn) const = 0;
  virtual std::optional<Hash> placed(const StreamId& stream, std::uint64_t seq) const = 0;
  virtual std::optional<StreamTip> tip(const StreamId& stream) const = 0;
  virtual std::optional<EntryKind> kind_at(std::uint64_t dsn) const = 0;
  // Stream and seq of the dossier's first entry.
  virtual std::optional<Dependency> first_entry() const = 0;
  virtual const MembershipHistory& memberships() const = 0;
};

// What the directory says of the entry's author at the version it is judged by.
struct AuthorStanding {
  OrganisationId organisation;
  crypto::VerifyKey key{};
  bool revoked = false;
};

// What only the hub knows. A node that judges again leaves it empty.
class FinalVerdicts {
 public:
  virtual ~FinalVerdicts() = default;
  virtual bool is_closed(const StreamId&) const { return false; }
  virtual bool is_refused(const Hash& /*entry*/) const { return false; }  // finally
  virtual bool envelopes_present(const Membership&) const { return true; }
};

// Whether an entry that says that it begins its dossier does: it is tied to its owner and to the
// dossier's id, so that nobody begins a record of another's. judge() asks it; and it is asked of
// what has no place yet, wherever it comes from.
bool begins_its_dossier(const VerifiedEntry& entry, const AuthorStanding& author);

// `order` is that of the entry's own dossier; for any other the answer is hold (dossier unknown).
Ruling judge(const VerifiedEntry& entry, const AuthorStanding& author, const OrderView& order,
             const FinalVerdicts& finals = FinalVerdicts());

}  // namespace throughgate::sync
