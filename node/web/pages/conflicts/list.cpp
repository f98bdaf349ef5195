// Everything that was changed in two places, whoever decides it.
#include "node/web/components/pagination.h"
#include "node/web/components/table.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/conflicts/conflict_pages.h"
#include "node/web/pages/conflicts/versions.h"
#include "node/web/pages/record_title.h"

namespace throughgate::node::web {
namespace {

using sync::store::ReviewRow;

constexpr std::size_t rows_a_page = 25;

constexpr std::array<Outcome, 1> outcomes = {
    {{"later", "Nothing was decided. It stays in this list until somebody decides."}}};

// "?after=..." holds what follows the list's own address in conflict_address().
std::optional<ReviewRow> after_in(const PageContext& context) {
  const auto target = parse_target("/" + context.query("after"));
  if (!target || target->segments.size() != 4) return std::nullopt;
  Parameters path;
  path.add("dossier", target->segments[0]);
  path.add("record", target->segments[1]);
  path.add("type", target->segments[2]);
  path.add("field", target->segments[3]);
  const auto found = field_in(path);
  return found ? std::optional(ReviewRow{found->record, found->field}) : std::nullopt;
}

Url page_after(const ReviewRow& row) {
  const std::string address = conflict_address(row.name, row.field);
  return Url(std::string(conflicts_address) +
             "?after=" + address.substr(sizeof(conflicts_address)));  // and the stroke that follows
}

Html values_in(const PageContext& context, const Standing& standing) {
  return h(R"(<ul class="govuk-list">{}</ul>)",
           each(standing.conflict.siblings, [&](const sync::store::OpView& change) {
             return h("<li>{}<br>{}</li>",
                      h("<strong>{}</strong>", value_words(context, standing, change)),
                      place_name_first(context.node, change.organisation));
           }));
}

std::string decider_words(const PageContext& context, const Standing& standing) {
  switch (decider_of(context, standing)) {
    case Decider::here:
      return "You decide";
    case Decider::here_if_asked:
      return standing.keeper + ", or you if asked";
    case Decider::elsewhere:
      break;
  }
  return standing.keeper;
}

std::vector<Cell> row(const PageContext& context, const Standing& standing) {
  const auto& conflict = standing.conflict;
  return {
      {.content = h(
           R"(<a class="govuk-link" href="{}">{}<span class="govuk-visually-hidden"> in {}</span></a>)",
           Url(conflict_address(conflict.record, conflict.field)), standing.label, standing.title)},
      {.content = standing.title},
      {.content = values_in(context, standing)},
      {.content = decider_words(context, standing)}};
}

sync::Result<Html> list(const PageContext& context) {
  const auto page = Conflicts(context.records).list(after_in(context), rows_a_page);
  if (!page) return page.error();
  Table shown{.head = {{.content = "What differs"},
                       {.content = "Record"},
                       {.content = "Values"},
                       {.content = "Who decides"}},
              .first_cell_is_header = true};
  for (const auto& conflict : page->conflicts) {
    const auto standing = standing_of(context, conflict);
    if (!standing) return standing.error();
    shown.rows.push_back(row(context, *standing));
  }
  Pagination around;
  if (!context.query("after").empty()) {
    around.previous = PageLink{.href = Url(conflicts_address), .text = "First page"};
  }
  if (page->next) around.next = PageLink{.href = page_after(*page->next)};
  const Html more = around.previous || around.next ? pagination(around) : Html{};
  if (shown.rows.empty()) {
    return h(R"(<p class="govuk-body">{}</p>)",
             around.previous ? "There is nothing more in this list."
                             : "Nothing stands open: nothing was changed in two places.") +
           more;
  }
  return scroll_region("What was changed in two places", table(shown)) + more;
}

Response list_page(PageContext& context) {
  const auto rows = list(context);
  if (!rows) return problem(context, rows.error());
  const std::string title = "Changed in two places";
  return show(context,
              {.title = title,
               .main = outcome_banner(context, outcomes) + h(R"(<h1 class="govuk-heading-l">{}</h1>
<p class="govuk-body">Two organisations have put different values for the same detail: neither had seen the other's, or one may not replace what the other put. Both are kept until somebody decides which one holds.</p>{})",
                                                             title, *rows)});
}

}  // namespace

void add_conflict_list(SitePages& pages) { pages.get(conflicts_address, list_page); }

}  // namespace throughgate::node::web
