// What verdicts are asked about: a dossier that has begun, memberships edited, and what is said of
// entries elsewhere.
#pragma once

#include <set>
#include <utility>

#include "sync/verdict.h"
#include "tests/sync/test_dossier.h"

namespace throughgate::sync::testing {

inline constexpr Ruling accepted{};
inline Ruling hold(Reason reason) { return {Outcome::hold, reason}; }
inline Ruling rejected(Reason reason) { return {Outcome::rejected, reason}; }
inline constexpr Ruling forked{Outcome::fork, Reason::none};
inline constexpr Ruling duplicate{Outcome::duplicate, Reason::none};

// A dossier whose first entry has its place, and a stream of the owner.
struct Begun {
  TestDossier dossier;
  Stream stream = dossier.new_stream();
  VerifiedEntry first = dossier.begin(stream);

  const Author& owner() const { return dossier.owner; }
  VerifiedEntry write(const Author& author, Draft draft = {}) {
    Stream fresh = dossier.new_stream();
    return dossier.write(author, fresh, std::move(draft));
  }
  Ruling judge(const Author& author, Draft draft = {}) {
    return dossier.judge(write(author, std::move(draft)), author);
  }
  // The membership in force, edited, placed by the owner.
  template <class Edit>
  VerifiedEntry change_membership(Edit edit) {
    Membership next = dossier.next_membership();
    edit(next);
    return dossier.add(owner(), stream, TestDossier::membership_draft(next));
  }
};

inline void remove(Membership& membership, const OrganisationId& organisation) {
  std::erase_if(membership.members,
                [&](const Member& m) { return m.organisation == organisation; });
}

inline void new_key(Membership& membership, std::uint8_t key = 7) {
  membership.key_commitment = Hash{key};
}

struct Finals final : FinalVerdicts {
  std::set<StreamId> closed = {};
  std::set<Hash> refused = {};
  bool envelopes = true;
  bool is_closed(const StreamId& stream) const override { return closed.contains(stream); }
  bool is_refused(const Hash& entry) const override { return refused.contains(entry); }
  bool envelopes_present(const Membership&) const override { return envelopes; }
};

}  // namespace throughgate::sync::testing
