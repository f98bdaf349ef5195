// What the central team's pages share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/desk/desk.h"
#include "node/web/pages/desk/desk_pages.h"
#include "node/web/pages/rights/parts.h"

namespace throughgate::node::web {

// The handler, for people of the central team who may do its work; the others read why not.
SitePages::Handler for_desk(SitePages::Handler handler);

// As keeping_page(), with the way back to the central team's first page where `back` names none.
Response desk_page(const PageContext& context, KeepingPage page);

constexpr char organisations_address[] = "/central-team/organisations";
constexpr char computers_address[] = "/central-team/computers";
constexpr char requests_address[] = "/central-team/requests";
constexpr char forks_address[] = "/central-team/forks";
constexpr char openings_address[] = "/central-team/waiting-at-exchange";
constexpr char list_address[] = "/central-team/list";
constexpr char invite_address[] = "/central-team/invite";

template <class Id>
std::string address_under(const std::string& list, const Id& id) {
  return list + "/" + id.hex();
}
// What the route's ":id" names, or what was sent with a form; nullopt: no id.
template <class Id>
std::optional<Id> id_from(const std::string& text) {
  const auto bytes = crypto::from_hex(text);
  return bytes ? Id::from(*bytes) : std::nullopt;
}

std::string kind_words(sync::OrganisationKind kind);  // "Prison"
// New keys that are being made since a computer was withdrawn; nothing while none are.
sync::Result<Html> new_keys_part(OpenNode& node);

Html link_to(const std::string& address, const std::string& words);
Html bullets(const std::vector<std::string>& sentences);

}  // namespace throughgate::node::web
