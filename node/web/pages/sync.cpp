#include "node/handovers/partner_overview.h"
#include "node/hub_visit.h"
#include "node/list_standing.h"
#include "node/out_of_contact.h"
#include "node/restored.h"
#include "node/status.h"
#include "node/unsent.h"
#include "node/web/components/button.h"
#include "node/web/components/messages.h"
#include "node/web/components/summary_list.h"
#include "node/web/components/table.h"
#include "node/web/components/text_input.h"
#include "node/web/content_style.h"
#include "node/web/pages/joining/joining_pages.h"
#include "node/web/pages/older_records.h"
#include "node/web/pages/pages.h"

namespace throughgate::node::web {
namespace {

constexpr std::chrono::seconds wait_for_visit{8};  // a person waits no longer for a page

constexpr Outcome outcomes[] = {
    {"visited", "This computer has exchanged what is new with the central exchange."},
    {"opened", "What is shared with other organisations is open again."},
    {"going-on", "This computer is still exchanging what is new. Open this page again in a minute.",
     false},
};

std::int64_t signed_ms(std::uint64_t ms) { return static_cast<std::int64_t>(ms); }

std::string when_text(std::uint64_t ms) {
  return ms == 0 ? std::string("Never") : date_time_text(signed_ms(ms));
}

std::string count_of(std::uint64_t count, std::string_view one, std::string_view many) {
  return count_text(signed_ms(count), one, many);
}

// A command beside this program may have exchanged since it last tried.
std::string connection_text(const SyncLoop::State& syncing, const LastContact& contact) {
  if (syncing.visiting) return "Exchanging what is new just now";
  if (contact.at_ms > syncing.tried_at_ms && syncing.tried_at_ms != 0) return "Connected";
  if (syncing.tried_at_ms == 0) return "Not tried since this computer's pages were started";
  return syncing.problem.empty() ? "Connected" : "Not connected";
}

Html exchange_card(const SyncLoop::State& syncing, const LastContact& contact,
                   const Status& status) {
  SummaryList list{.rows = {{"Connection", connection_text(syncing, contact), {}},
                            {"Last exchanged", when_text(contact.at_ms), {}},
                            {"Waiting to be sent",
                             status.unsent == 0 ? std::string("Nothing, everything is sent")
                                                : count_of(status.unsent, "change", "changes"),
                             {}}},
                   .card = SummaryCard{.title = "Central exchange"}};
  if (status.sealed > 0) {
    list.rows.push_back(
        {"Waiting for access",
         h(R"({}. <a class="govuk-link" href="{}">See what they wait for</a>)",
           count_of(status.sealed, "change", "changes"), Url(older_records_address)),
         {}});
  }
  if (contact.at_ms != 0) {
    list.rows.push_back(
        {"This computer's clock", "Is " + clock_difference(contact.hub_ahead_ms), {}});
  }
  return summary_list(list);
}

std::vector<Cell> partner_row(const PartnerStanding& with) {
  const auto cell = [](std::size_t count) {
    return Cell{.content = number_text(static_cast<std::int64_t>(count)), .numeric = true};
  };
  return {
      {.content = with.name},
      {.content = when_text(with.last_heard_ms)},
      cell(with.handovers),
      cell(with.waiting_to_go),
      cell(with.not_arrived),
      with.unread_there ? cell(*with.unread_there) : Cell{.content = "Not asked", .numeric = true}};
}

Html partners_table(const std::vector<PartnerStanding>& partners) {
  if (partners.empty()) {
    return h(
        R"(<p class="govuk-body">No handover that is still going on is shared with anybody.</p>)");
  }
  Table all{.head = {{.content = "Organisation"},
                     {.content = "Last heard"},
                     {.content = "Handovers", .numeric = true},
                     {.content = "Not sent yet", .numeric = true},
                     {.content = "Not arrived yet", .numeric = true},
                     {.content = "Not read there yet", .numeric = true}},
            .first_cell_is_header = true};
  for (const auto& with : partners) all.rows.push_back(partner_row(with));
  // Not a caption: that is as wide as the table, and a small screen would cut it off.
  const Html heading =
      h(R"(<h2 class="govuk-heading-m">Organisations we share handovers with</h2>)");
  return heading + scroll_region("Organisations we share handovers with", table(all)) +
         details(
             {.summary = "What these columns mean",
              .text = h(R"(<p class="govuk-body">Only handovers that are not over are counted.</p>
<ul class="govuk-list govuk-list--bullet"><li>Last heard: when a change of theirs, or word that ours has arrived, last reached this computer.</li>
<li>Not sent yet: handovers that hold something new of ours which has not left this computer.</li>
<li>Not arrived yet: handovers of which their computer has not confirmed that it holds everything.</li>
<li>Not read there yet: our changes to dates, risks, meeting places and the like that nobody there has marked as read. The central team sees them and is not asked to.</li></ul>)")});
}

Html sync_form(const PageContext& context) {
  return form({.action = Url("/sync"), .csrf_token = context.visit.csrf_token},
              button({.text = "Exchange now", .prevent_double_click = true}));
}

Html by_hand_link() {
  return h(
      R"(<p class="govuk-body">Where there is no network: <a class="govuk-link" href="/by-hand">by stick or e-mail</a>.</p>)");
}

// To whoever may do it the way to ask, or to go on; to the others who can.
Html joining_link(const PageContext& context, std::string_view words) {
  const auto may = context.records.viewer().check(Act::connect);
  if (!may) return h(R"(<p class="govuk-body">{}</p>)", may.error().message);
  return h(R"(<p class="govuk-body"><a class="govuk-link" href="{}">{}</a></p>)",
           Url(joining_address), words);
}

// Whoever has been let in already needs no words.
Html enrolment_text(const PageContext& context, const Status& status) {
  if (status.enrolled) return {};
  if (!status.words_awaited.empty()) {
    return inset_text(h(
        R"(<p class="govuk-body">The central team has not let this computer in yet. Ring them on a number that you know, and read these words to them:</p><p class="govuk-body"><strong>{}</strong></p>{})",
        status.words_awaited, joining_link(context, "See whether they have answered")));
  }
  if (context.node.is_enrolled()) {
    return inset_text(
        "The central team has let this computer in. It takes part from the next exchange on.");
  }
  return warning_text(
             "This computer has not joined yet. Everything can be recorded; nothing is sent before "
             "the central team has let it in.") +
         joining_link(context, "Ask to be let in");
}

// While a computer that was withdrawn could still read what is written from now on.
Html keys_text(const Status& status) {
  if (status.keys.left() == 0) return {};
  return inset_text(h(R"(<p class="govuk-body"><strong>A computer was withdrawn.</strong> {}</p>)",
                      in_words(status.keys)));
}

// Asked before the computer goes: nobody else can say what it holds alone.
Html leaving_part(const Unsent& left) {
  const auto lost = lost_with_this_computer(left);
  const Html standing =
      lost.empty()
          ? h(R"(<p class="govuk-body">Everything on it has reached the exchange.</p>)")
          : warning_text("Do not let it go yet. What is on it alone would be gone.") +
                h(R"(<ul class="govuk-list govuk-list--bullet">{}</ul>)",
                  each(lost, [](const std::string& line) { return h("<li>{}</li>", line); }));
  return details(
      {.summary = "Before this computer is given away, replaced or wiped",
       .text =
           standing +
           h(R"(<p class="govuk-body">Who looked at what stands on this computer alone: make a last backup if somebody may ask. Then ring the central team, who withdraw it, and wipe its disk after that.</p>)")});
}

Html words_form(const PageContext& context, const std::string& error) {
  return form({.action = Url("/sync/open"), .csrf_token = context.visit.csrf_token},
              text_input({.field = {.name = "words",
                                    .label = {.text = "Words from the central team"},
                                    .hint = "Where you can neither exchange nor bring in a file, "
                                            "ring the central team on a number that you know. "
                                            "They read eight words to you",
                                    .error = error},
                          .value = context.field("words"),
                          .autocomplete = "off"}) +
                  button({.text = "Open by these words",
                          .classes = "govuk-button--secondary",
                          .prevent_double_click = true}));
}

// How long nothing was heard, and the way to open what is closed for it.
Html contact_part(const PageContext& context, const OutOfContact& contact,
                  const std::string& error) {
  Html out;
  for (const auto& words : {contact_warning(contact), clock_warning(contact)}) {
    out += when(!words.empty(), [&] { return warning_text(words); });
  }
  if (contact.days < contact_warning_days) return out;
  return out + words_form(context, error);
}

struct SyncParts {
  SyncLoop& syncing;
  std::int64_t unsent_warning_days;
};

Response show_sync(PageContext& context, const SyncParts& parts, const std::string& error = {}) {
  const auto status = status_of(context.node);
  if (!status) return problem(context, status.error());
  const auto contact = last_contact(context.node);
  if (!contact) return problem(context, contact.error());
  const auto open = check_not_closed(context.node);
  if (!open && open.error().kind != sync::ErrorKind::stale) return problem(context, open.error());
  const auto heard = out_of_contact(context.node);
  if (!heard) return problem(context, heard.error());
  std::vector<PartnerStanding> partners;
  if (open && !heard->is_closed) {
    auto standing = standing_with_partners(context.records);
    if (!standing) return problem(context, standing.error());
    partners = *std::move(standing);
  }
  const auto left = unsent(context.node);
  if (!left) return problem(context, left.error());
  const auto waited = unsent_warning(*left, context.now_ms(), parts.unsent_warning_days);
  const auto state = parts.syncing.state();
  const bool is_over = contact->at_ms > state.tried_at_ms;  // a command has got through since
  // What was said before it was let in does not hold any more, until it has tried once.
  const bool is_new_here = context.node.is_enrolled() && !status->enrolled;
  const bool is_past = is_over || (is_new_here && state.problem == not_let_in_yet);
  const std::string& said = state.problem.empty() || is_past ? state.warning : state.problem;
  const Html trouble = when(!said.empty(), [&] { return inset_text(said); });
  const Html closed = when(!open, [&] { return warning_text(open.error().message); });
  const std::string list = list_warning(context.node.directory(), context.now_ms());
  const Html main =
      h(R"({}{}<h1 class="govuk-heading-l">Sending and receiving</h1>{}{}{}{}{}{}{}{}{})",
        when(!error.empty(),
             [&] {
               return error_summary({.items = {{error, "words"}}});
             }),
        outcome_banner(context, outcomes), closed, enrolment_text(context, *status),
        contact_part(context, *heard, error),
        trouble + when(!waited.empty(), [&] { return warning_text(waited); }),
        when(!list.empty(), [&] { return warning_text(list); }), keys_text(*status),
        exchange_card(state, *contact, *status), sync_form(context) + by_hand_link(),
        when(open.has_value() && !heard->is_closed, [&] { return partners_table(partners); }) +
            leaving_part(*left));
  return show(context,
              {.title = "Sending and receiving", .has_error = !error.empty(), .main = main});
}

}  // namespace

void add_sync_pages(SitePages& pages, SyncLoop& syncing, std::int64_t unsent_warning_days) {
  const SyncParts parts{syncing, unsent_warning_days};
  pages.get_closed_too("/sync",
                       [parts](PageContext& context) { return show_sync(context, parts); });
  pages.post("/sync/open", [parts](PageContext& context) {
    const auto days = open_by_words(context.node, context.field("words"));
    return days ? done("/sync", "opened") : show_sync(context, parts, days.error().message);
  });
  pages.post_without_store("/sync", [&syncing](const Visit&) {
    if (!syncing.visit_now(wait_for_visit)) return done("/sync", "going-on");
    // What went wrong stands on the page itself.
    return syncing.state().problem.empty() ? done("/sync", "visited") : see_other(Url("/sync"));
  });
}

}  // namespace throughgate::node::web
