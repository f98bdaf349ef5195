#include "node/web/components/messages.h"

namespace throughgate::node::web {
namespace {

std::string_view colour_name(TagColour colour) {
  switch (colour) {
    case TagColour::blue:
      return "blue";
    case TagColour::grey:
      return "grey";
    case TagColour::green:
      return "green";
    case TagColour::teal:
      return "teal";
    case TagColour::purple:
      return "purple";
    case TagColour::magenta:
      return "magenta";
    case TagColour::red:
      return "red";
    case TagColour::orange:
      return "orange";
    case TagColour::yellow:
      return "yellow";
  }
  return "grey";
}

Html summary_item(const ErrorSummary::Item& item) {
  if (item.field_id.empty()) return h("<li>{}</li>", item.text.html());
  return h(R"(<li><a href="#{}">{}</a></li>)", item.field_id, item.text.html());
}

}  // namespace

Html error_summary(const ErrorSummary& summary) {
  return h(R"(<div class="govuk-error-summary" data-module="govuk-error-summary"><div role="alert">
<h2 class="govuk-error-summary__title">{}</h2><div class="govuk-error-summary__body">{}{}</div></div></div>)",
           summary.title.html(),
           when(!summary.description.empty(),
                [&] { return h("<p>{}</p>", summary.description.html()); }),
           when(!summary.items.empty(), [&] {
             return h(R"(<ul class="govuk-list govuk-error-summary__list">{}</ul>)",
                      each(summary.items, summary_item));
           }));
}

Html notification_banner(const NotificationBanner& banner) {
  const std::string id =
      banner.title_id.empty() ? "govuk-notification-banner-title" : banner.title_id;
  const Content title =
      !banner.title.empty() ? banner.title : Content(banner.success ? "Success" : "Important");
  const Html inside =
      banner.html.empty()
          ? h(R"(<p class="govuk-notification-banner__heading">{}</p>)", banner.text)
          : banner.html;
  return h(
      R"(<div class="govuk-notification-banner{}" role="{}" aria-labelledby="{}" data-module="govuk-notification-banner">
<div class="govuk-notification-banner__header"><h2 class="govuk-notification-banner__title" id="{}">{}</h2></div>
<div class="govuk-notification-banner__content">{}</div></div>)",
      also("govuk-notification-banner--success", banner.success),
      banner.success ? "alert" : "region", id, id, title.html(), inside);
}

Html warning_text(const Content& text) {
  return h(
      R"(<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span>
<strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">Warning</span> {}</strong></div>)",
      text.html());
}

Html inset_text(const Content& text, const std::string& id) {
  return h(R"(<div{} class="govuk-inset-text">{}</div>)", attr_unless_empty("id", id), text.html());
}

Html details(const Details& details) {
  return h(
      R"(<details{} class="govuk-details"{}><summary class="govuk-details__summary">
<span class="govuk-details__summary-text">{}</span></summary><div class="govuk-details__text">{}</div></details>)",
      attr_unless_empty("id", details.id), flag("open", details.open), details.summary.html(),
      details.text.html());
}

Html tag(const Content& text, std::optional<TagColour> colour) {
  return h(R"(<strong class="govuk-tag{}">{}</strong>)",
           colour ? " govuk-tag--" + std::string(colour_name(*colour)) : std::string(),
           text.html());
}

Html panel(const Panel& panel) {
  return h(
      R"(<div class="govuk-panel govuk-panel--confirmation"><h1 class="govuk-panel__title">{}</h1>{}</div>)",
      panel.title.html(), when(!panel.text.empty(), [&] {
        return h(R"(<div class="govuk-panel__body">{}</div>)", panel.text.html());
      }));
}

}  // namespace throughgate::node::web
