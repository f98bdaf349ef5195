// Asking for a record to be erased everywhere: what goes, who holds it, what stands against it;
// then how far it has come.
#include "node/dossier_kinds.h"
#include "node/erasure/copies.h"
#include "node/erasure/requests.h"
#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/summary_list.h"
#include "node/web/components/table.h"
#include "node/web/content_style.h"
#include "node/web/pages/rights/parts.h"
#include "node/web/pages/rights/rights_pages.h"

namespace throughgate::node::web {
namespace {

using schema::ErasureRequest;
using sync::DossierId;
using sync::Error;

constexpr char erase_address[] = "/erase";
constexpr char requests_address[] = "/asked-to-erase";

constexpr Outcome outcomes[] = {
    {"asked",
     "Asked for. The central team is asked to sign at the next exchange, and the records "
     "go everywhere once it has."},
    {"taken-back", "The request is taken back."},
};

// ---- what would go

Html going_list(const PageContext& context, const ErasurePlan& plan) {
  return h(
      R"(<h2 class="govuk-heading-m">What goes</h2><ul class="govuk-list govuk-list--bullet">{}</ul>)",
      each(plan.going, [&](const GoingRecord& going) {
        const std::string kind = going.kind.empty() ? "A record" : going.kind;
        return h("<li>{}, held by {}</li>", going.name.empty() ? kind : kind + " of " + going.name,
                 names_of(context.node, going.held_by));
      }));
}

Html copies_list(const PageContext& context, const std::vector<CopiedFacts>& copies) {
  if (copies.empty()) return {};
  return h(
      R"(<h2 class="govuk-heading-m">Copied elsewhere</h2><p class="govuk-body">These stay in other records until somebody removes them there, once the request is signed.</p><ul class="govuk-list govuk-list--bullet">{}</ul>)",
      each(copies, [&](const CopiedFacts& facts) {
        return h("<li>{}: {}, removed by {}</li>", facts.what,
                 count_text(static_cast<std::int64_t>(facts.values.size()), "value", "values"),
                 facts.ours ? std::string("you") : organisation_name(context.node, facts.keeper));
      }));
}

Html against(const PageContext& context, const ErasurePlan& plan) {
  return each(plan.holds, [&](const Hold& hold) {
    return warning_text("A legal hold keeps it: " + in_words(hold, context.node) +
                        ". Nothing is erased until it is lifted.");
  });
}

Html questions(const PageContext& context, const std::string& ground_error, bool offers_person) {
  const auto& ground = context.field("ground");
  Html out =
      radios({.name = "ground",
              .legend = Legend{.text = "Why does it go?", .classes = "govuk-fieldset__legend--s"},
              .error = ground_error,
              .items = {{.value = "person-asked",
                         .text = "The person asked for it",
                         .checked = ground == "person-asked"},
                        {.value = "mistake",
                         .text = "It was recorded by mistake",
                         .checked = ground == "mistake"}}});
  if (offers_person) {
    out += checkboxes({.name = "with_person",
                       .items = {{.value = "yes",
                                  .text = "Erase the prison's own record of the person too",
                                  .hint = "This is their last handover",
                                  .checked = context.field("with_person") == "yes"}}});
  }
  return out;
}

struct Faults {
  std::string ground, reason;
};

Response plan_page(PageContext& context, const DossierId& id, const Faults& faults = {}) {
  const bool with_person = context.field("with_person") == "yes";
  const auto plan =
      plan_erasure(context.records, id, with_person ? WithPerson::yes : WithPerson::no);
  if (!plan) return problem(context, plan.error());
  std::vector<CopiedFacts> copies;
  for (const auto& going : plan->going) {
    const auto found = copies_of(context.records, going.id);
    if (!found) return problem(context, found.error());
    copies.insert(copies.end(), found->begin(), found->end());
  }
  const auto title = title_of_record(context, id);
  if (!title) return problem(context, title.error());
  const bool offers_person = with_person || !plan->notes.empty();
  const Html asking = when(plan->holds.empty(), [&] {
    return h(R"(<p class="govuk-body">It cannot be brought back. Changes that have not been sent go with it. A backup keeps a copy for 35 days at most, and does not show it once restored.</p>)") +
           reason_form(context, {.action = address_of(erase_address, id),
                                 .question = "More about why",
                                 .button = "Ask for it to be erased",
                                 .is_warning = true,
                                 .error = faults.reason,
                                 .more = questions(context, faults.ground, offers_person)});
  });
  const std::string error = faults.ground.empty() ? faults.reason : faults.ground;
  return keeping_page(context, {.title = "Erase everywhere",
                                .caption = *title,
                                .main = against(context, *plan) + going_list(context, *plan) +
                                        copies_list(context, copies) + asking,
                                .error = error,
                                .error_field = faults.ground.empty() ? "reason" : "ground",
                                .back = page_of_record(context, id),
                                .back_words = "Back"});
}

Response first_page(PageContext& context, const DossierId& id) { return plan_page(context, id); }

Response ask(PageContext& context, const DossierId& id) {
  const auto& ground = context.field("ground");
  const bool known = ground == "person-asked" || ground == "mistake";
  if (!known) return plan_page(context, id, {"Select why it goes", {}});
  const auto& reason = context.field("reason");
  if (is_blank(reason)) return plan_page(context, id, {{}, "Enter more about why"});
  const bool with_person = context.field("with_person") == "yes";
  const auto plan =
      plan_erasure(context.records, id, with_person ? WithPerson::yes : WithPerson::no);
  if (!plan) return problem(context, plan.error());
  const auto asked =
      ErasureRequests(context.records)
          .ask(*plan,
               {ground == "mistake" ? ErasureRequest::MISTAKE : ErasureRequest::PERSON_ASKED,
                reason,
                {},
                {}},
               context.by(reason));
  if (is_to_be_changed(asked)) return plan_page(context, id, {{}, asked.error().message});
  return asked ? done(requests_address, "asked") : problem(context, asked.error());
}

// ---- what was asked for

std::string progress_of(const ErasureAsked& asked) {
  if (asked.is_own_copy() && asked.state == ErasureRequest::SIGNED) {
    return "The central team has ended your organisation's part in it. Your copy goes with the "
           "next "
           "exchange, unless a legal hold keeps it.";
  }
  if (asked.is_own_copy() && asked.is_open()) {
    return "Waiting for the central team's computer, which does it by itself.";
  }
  if (asked.erased_in)
    return "Erased here. Other computers erase when they next reach the exchange.";
  if (asked.state == ErasureRequest::SIGNED) return "Signed. It goes at the next exchange.";
  if (asked.state == ErasureRequest::REFUSED) {
    return "The central team refused: " + asked.answer;
  }
  if (asked.state == ErasureRequest::WITHDRAWN) return "Taken back.";
  return "Waiting for the central team to sign.";
}

Html request_card(const ErasureAsked& asked) {
  SummaryCard card{.title = asked.kind + ", " + state_in_words(asked)};
  if (asked.is_open()) {
    card.actions.push_back(
        {.href = Url(address_of(requests_address, asked.id) + "/take-back"), .text = "Take back"});
  }
  return summary_list(
      {.rows = {{"How far it is", progress_of(asked), {}},
                {"Records", number_text(static_cast<std::int64_t>(asked.records.size())), {}},
                {"Why", asked.reason, {}},
                {"Asked by", asked.by_name + ", " + when_text(asked.at_ms), {}}},
       .card = card});
}

Response requests_page(PageContext& context) {
  const auto known = all_requests(context.records);
  if (!known) return problem(context, known.error());
  const auto& own = context.node.identity().organisation;
  Html cards;
  for (auto asked = known->rbegin(); asked != known->rend(); ++asked) {
    if (asked->by == own) cards += request_card(*asked);
  }
  if (cards.empty()) cards = h(R"(<p class="govuk-body">Nothing was ever asked for here.</p>)");
  return keeping_page(
      context, {.title = "Asked to be erased", .main = outcome_banner(context, outcomes) + cards});
}

Response take_back_page(PageContext& context, const DossierId& id, const std::string& error) {
  const auto asked = read_request(context.records, id);
  if (!asked) return problem(context, asked.error());
  return keeping_page(
      context,
      {.title = "Take back the request",
       .caption = asked->kind,
       .main = reason_form(context, {.action = address_of(requests_address, id) + "/take-back",
                                     .question = "Why is it taken back?",
                                     .button = "Take it back",
                                     .error = error}),
       .error = error,
       .back = requests_address,
       .back_words = "Asked to be erased"});
}

Response ask_take_back(PageContext& context, const DossierId& id) {
  return take_back_page(context, id, {});
}

Response take_back(PageContext& context, const DossierId& id) {
  const auto& reason = context.field("reason");
  if (is_blank(reason)) return take_back_page(context, id, "Enter why it is taken back");
  const auto saved = ErasureRequests(context.records).take_back(id, reason, context.by(reason));
  if (is_to_be_changed(saved)) return take_back_page(context, id, saved.error().message);
  return saved ? done(requests_address, "taken-back") : problem(context, saved.error());
}

}  // namespace

std::string erase_address_of(const DossierId& id) { return address_of(erase_address, id); }

void add_erase_pages(SitePages& pages) {
  const std::string one = std::string(erase_address) + "/:id";
  pages.get(one, of_record(Act::erase, first_page));
  pages.post(one, of_record(Act::erase, ask));
  pages.get(requests_address, for_act(Act::erase, requests_page));
  const std::string request = std::string(requests_address) + "/:id/take-back";
  pages.get(request, of_record(Act::erase, ask_take_back));
  pages.post(request, of_record(Act::erase, take_back));
}

}  // namespace throughgate::node::web
