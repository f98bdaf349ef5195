// A field in which nothing stands open: what holds, who decided, and what there was before.
#include "node/field_names.h"
#include "node/web/components/navigation.h"
#include "node/web/components/summary_list.h"
#include "node/web/components/timeline.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/conflicts/conflict_pages.h"
#include "node/web/pages/record_title.h"

namespace throughgate::node::web {
namespace {

using sync::store::OpStanding;
using sync::store::OpView;

constexpr std::size_t changes_max = 20;

constexpr std::array<Outcome, 1> outcomes = {
    {{"decided",
      "Decided. Everybody who shares this record sees your decision once it has been sent."}}};

// In a few words, beside its value.
std::string_view standing_words(OpStanding standing) {
  switch (standing) {
    case OpStanding::shown:
      return "holds";
    case OpStanding::beside:
      return "stands beside it";
    case OpStanding::superseded:
      return "replaced";
    case OpStanding::not_counted:
      return "does not count: this organisation may not write it";
    case OpStanding::not_applied:
      return "did not apply";
    case OpStanding::refused:
      return "could not be added";
  }
  return "";
}

Html changes_so_far(const PageContext& context, const Standing& standing,
                    const std::vector<OpView>& changes) {
  std::vector<TimelineEvent> events;
  for (const auto& change : changes) {
    const std::string who = change.actor_name.empty() ? "" : change.actor_name + ", ";
    events.push_back({.title = value_words(context, standing, change) + " (" +
                               std::string(standing_words(change.standing)) + ")",
                      .by = who + place_name(context.node, change.organisation),
                      .utc_ms = static_cast<std::int64_t>(change.effective_ms),
                      .body = change.reason.empty()
                                  ? Html{}
                                  : h(R"(<p class="govuk-body">{}</p>)", change.reason)});
  }
  return h(R"(<h2 class="govuk-heading-m">How it came to this</h2>{})", timeline(events, 3));
}

Html what_holds(const PageContext& context, const Standing& standing, const OpView& change) {
  SummaryList rows{.rows = {{"What holds", value_words(context, standing, change), {}},
                            {"Who, when and why", source_of(context, change, {}), {}}}};
  return summary_list(rows);
}

Html ways_on(const Standing& standing) {
  const auto record = page_address(standing.dossier.id, standing.dossier.root_type);
  return h(
      R"(<p class="govuk-body">{}<a class="govuk-link" href="{}">Everything changed in two places</a></p>)",
      record ? h(R"(<a class="govuk-link" href="{}">{}</a><br>)", Url(*record), standing.title)
             : Html{},
      Url(conflicts_address));
}

}  // namespace

Response decided_page(const PageContext& context, const sync::store::RecordName& record,
                      std::uint32_t field, const Html& typed) {
  const auto* policy = context.node.policies().find(record.type, field);
  if (!policy || !policy->review) return no_such_page(context);
  const auto view = context.records.reader().review(record, field);
  if (!view) return problem(context, view.error());
  const auto changes = context.records.reader().history(record, field, 0, changes_max);
  if (!changes) return problem(context, changes.error());
  const auto standing = standing_of(context, {record, field, {}, {}});
  if (!standing) return problem(context, standing.error());
  if (changes->empty()) return no_such_page(context);
  const std::string title = standing->label + ": nothing to decide";
  const auto* shown_now = view->shown();
  return show(
      context,
      {.title = title,
       .has_error = !typed.empty(),
       .before_main = back_link(Url(conflicts_address), "Changed in two places"),
       .main = typed + outcome_banner(context, outcomes) +
               h(R"(<span class="govuk-caption-l">{}</span><h1 class="govuk-heading-l">{}</h1>)",
                 standing->title, title) +
               (shown_now ? what_holds(context, *standing, *shown_now) : Html{}) +
               ways_on(*standing) + changes_so_far(context, *standing, *changes)});
}

}  // namespace throughgate::node::web
