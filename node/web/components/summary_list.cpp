#include "node/web/components/summary_list.h"

#include <algorithm>

namespace throughgate::node::web {
namespace {

Html action_link(const ActionLink& action, const Content* card_title) {
  Html hidden;
  if (!action.hidden_text.empty()) hidden += h(" {}", action.hidden_text);
  if (card_title) hidden += h(" ({})", card_title->html());
  return h(R"(<a class="govuk-link" href="{}">{}{}</a>)", action.href, action.text.html(),
           when(!hidden.empty(),
                [&] { return h(R"(<span class="govuk-visually-hidden">{}</span>)", hidden); }));
}

Html row_actions(const std::vector<ActionLink>& actions, const Content* card_title) {
  if (actions.empty()) return {};
  const Html links =
      actions.size() == 1
          ? action_link(actions.front(), card_title)
          : h(R"(<ul class="govuk-summary-list__actions-list">{}</ul>)",
              each(actions, [&](const ActionLink& action) {
                return h(R"(<li class="govuk-summary-list__actions-list-item">{}</li>)",
                         action_link(action, card_title));
              }));
  return h(R"(<dd class="govuk-summary-list__actions">{}</dd>)", links);
}

Html card_actions(const SummaryCard& card) {
  if (card.actions.empty()) return {};
  if (card.actions.size() == 1) {
    return h(R"(<div class="govuk-summary-card__actions">{}</div>)",
             action_link(card.actions.front(), &card.title));
  }
  return h(R"(<ul class="govuk-summary-card__actions">{}</ul>)",
           each(card.actions, [&](const ActionLink& action) {
             return h(R"(<li class="govuk-summary-card__action">{}</li>)",
                      action_link(action, &card.title));
           }));
}

Html card_around(const SummaryCard& card, const Html& list) {
  return h(
      R"(<div class="govuk-summary-card"><div class="govuk-summary-card__title-wrapper">{}{}</div>
<div class="govuk-summary-card__content">{}</div></div>)",
      when(
          !card.title.empty(),
          [&] { return h(R"(<h2 class="govuk-summary-card__title">{}</h2>)", card.title.html()); }),
      card_actions(card), list);
}

}  // namespace

Html summary_list(const SummaryList& list) {
  const bool any_actions = std::any_of(list.rows.begin(), list.rows.end(),
                                       [](const SummaryRow& row) { return !row.actions.empty(); });
  const Content* card_title = list.card && !list.card->title.empty() ? &list.card->title : nullptr;
  const Html rows = each(list.rows, [&](const SummaryRow& row) {
    return h(R"(<div class="govuk-summary-list__row{}"><dt class="govuk-summary-list__key">{}</dt>
<dd class="govuk-summary-list__value">{}</dd>{}</div>)",
             also("govuk-summary-list__row--no-actions", any_actions && row.actions.empty()),
             row.key.html(), row.value.html(), row_actions(row.actions, card_title));
  });
  const Html markup = h(R"(<dl class="govuk-summary-list{}">{}</dl>)", also(list.classes), rows);
  return list.card ? card_around(*list.card, markup) : markup;
}

}  // namespace throughgate::node::web
