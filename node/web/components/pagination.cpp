#include "node/web/components/pagination.h"

namespace throughgate::node::web {
namespace {

Html arrow_previous() {
  return h(
      R"(<svg class="govuk-pagination__icon govuk-pagination__icon--prev" xmlns="http://www.w3.org/2000/svg" height="13" width="15" aria-hidden="true" focusable="false" viewBox="0 0 15 13">
<path d="m6.5938-0.0078125-6.7266 6.7266 6.7441 6.4062 1.377-1.449-4.1856-3.9768h12.896v-2h-12.984l4.2931-4.293-1.414-1.414z"></path></svg>)");
}

Html arrow_next() {
  return h(
      R"(<svg class="govuk-pagination__icon govuk-pagination__icon--next" xmlns="http://www.w3.org/2000/svg" height="13" width="15" aria-hidden="true" focusable="false" viewBox="0 0 15 13">
<path d="m8.107-0.0078125-1.4136 1.414 4.2926 4.293h-12.986v2h12.896l-4.1855 3.9766 1.377 1.4492 6.7441-6.4062-6.7246-6.7266z"></path></svg>)");
}

Html arrow_link(const PageLink& link, bool forward, bool block) {
  Html arrow = forward ? arrow_next() : arrow_previous();
  const Html standard = forward ? h(R"(Next<span class="govuk-visually-hidden"> page</span>)")
                                : h(R"(Previous<span class="govuk-visually-hidden"> page</span>)");
  const char* rel = forward ? "next" : "prev";
  return h(
      R"(<div class="govuk-pagination__{}"><a class="govuk-link govuk-pagination__link" href="{}" rel="{}">{}
<span class="govuk-pagination__link-title{}">{}</span>{}{}</a></div>)",
      rel, link.href, rel, when(block || !forward, [&] { return arrow; }),
      also("govuk-pagination__link-title--decorated", block && link.label_text.empty()),
      link.text.empty() ? standard : link.text.html(),
      when(block && !link.label_text.empty(),
           [&] {
             return h(R"(<span class="govuk-visually-hidden">:</span>
<span class="govuk-pagination__link-label">{}</span>)",
                      link.label_text);
           }),
      when(!block && forward, [&] { return arrow; }));
}

Html page_item(const PageItem& item) {
  if (item.ellipsis) {
    return h(R"(<li class="govuk-pagination__item govuk-pagination__item--ellipsis">&ctdot;</li>)");
  }
  return h(
      R"(<li class="govuk-pagination__item{}"><a class="govuk-link govuk-pagination__link" href="{}" aria-label="Page {}"{}>{}</a></li>)",
      also("govuk-pagination__item--current", item.current), item.href, item.number,
      attr_if(item.current, "aria-current", "page"), item.number);
}

}  // namespace

Html pagination(const Pagination& pagination) {
  const bool block = pagination.items.empty() && (pagination.previous || pagination.next);
  const Html items = when(!pagination.items.empty(), [&] {
    return h(R"(<ul class="govuk-pagination__list">{}</ul>)", each(pagination.items, page_item));
  });
  return h(R"(<nav class="govuk-pagination{}" aria-label="{}">{}{}{}</nav>)",
           also("govuk-pagination--block", block),
           pagination.landmark_label.empty() ? "Pagination" : pagination.landmark_label,
           pagination.previous ? arrow_link(*pagination.previous, false, block) : Html{}, items,
           pagination.next ? arrow_link(*pagination.next, true, block) : Html{});
}

Html pages_of_list(std::int64_t current, std::int64_t count,
                   const std::function<Url(std::int64_t)>& page) {
  if (count <= 1) return {};
  Pagination shown;
  std::int64_t last_shown = 0;
  for (const std::int64_t number : {std::int64_t{1}, current - 1, current, current + 1, count}) {
    if (number <= last_shown || number > count) continue;
    if (number > last_shown + 1) shown.items.push_back({.ellipsis = true});
    shown.items.push_back(
        {.number = std::to_string(number), .href = page(number), .current = number == current});
    last_shown = number;
  }
  if (current > 1) shown.previous = PageLink{.href = page(current - 1)};
  if (current < count) shown.next = PageLink{.href = page(current + 1)};
  return pagination(shown);
}

}  // namespace throughgate::node::web
