#include "sync/causal_past.h"

namespace throughgate::sync {
namespace {

enum class Walk { found, missing };

// Down a stream by previous: after a fork (stream, seq) alone would name two entries.
std::pair<Walk, Hash> walk_down(Hash from, std::uint64_t seq, const EntryGraph& graph) {
  for (;;) {
    const auto link = graph.link(from);
    if (!link) return {Walk::missing, {}};
    if (link->seq <= seq) return {Walk::found, from};
    from = link->previous;
  }
}

struct Resolution {
  bool missing = false;
  std::optional<OpId> id;  // none: outside the causal past
};

Resolution resolve_name(const SeenName& name, const Header& header, const EntryGraph& graph) {
  Hash from{};
  switch (name.by) {
    case SeenName::By::dsn: {
      if (name.number > header.base_dsn) return {};
      const auto entry = graph.entry_at(name.number);
      if (!entry) return {true, std::nullopt};
      return {false, OpId{*entry, name.index}};
    }
    case SeenName::By::own_stream:
      if (name.number >= header.seq) return {};
      from = header.previous;
      break;
    case SeenName::By::dependency: {
      if (name.dependency >= header.dependencies.size()) return {};
      const auto& dependency = header.dependencies[name.dependency];
      if (name.number > dependency.seq) return {};
      from = dependency.entry;
      break;
    }
  }
  const auto [walk, entry] = walk_down(from, name.number, graph);
  if (walk == Walk::missing) return {true, std::nullopt};
  return {false, OpId{entry, name.index}};
}

// Is `entry` at or before `tip` in its stream, down the chain that `tip` is on?
bool leads_down_to(const Hash& tip, const Hash& entry, std::uint64_t seq, const EntryGraph& graph) {
  const auto [walk, reached] = walk_down(tip, seq, graph);
  return walk == Walk::found && reached == entry;
}

}  // namespace

std::optional<Superseded> resolve(const Header& header, const std::vector<Op>& ops,
                                  const EntryGraph& graph) {
  if (graph.chain_at(header.base_dsn) != header.base_head) return std::nullopt;
  Superseded out(ops.size());
  for (std::size_t i = 0; i < ops.size(); ++i) {
    for (const SeenName& name : ops[i].supersedes) {
      const auto resolution = resolve_name(name, header, graph);
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
  if (link->stream == at.stream && leads_down_to(at.stream_tip, id.entry, link->seq, graph)) {
    return SeenName{SeenName::By::own_stream, link->seq, 0, id.index};
  }
  for (std::uint32_t i = 0; i < at.dependencies.size(); ++i) {
    const auto& dependency = at.dependencies[i];
    if (dependency.stream == link->stream &&
        leads_down_to(dependency.entry, id.entry, link->seq, graph)) {
      return SeenName{SeenName::By::dependency, link->seq, i, id.index};
    }
  }
  return std::nullopt;
}

}  // namespace throughgate::sync
