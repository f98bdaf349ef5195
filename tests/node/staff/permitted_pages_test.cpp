// Every page that anybody can reach, asked for by somebody of each role.
#include <catch_amalgamated.hpp>
#include <deque>
#include <set>

#include "node/sync_loop.h"
#include "node/web/pages/pages.h"
#include "tests/node/staff/filled_site.h"

namespace throughgate::node::testing {
namespace {

using namespace web;

const std::vector<Visitor::AddPages> site_pages{add_home_page,       add_search_page,
                                                add_volunteer_pages, add_handover_pages,
                                                add_conflict_pages,  add_notice_pages};

std::vector<std::string> links_in(const std::string& body) {
  std::vector<std::string> out;
  static const std::string begin = "href=\"";
  for (auto at = body.find(begin); at != std::string::npos; at = body.find(begin, at + 1)) {
    const auto from = at + begin.size();
    auto link = body.substr(from, body.find('"', from) - from);
    for (auto amp = link.find("&amp;"); amp != std::string::npos; amp = link.find("&amp;")) {
      link.replace(amp, 5, "&");
    }
    link = link.substr(0, link.find('#'));
    if (link.starts_with("/") && !link.starts_with("/assets")) out.push_back(link);
  }
  return out;
}

// All that links lead to for somebody who may see everything.
std::set<std::string> every_address(FilledSite& site) {
  const Visitor everybody(site.prison, site.codes, site_pages,
                          site.person(RoleSet(known_roles().begin(), known_roles().end())),
                          FilledSite::permissive());
  std::set<std::string> out;
  std::deque<std::string> left{
      "/",           "/volunteers", "/handovers", "/notices?show=all", "/changed-in-two-places",
      "/search?q=zq"};
  while (!left.empty() && out.size() < 400) {
    const auto address = left.front();
    left.pop_front();
    if (!out.insert(address).second) continue;
    for (const auto& link : links_in(everybody.get(address).body)) left.push_back(link);
  }
  return out;
}

std::vector<std::string> leaks_on_pages(FilledSite& site, const std::set<std::string>& addresses,
                                        const RoleSet& roles, const Permissions& permissions) {
  const Visitor visitor(site.prison, site.codes, site_pages, site.person(roles), permissions);
  std::vector<std::string> out;
  for (const auto& address : addresses) {
    for (const auto& leak : site.leaks(visitor.get(address).body, roles)) {
      out.push_back(address + ": " + leak);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("what the table bars is on no page, for any role", "[permissions]") {
  FilledSite site;
  const auto addresses = every_address(site);
  CHECK(addresses.size() > 60);
  for (const auto& roles : role_sets()) {
    const auto leaks = leaks_on_pages(site, addresses, roles, Permissions::shipped());
    INFO(joined(roles) << (leaks.empty() ? "" : ": " + leaks.front()));
    CHECK(leaks.empty());
  }
}

TEST_CASE("twin: pages that ask no table show what it bars, and the look sees it",
          "[permissions]") {
  FilledSite site;
  const auto addresses = every_address(site);
  for (const RoleSet& roles : {RoleSet{}, RoleSet{"reporter"}, RoleSet{"gate_meeter"}}) {
    CHECK(leaks_on_pages(site, addresses, roles, FilledSite::permissive()).size() > 50);
  }
}

TEST_CASE("a page of records that are not seen says who can see them", "[permissions]") {
  FilledSite site;
  const Visitor reporter(site.prison, site.codes, site_pages, site.person({"reporter"}));
  for (const char* address : {"/volunteers", "/handovers"}) {
    const auto page = reporter.get(address);
    CHECK(page.status == 403);
    CHECK(says(page, "Your roles at this site do not let you see"));
    CHECK(says(page, "somebody who makes and takes handovers"));
  }
}

TEST_CASE("whoever has no role yet is told so on the start page, and offered nothing barred",
          "[permissions]") {
  FilledSite site;
  const Visitor nobody(site.prison, site.codes, site_pages, site.person({}));
  const auto page = nobody.get("/");
  CHECK(page.status == 200);
  CHECK(says(page, "You have no role here yet"));
  CHECK_FALSE(says(page, "and the partners who meet them"));
  CHECK_FALSE(says(page, "Who helps here"));
  const Visitor administrator(site.prison, site.codes, site_pages, site.person({"administrator"}));
  CHECK(says(administrator.get("/"), "give yourself a role on the Staff page"));
  const Visitor somebody(site.prison, site.codes, site_pages,
                         site.person({"coordinator", "handover_worker"}));
  const auto theirs = somebody.get("/");
  CHECK_FALSE(says(theirs, "You have no role here yet"));
  CHECK(says(theirs, "and the partners who meet them"));
  CHECK(says(theirs, "Who helps here"));
}

TEST_CASE("whoever meets people at the gate sees the sheet, and is offered no step",
          "[permissions]") {
  FilledSite site;
  const Visitor meeter(site.prison, site.codes, site_pages, site.person({"gate_meeter"}));
  const auto sheet = meeter.page("/handovers/" + site.record("handover").dossier.hex());
  CHECK(says(sheet, "Do's and don'ts"));
  CHECK(says(sheet, "zq110f40z"));  // risk in a few words
  CHECK(sheet.find("handover-needs") == std::string::npos);
  CHECK_FALSE(says(sheet, "What to do next"));
  CHECK_FALSE(says(sheet, "Still missing"));
  CHECK(links_in(sheet).size() > 0);
  CHECK(sheet.find("/change/") == std::string::npos);
}

TEST_CASE("a field that is not seen says so on its card, whatever it holds", "[permissions]") {
  FilledSite site;
  const Visitor coordinator(site.prison, site.codes, site_pages, site.person({"coordinator"}));
  const auto volunteer = site.record("volunteer").dossier.hex();
  const auto file = coordinator.page("/volunteers/" + volunteer + "/file");
  CHECK(says(file, "You may not see this"));
  CHECK(says(file, "You may add to these, and not see them."));  // wellbeing
}

}  // namespace throughgate::node::testing
