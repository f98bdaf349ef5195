// Faults in the rules themselves.
#include <algorithm>

#include "sync/causal_past.h"
#include "sync/effective_time.h"
#include "sync/key_renewal.h"
#include "sync/merge.h"
#include "sync/verdict.h"
#include "sync/wire_form.h"
#include "tests/simulation/twins/planted.h"

namespace throughgate::simulation {
namespace {

using sync::FieldPolicy;
using sync::FieldState;
using sync::OpInContext;
using sync::Policy;

std::string planted_fault;

}  // namespace

Planted::Planted(std::string_view fault) { planted_fault = fault; }
Planted::~Planted() { planted_fault.clear(); }
bool is_planted(std::string_view fault) { return planted_fault == fault; }

// ---- merge

THROUGHGATE_IN_PLACE_OF(FieldState, merge, const FieldPolicy& policy,
                        std::span<const OpInContext> ops) {
  if (is_planted("anyone_lowers")) {
    FieldPolicy lax = policy;
    lax.lower_by = sync::Roles::any_writer();
    return real_merge(lax, ops);
  }
  auto state = real_merge(policy, ops);
  if (is_planted("tie_by_arrival") && policy.policy == Policy::latest && state.shown) {
    for (const auto i : state.siblings) {
      if (ops[i].arrival > ops[*state.shown].arrival) state.shown = i;
    }
  }
  // An author's later op replaces its own earlier one, whether or not it names it.
  if (is_planted("own_stream") && policy.policy != Policy::lifecycle) {
    std::erase_if(state.siblings, [&](std::size_t i) {
      return std::any_of(ops.begin(), ops.end(), [&](const OpInContext& later) {
        return later.author == ops[i].author && later.dsn && ops[i].dsn && *later.dsn > *ops[i].dsn;
      });
    });
  }
  return state;
}

// ---- causal past

THROUGHGATE_IN_PLACE_OF(std::optional<sync::Superseded>, resolve, const sync::Header& header,
                        const std::vector<sync::Op>& ops, const sync::EntryGraph& graph) {
  if (is_planted(
          "current_chain")) {  // whatever is at that place here, not what the author had seen
    sync::Header here = header;
    if (const auto head = graph.chain_at(header.base_dsn)) here.base_head = *head;
    return real_resolve(here, ops, graph);
  }
  auto resolved = real_resolve(header, ops, graph);
  if (!is_planted("preemptive")) return resolved;
  // What an author could not have seen is superseded too: the places after its base.
  for (std::uint64_t dsn = header.base_dsn + 1; resolved && dsn <= header.base_dsn + 3; ++dsn) {
    const auto entry = graph.entry_at(dsn);
    for (auto& names : *resolved) {
      if (entry) names.push_back({*entry, 0});
    }
  }
  return resolved;
}

// ---- verdicts

namespace {

class Forgetful final : public sync::FinalVerdicts {
 public:
  explicit Forgetful(const sync::FinalVerdicts& real) : real_(real) {}
  bool is_closed(const sync::StreamId& stream) const override {
    return !is_planted("close_stream") && real_.is_closed(stream);
  }
  bool is_refused(const sync::Hash& entry) const override {
    return !is_planted("dep_final") && real_.is_refused(entry);
  }
  bool envelopes_present(const sync::Membership& membership) const override {
    return is_planted("envelopes_along") || real_.envelopes_present(membership);
  }

 private:
  const sync::FinalVerdicts& real_;
};

}  // namespace

THROUGHGATE_IN_PLACE_OF(sync::Ruling, judge, const sync::VerifiedEntry& entry,
                        const sync::AuthorStanding& author, const sync::OrderView& order,
                        const sync::FinalVerdicts& finals) {
  sync::AuthorStanding standing = author;
  if (is_planted("revoked_counts")) standing.revoked = false;
  auto ruling = real_judge(entry, standing, order, Forgetful(finals));
  if (is_planted("dep_final") && ruling.reason == sync::Reason::dependency) {
    ruling = {sync::Outcome::hold, sync::Reason::dependency_missing};
  }
  // Only a confused member's program writes under a key that never was.
  if (is_planted("any_epoch") && ruling.reason == sync::Reason::epoch) ruling = {};
  if (is_planted("dup_is_new") && ruling.outcome == sync::Outcome::duplicate) ruling = {};
  return ruling;
}

// Every second dossier is passed over, by a bit of the key that is in force.
THROUGHGATE_IN_PLACE_OF(std::optional<std::uint64_t>, key_due_since, const sync::KeyInForce& key,
                        const sync::Directory& directory) {
  const auto* now = key.memberships.current();
  if (is_planted("renewal_skips") && now && (now->membership.key_commitment[0] & 1) != 0) {
    return std::nullopt;
  }
  return real_key_due_since(key, directory);
}

// A wire form that does not expand is refused instead of asked for in full.
THROUGHGATE_IN_PLACE_OF(sync::WireExpander::Expansion, expand, const sync::WireExpander* expander,
                        const schema::EntryGroup& group, const schema::WireEntry& entry) {
  auto expansion = real_expand(expander, group, entry);
  if (is_planted("need_full") && !expansion.entry) {
    expansion.fault = sync::WireExpander::Fault::malformed;
  }
  return expansion;
}

}  // namespace throughgate::simulation
