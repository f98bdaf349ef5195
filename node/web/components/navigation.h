// What stands above every page: header, service navigation, skip link, back link.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/web/components/content.h"

namespace throughgate::node::web {

struct NavigationItem {
  std::string text{};
  Url href = Url("#");
  bool current = false;  // this very page
  bool active = false;   // this page is below it
};
struct ServiceNavigation {
  std::string service_name{};
  std::optional<Url> service_url{};
  std::vector<NavigationItem> items{};
};
Html service_navigation(const ServiceNavigation& navigation);

// The plain header, without crown, crest or the GOV.UK name. `beside` stands at its right.
struct Header {
  Content name{};
  Url home = Url("/");
  Html beside{};
};
Html generic_header(const Header& header);

Html skip_link(const Content& text, const std::string& to_id);
Html back_link(const Url& href, const Content& text = "Back");

}  // namespace throughgate::node::web
