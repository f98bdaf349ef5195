#include "sync/causal_past.h"

#include <catch_amalgamated.hpp>

#include "tests/sync/test_dossier.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

namespace {

using By = SeenName::By;

struct Past {
  TestDossier dossier;
  Stream mine = dossier.new_stream();
  Stream theirs = dossier.new_stream();
  VerifiedEntry first = dossier.begin(mine);                     // dsn 1, mine 1
  VerifiedEntry second = dossier.add(dossier.receiver, theirs);  // dsn 2, theirs 1
  VerifiedEntry own = held(dossier.owner, mine);                 // provisional, mine 2
  VerifiedEntry carried = held(dossier.receiver, theirs);        // provisional, theirs 2

  VerifiedEntry held(const Author& author, Stream& stream, Draft draft = {}) {
    auto entry = dossier.write(author, stream, std::move(draft));
    dossier.order.hold(entry);
    return entry;
  }
  Standpoint standpoint() const {
    return {dossier.order.length(), mine.id, mine.tip, {theirs.as_dependency()}};
  }
  // The next entry of mine, whose one op supersedes `name`.
  std::optional<std::vector<OpId>> resolved(const SeenName& name, Draft draft = {}) {
    Stream stream = mine;
    const auto entry = dossier.write(dossier.owner, stream, std::move(draft));
    const auto all =
        resolve(entry.header(), change_of({set_op(1, "x", {name})}).ops, dossier.order);
    return all ? std::optional(all->at(0)) : std::nullopt;
  }
  Draft with_dependency() const {
    Draft draft;
    draft.dependencies = {theirs.as_dependency()};
    return draft;
  }
};

std::vector<OpId> only(const VerifiedEntry& entry, std::uint32_t index) {
  return {{entry.hash(), index}};
}
const std::vector<OpId> dropped;

}  // namespace

TEST_CASE("a place at or below the base names an op of the entry there", "[causal_past]") {
  Past p;
  CHECK(p.resolved({By::dsn, 1, 0, 3}) == only(p.first, 3));
  CHECK(p.resolved({By::dsn, 2, 0, 0}) == only(p.second, 0));
}

TEST_CASE("a place above the base names nothing, even once it is taken", "[causal_past]") {
  Past p;
  CHECK(p.resolved({By::dsn, 3, 0, 0}) == dropped);
  Draft draft;
  draft.base = 1;
  CHECK(p.resolved({By::dsn, 2, 0, 0}, draft) == dropped);  // pre-emptive: the entry is there
  draft.base = 1;
  CHECK(p.resolved({By::dsn, 1, 0, 0}, draft) == only(p.first, 0));
}

TEST_CASE("a seq names an op of an earlier entry of the same stream", "[causal_past]") {
  Past p;
  CHECK(p.resolved({By::own_stream, 1, 0, 5}) == only(p.first, 5));
  CHECK(p.resolved({By::own_stream, 2, 0, 0}) == only(p.own, 0));
  CHECK(p.resolved({By::own_stream, 3, 0, 0}) == dropped);  // itself
  CHECK(p.resolved({By::own_stream, 9, 0, 0}) == dropped);
  CHECK(p.resolved({By::own_stream, 0, 0, 0}) == dropped);
}

TEST_CASE("a dependency names ops of its stream at or below its seq", "[causal_past]") {
  Past p;
  CHECK(p.resolved({By::dependency, 2, 0, 1}, p.with_dependency()) == only(p.carried, 1));
  CHECK(p.resolved({By::dependency, 1, 0, 1}, p.with_dependency()) == only(p.second, 1));
  CHECK(p.resolved({By::dependency, 3, 0, 0}, p.with_dependency()) == dropped);
  CHECK(p.resolved({By::dependency, 2, 1, 0}, p.with_dependency()) ==
        dropped);  // no such dependency
  CHECK(p.resolved({By::dependency, 2, 0, 1}) == dropped);
}

TEST_CASE("dependencies are not transitive", "[causal_past]") {
  Past p;
  Stream third = p.dossier.new_stream();
  const auto hidden = p.held(p.dossier.contributor, third);
  Draft built_on_it;
  built_on_it.dependencies = {third.as_dependency()};
  p.held(p.dossier.receiver, p.theirs, built_on_it);  // theirs 3 depends on the third stream
  Standpoint at = p.standpoint();
  CHECK_FALSE(name_of({hidden.hash(), 0}, at, p.dossier.order));
  at.dependencies.push_back(third.as_dependency());
  CHECK(name_of({hidden.hash(), 0}, at, p.dossier.order));
}

TEST_CASE("after a fork a name leads down the branch that was seen", "[causal_past]") {
  Past p;
  Stream fork{p.theirs.id, 1, p.second.hash()};
  const auto other = p.held(p.dossier.receiver, fork);  // another theirs 2
  CHECK(p.resolved({By::dependency, 2, 0, 0}, p.with_dependency()) == only(p.carried, 0));
  Draft on_the_fork;
  on_the_fork.dependencies = {fork.as_dependency()};
  CHECK(p.resolved({By::dependency, 2, 0, 0}, on_the_fork) == only(other, 0));
  CHECK_FALSE(name_of({other.hash(), 0}, p.standpoint(), p.dossier.order));
  CHECK(name_of({p.carried.hash(), 0}, p.standpoint(), p.dossier.order));
}

TEST_CASE("an entry whose base is on another chain is not resolved yet", "[causal_past]") {
  Past p;
  Draft draft;
  draft.base_head = Hash{1};
  CHECK(p.resolved({By::own_stream, 1, 0, 0}, draft) == std::nullopt);
  draft.base_head = Hash{1};
  draft.base = 99;
  CHECK(p.resolved({By::own_stream, 1, 0, 0}, draft) == std::nullopt);
}

TEST_CASE("an entry with a gap on the way to what it names is not resolved yet", "[causal_past]") {
  Past p;
  Stream stream = p.dossier.new_stream();
  const auto one = p.dossier.write(p.dossier.contributor, stream);  // not here
  p.held(p.dossier.contributor, stream);
  Draft draft;
  draft.dependencies = {stream.as_dependency()};
  CHECK(p.resolved({By::dependency, 1, 0, 0}, draft) == std::nullopt);
  p.dossier.order.hold(one);
  CHECK(p.resolved({By::dependency, 1, 0, 0}, draft) == only(one, 0));
}

TEST_CASE("what lies about its stream or seq leads nowhere", "[causal_past]") {
  Past p;
  Draft lying_seq;  // signs seq 5 after its own seq 2
  lying_seq.seq = 5;
  CHECK(p.resolved({By::own_stream, 4, 0, 0}, lying_seq) == dropped);
  CHECK(p.resolved({By::own_stream, 2, 0, 0}, lying_seq) == dropped);
  Draft lying_stream;  // calls an entry of another stream its own
  lying_stream.previous = p.carried.hash();
  lying_stream.seq = 3;
  CHECK(p.resolved({By::own_stream, 2, 0, 0}, lying_stream) == dropped);
  Draft lying_dependency;
  lying_dependency.dependencies = {{p.theirs.id, 7, p.theirs.tip}};
  CHECK(p.resolved({By::dependency, 2, 0, 0}, lying_dependency) == dropped);
}

TEST_CASE("everything in the past has a name, which leads back to it", "[causal_past]") {
  Past p;
  for (const auto* entry : {&p.first, &p.second, &p.own, &p.carried}) {
    const OpId id{entry->hash(), 4};
    const auto name = name_of(id, p.standpoint(), p.dossier.order);
    REQUIRE(name);
    CHECK(p.resolved(*name, p.with_dependency()) == std::vector{id});
  }
  CHECK(name_of({p.first.hash(), 0}, p.standpoint(), p.dossier.order)->by == By::dsn);
  CHECK(name_of({p.own.hash(), 0}, p.standpoint(), p.dossier.order)->by == By::own_stream);
  CHECK(name_of({p.carried.hash(), 0}, p.standpoint(), p.dossier.order)->by == By::dependency);
}

TEST_CASE("what lies outside the past has no name", "[causal_past]") {
  Past p;
  Stream unseen = p.dossier.new_stream();
  const auto entry = p.held(p.dossier.contributor, unseen);
  CHECK_FALSE(name_of({entry.hash(), 0}, p.standpoint(), p.dossier.order));
  CHECK_FALSE(name_of({Hash{1}, 0}, p.standpoint(), p.dossier.order));
  Standpoint below = p.standpoint();
  below.base_dsn = 1;
  below.dependencies.clear();
  CHECK_FALSE(name_of({p.second.hash(), 0}, below, p.dossier.order));  // placed, not yet seen
  Standpoint empty{1, p.dossier.new_stream().id, {}, {}};
  CHECK_FALSE(name_of({p.own.hash(), 0}, empty, p.dossier.order));
  CHECK(name_of({p.first.hash(), 0}, empty, p.dossier.order));
}
