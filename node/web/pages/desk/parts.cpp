#include "node/web/pages/desk/parts.h"

#include <algorithm>

#include "node/key_renewal.h"

namespace throughgate::node::web {

using sync::Error;
using sync::ErrorKind;

bool is_central_teams(const OpenNode& node) {
  return node.directory().central() == node.identity().organisation;
}

sync::Result<std::size_t> requests_waiting(OpenNode& node) {
  if (!is_central_teams(node)) return std::size_t{0};
  const auto known = Desk(node).requests(nullptr);
  if (!known && known.error().kind == ErrorKind::denied) return std::size_t{0};
  if (!known) return known.error();
  return static_cast<std::size_t>(std::count_if(known->invited.begin(), known->invited.end(),
                                                [](const Invited& each) { return each.asks(); }));
}

SitePages::Handler for_desk(SitePages::Handler handler) {
  return for_act(Act::desk, [handler = std::move(handler)](PageContext& context) {
    if (is_central_teams(context.node)) return handler(context);
    return problem(context, Error{ErrorKind::denied,
                                  "This page is for the computers of the central team, and this is "
                                  "none of them, or its list has not been signed yet."});
  });
}

Response desk_page(const PageContext& context, KeepingPage page) {
  if (page.back == keeping_address) {
    page.back = central_team_address;
    page.back_words = "Central team";
  }
  return keeping_page(context, page);
}

std::string kind_words(sync::OrganisationKind kind) {
  switch (kind) {
    case sync::OrganisationKind::prison:
      return "Prison";
    case sync::OrganisationKind::partner:
      return "Partner";
    case sync::OrganisationKind::central:
      break;
  }
  return "Central team";
}

sync::Result<Html> new_keys_part(OpenNode& node) {
  const auto standing = renewal_standing(node);
  if (!standing) return standing.error();
  if (standing->counts.due == 0) return Html{};
  return inset_text(
      h(R"(<p class="govuk-body"><strong>New keys.</strong> {}</p>)", in_words(*standing)));
}

Html link_to(const std::string& address, const std::string& words) {
  return h(R"(<a class="govuk-link" href="{}">{}</a>)", Url(address), words);
}

Html bullets(const std::vector<std::string>& sentences) {
  return h(R"(<ul class="govuk-list govuk-list--bullet">{}</ul>)",
           each(sentences, [](const std::string& words) { return h("<li>{}</li>", words); }));
}

}  // namespace throughgate::node::web
