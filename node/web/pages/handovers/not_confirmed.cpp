// Handovers that the partner has not confirmed though the release is near, and who else might be
// asked.
#include "node/handovers/unconfirmed.h"

#include "node/handovers/handover_list.h"
#include "node/web/components/messages.h"
#include "node/web/components/table.h"
#include "node/web/content_style.h"
#include "node/web/pages/handovers/case_page.h"
#include "node/web/pages/handovers/handover_pages.h"

namespace throughgate::node::web {
namespace {

using schema::Handover;

Html missing_words(const Unconfirmed& handover) {
  if (handover.is_unanswered) return h("{}", tag("Has not answered", TagColour::red));
  return h("{}", tag(count_text(static_cast<std::int64_t>(handover.unread), "change not read there",
                                "changes not read there"),
                     TagColour::yellow));
}

Html others(const std::vector<std::string>& names) {
  if (names.empty()) return h("Nobody else has an agreement");
  return h(R"(<ul class="govuk-list">{}</ul>)",
           each(names, [](const std::string& name) { return h("<li>{}</li>", name); }));
}

Html table_of(const std::vector<Unconfirmed>& handovers) {
  Table out{.head = {{.content = "Name"},
                     {.content = "What is missing"},
                     {.content = "Release date"},
                     {.content = "Partner"},
                     {.content = "Who else might be asked"}},
            .first_cell_is_header = true};
  for (const auto& each : handovers) {
    const auto& file = each.file;
    out.rows.push_back({{.content = h(R"(<a class="govuk-link" href="{}">{}</a>)",
                                      Url(case_address(file)), person_name(file))},
                        {.content = missing_words(each)},
                        {.content = day_words(file.text(Handover::kReleaseDateFieldNumber))},
                        {.content = file.text(Handover::kReceiverNameFieldNumber)},
                        {.content = others(each.backups)}});
  }
  return scroll_region("Handovers that are not confirmed", table(out));
}

Response show_not_confirmed(PageContext& context) {
  const auto handover = record_type(*Handover::descriptor())->number;
  if (auto seen = context.records.viewer().check_seen(handover); !seen) {
    return problem(context, seen.error());
  }
  const auto found = unconfirmed_handovers(context.records);
  if (!found) return problem(context, found.error());
  const Html list =
      found->empty()
          ? h(R"(<p class="govuk-body">Every partner has confirmed what is due in the next {} days.</p>)",
              confirm_days_before)
          : h(R"(<p class="govuk-body">The release is at most {} days away, and the partner has not answered, or has not read what changed. Ring them. A backup partner who is asked early is there on the day.</p>{})",
              confirm_days_before, table_of(*found));
  return show(
      context,
      {.title = "Not confirmed by the partner",
       .main = h(R"(<h1 class="govuk-heading-l">Not confirmed by the partner</h1>{})", list)});
}

}  // namespace

void add_not_confirmed_page(SitePages& pages) {
  pages.get("/handovers/not-confirmed", show_not_confirmed);
}

}  // namespace throughgate::node::web
