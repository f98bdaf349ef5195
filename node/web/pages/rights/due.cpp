// What has been kept as long as the rules say: each is confirmed, or kept with a reason.
#include <algorithm>

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
    {"let-go",
     "Confirmed. The central team's computer ends your organisation's part in it; then your copy "
     "goes, and whoever keeps the record is told."},
    {"removed", "Removed. With the next exchange it goes wherever the record is."},
    {"rows", "Taken away. The list says so, and still proves itself."},
    {"kept", "It is kept, by a legal hold with your reason, until somebody lifts that."},
};

const char* outcome_of(Goes goes) {
  switch (goes) {
    case Goes::everywhere:
      return "confirmed";
    case Goes::own_copy:
      return "let-go";
    case Goes::values:
      return "removed";
    case Goes::rows:
      break;
  }
  return "rows";
}

std::string day_text(const std::string& iso) { return shown_text(schema::FieldRule::DATE, iso); }

std::string subject_of(const Due& due) {
  return due.name.empty() ? due.kind : due.kind + " of " + due.name;
}

std::string address_of_due(const DossierId& id, KeptFrom from) {
  return address_of(due_address, id) + "/" + std::string(name_of(from));
}

enum class Leads { nowhere, to_its_page };

Html card_of(const PageContext& context, const Due& due, const RetentionSchedule& schedule,
             Leads leads) {
  const auto* rule = schedule.rule(due.rule);
  SummaryCard card{.title = subject_of(due)};
  const bool open = due.held.empty() && !due.asked;
  if (open && leads == Leads::to_its_page) {
    card.actions.push_back({.href = Url(address_of_due(due.subject, due.from)), .text = "Decide"});
  }
  SummaryList out{.rows = {{"What goes", what_goes(due, context.node), {}},
                           {"Rule", due.rule + (rule ? ": " + rule->source : ""), {}},
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
  const auto today = latest_day(context.node);
  const auto due = due_records(context.records, *schedule, today);
  if (!due) return problem(context, due.error());
  const auto kept = kept_as_owner(context.records, *schedule, today);
  if (!kept) return problem(context, kept.error());
  Html cards;
  for (std::size_t i = 0; i < std::min(due->size(), cards_max); ++i) {
    cards += card_of(context, (*due)[i], *schedule, Leads::to_its_page);
  }
  const Html more = when(due->size() > cards_max, [] {
    return inset_text("There are more. They are shown once these are decided.");
  });
  const Html owned = when(*kept > 0, [&] { return inset_text(in_words_of_owner(*kept)); });
  return keeping_page(
      context,
      {.title = "Kept as long as the rules say",
       .main =
           outcome_banner(context, outcomes) +
           (due->empty()
                ? h(R"(<p class="govuk-body">Nothing has been kept longer than the rules say.</p>)")
                : h(R"(<p class="govuk-body">Nothing goes by itself. Look at each, and decide.</p>)")) +
           cards + more + owned + schedule_part(*schedule)});
}

// ---- one

// Which of them the address means.
struct Which {
  DossierId id;
  KeptFrom from = KeptFrom::left;
};

struct Faults {
  std::string decision, reason;
};

struct Words {
  const char* text;
  const char* hint;
};

Words words_of(Goes goes) {
  switch (goes) {
    case Goes::everywhere:
      return {"Erase it, and what belongs to it, everywhere", "It cannot be brought back"};
    case Goes::own_copy:
      return {"Let this organisation's copy go", "Whoever keeps the record keeps it, and is told"};
    case Goes::values:
      return {"Remove these for everybody", "They cannot be brought back. The rest stays"};
    case Goes::rows:
      break;
  }
  return {"Take these rows away", "They cannot be brought back. The list says that they went"};
}

// Nothing is asked of whoever lets a handover go that is not the person's last.
Html person_part(const PageContext& context, const Due& due) {
  if (due.from != KeptFrom::handover_over) return {};
  const auto plan = plan_erasure(context.records, due.subject);
  if (!plan || plan->notes.empty()) return {};
  return checkboxes({.name = "with_person",
                     .items = {{.value = "yes",
                                .text = "Erase the prison's own record of the person too",
                                .hint = "This is their last handover",
                                .checked = context.field("with_person") == "yes"}}});
}

Response decide_page(PageContext& context, const RetentionSource& source, const Which& which,
                     const Faults& faults) {
  const auto schedule = source();
  if (!schedule) return problem(context, schedule.error());
  const auto due = due_records(context.records, *schedule, latest_day(context.node));
  if (!due) return problem(context, due.error());
  const auto found = std::find_if(due->begin(), due->end(), [&](const Due& each) {
    return each.subject == which.id && each.from == which.from;
  });
  if (found == due->end() || found->asked || !found->held.empty()) return no_such_page(context);
  const auto& chosen = context.field("decision");
  const auto words = words_of(how_it_goes(which.from));
  const Html decision = radios(
      {.name = "decision",
       .legend = Legend{.text = "What happens to it?", .classes = "govuk-fieldset__legend--s"},
       .error = faults.decision,
       .items = {
           {.value = "erase", .text = words.text, .hint = words.hint, .checked = chosen == "erase"},
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
           card_of(context, *found, *schedule, Leads::nowhere) +
           reason_form(context, {.action = address_of_due(which.id, which.from),
                                 .question = "Why?",
                                 .hint = "Needed where it is kept. Do not name the person: this "
                                         "stays",
                                 .button = "Save",
                                 .error = faults.reason,
                                 .more = decision + person_part(context, *found)}),
       .error = error,
       .error_field = faults.decision.empty() ? "reason" : "decision",
       .back = due_address,
       .back_words = "Kept as long as the rules say"});
}

Response keep(PageContext& context, const RetentionSource& source, const Which& which) {
  const auto held = held_together(context.records, which.id);
  if (!held) return problem(context, held.error());
  const auto& reason = context.field("reason");
  const auto saved = Holds(context.records).set(*held, reason, context.by(reason));
  if (is_to_be_changed(saved)) {
    return decide_page(context, source, which, {{}, saved.error().message});
  }
  return saved ? done(due_address, "kept") : problem(context, saved.error());
}

Response decide(PageContext& context, const RetentionSource& source, const Which& which) {
  const auto& decision = context.field("decision");
  if (decision == "keep") {
    if (!is_blank(context.field("reason"))) return keep(context, source, which);
    return decide_page(context, source, which, {{}, "Enter why it is kept"});
  }
  if (decision != "erase") {
    return decide_page(context, source, which, {"Select what happens to it", {}});
  }
  const auto schedule = source();
  if (!schedule) return problem(context, schedule.error());
  const auto with_person = context.field("with_person") == "yes" ? WithPerson::yes : WithPerson::no;
  const auto confirmed =
      confirm_due(context.records, *schedule, {which.id, which.from, with_person},
                  latest_day(context.node), context.by(context.field("reason")));
  if (is_to_be_changed(confirmed)) {
    return decide_page(context, source, which, {{}, confirmed.error().message});
  }
  return confirmed ? done(due_address, outcome_of(how_it_goes(which.from)))
                   : problem(context, confirmed.error());
}

SitePages::Handler of_one(const RetentionSource& source,
                          Response (*page)(PageContext&, const RetentionSource&, const Which&)) {
  return for_act(Act::erase, [source, page](PageContext& context) {
    const auto id = dossier_in(context);
    const auto from = kept_from(context.visit.path.get("from"));
    return id && from ? page(context, source, {*id, *from}) : no_such_page(context);
  });
}

Response ask(PageContext& context, const RetentionSource& source, const Which& which) {
  return decide_page(context, source, which, {});
}

}  // namespace

void add_due_pages(SitePages& pages, const RetentionSource& source) {
  pages.get(due_address, for_act(Act::erase, [source](PageContext& context) {
              return list_page(context, source);
            }));
  const std::string one = std::string(due_address) + "/:id/:from";
  pages.get(one, of_one(source, ask));
  pages.post(one, of_one(source, decide));
}

}  // namespace throughgate::node::web
