// For any history: exactly what an author had seen has a name, and every name leads back.
#include <catch_amalgamated.hpp>
#include <functional>
#include <set>

#include "sync/causal_past.h"
#include "tests/sync/property.h"

using namespace throughgate::sync;
using throughgate::testing::holds;
using throughgate::testing::Tell;

namespace {

// Entries without bytes: a few streams, some accepted, some forked.
struct Graph final : EntryGraph {
  std::map<Hash, EntryLink> links = {};
  std::vector<Hash> order = {};

  std::optional<EntryLink> link(const Hash& entry) const override {
    const auto found = links.find(entry);
    return found == links.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<Hash> entry_at(std::uint64_t dsn) const override {
    return dsn >= 1 && dsn <= order.size() ? std::optional(order[dsn - 1]) : std::nullopt;
  }
  std::optional<Hash> chain_at(std::uint64_t dsn) const override {
    if (dsn > order.size()) return std::nullopt;
    return Hash{static_cast<std::uint8_t>(dsn), 0xcc};
  }
};

struct Told {
  Graph graph;
  std::vector<Hash> entries;
  Standpoint at;
};

unsigned below(unsigned bound) { return *rc::gen::inRange(0U, bound); }

Told tell() {
  Told told;
  std::map<StreamId, std::vector<Hash>> tips;  // more than one after a fork
  const unsigned count = 1 + below(14);
  for (unsigned i = 0; i < count; ++i) {
    const StreamId stream{{static_cast<std::uint8_t>(1 + below(3))}};
    const Hash name{static_cast<std::uint8_t>(i + 1), 0xee};
    EntryLink link{stream, 1, {}, std::nullopt};
    if (const auto& known = tips[stream]; !known.empty()) {
      link.previous = known[below(static_cast<unsigned>(known.size()))];
      link.seq = told.graph.links[link.previous].seq + 1;
    }
    if (below(6) != 0) std::erase(tips[stream], link.previous);  // else a fork is left behind
    tips[stream].push_back(name);
    const bool follows = link.seq == 1 || told.graph.links[link.previous].dsn;
    if (follows && below(2) == 0) {
      told.graph.order.push_back(name);
      link.dsn = told.graph.order.size();
    }
    told.graph.links[name] = link;
    told.entries.push_back(name);
  }
  told.at.base_dsn = below(static_cast<unsigned>(told.graph.order.size()) + 1);
  told.at.stream = {{1}};
  const auto tip_of = [&](std::uint8_t stream) -> std::optional<Hash> {
    const auto& known = tips[{{stream}}];
    if (known.empty() || below(5) == 0) return std::nullopt;
    return known[below(static_cast<unsigned>(known.size()))];
  };
  if (const auto tip = tip_of(1)) told.at.stream_tip = *tip;
  for (const std::uint8_t stream : {std::uint8_t{2}, std::uint8_t{3}}) {
    if (const auto tip = tip_of(stream)) {
      told.at.dependencies.push_back({{{stream}}, told.graph.links[*tip].seq, *tip});
    }
  }
  return told;
}

// Everything at or below the base, or down from the tip or a dependency: as said, not as coded.
std::set<Hash> past_of(const Told& told) {
  std::set<Hash> past(told.graph.order.begin(),
                      told.graph.order.begin() + static_cast<std::ptrdiff_t>(told.at.base_dsn));
  const auto add_down_from = [&](Hash entry) {
    for (auto link = told.graph.link(entry); link; link = told.graph.link(entry)) {
      past.insert(entry);
      entry = link->previous;
    }
  };
  add_down_from(told.at.stream_tip);
  for (const auto& dependency : told.at.dependencies) add_down_from(dependency.entry);
  return past;
}

Header header_at(const Told& told) {
  Header header;
  header.stream = told.at.stream;
  header.previous = told.at.stream_tip;
  const auto tip = told.graph.link(told.at.stream_tip);
  header.seq = tip ? tip->seq + 1 : 1;
  header.base_dsn = told.at.base_dsn;
  header.base_head = *told.graph.chain_at(told.at.base_dsn);
  header.dependencies = told.at.dependencies;
  return header;
}

using Resolve = std::function<std::optional<Superseded>(const Header&, const std::vector<Op>&,
                                                        const EntryGraph&)>;

std::vector<Op> one_op(const SeenName& name) {
  Op op;
  op.supersedes = {name};
  return {op};
}

bool exactly_the_past_has_names(Tell tell_what = Tell::failures, bool forget_forks = false) {
  return holds(
      "exactly the past has names",
      [=] {
        const Told told = tell();
        auto past = past_of(told);
        if (forget_forks) {  // planted: every entry of a stream below the tip's seq
          for (const auto& [entry, link] : told.graph.links) {
            const auto tip = told.graph.link(told.at.stream_tip);
            if (tip && link.stream == tip->stream && link.seq <= tip->seq) past.insert(entry);
          }
        }
        for (const auto& entry : told.entries) {
          RC_ASSERT(name_of({entry, 3}, told.at, told.graph).has_value() == past.contains(entry));
        }
      },
      tell_what);
}

bool every_name_leads_back(const Resolve& resolver, Tell tell_what = Tell::failures) {
  return holds(
      "every name leads back",
      [&] {
        const Told told = tell();
        for (const auto& entry : told.entries) {
          const auto name = name_of({entry, 3}, told.at, told.graph);
          if (!name) continue;
          const auto found = resolver(header_at(told), one_op(*name), told.graph);
          RC_ASSERT(found.has_value());
          RC_ASSERT(found->at(0) == std::vector<OpId>({{entry, 3}}));
        }
      },
      tell_what);
}

// Any name at all, made up by a hostile author: what it resolves to was in the past.
bool no_name_leaves_the_past(const Resolve& resolver, Tell tell_what = Tell::failures) {
  return holds(
      "no name leaves the past",
      [&] {
        const Told told = tell();
        const SeenName name{static_cast<SeenName::By>(below(3)), below(16), below(3), 3};
        const auto found = resolver(header_at(told), one_op(name), told.graph);
        if (!found) return;
        const auto past = past_of(told);
        for (const auto& id : found->at(0)) RC_ASSERT(past.contains(id.entry));
      },
      tell_what);
}

// Planted: a supersede of what is not yet seen is honoured.
std::optional<Superseded> preemptive(const Header& header, const std::vector<Op>& ops,
                                     const EntryGraph& graph) {
  Header wide = header;
  while (graph.entry_at(wide.base_dsn + 1)) ++wide.base_dsn;
  wide.base_head = *graph.chain_at(wide.base_dsn);
  return resolve(wide, ops, graph);
}

// Planted: (stream, seq) found without walking down, so that a fork confuses it.
std::optional<Superseded> by_seq_alone(const Header& header, const std::vector<Op>& ops,
                                       const EntryGraph& graph) {
  const auto& links = static_cast<const Graph&>(graph).links;
  const auto& name = ops[0].supersedes[0];
  if (name.by == SeenName::By::own_stream) {
    for (const auto& [entry, link] : links) {
      if (link.stream == header.stream && link.seq == name.number) return {{{{entry, name.index}}}};
    }
  }
  return resolve(header, ops, graph);
}

}  // namespace

TEST_CASE("exactly what an author had seen has a name", "[property][causal_past]") {
  CHECK(exactly_the_past_has_names());
}

TEST_CASE("every name leads back to what it names", "[property][causal_past]") {
  CHECK(every_name_leads_back(resolve));
}

TEST_CASE("no name, however made up, leads out of the past", "[property][causal_past]") {
  CHECK(no_name_leaves_the_past(resolve));
}

TEST_CASE("the checks of the causal past see pre-emptive names and forks",
          "[property][causal_past][twin]") {
  CHECK_FALSE(no_name_leaves_the_past(preemptive, Tell::nothing));
  CHECK_FALSE(no_name_leaves_the_past(by_seq_alone, Tell::nothing));
  CHECK_FALSE(every_name_leads_back(by_seq_alone, Tell::nothing));
  CHECK_FALSE(exactly_the_past_has_names(Tell::nothing, true));
}
