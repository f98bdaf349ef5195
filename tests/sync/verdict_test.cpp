#include "sync/verdict.h"

#include <catch_amalgamated.hpp>

#include "tests/sync/begun_dossier.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

// ---- the first entry

TEST_CASE("the first entry of a dossier is accepted from its owner", "[verdict]") {
  TestDossier dossier;
  Stream stream = dossier.new_stream();
  CHECK(dossier.judge(dossier.write_first(stream), dossier.owner) == accepted);
}

TEST_CASE("anything else of a dossier that nobody has begun is held", "[verdict]") {
  TestDossier dossier;
  Stream stream = dossier.new_stream();
  CHECK(dossier.judge(dossier.write(dossier.owner, stream), dossier.owner) ==
        hold(Reason::dossier_unknown));
  Membership second = dossier.first_membership;
  second.number = 2;
  second.previous = Hash{1};
  second.dossier_random = {};
  CHECK(dossier.judge(dossier.write(dossier.owner, stream, TestDossier::membership_draft(second)),
                      dossier.owner) == hold(Reason::dossier_unknown));
}

TEST_CASE("a first entry that does not fit is refused", "[verdict]") {
  TestDossier dossier;
  Stream stream = dossier.new_stream();
  Draft draft = TestDossier::membership_draft(dossier.first_membership);
  const Author author = make_sister(dossier.owner, dossier.random);
  SECTION("not the start of its stream") {
    draft.seq = 2;
    draft.previous = Hash{1};
    CHECK(dossier.judge(dossier.write(dossier.owner, stream, draft), dossier.owner) ==
          rejected(Reason::first_entry));
  }
  SECTION("on a base") {
    draft.base = 1;
    CHECK(dossier.judge(dossier.write(dossier.owner, stream, draft), dossier.owner) ==
          rejected(Reason::first_entry));
  }
  SECTION("on another chain's start") {
    draft.base_head = Hash{1};
    CHECK(dossier.judge(dossier.write(dossier.owner, stream, draft), dossier.owner) ==
          rejected(Reason::first_entry));
  }
  SECTION("after another entry") {
    draft.dependencies = {{dossier.new_stream().id, 1, Hash{1}}};
    CHECK(dossier.judge(dossier.write(dossier.owner, stream, draft), dossier.owner) ==
          rejected(Reason::first_entry));
  }
  SECTION("under another key than its own") {
    draft.epoch = EpochId{{1}};
    CHECK(dossier.judge(dossier.write(dossier.owner, stream, draft), dossier.owner) ==
          rejected(Reason::first_entry));
  }
  SECTION("by a node whose key did not make the dossier's id") {
    CHECK(dossier.judge(dossier.write(author, stream, draft), author) ==
          rejected(Reason::first_entry));
  }
  SECTION("by the receiver, who was handed a copy") {
    CHECK(dossier.judge(dossier.write(dossier.receiver, stream, draft), dossier.receiver) ==
          rejected(Reason::first_entry));
  }
  SECTION("by a node of another organisation than the owner it names") {
    for (auto& member : dossier.first_membership.members) {
      if (member.role == Role::owner) {
        member.role = Role::contributor;
      } else if (member.role == Role::contributor) {
        member.role = Role::owner;
      }
    }
    CHECK(dossier.judge(dossier.write(dossier.owner, stream,
                                      TestDossier::membership_draft(dossier.first_membership)),
                        dossier.owner) == rejected(Reason::first_entry));
  }
  SECTION("by the receiver, who names itself owner") {
    for (auto& member : dossier.first_membership.members) {
      if (member.role == Role::owner)
        member.role = Role::reader;
      else if (member.role == Role::receiver)
        member.role = Role::owner;
    }
    CHECK(dossier.judge(dossier.write(dossier.receiver, stream,
                                      TestDossier::membership_draft(dossier.first_membership)),
                        dossier.receiver) == rejected(Reason::first_entry));
  }
}

TEST_CASE("a first entry waits for its envelopes", "[verdict]") {
  TestDossier dossier;
  Stream stream = dossier.new_stream();
  Finals finals;
  finals.envelopes = false;
  CHECK(dossier.judge(dossier.write_first(stream), dossier.owner, finals) ==
        hold(Reason::envelopes_missing));
}

TEST_CASE("a second first entry is refused as such", "[verdict]") {
  Begun b;
  Draft draft = TestDossier::membership_draft(b.dossier.first_membership);
  draft.base = 0;
  CHECK(b.judge(b.owner(), draft) == rejected(Reason::second_first_entry));
  CHECK(b.judge(b.dossier.stranger, draft) == rejected(Reason::second_first_entry));
}

TEST_CASE("an entry is never judged into another dossier's order", "[verdict]") {
  Begun b;
  MemoryOrder other(DossierId{{9}});
  other.place(b.first, b.owner().organisation);
  Draft draft;  // whatever its author signed
  draft.base_head = other.chain_at(1);
  CHECK(judge(b.write(b.owner(), draft), b.owner().standing(), other) ==
        hold(Reason::dossier_unknown));
}

// ---- who

TEST_CASE("every member but a reader may write", "[verdict]") {
  Begun b;
  const auto& d = b.dossier;
  for (const Author* author : {&d.owner, &d.receiver, &d.contributor, &d.desk}) {
    CHECK(b.judge(*author) == accepted);
  }
  CHECK(b.judge(d.reader) == rejected(Reason::reader));
}

TEST_CASE("whoever is not a member yet is held, whoever no longer is is refused", "[verdict]") {
  Begun b;
  CHECK(b.judge(b.dossier.stranger) == hold(Reason::not_yet_a_member));
  b.change_membership([&](Membership& m) {
    remove(m, b.dossier.receiver.organisation);
    new_key(m);
  });
  CHECK(b.judge(b.dossier.receiver) == rejected(Reason::not_a_member));
}

TEST_CASE("membership is judged at the place, not at the base", "[verdict]") {
  Begun b;
  const auto before = b.write(b.dossier.receiver);  // written while it was a member
  b.change_membership([&](Membership& m) {
    remove(m, b.dossier.receiver.organisation);
    new_key(m);
  });
  CHECK(b.dossier.judge(before, b.dossier.receiver) == rejected(Reason::not_a_member));
}

TEST_CASE("nothing is accepted from a revoked node, but what has its place keeps it", "[verdict]") {
  Begun b;
  AuthorStanding standing = b.owner().standing();
  standing.revoked = true;
  CHECK(judge(b.write(b.owner()), standing, b.dossier.order) == rejected(Reason::revoked));
  CHECK(judge(b.first, standing, b.dossier.order) == duplicate);
}

// ---- streams

TEST_CASE("an entry that has its place is a duplicate", "[verdict]") {
  Begun b;
  CHECK(b.dossier.judge(b.first, b.owner()) == duplicate);
}

TEST_CASE("another entry by the same author for a place taken is a fork", "[verdict]") {
  Begun b;
  Stream again = b.stream;
  b.dossier.add(b.owner(), b.stream);
  CHECK(b.dossier.judge(b.dossier.write(b.owner(), again), b.owner()) == forked);
}

TEST_CASE("a second author on a stream is refused, never called a fork", "[verdict]") {
  Begun b;
  Stream same_place{b.stream.id, 0, {}};
  Draft at_start;
  CHECK(b.dossier.judge(b.dossier.write(b.dossier.receiver, same_place, at_start),
                        b.dossier.receiver) == rejected(Reason::stream_taken));
  Stream next_place = b.stream;
  CHECK(b.dossier.judge(b.dossier.write(b.dossier.receiver, next_place), b.dossier.receiver) ==
        rejected(Reason::stream_taken));
  Stream sister_place = b.stream;
  const auto sister = make_sister(b.owner(), b.dossier.random);  // of the same organisation, too
  CHECK(b.dossier.judge(b.dossier.write(sister, sister_place), sister) ==
        rejected(Reason::stream_taken));
}

TEST_CASE("an entry waits for the one before it", "[verdict]") {
  Begun b;
  b.dossier.write(b.owner(), b.stream);
  const auto third = b.dossier.write(b.owner(), b.stream);
  CHECK(b.dossier.judge(third, b.owner()) == hold(Reason::predecessor_missing));
  Stream fresh = b.dossier.new_stream();
  b.dossier.write(b.owner(), fresh);
  CHECK(b.dossier.judge(b.dossier.write(b.owner(), fresh), b.owner()) ==
        hold(Reason::predecessor_missing));
}

TEST_CASE("an entry that follows a predecessor other than the one placed waits", "[verdict]") {
  Begun b;
  Draft draft;
  draft.previous = Hash{1};
  Stream stream = b.stream;
  CHECK(b.dossier.judge(b.dossier.write(b.owner(), stream, draft), b.owner()) ==
        hold(Reason::predecessor_missing));
}

TEST_CASE("a closed stream takes no more", "[verdict]") {
  Begun b;
  Finals finals;
  finals.closed = {b.stream.id};
  Stream stream = b.stream;
  const auto next = b.dossier.write(b.owner(), stream);
  const auto after_next = b.dossier.write(b.owner(), stream);
  CHECK(b.dossier.judge(next, b.owner(), finals) == rejected(Reason::stream_closed));
  CHECK(b.dossier.judge(after_next, b.owner(), finals) == rejected(Reason::stream_closed));
  CHECK(b.dossier.judge(b.first, b.owner(), finals) == duplicate);
  CHECK(b.dossier.judge(b.write(b.owner()), b.owner(), finals) == accepted);
}

TEST_CASE("a final verdict's own reason is told before the closing of its stream", "[verdict]") {
  Begun b;
  Draft draft;
  draft.base_head = Hash{1};
  Stream stream = b.stream;
  Finals finals;
  finals.closed = {stream.id};
  CHECK(b.dossier.judge(b.dossier.write(b.owner(), stream, draft), b.owner(), finals) ==
        rejected(Reason::base));
}

// ---- base and dependencies

TEST_CASE("a base off the chain is refused", "[verdict]") {
  Begun b;
  Draft draft;
  SECTION("another head") { draft.base_head = Hash{1}; }
  SECTION("beyond the end") { draft.base = 2; }
  SECTION("the head of another place") { draft.base_head = b.dossier.order.chain_at(0); }
  CHECK(b.judge(b.owner(), draft) == rejected(Reason::base));
}

TEST_CASE("an old base on the chain is as good as a new one", "[verdict]") {
  Begun b;
  for (int i = 0; i < 3; ++i) b.dossier.add(b.owner(), b.stream);
  Draft draft;
  draft.base = 1;
  CHECK(b.judge(b.dossier.receiver, draft) == accepted);
}

TEST_CASE("an entry waits for what it depends on, unless that can never come", "[verdict]") {
  Begun b;
  Stream other = b.dossier.new_stream();
  const auto dependency = b.dossier.write(b.dossier.receiver, other);
  Draft draft;
  draft.dependencies = {other.as_dependency()};
  Stream stream = b.stream;
  const auto entry = b.dossier.write(b.owner(), stream, draft);
  CHECK(b.dossier.judge(entry, b.owner()) == hold(Reason::dependency_missing));

  Finals finals;
  finals.refused = {dependency.hash()};
  CHECK(b.dossier.judge(entry, b.owner(), finals) == rejected(Reason::dependency));

  b.dossier.place(dependency, b.dossier.receiver);
  CHECK(b.dossier.judge(entry, b.owner()) == accepted);
}

TEST_CASE("a dependency on another entry than the one placed is refused", "[verdict]") {
  Begun b;
  Stream other = b.dossier.new_stream();
  b.dossier.add(b.dossier.receiver, other);
  Draft draft;
  draft.dependencies = {{other.id, other.seq, Hash{1}}};
  CHECK(b.judge(b.owner(), draft) == rejected(Reason::dependency));
}

TEST_CASE("at base 0 the first entry must be the author's own or carried to it", "[verdict]") {
  Begun b;
  Draft draft;
  draft.base = 0;
  CHECK(b.judge(b.dossier.receiver, draft) == rejected(Reason::base));
  Stream stream = b.stream;
  CHECK(b.dossier.judge(b.dossier.write(b.owner(), stream, draft), b.owner()) == accepted);
  draft.dependencies = {{b.stream.id, 1, b.first.hash()}};
  CHECK(b.judge(b.dossier.receiver, draft) == accepted);
}

TEST_CASE("a base counts before its dependencies, and those before the epoch", "[verdict]") {
  Begun b;
  Draft draft;
  draft.base_head = Hash{1};
  draft.dependencies = {{StreamId{{1}}, 1, Hash{1}}};
  draft.epoch = EpochId{{1}};
  CHECK(b.judge(b.owner(), draft) == rejected(Reason::base));
  draft.base_head.reset();
  CHECK(b.judge(b.owner(), draft) == hold(Reason::dependency_missing));
  draft.dependencies.clear();
  CHECK(b.judge(b.owner(), draft) == rejected(Reason::epoch));
}

TEST_CASE("who counts before where: a stranger is not told of its stream or base", "[verdict]") {
  Begun b;
  Draft draft;
  draft.base_head = Hash{1};
  draft.seq = 9;
  draft.previous = Hash{1};
  CHECK(b.judge(b.dossier.stranger, draft) == hold(Reason::not_yet_a_member));
  CHECK(b.judge(b.owner(), draft) == hold(Reason::predecessor_missing));
}

// ---- again, elsewhere

TEST_CASE("a node that judges a whole chain again comes to the hub's answers", "[verdict]") {
  Begun b;
  std::vector<std::pair<VerifiedEntry, const Author*>> chain{{b.first, &b.owner()}};
  const auto add = [&](const Author& author, Stream& stream, Draft draft) {
    chain.emplace_back(b.dossier.add(author, stream, std::move(draft)), &author);
  };
  Stream partner = b.dossier.new_stream();
  add(b.dossier.receiver, partner, {});
  Membership next = b.dossier.next_membership();
  new_key(next);
  add(b.owner(), b.stream, TestDossier::membership_draft(next));
  add(b.dossier.receiver, partner, {});
  add(b.owner(), b.stream, TestDossier::redaction_draft(2, chain[1].first.hash()));

  MemoryOrder node(b.dossier.id);
  for (const auto& [entry, author] : chain) {
    CHECK(judge(entry, author->standing(), node) == accepted);
    node.place(entry, author->organisation, 1,
               b.dossier.order.records()[node.length()].accepted_at_ms);
  }
  CHECK(node.head() == b.dossier.order.head());
}

TEST_CASE("after a hub restore what was built on the lost tail is off the chain", "[verdict]") {
  Begun b;
  b.dossier.add(b.owner(), b.stream);
  const auto later = b.write(b.dossier.receiver);  // base 2
  b.dossier.order.cut(1);
  CHECK(b.dossier.judge(later, b.dossier.receiver) == rejected(Reason::base));
}
