#include "node/web/pages/conflicts/versions.h"

#include <algorithm>

#include "node/shown_values.h"
#include "node/web/components/messages.h"
#include "node/web/content_style.h"
#include "node/web/pages/change_names.h"
#include "node/web/pages/record_title.h"

namespace throughgate::node::web {
namespace {

using sync::OpId;
using sync::Policy;
using sync::Role;
using sync::store::OpStanding;
using sync::store::OpView;

std::string when(std::uint64_t ms) { return date_time_text(static_cast<std::int64_t>(ms)); }

// Between this computer and the central exchange.
std::string travelled(const PageContext& context, const OpView& change) {
  const bool ours = change.node == context.node.identity().node;
  if (change.is_provisional()) {
    return ours ? "Not sent yet" : "Carried in by hand, not confirmed yet";
  }
  if (ours) return "Sent on " + when(change.accepted_at_ms.value_or(change.effective_ms));
  if (change.arrived_at_ms == 0) return {};
  return "Reached us on " + when(change.arrived_at_ms);
}

Html line(const std::string& text) {
  return text.empty() ? Html{} : h(R"(<span class="compare__line">{}</span>)", text);
}

}  // namespace

std::string value_words(const PageContext& context, const Standing& standing,
                        const OpView& change) {
  if (change.removed) return "A value that was removed";
  if (change.kind == sync::OpKind::clear) return "Nothing: the value was taken out";
  return value_in_words(standing.conflict.record, change, context.codes);
}

Html source_of(const PageContext& context, const OpView& change, const Html& tag) {
  const std::string who = change.actor_name.empty() ? "" : ", " + change.actor_name;
  return tag + line(place_name_first(context.node, change.organisation) + who) +
         line("Entered on " + when(change.effective_ms)) + line(travelled(context, change)) +
         line(change.reason.empty() ? "No reason was given" : "Reason: " + change.reason);
}

std::vector<CompareVersion> versions_of(const PageContext& context, const Standing& standing,
                                        const std::vector<OpId>& new_since) {
  std::vector<CompareVersion> out;
  for (const auto& change : standing.conflict.siblings) {
    Html tags;
    if (change.standing == OpStanding::shown) tags += tag("Shown until decided", TagColour::blue);
    if (std::find(new_since.begin(), new_since.end(), change.id) != new_since.end()) {
      tags += tag("Came in just now", TagColour::yellow);
    }
    out.push_back({change_name(change.id), value_words(context, standing, change),
                   source_of(context, change, tags)});
  }
  return out;
}

std::string shown_meanwhile(const PageContext& context, const Standing& standing) {
  const auto& conflict = standing.conflict;
  const auto& first = conflict.siblings.front();
  if (first.standing != OpStanding::shown) return {};
  const auto* policy = context.node.policies().find(conflict.record.type, conflict.field);
  std::string why = "it was entered last";
  if (policy && policy->policy == Policy::strictest) {
    why = "it is the most careful of these values";
  } else if (policy && !policy->shown.empty() && first.role && policy->shown.has(*first.role)) {
    why = "it comes from " + place_name(context.node, first.organisation) +
          (*first.role == Role::owner ? ", which keeps this record" : "");
  }
  return "Until it is decided, everybody is shown \"" + value_words(context, standing, first) +
         "\", because " + why + ".";
}

Decider decider_of(const PageContext& context, const Standing& standing) {
  if (!Conflicts(context.records).check_roles(standing.conflict)) return Decider::elsewhere;
  if (Conflicts(context.records).may_resolve(standing.conflict, false)) return Decider::here;
  return standing.dossier.own_role == Role::central ? Decider::here_if_asked : Decider::elsewhere;
}

std::string who_decides(const PageContext& context, const Standing& standing) {
  const auto may = Conflicts(context.records).check_roles(standing.conflict);
  if (!may) return may.error().message;
  const auto until = owner_has_until_ms(standing.conflict);
  const std::string& keeper = standing.keeper;
  if (standing.dossier.own_role == Role::owner) {
    return keeper + " keeps this record, so you decide." +
           (until ? " From " + when(*until) + " the central team may decide too." : "");
  }
  if (standing.dossier.own_role != Role::central) {
    return keeper + " keeps this record and decides. If it cannot wait, ring " + keeper + ".";
  }
  if (decider_of(context, standing) == Decider::here) {
    return keeper +
           " keeps this record and has had 24 hours to decide. The central team may decide "
           "now.";
  }
  return keeper + " keeps this record and decides" +
         (until ? " until " + when(*until) : std::string()) +
         ". Before that the central team decides only if " + keeper + " has asked it to.";
}

}  // namespace throughgate::node::web
