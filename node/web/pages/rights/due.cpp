// What has been kept as long as the rules say: each is confirmed, or kept with a reason.
#include "node/days.h"
#include "node/erasure/erasure_plan.h"
#include "node/last_contact.h"
#include "node/records/formats.h"
#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/summary_list.h"
#include "node/web/pages/rights/parts.h"
#include "node/web/pages/rights/rights_pages.h"

namespace throughgate::node::web {
namespace {

using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr char due_address[] = "/kept-long-enough";
constexpr std::size_t cards_max = 200;

constexpr Outcome outcomes[] = {
    {"confirmed", "Confirmed. The central team is asked to sign at the next exchange."},
    {"kept", "It is kept, by a legal hold with your reason, until somebody lifts that."},
};

std::string day_text(const std::string& iso) { return shown_text(schema::FieldRule::DATE, iso); }

std::string subject_of(const Due& due) {
  return due.name.empty() ? due.kind : due.kind + " of " + due.name;
}

Html card_of(const Due& due, const RetentionSchedule& schedule) {
  const auto* rule = schedule.rule(due.rule);
  SummaryCard card{.title = subject_of(due)};
  const bool open = due.held.empty() && !due.asked;
  if (open) {
    card.actions.push_back({.href = Url(address_of(due_address, due.subject)), .text = "Decide"});
  }
  SummaryList out{.rows = {{"Rule", due.rule + (rule ? ": " + rule->source : ""), {}},
                           {"Counts from", day_text(due.since), {}},
                           {"Kept until", day_text(due.kept_until), {}}},
                  .card = card};
  if (!due.held.empty()) out.rows.push_back({"Legal hold", due.held, {}});
  if (due.asked) out.rows.push_back({"Standing", "Asked to be erased", {}});
  return summary_list(out);
}

Response list_page(PageContext& context, const RetentionSource& source) {
  const auto schedule = source();
  if (!schedule) return problem(context, schedule.error());
  const auto due = due_records(context.records, *schedule, latest_day(context.node));
  if (!due) return problem(context, due.error());
  Html cards;
  for (std::size_t i = 0; i < std::min(due->size(), cards_max); ++i) {
    cards += card_of((*due)[i], *schedule);
  }
  const Html more = when(due->size() > cards_max, [] {
    return inset_text("There are more. They are shown once these are decided.");
  });
  return keeping_page(
      context,
      {.title = "Kept as long as the rules say",
       .main =
           outcome_banner(context, outcomes) +
           (due->empty()
                ? h(R"(<p class="govuk-body">Nothing has been kept longer than the rules say.</p>)")
                : h(R"(<p class="govuk-body">Nothing goes by itself. Look at each, and decide.</p>)")) +
           cards + more});
}

// ---- one

struct Faults {
  std::string decision, reason;
};

Response decide_page(PageContext& context, const RetentionSource& source, const DossierId& id,
                     const Faults& faults) {
  const auto schedule = source();
  if (!schedule) return problem(context, schedule.error());
  const auto due = due_records(context.records, *schedule, latest_day(context.node));
  if (!due) return problem(context, due.error());
  const auto found =
      std::find_if(due->begin(), due->end(), [&](const Due& each) { return each.subject == id; });
  if (found == due->end() || found->asked || !found->held.empty()) return no_such_page(context);
  const auto& chosen = context.field("decision");
  const Html decision = radios(
      {.name = "decision",
       .legend = Legend{.text = "What happens to it?", .classes = "govuk-fieldset__legend--s"},
       .error = faults.decision,
       .items = {{.value = "erase",
                  .text = "Erase it, and what belongs to it, everywhere",
                  .hint = "It cannot be brought back",
                  .checked = chosen == "erase"},
                 {.value = "keep",
                  .text = "Keep it for now",
                  .hint = "A legal hold is set, with your reason",
                  .checked = chosen == "keep"}}});
  const std::string error = faults.decision.empty() ? faults.reason : faults.decision;
  return keeping_page(
      context,
      {.title = "Kept until " + day_text(found->kept_until),
       .caption = subject_of(*found),
       .main =
           card_of(*found, *schedule) +
           reason_form(context, {.action = address_of(due_address, id),
                                 .question = "Why?",
                                 .hint = "Needed where it is kept. Do not name the person: this "
                                         "stays",
                                 .button = "Save",
                                 .error = faults.reason,
                                 .more = decision}),
       .error = error,
       .error_field = faults.decision.empty() ? "reason" : "decision",
       .back = due_address,
       .back_words = "Kept as long as the rules say"});
}

Response keep(PageContext& context, const RetentionSource& source, const DossierId& id) {
  const auto plan = plan_erasure(context.records, id);
  if (!plan) return problem(context, plan.error());
  std::vector<DossierId> held;
  for (const auto& going : plan->going) held.push_back(going.id);
  const auto& reason = context.field("reason");
  const auto saved = Holds(context.records).set(held, reason, context.by(reason));
  if (is_to_be_changed(saved)) {
    return decide_page(context, source, id, {{}, saved.error().message});
  }
  return saved ? done(due_address, "kept") : problem(context, saved.error());
}

Response decide(PageContext& context, const RetentionSource& source, const DossierId& id) {
  const auto& decision = context.field("decision");
  if (decision == "keep") {
    if (!is_blank(context.field("reason"))) return keep(context, source, id);
    return decide_page(context, source, id, {{}, "Enter why it is kept"});
  }
  if (decision != "erase") {
    return decide_page(context, source, id, {"Select what happens to it", {}});
  }
  const auto schedule = source();
  if (!schedule) return problem(context, schedule.error());
  const auto saved = confirm_due(context.records, *schedule, id, latest_day(context.node),
                                 context.by(context.field("reason")));
  if (is_to_be_changed(saved)) {
    return decide_page(context, source, id, {{}, saved.error().message});
  }
  return saved ? done(due_address, "confirmed") : problem(context, saved.error());
}

SitePages::Handler of_one(const RetentionSource& source,
                          Response (*page)(PageContext&, const RetentionSource&,
                                           const DossierId&)) {
  return for_act(Act::erase, [source, page](PageContext& context) {
    const auto id = dossier_in(context);
    return id ? page(context, source, *id) : no_such_page(context);
  });
}

Response ask(PageContext& context, const RetentionSource& source, const DossierId& id) {
  return decide_page(context, source, id, {});
}

}  // namespace

void add_due_pages(SitePages& pages, const RetentionSource& source) {
  pages.get(due_address, for_act(Act::erase, [source](PageContext& context) {
              return list_page(context, source);
            }));
  const std::string one = std::string(due_address) + "/:id";
  pages.get(one, of_one(source, ask));
  pages.post(one, of_one(source, decide));
}

}  // namespace throughgate::node::web
