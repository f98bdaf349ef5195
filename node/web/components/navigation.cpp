#include "node/web/components/navigation.h"

namespace throughgate::node::web {
namespace {

Html navigation_item(const NavigationItem& item) {
  const bool marked = item.current || item.active;
  const Html text =
      marked
          ? h(R"(<strong class="govuk-service-navigation__active-fallback">{}</strong>)", item.text)
          : h("{}", item.text);
  return h(
      R"(<li class="govuk-service-navigation__item{}"><a class="govuk-service-navigation__link" href="{}"{}>{}</a></li>)",
      also("govuk-service-navigation__item--active", marked), item.href,
      attr_if(marked, "aria-current", item.current ? "page" : "true"), text);
}

Html service_name(const ServiceNavigation& navigation) {
  if (navigation.service_name.empty()) return {};
  const Html name =
      navigation.service_url
          ? h(R"(<a href="{}" class="govuk-service-navigation__link">{}</a>)",
              *navigation.service_url, navigation.service_name)
          : h(R"(<span class="govuk-service-navigation__text">{}</span>)", navigation.service_name);
  return h(R"(<span class="govuk-service-navigation__service-name">{}</span>)", name);
}

Html menu(const std::vector<NavigationItem>& items) {
  if (items.empty()) return {};
  return h(
      R"(<nav aria-label="Menu" class="govuk-service-navigation__wrapper">{}
<ul class="govuk-service-navigation__list" id="navigation">{}</ul></nav>)",
      when(
          items.size() > 1,
          [] {
            return h(
                R"(<button type="button" class="govuk-service-navigation__toggle govuk-js-service-navigation-toggle" aria-controls="navigation" hidden aria-hidden="true">Menu</button>)");
          }),
      each(items, navigation_item));
}

}  // namespace

Html service_navigation(const ServiceNavigation& navigation) {
  const Html inside = h(
      R"(<div class="govuk-width-container"><div class="govuk-service-navigation__container">{}{}</div></div>)",
      service_name(navigation), menu(navigation.items));
  if (navigation.service_name.empty()) {
    return h(
        R"(<div class="govuk-service-navigation" data-module="govuk-service-navigation">{}</div>)",
        inside);
  }
  return h(
      R"(<section aria-label="Service information" class="govuk-service-navigation" data-module="govuk-service-navigation">{}</section>)",
      inside);
}

Html generic_header(const Header& header) {
  return h(
      R"(<div class="govuk-generic-header"><div class="govuk-generic-header__container govuk-width-container">
<div class="govuk-generic-header__logo"><a href="{}" class="govuk-generic-header__homepage-link">{}</a></div>{}</div></div>)",
      header.home, header.name.html(), header.beside);
}

Html skip_link(const Content& text, const std::string& to_id) {
  return h(R"(<a href="#{}" class="govuk-skip-link" data-module="govuk-skip-link">{}</a>)", to_id,
           text.html());
}

Html back_link(const Url& href, const Content& text) {
  return h(R"(<a href="{}" class="govuk-back-link">{}</a>)", href, text.html());
}

}  // namespace throughgate::node::web
