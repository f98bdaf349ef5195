#include "tests/node/web/pages/desk/desk_world.h"

#include "node/web/pages/pages.h"
#include "tests/node/web/pages/lent_hub.h"

namespace throughgate::node::testing {
sync::Result<std::unique_ptr<HubClient>> DeskWorld::lend() {
  return std::unique_ptr<HubClient>(std::make_unique<LentHub>(hub));
}

Visitor DeskWorld::visitor(TestSite& site, const std::string& who, const Permissions& permissions) {
  return {site,
          codes,
          {[this](web::SitePages& pages) {
             web::add_desk_pages(pages, {[this](OpenNode&) { return lend(); }});
           },
           web::add_home_page},
          who,
          permissions};
}

std::string link_on(const std::string& body, const std::string& beginning) {
  const auto at = body.find("href=\"" + beginning);
  if (at == std::string::npos) return {};
  const auto from = at + 6;
  return body.substr(from, body.find('"', from) - from);
}

}  // namespace throughgate::node::testing
