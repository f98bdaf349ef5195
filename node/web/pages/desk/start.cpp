// Where the central team's work begins.
#include <set>

#include "node/desk/forks.h"
#include "node/web/components/messages.h"
#include "node/web/content_style.h"
#include "node/web/pages/desk/agreements_part.h"

namespace throughgate::node::web {
namespace {

struct Way {
  const char* href;
  const char* name;
  const char* what;
};

constexpr Way ways[] = {
    {organisations_address, "Organisations and computers",
     "Who takes part, when each computer was last heard of, and withdrawing one."},
    {requests_address, "Requests to be let in", "Who was invited, who asks, and letting them in."},
    {invite_address, "Invite an organisation", "Make the code that lets one computer ask."},
    {agreements_address, "Who may share with whom", "Agreements: listed, made and ended."},
    {forks_address, "Two versions of what a computer wrote",
     "Most often a copied disk: look, and decide whether it was an accident."},
    {openings_address, "Waiting at the exchange",
     "Records that wait while an exchange that has begun anew gets back what it lost."},
    {list_address, "The central list",
     "How long it is good, signing it once more, and what it asks of every site."},
    {"/requests-to-erase", "Requests to erase", "What sites ask to have erased: sign or refuse."},
    {"/not-erased-yet", "Who has not erased yet",
     "Computers that have not said that nothing is left."},
};

Response start_page(PageContext& context) {
  const auto waiting = requests_waiting(context.node);
  if (!waiting) return problem(context, waiting.error());
  const auto keys = new_keys_part(context.node);
  if (!keys) return problem(context, keys.error());
  const Html asking = when(*waiting > 0, [&] {
    return inset_text(
        h("{}", count_text(static_cast<std::int64_t>(*waiting), "computer asks", "computers ask") +
                    " to be let in: see the requests."));
  });
  const auto forks = listed_forks(context.node);
  if (!forks) return problem(context, forks.error());
  std::set<sync::NodeId> forked;
  for (const auto& fork : *forks) {
    if (fork.is_open()) forked.insert(fork.node);
  }
  const Html two_versions = when(!forked.empty(), [&] {
    return warning_text(
        count_text(static_cast<std::int64_t>(forked.size()), "computer", "computers") +
        " wrote two different versions: see whether it was an accident.");
  });
  const Html list = each(ways, [](const Way& way) {
    return h(
        R"(<h2 class="govuk-heading-m"><a class="govuk-link" href="{}">{}</a></h2><p class="govuk-body">{}</p>)",
        Url(way.href), std::string(way.name), std::string(way.what));
  });
  return desk_page(context, {.title = "Central team",
                             .main = asking + two_versions + *keys + list,
                             .back = "/",
                             .back_words = "Start"});
}

}  // namespace

void add_central_team_page(SitePages& pages) {
  pages.get(central_team_address, for_desk(start_page));
}

void add_desk_pages(SitePages& pages, const DeskParts& parts) {
  add_central_team_page(pages);
  add_organisation_pages(pages);
  add_computer_pages(pages);
  add_invite_pages(pages);
  add_request_pages(pages, parts);
  add_agreement_pages(pages);
  add_list_pages(pages);
  add_fork_pages(pages);
  add_opening_pages(pages);
}

}  // namespace throughgate::node::web
