// Records that wait at an exchange which has begun anew, and ending the wait.
#include "node/desk/openings.h"

#include <algorithm>

#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/content_style.h"
#include "node/web/pages/desk/parts.h"

namespace throughgate::node::web {
namespace {

constexpr char title[] = "Waiting at the exchange";
constexpr std::size_t shown_max = 200;

constexpr Outcome outcomes[] = {
    {"opened", "It is in the list. The exchange waits no longer once it has it."},
};

Choices records_question(const PageContext& context, const std::vector<WaitingRecord>& waiting,
                         const std::string& error) {
  Choices out{.name = "record",
              .legend = Legend{.text = "Which records?"},
              .hint = "You need not choose any to end the wait for all",
              .error = error,
              .classes = "govuk-checkboxes--small"};
  const auto ticked = context.visit.form.fields.all("record");
  for (std::size_t i = 0; i < std::min(waiting.size(), shown_max); ++i) {
    const auto& each = waiting[i];
    const std::string number = each.dossier.hex();
    out.items.push_back(
        {.value = number,
         .text = (each.kind.empty() ? std::string("Record") : each.kind) +
                 (each.owner.empty() ? std::string() : " of " + each.owner),
         .hint = "Number " + number.substr(0, 8),
         .checked = std::find(ticked.begin(), ticked.end(), number) != ticked.end()});
  }
  return out;
}

Html waiting_part(const PageContext& context, const std::vector<WaitingRecord>& waiting,
                  const std::string& error) {
  if (waiting.empty()) {
    return h(R"(<p class="govuk-body">No record that is held here waits.</p>)");
  }
  const Html meaning = each(meaning_of_opening(), [](const std::string& words) {
    return h(R"(<p class="govuk-body">{}</p>)", words);
  });
  const Html count =
      h(R"(<p class="govuk-body"><strong>{}</strong></p>)",
        count_text(static_cast<std::int64_t>(waiting.size()), "record waits", "records wait") +
            (waiting.size() > shown_max ? ": the first 200 are shown" : ""));
  return meaning + count +
         form({.action = Url(openings_address), .csrf_token = context.visit.csrf_token},
              checkboxes(records_question(context, waiting, error)) +
                  button_group(button({.text = "End the wait for those chosen",
                                       .name = "which",
                                       .value = "chosen",
                                       .prevent_double_click = true}) +
                               button({.text = "End it for all",
                                       .classes = "govuk-button--warning",
                                       .name = "which",
                                       .value = "all",
                                       .prevent_double_click = true})));
}

Response waiting_page(PageContext& context, const std::string& error = {}) {
  const auto waiting = waiting_at_exchange(context.node);
  if (!waiting) return problem(context, waiting.error());
  return desk_page(
      context, {.title = title,
                .main = outcome_banner(context, outcomes) + waiting_part(context, *waiting, error),
                .error = error,
                .error_field = "record"});
}

Response end_wait(PageContext& context) {
  std::vector<sync::DossierId> chosen;
  if (context.field("which") != "all") {
    for (const auto& sent : context.visit.form.fields.all("record")) {
      if (const auto id = id_from<sync::DossierId>(sent)) chosen.push_back(*id);
    }
    if (chosen.empty()) return waiting_page(context, "Select at least one record");
  }
  const auto opened = Desk(context.node).open_at_exchange(chosen);
  return opened ? done(openings_address, "opened") : problem(context, opened.error());
}

}  // namespace

void add_opening_pages(SitePages& pages) {
  pages.get(openings_address, for_desk([](PageContext& context) { return waiting_page(context); }));
  pages.post(openings_address, for_desk(end_wait));
}

}  // namespace throughgate::node::web
