// Which membership and epoch an entry may name, who may change members, and who may redact.
#include "sync/verdict.h"

#include <catch_amalgamated.hpp>

#include "tests/sync/begun_dossier.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

// ---- epochs and membership numbers

TEST_CASE("an entry is sealed under the epoch at its base or one begun since", "[verdict]") {
  Begun b;
  const auto old_epoch = b.dossier.first_membership.epoch();
  b.change_membership([](Membership& m) { new_key(m, 7); });
  const EpochId new_epoch{{7}};
  const auto with = [&](std::uint64_t base, const EpochId& epoch) {
    Draft draft;
    draft.base = base;
    draft.epoch = epoch;
    return b.judge(b.owner(), draft);
  };
  CHECK(with(1, old_epoch) == accepted);
  CHECK(with(1, new_epoch) == accepted);
  CHECK(with(2, new_epoch) == accepted);
  CHECK(with(2, old_epoch) == rejected(Reason::epoch));
  CHECK(with(2, EpochId{{9}}) == rejected(Reason::epoch));
}

TEST_CASE("at base 0 the epoch is the first entry's and no later one", "[verdict]") {
  Begun b;
  b.change_membership([](Membership& m) { new_key(m, 7); });
  Draft draft;
  draft.base = 0;
  draft.epoch = EpochId{{7}};
  CHECK(b.dossier.judge(b.dossier.write(b.owner(), b.stream, draft), b.owner()) ==
        rejected(Reason::epoch));
}

TEST_CASE("a change names the membership in force at its base", "[verdict]") {
  Begun b;
  b.change_membership([](Membership&) {});
  Draft draft;
  draft.membership_version = 1;
  CHECK(b.judge(b.owner(), draft) == rejected(Reason::membership_version));
  draft.base = 1;
  CHECK(b.judge(b.owner(), draft) == accepted);
  draft.membership_version = 2;
  CHECK(b.judge(b.owner(), draft) == rejected(Reason::membership_version));
}

// ---- memberships

TEST_CASE("the owner and the desk change the membership; a loser keeps its place, inert",
          "[verdict]") {
  Begun b;
  Membership next = b.dossier.next_membership();
  const auto draft = TestDossier::membership_draft(next);
  CHECK(b.judge(b.dossier.desk, draft) == accepted);
  Stream stream = b.dossier.new_stream();
  const auto winner = b.dossier.write(b.dossier.desk, stream, draft);
  const auto loser = b.write(b.owner(), draft);
  b.dossier.place(winner, b.dossier.desk);
  CHECK(b.dossier.judge(loser, b.owner()) == accepted);
  b.dossier.place(loser, b.owner());
  CHECK_FALSE(b.dossier.order.is_inert(winner.hash()));
  CHECK(b.dossier.order.is_inert(loser.hash()));
  CHECK(b.dossier.order.memberships().number_at(3) == 2);
}

TEST_CASE("a membership by a mere contributor is accepted and changes nothing", "[verdict]") {
  Begun b;
  Membership next = b.dossier.next_membership();
  remove(next, b.dossier.desk.organisation);
  const auto entry = b.write(b.dossier.contributor, TestDossier::membership_draft(next));
  CHECK(b.dossier.judge(entry, b.dossier.contributor) == accepted);
  b.dossier.place(entry, b.dossier.contributor);
  CHECK(b.dossier.order.is_inert(entry.hash()));
}

TEST_CASE("the epoch of a loser is never in force", "[verdict]") {
  Begun b;
  Membership loser = b.dossier.next_membership();
  new_key(loser, 9);
  const auto late = b.write(b.owner(), TestDossier::membership_draft(loser));
  b.change_membership([](Membership&) {});
  b.dossier.place(late, b.owner());
  Draft draft;
  draft.epoch = EpochId{{9}};
  CHECK(b.judge(b.owner(), draft) == rejected(Reason::epoch));
}

TEST_CASE("a removal needs a new key", "[verdict]") {
  Begun b;
  Membership next = b.dossier.next_membership();
  remove(next, b.dossier.receiver.organisation);
  CHECK(b.judge(b.owner(), TestDossier::membership_draft(next)) ==
        rejected(Reason::key_kept_after_removal));
  new_key(next);
  CHECK(b.judge(b.owner(), TestDossier::membership_draft(next)) == accepted);
}

TEST_CASE("a change of roles or a new member keeps the key", "[verdict]") {
  Begun b;
  Membership next = b.dossier.next_membership();
  SECTION("a prison move") {
    for (auto& member : next.members) {
      if (member.role == Role::owner)
        member.role = Role::contributor;
      else if (member.role == Role::contributor)
        member.role = Role::owner;
    }
  }
  SECTION("a new member") {
    next.members.push_back({OrganisationId{{0xff, 0xff, 0xff}}, Role::reader});
  }
  CHECK(b.judge(b.owner(), TestDossier::membership_draft(next)) == accepted);
}

TEST_CASE("a key that was in force before does not come back", "[verdict]") {
  Begun b;
  const Hash old_key = b.dossier.first_membership.key_commitment;
  b.change_membership([](Membership& m) { new_key(m, 7); });
  Membership next = b.dossier.next_membership();
  next.key_commitment = old_key;
  CHECK(b.judge(b.owner(), TestDossier::membership_draft(next)) == rejected(Reason::epoch));
}

TEST_CASE("a new epoch waits for its envelopes, the same epoch does not", "[verdict]") {
  Begun b;
  Finals finals;
  finals.envelopes = false;
  Membership next = b.dossier.next_membership();
  CHECK(b.dossier.judge(b.write(b.owner(), TestDossier::membership_draft(next)), b.owner(),
                        finals) == accepted);
  new_key(next);
  CHECK(b.dossier.judge(b.write(b.owner(), TestDossier::membership_draft(next)), b.owner(),
                        finals) == hold(Reason::envelopes_missing));
}

TEST_CASE("a membership is sealed under the epoch at its base, never a later one", "[verdict]") {
  Begun b;
  b.change_membership([](Membership& m) { new_key(m, 7); });
  Membership next = b.dossier.next_membership();
  Draft draft = TestDossier::membership_draft(next);
  draft.base = 1;
  draft.epoch = EpochId{{7}};
  CHECK(b.judge(b.owner(), draft) == rejected(Reason::epoch));
  draft.epoch.reset();
  CHECK(b.judge(b.owner(), draft) == accepted);
  new_key(next, 8);
  draft = TestDossier::membership_draft(next);
  draft.epoch = EpochId{{8}};  // the one it makes
  CHECK(b.judge(b.owner(), draft) == rejected(Reason::epoch));
}

// ---- redactions

TEST_CASE("the owner and the desk redact, nobody else", "[verdict]") {
  Begun b;
  const auto target = b.dossier.add(b.owner(), b.stream);
  const auto draft = TestDossier::redaction_draft(2, target.hash());
  CHECK(b.judge(b.owner(), draft) == accepted);
  CHECK(b.judge(b.dossier.desk, draft) == accepted);
  CHECK(b.judge(b.dossier.receiver, draft) == rejected(Reason::redact_role));
  CHECK(b.judge(b.dossier.contributor, draft) == rejected(Reason::redact_role));
}

TEST_CASE("a redaction names an entry in its place, at or below its base", "[verdict]") {
  Begun b;
  const auto target = b.dossier.add(b.owner(), b.stream);
  const auto judge = [&](std::uint64_t dsn, const Hash& entry,
                         std::optional<std::uint64_t> base = {}) {
    Draft draft = TestDossier::redaction_draft(dsn, entry);
    draft.base = base;
    return b.judge(b.owner(), draft);
  };
  CHECK(judge(2, target.hash()) == accepted);
  CHECK(judge(1, b.first.hash()) == accepted);  // a MEMBERSHIP's ops, too
  CHECK(judge(1, target.hash()) == rejected(Reason::redact_target));
  CHECK(judge(3, target.hash()) == rejected(Reason::redact_target));
  CHECK(judge(2, target.hash(), 1) == rejected(Reason::redact_target));
}

TEST_CASE("a redaction is not redacted", "[verdict]") {
  Begun b;
  const auto target = b.dossier.add(b.owner(), b.stream);
  const auto redaction =
      b.dossier.add(b.owner(), b.stream, TestDossier::redaction_draft(2, target.hash()));
  CHECK(b.judge(b.owner(), TestDossier::redaction_draft(3, redaction.hash())) ==
        rejected(Reason::redact_target));
}

TEST_CASE("one entry may be redacted more than once", "[verdict]") {
  Begun b;
  const auto target = b.dossier.add(b.owner(), b.stream);
  b.dossier.add(b.owner(), b.stream, TestDossier::redaction_draft(2, target.hash()));
  CHECK(b.judge(b.dossier.desk, TestDossier::redaction_draft(2, target.hash())) == accepted);
}
