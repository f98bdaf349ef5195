// Every address of the central team's pages, asked for by who may not.
#include <catch_amalgamated.hpp>

#include "node/staff/staff_changes.h"
#include "tests/node/web/pages/desk/desk_world.h"

namespace throughgate::node::testing {
namespace {

// Nobody may do the central team's work.
const Permissions& without_desk() {
  static const auto out = must(Permissions::shipped().narrowed_by("[acts]\ndesk = []\n"));
  return out;
}

// The addresses, with something of this world in the place of each ":id".
std::vector<std::pair<web::Method, std::string>> addresses(DeskWorld& at) {
  StorePool stores(at.desk.folder.store(), at.world.random, at.world.clock);
  web::Routes routes;
  web::SitePages pages(routes, stores, at.codes);
  web::add_desk_pages(pages, {});
  std::vector<std::pair<web::Method, std::string>> out;
  for (const auto& route : routes.all()) {
    std::string address = route.pattern;
    const auto name = address.find(":id");
    const bool of_computer = address.find("/computers/") != std::string::npos;
    const auto& other = at.partner.node->identity();
    if (name != std::string::npos) {
      address.replace(name, 3, of_computer ? other.node.hex() : other.organisation.hex());
    }
    out.emplace_back(route.method, address);
  }
  return out;
}

std::vector<std::string> answered(const Visitor& visitor, DeskWorld& at) {
  std::vector<std::string> out;
  for (const auto& [method, address] : addresses(at)) {
    const auto response =
        method == web::Method::post
            ? visitor.post(address,
                           {{"reason", "stolen"}, {"name", "Made Up"}, {"kind", "partner"}})
            : visitor.get(address);
    if (response.status != 403) out.push_back(address);
  }
  return out;
}

}  // namespace

TEST_CASE("no page of the central team is answered to somebody whose roles do not let them",
          "[pages][desk][permissions]") {
  DeskWorld at;
  const auto version = at.list().version();
  CHECK(addresses(at).size() > 15);
  CHECK(answered(at.visitor(at.desk, "jo", without_desk()), at).empty());
  CHECK(at.list().version() == version);
  CHECK(must(at.desk.desk().requests(nullptr)).invited.size() == 2);
}

TEST_CASE("no page of the central team is answered at a site", "[pages][desk][permissions]") {
  DeskWorld at;
  CHECK(answered(at.visitor(at.prison), at).empty());
  CHECK(answered(at.visitor(at.partner), at).empty());
}

TEST_CASE("twin: who may is answered at the desk, so the look sees an answer",
          "[pages][desk][permissions]") {
  DeskWorld at;
  CHECK(answered(at.at_desk, at).size() > 10);
}

}  // namespace throughgate::node::testing
