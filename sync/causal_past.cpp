#include "sync/causal_past.h"

#include <map>

namespace throughgate::sync {
namespace {

// Down one stream by previous: after a fork (stream, seq) alone would name two entries. Remembers
// the way, so that many names cost one walk.
class Descent {
 public:
  Descent(StreamId stream, const Hash& from, std::uint64_t from_seq, const EntryGraph& graph)
      : graph_(graph), stream_(stream), next_(from), next_seq_(from_seq) {}

  enum class Step { found, missing, broken };  // broken: not the stream or the seq it claims to be
  std::pair<Step, Hash> to(std::uint64_t seq) {
    while (next_seq_ >= seq && next_seq_ > 0) {
      const auto link = graph_.link(next_);
      if (!link) return {Step::missing, {}};
      if (link->stream != stream_ || link->seq != next_seq_) return {Step::broken, {}};
      passed_.emplace(next_seq_, next_);
      next_ = link->previous;
      --next_seq_;
    }
    const auto found = passed_.find(seq);
    if (found == passed_.end()) return {Step::broken, {}};
    return {Step::found, found->second};
  }

 private:
  const EntryGraph& graph_;
  StreamId stream_;
  Hash next_;
  std::uint64_t next_seq_;
  std::map<std::uint64_t, Hash> passed_;
};

struct Resolution {
  bool missing = false;
  std::optional<OpId> id;  // none: outside the causal past
};

// The names of one entry, resolved.
class Resolver {
 public:
  Resolver(const Header& header, const EntryGraph& graph)
      : header_(header),
        graph_(graph),
        own_(header.stream, header.previous, header.seq - 1, graph) {
    for (const auto& each : header.dependencies) {
      dependencies_.emplace_back(each.stream, each.entry, each.seq, graph);
    }
  }

  Resolution resolve(const SeenName& name) {
    if (name.number == 0) return {};
    switch (name.by) {
      case SeenName::By::dsn:
        return by_dsn(name);
      case SeenName::By::own_stream:
        return under(own_, header_.seq - 1, name);
      case SeenName::By::dependency:
        if (name.dependency >= dependencies_.size()) return {};
        return under(dependencies_[name.dependency], header_.dependencies[name.dependency].seq,
                     name);
    }
    return {};
  }

 private:
  Resolution by_dsn(const SeenName& name) const {
    if (name.number > header_.base_dsn) return {};
    const auto entry = graph_.entry_at(name.number);
    if (!entry) return {true, std::nullopt};
    return {false, OpId{*entry, name.index}};
  }

  static Resolution under(Descent& descent, std::uint64_t last_seq, const SeenName& name) {
    if (name.number > last_seq) return {};
    const auto [step, entry] = descent.to(name.number);
    if (step == Descent::Step::missing) return {true, std::nullopt};
    if (step == Descent::Step::broken) return {};
    return {false, OpId{entry, name.index}};
  }

  const Header& header_;
  const EntryGraph& graph_;
  Descent own_;
  std::vector<Descent> dependencies_;
};

// Is `entry` at or before `tip` in its stream, down the chain that `tip` is on?
bool leads_down_to(const Hash& tip, const OpId& id, const EntryLink& link,
                   const EntryGraph& graph) {
  const auto top = graph.link(tip);
  if (!top || top->stream != link.stream || top->seq < link.seq) return false;
  const auto [step, reached] = Descent(top->stream, tip, top->seq, graph).to(link.seq);
  return step == Descent::Step::found && reached == id.entry;
}

}  // namespace

std::optional<Superseded> resolve(const Header& header, const std::vector<Op>& ops,
                                  const EntryGraph& graph) {
  if (graph.chain_at(header.base_dsn) != header.base_head) return std::nullopt;
  Resolver resolver(header, graph);
  Superseded out(ops.size());
  for (std::size_t i = 0; i < ops.size(); ++i) {
    for (const SeenName& name : ops[i].supersedes) {
      const auto resolution = resolver.resolve(name);
      if (resolution.missing) return std::nullopt;
      if (resolution.id) out[i].push_back(*resolution.id);
    }
  }
  return out;
}

std::optional<SeenName> name_of(const OpId& id, const Standpoint& at, const EntryGraph& graph) {
  const auto link = graph.link(id.entry);
  if (!link) return std::nullopt;
  if (link->dsn && *link->dsn <= at.base_dsn) {
    return SeenName{SeenName::By::dsn, *link->dsn, 0, id.index};
  }
  if (link->stream == at.stream && leads_down_to(at.stream_tip, id, *link, graph)) {
    return SeenName{SeenName::By::own_stream, link->seq, 0, id.index};
  }
  for (std::uint32_t i = 0; i < at.dependencies.size(); ++i) {
    const auto& dependency = at.dependencies[i];
    if (dependency.stream == link->stream && leads_down_to(dependency.entry, id, *link, graph)) {
      return SeenName{SeenName::By::dependency, link->seq, i, id.index};
    }
  }
  return std::nullopt;
}

}  // namespace throughgate::sync
