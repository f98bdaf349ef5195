// At the central team: what sites ask to have erased, signing and refusing, and who has not erased.
#include "node/desk/erasures.h"

#include "node/dossier_kinds.h"
#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/summary_list.h"
#include "node/web/components/table.h"
#include "node/web/content_style.h"
#include "node/web/pages/rights/parts.h"
#include "node/web/pages/rights/rights_pages.h"

namespace throughgate::node::web {
namespace {

using sync::DossierId;

constexpr char asked_address[] = "/requests-to-erase";
constexpr char owing_address[] = "/not-erased-yet";

constexpr Outcome outcomes[] = {
    {"signed", "Signed. Each computer erases when it next reaches the exchange."},
    {"refused", "Refused. They read why at the next exchange."},
};

std::string ground_in_words(const ErasureAsked& asked) {
  const auto* value = schema::ErasureRequest::Ground_descriptor()->FindValueByNumber(asked.ground);
  std::string out = value ? rule_of(*value).label() : "Unknown";
  if (!asked.rule.empty()) out += " (" + asked.rule + ", until " + asked.due_on + ")";
  return out;
}

Html going_list(const PageContext& context, const Considered& considered) {
  return h(R"(<ul class="govuk-list govuk-list--bullet">{}</ul>)",
           each(considered.going, [&](const GoingRecord& going) {
             const std::string kind =
                 going.kind.empty() ? "A record of theirs that is not held here" : going.kind;
             return h("<li>{}, held by {}</li>",
                      going.name.empty() ? kind : kind + " of " + going.name,
                      going.held_by.empty() ? organisation_name(context.node, considered.asked.by)
                                            : names_of(context.node, going.held_by));
           }));
}

SummaryList summary_of(const PageContext& context, const Considered& considered) {
  const auto& asked = considered.asked;
  SummaryList out{.rows = {{"Asked by",
                            organisation_name(context.node, asked.by) + ", " + asked.by_name +
                                ", " + when_text(asked.at_ms),
                            {}},
                           {"Ground", ground_in_words(asked), {}},
                           {"Why", asked.reason, {}},
                           {"What goes", going_list(context, considered), {}},
                           {"Standing", state_in_words(asked), {}}}};
  for (const auto& against : considered.against) out.rows.push_back({"Against it", against, {}});
  if (!asked.answer.empty()) out.rows.push_back({"What you said", asked.answer, {}});
  return out;
}

Response list_page(PageContext& context) {
  const bool all = context.query("show") == "all";
  DeskErasures erasures(context.records);
  const auto known = erasures.requests(all);
  if (!known) return problem(context, known.error());
  Html cards;
  for (const auto& each : *known) {
    auto list = summary_of(context, each);
    list.card = SummaryCard{.title = each.asked.kind};
    if (each.asked.is_open()) {
      list.card->actions = {
          {.href = Url(address_of(asked_address, each.asked.id) + "/sign"), .text = "Sign"},
          {.href = Url(address_of(asked_address, each.asked.id) + "/refuse"), .text = "Refuse"}};
    }
    cards += summary_list(list);
  }
  if (cards.empty())
    cards = h(R"(<p class="govuk-body">Nobody asks for anything to be erased.</p>)");
  const Html other =
      all ? h(R"(<a class="govuk-link" href="/requests-to-erase">Only those that are open</a>)")
          : h(R"(<a class="govuk-link" href="/requests-to-erase?show=all">Those that are over, too</a>)");
  return keeping_page(
      context,
      {.title = "Requests to erase",
       .main =
           outcome_banner(context, outcomes) + cards +
           h(R"(<p class="govuk-body no-print">{}</p><p class="govuk-body no-print"><a class="govuk-link" href="/not-erased-yet">Who has not erased yet</a></p>)",
             other)});
}

// ---- one

Html what_signing_does(const ErasureAsked& asked) {
  if (asked.is_own_copy()) {
    return h(
        R"(<p class="govuk-body">They take no part in it any more, their computers delete their copies, and say so. Whoever else has the record keeps it.</p>)");
  }
  return h(
      R"(<p class="govuk-body">It cannot be brought back. Every computer that holds it erases it when it next reaches the exchange, and says so.</p>)");
}

Response sign_page(PageContext& context, const DossierId& id) {
  const auto considered = DeskErasures(context.records).consider(id);
  if (!considered) return problem(context, considered.error());
  const Html button_part = when(considered->against.empty(), [&] {
    return form(
        {.action = Url(address_of(asked_address, id) + "/sign"),
         .csrf_token = context.visit.csrf_token},
        button({.text = considered->asked.is_own_copy() ? "Sign: end their part in it"
                                                        : "Sign: erase all of this everywhere",
                .classes = "govuk-button--warning",
                .prevent_double_click = true}));
  });
  return keeping_page(context, {.title = "Sign the request",
                                .caption = considered->asked.kind,
                                .main = summary_list(summary_of(context, *considered)) +
                                        what_signing_does(considered->asked) + button_part,
                                .back = asked_address,
                                .back_words = "Requests to erase"});
}

Response sign(PageContext& context, const DossierId& id) {
  DeskErasures erasures(context.records);
  const auto considered = erasures.consider(id);
  if (!considered) return problem(context, considered.error());
  const auto signed_now = erasures.sign(id, context.by(considered->asked.reason));
  return signed_now ? done(asked_address, "signed") : problem(context, signed_now.error());
}

Response refuse_page(PageContext& context, const DossierId& id, const std::string& error) {
  const auto considered = DeskErasures(context.records).consider(id);
  if (!considered) return problem(context, considered.error());
  return keeping_page(
      context, {.title = "Refuse the request",
                .caption = considered->asked.kind,
                .main = summary_list(summary_of(context, *considered)) +
                        reason_form(context, {.action = address_of(asked_address, id) + "/refuse",
                                              .question = "Why is it refused?",
                                              .hint = "They read this. Do not name the person",
                                              .button = "Refuse",
                                              .error = error}),
                .error = error,
                .back = asked_address,
                .back_words = "Requests to erase"});
}

Response ask_refuse(PageContext& context, const DossierId& id) {
  return refuse_page(context, id, {});
}

Response refuse(PageContext& context, const DossierId& id) {
  const auto& reason = context.field("reason");
  if (is_blank(reason)) return refuse_page(context, id, "Enter why it is refused");
  const auto saved = DeskErasures(context.records).refuse(id, reason, context.by(reason));
  if (is_to_be_changed(saved)) return refuse_page(context, id, saved.error().message);
  return saved ? done(asked_address, "refused") : problem(context, saved.error());
}

// ---- who has not

Response owing_page(PageContext& context) {
  const auto owing = DeskErasures(context.records).outstanding();
  if (!owing) return problem(context, owing.error());
  Table table_of{.head = {{.content = "Who"},
                          {.content = "Records to erase", .numeric = true},
                          {.content = "Last heard of"}}};
  for (const auto& each : *owing) {
    table_of.rows.push_back({{.content = each.who},
                             {.content = std::to_string(each.owed.size()), .numeric = true},
                             {.content = when_text(each.last_heard_ms)}});
  }
  return keeping_page(
      context,
      {.title = "Who has not erased yet",
       .main =
           owing->empty()
               ? h(R"(<p class="govuk-body">Everybody has said that nothing is left of what was erased.</p>)")
               : h(R"(<p class="govuk-body">Each computer says so by itself, over the network or with its next file for you. Ring those that have not been heard of.</p>)") +
                     scroll_region("Who has not erased yet", table(table_of)),
       .back = asked_address,
       .back_words = "Requests to erase"});
}

}  // namespace

void add_desk_erasure_pages(SitePages& pages) {
  pages.get(asked_address, for_act(Act::desk, list_page));
  const std::string one = std::string(asked_address) + "/:id";
  pages.get(one + "/sign", of_record(Act::desk, sign_page));
  pages.post(one + "/sign", of_record(Act::desk, sign));
  pages.get(one + "/refuse", of_record(Act::desk, ask_refuse));
  pages.post(one + "/refuse", of_record(Act::desk, refuse));
  pages.get(owing_address, for_act(Act::desk, owing_page));
}

}  // namespace throughgate::node::web
