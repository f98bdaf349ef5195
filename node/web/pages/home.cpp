#include "node/desk/erasures.h"
#include "node/handovers/handover_list.h"
#include "node/list_standing.h"
#include "node/older_records.h"
#include "node/out_of_contact.h"
#include "node/sharing/late.h"
#include "node/status.h"
#include "node/suspects.h"
#include "node/unsent.h"
#include "node/web/components/messages.h"
#include "node/web/content_style.h"
#include "node/web/pages/desk/desk_pages.h"
#include "node/web/pages/joining/joining_pages.h"
#include "node/web/pages/older_records.h"
#include "node/web/pages/pages.h"

namespace throughgate::node::web {
namespace {

constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;

constexpr std::size_t counted_max = 10'000;

struct Waiting {
  std::uint64_t count;
  std::string words;
  Url href;
};

// To whoever may do it.
Waiting joining(const PageContext& context, const Status& status) {
  const bool waits = !context.node.is_enrolled() && context.records.viewer().may(Act::connect);
  return {waits ? 1U : 0U,
          status.words_awaited.empty()
              ? "This computer has not joined yet: ask the central team to let it in"
              : "The central team has not let this computer in yet: read your words to them",
          Url(joining_address)};
}

// What sites ask the central team to erase; 0 at any other computer.
sync::Result<std::size_t> erasures_asked(PageContext& context) {
  if (!is_central_teams(context.node)) return std::size_t{0};
  const auto asked = DeskErasures(context.records).requests();
  if (!asked && asked.error().kind == sync::ErrorKind::denied) return std::size_t{0};
  if (!asked) return asked.error();
  return asked->size();
}

// What waits for somebody here, the most urgent first.
sync::Result<std::vector<Waiting>> what_waits(PageContext& context,
                                              std::int64_t unsent_warning_days) {
  const auto status = status_of(context.node);
  if (!status) return status.error();
  const auto in_review = context.records.glance().in_review({}, counted_max);
  if (!in_review) return in_review.error();
  const auto notices = context.records.glance().notices(true, counted_max);
  if (!notices) return notices.error();
  const auto late = Late(context.records).list();
  if (!late) return late.error();
  const auto work = handover_work(context.records);
  if (!work) return work.error();
  const auto suspects = Suspects(context.records).count();
  if (!suspects) return suspects.error();
  const bool is_desk = context.records.viewer().may(Act::desk);
  const auto asking =
      is_desk ? requests_waiting(context.node) : sync::Result<std::size_t>(std::size_t{0});
  if (!asking) return asking.error();
  const auto to_erase =
      is_desk ? erasures_asked(context) : sync::Result<std::size_t>(std::size_t{0});
  if (!to_erase) return to_erase.error();
  const auto closed = closed_records(context.node);
  if (!closed) return closed.error();
  const auto contact = out_of_contact(context.node);
  if (!contact) return contact.error();
  const auto left = unsent(context.node);
  if (!left) return left.error();
  const bool for_long = !unsent_warning(*left, context.now_ms(), unsent_warning_days).empty();
  const auto say = [](std::uint64_t count, std::string_view one, std::string_view many) {
    return count_text(static_cast<std::int64_t>(count), one, many);
  };
  const std::string at_least = work->is_all ? "" : "At least ";
  return std::vector<Waiting>{
      joining(context, *status),
      {*closed, cannot_be_opened(*closed) + ": what they wait for", Url(older_records_address)},
      {work->stopped,
       at_least + say(work->stopped, "handover has stopped", "handovers have stopped") +
           ": read why",
       Url("/handovers?needs=stopped")},
      {work->late, at_least + say(work->late, "handover is late", "handovers are late"),
       Url("/handovers?needs=late")},
      {work->unconfirmed,
       at_least + say(work->unconfirmed, "handover is", "handovers are") +
           " not confirmed by the partner",
       Url("/handovers/not-confirmed")},
      {work->needs_us, at_least + say(work->needs_us, "handover needs you", "handovers need you"),
       Url("/handovers?needs=us")},
      {work->unread,
       at_least + say(work->unread, "change to read", "changes to read") + " in " +
           say(work->with_unread, "handover", "handovers"),
       Url("/handovers?needs=unread")},
      {*suspects,
       say(*suspects, "change", "changes") + " made on a stolen computer: say whether " +
           (*suspects == 1 ? "it holds" : "they hold"),
       Url("/stolen-computer")},
      {*asking, say(*asking, "computer asks", "computers ask") + " to be let in",
       Url("/central-team/requests")},
      {*to_erase, say(*to_erase, "request", "requests") + " to erase: sign or refuse",
       Url("/requests-to-erase")},
      {in_review->size(),
       say(in_review->size(), "detail changed in two places", "details changed in two places"),
       Url("/changed-in-two-places")},
      {notices->size(), say(notices->size(), "notice", "notices") + " not seen", Url("/notices")},
      {late->size(), say(late->size(), "change", "changes") + " written too late", Url("/late")},
      {for_long ? left->changes : 0U,
       say(left->changes, "change has", "changes have") +
           " not reached the exchange, the oldest for " +
           say((context.now_ms() - left->since_ms) / day_ms, "day", "days") + ": what to do",
       Url("/sync")},
      {list_warning(context.node.directory(), context.now_ms()).empty() ? 0U : 1U,
       "A warning about the central list: read what to do", Url("/sync")},
      {status->keys.left(),
       say(status->keys.left(), "record needs a new key", "records need new keys") +
           " as a computer was withdrawn",
       Url("/sync")},
      {contact_warning(*contact).empty() ? 0U : 1U,
       contact->is_closed ? "Shared records are closed to reading: how to open them"
                          : "Nothing heard of other sites for long: what to do",
       Url("/sync")},
      {clock_warning(*contact).empty() ? 0U : 1U, "This computer's clock may be wrong",
       Url("/sync")},
      {for_long ? 0U : status->unsent, say(status->unsent, "change", "changes") + " not sent yet",
       Url("/sync")}};
}

Html waiting_list(const std::vector<Waiting>& waiting) {
  Html items;
  for (const Waiting& each : waiting) {
    if (each.count == 0) continue;
    items = items + h(R"(<li><a class="govuk-link" href="{}">{}</a></li>)", each.href, each.words);
  }
  if (items.empty()) return h(R"(<p class="govuk-body">Nothing waits for you.</p>)");
  return h(R"(<ul class="govuk-list govuk-list--spaced">{}</ul>)", items);
}

Html way(const Url& href, std::string_view name, std::string_view what) {
  return h(
      R"(<h2 class="govuk-heading-m"><a class="govuk-link" href="{}">{}</a></h2><p class="govuk-body">{}</p>)",
      href, name, what);
}

bool sees(const PageContext& context, const char* type) {
  return context.records.viewer().sees_any(record_type(type)->number);
}

// To whoever may see them.
Html ways(const PageContext& context) {
  const bool handovers = sees(context, "handover");
  const bool volunteers = sees(context, "volunteer");
  const Html notices = way(Url("/notices"), "What you should know",
                           "What could not be added or did not apply, and what to do about it.");
  if (!handovers && !volunteers) {
    return inset_text(
               context.records.viewer().may(Act::staff)
                   ? h("Your roles here show you no records. To see some, give yourself a "
                       "role on the Staff page.")
                   : h("You have no role here yet that shows you records. Ask somebody who looks "
                       "after this computer to give you one: they do it on the Staff page.")) +
           notices;
  }
  return when(handovers,
              [] {
                return way(Url("/handovers"), "Handovers",
                           "People who leave prison, and the partners who meet them.");
              }) +
         when(volunteers,
              [] {
                return way(Url("/volunteers"), "Volunteers",
                           "Who helps here: roles, clearances and training.");
              }) +
         way(Url("/search"), "Search", "A name, a skill or a place, wherever it stands.") + notices;
}

Response show_home(PageContext& context, std::int64_t unsent_warning_days) {
  const auto waiting = what_waits(context, unsent_warning_days);
  if (!waiting) return problem(context, waiting.error());
  const Html main = h(
      R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds"><h1 class="govuk-heading-l">Start</h1>
<h2 class="govuk-heading-m">Waiting for you</h2>{}{}</div></div>)",
      waiting_list(*waiting), ways(context));
  return show(context, {.title = "Start", .main = main});
}

}  // namespace

void add_home_page(SitePages& pages) { add_home_page_after(pages, unsent_warning_days_default); }

void add_home_page_after(SitePages& pages, std::int64_t unsent_warning_days) {
  pages.get("/", [unsent_warning_days](PageContext& context) {
    return show_home(context, unsent_warning_days);
  });
}

}  // namespace throughgate::node::web
