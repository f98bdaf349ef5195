#include "node/web/components/table.h"

namespace throughgate::node::web {
namespace {

Attr span_attr(Attr::Name name, int span) { return attr_if(span > 1, name, std::to_string(span)); }

Html head_cell(const Cell& cell) {
  return h(R"(<th scope="col" class="govuk-table__header{}{}"{}{}{}>{}</th>)",
           also("govuk-table__header--numeric", cell.numeric), also(cell.classes),
           span_attr("colspan", cell.column_span), span_attr("rowspan", cell.row_span),
           cell.attributes, cell.content.html());
}

Html body_cell(const Cell& cell, bool is_header) {
  if (is_header) {
    return h(R"(<th scope="row" class="govuk-table__header{}"{}{}{}>{}</th>)", also(cell.classes),
             span_attr("colspan", cell.column_span), span_attr("rowspan", cell.row_span),
             cell.attributes, cell.content.html());
  }
  return h(R"(<td class="govuk-table__cell{}{}"{}{}{}>{}</td>)",
           also("govuk-table__cell--numeric", cell.numeric), also(cell.classes),
           span_attr("colspan", cell.column_span), span_attr("rowspan", cell.row_span),
           cell.attributes, cell.content.html());
}

Html body_row(const std::vector<Cell>& row, bool first_is_header) {
  Html cells;
  for (std::size_t i = 0; i < row.size(); ++i)
    cells += body_cell(row[i], first_is_header && i == 0);
  return h(R"(<tr class="govuk-table__row">{}</tr>)", cells);
}

}  // namespace

Html table(const Table& table) {
  return h(
      R"(<table class="govuk-table{}">{}{}<tbody class="govuk-table__body">{}</tbody></table>)",
      also(table.classes),
      when(!table.caption.empty(),
           [&] {
             return h(R"(<caption class="govuk-table__caption{}">{}</caption>)",
                      also(table.caption_classes), table.caption);
           }),
      when(!table.head.empty(),
           [&] {
             return h(
                 R"(<thead class="govuk-table__head"><tr class="govuk-table__row">{}</tr></thead>)",
                 each(table.head, head_cell));
           }),
      each(table.rows, [&](const std::vector<Cell>& row) {
        return body_row(row, table.first_cell_is_header);
      }));
}

Html scroll_region(const std::string& name, const Html& wide) {
  return h(R"(<div class="scroll-region" role="region" aria-label="{}" tabindex="0">{}</div>)",
           name, wide);
}

Cell sort_heading(const std::string& text, Sorting sorting, const Url& href, bool numeric) {
  const char* state = sorting == Sorting::none        ? "none"
                      : sorting == Sorting::ascending ? "ascending"
                                                      : "descending";
  return {.content =
              h(R"(<a class="govuk-link govuk-link--no-visited-state sort-link" href="{}">{}</a>)",
                href, text),
          .numeric = numeric,
          .attributes = {attr("aria-sort", state)}};
}

}  // namespace throughgate::node::web
