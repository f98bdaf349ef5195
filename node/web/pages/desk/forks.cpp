// Computers that wrote two different changes at one place: what is known of it, and deciding
// whether it was an accident or on purpose.
#include "node/desk/forks.h"

#include <algorithm>

#include "node/desk/revocations.h"
#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/date_input.h"
#include "node/web/components/summary_list.h"
#include "node/web/components/table.h"
#include "node/web/pages/desk/parts.h"
#include "node/web/pages/desk/typed_day.h"

namespace throughgate::node::web {
namespace {

constexpr char title[] = "Two versions of what a computer wrote";

constexpr Outcome outcomes[] = {
    {"accident",
     "It is in the list as an accident. Once the computer hears of it, it writes on under new "
     "numbers. Have the site stop using one of the two."},
    {"withdrawn",
     "The computer is withdrawn. The exchange refuses it once it has the new list, and the records "
     "that it could read get new keys."},
};

std::string address_of_fork(const ListedFork& fork) {
  return std::string(forks_address) + "/" + crypto::to_hex(fork.entry);
}

std::string standing_of(const ListedFork& fork) {
  std::string out = standing_in_words(fork);
  out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

Response list_page(PageContext& context) {
  const auto all = listed_forks(context.node);
  if (!all) return problem(context, all.error());
  Table rows{.head = {{.content = "Computer"},
                      {.content = "Organisation"},
                      {.content = "In a record of the kind"},
                      {.content = "Seen here"},
                      {.content = "Standing"}},
             .first_cell_is_header = true};
  for (const auto& each : *all) {
    rows.rows.push_back({{.content = link_to(address_of_fork(each), each.computer)},
                         {.content = each.organisation},
                         {.content = each.record},
                         {.content = when_text(each.seen_at_ms)},
                         {.content = standing_of(each)}});
  }
  return desk_page(
      context,
      {.title = title,
       .main =
           outcome_banner(context, outcomes) +
           (all->empty()
                ? h(R"(<p class="govuk-body">No computer has written two different versions.</p>)")
                : scroll_region("Computers that wrote two versions", table(rows))) +
           h(R"(<p class="govuk-body">A computer signs each change and numbers it. Two different changes with one number, both signed by it, mean that two machines work as one, or that somebody means ill. It is seen here for records that are shared with the central team.</p>)")});
}

// ---- one

sync::Result<ListedFork> fork_of(const PageContext& context) {
  auto all = listed_forks(context.node);
  if (!all) return all.error();
  for (auto& each : *all) {
    if (crypto::to_hex(each.entry) == context.visit.path.get("id")) return std::move(each);
  }
  return sync::Error{sync::ErrorKind::not_found, "There is no such case here."};
}

SummaryList facts_of(const ListedFork& fork) {
  return {.rows = {
              {"Computer", link_to(address_under(computers_address, fork.node), fork.computer), {}},
              {"Organisation", fork.organisation, {}},
              {"What was found", in_words(fork), {}},
              {"Proven by", "The computer's own two signatures", {}},
              {"What stands",
               fork.one_counts ? "The version that came first has its place. The other has none"
                               : "Neither has a place yet",
               {}},
              {"Seen here", when_text(fork.seen_at_ms), {}},
              {"Standing", standing_of(fork), {}}}};
}

struct Faults {
  std::string decision{}, since{};
};

Html decide_form(const PageContext& context, const ListedFork& fork, const Faults& faults) {
  const auto& decision = context.field("decision");
  const Html since =
      date_input({.id = "since",
                  .name_prefix = "since",
                  .legend = Legend{.text = "On which day was it last surely in good hands?"},
                  .hint = "People look at every change that it made from then on. You can leave "
                          "this empty",
                  .error = faults.since,
                  .day = context.field("since-day"),
                  .month = context.field("since-month"),
                  .year = context.field("since-year")});
  const Choices choices{
      .name = "decision",
      .legend = Legend{.text = "What was it?"},
      .hint =
          "Ring the site first, on a number that you know. All that waits of this computer is "
          "decided at once",
      .error = faults.decision,
      .items = {{.value = "accident",
                 .text = "It was an accident, for instance a copied disk",
                 .hint = "The computer gets ready to write again under a new number",
                 .checked = decision == "accident"},
                {.value = "on-purpose",
                 .text = "It was on purpose",
                 .hint = "The computer is withdrawn, for good",
                 .checked = decision == "on-purpose",
                 .conditional = since}}};
  return form({.action = Url(address_of_fork(fork)), .csrf_token = context.visit.csrf_token},
              radios(choices) + button({.text = "Decide it", .prevent_double_click = true}));
}

Response one_page(const PageContext& context, const ListedFork& fork, const Faults& faults = {}) {
  return desk_page(
      context, {.title = title,
                .caption = fork.organisation + ", " + fork.computer,
                .main = summary_list(facts_of(fork)) +
                        when(fork.is_open(),
                             [&] {
                               return decide_form(context, fork, faults) +
                                      details({.summary = "What it means that it was an accident",
                                               .text = bullets(meaning_of_accident())});
                             }),
                .error = faults.decision.empty() ? faults.since : faults.decision,
                .error_field = faults.decision.empty() ? "since-day" : "decision",
                .back = forks_address,
                .back_words = title});
}

Response show_one(PageContext& context) {
  const auto fork = fork_of(context);
  return fork ? one_page(context, *fork) : problem(context, fork.error());
}

Response decide(PageContext& context) {
  const auto fork = fork_of(context);
  if (!fork) return problem(context, fork.error());
  const auto& decision = context.field("decision");
  Desk desk(context.node);
  if (decision == "accident") {
    const auto said = desk.decide_accident(fork->entry);
    return said ? done(forks_address, "accident") : problem(context, said.error());
  }
  if (decision != "on-purpose") return one_page(context, *fork, {.decision = "Select what it was"});
  const auto since = suspect_since_ms(day_sent(context, "since"));
  if (!since) return one_page(context, *fork, {.since = since.error().message});
  const auto gone = desk.revoke(fork->node, sync::RevocationReason::misused, *since);
  if (is_to_be_changed(gone)) return one_page(context, *fork, {.since = gone.error().message});
  return gone ? done(forks_address, "withdrawn") : problem(context, gone.error());
}

}  // namespace

void add_fork_pages(SitePages& pages) {
  pages.get(forks_address, for_desk(list_page));
  const std::string one = std::string(forks_address) + "/:id";
  pages.get(one, for_desk(show_one));
  pages.post(one, for_desk(decide));
}

}  // namespace throughgate::node::web
