// A prison, a partner and the desk with a hub between them, all in one process, and the pages of
// each as a browser would ask for them, without a socket. Made-up people.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "node/handovers/handovers.h"
#include "node/web/pages/site_pages.h"
#include "node/web/responder.h"
#include "tests/node/complete_handover.h"
#include "tests/node/test_sites.h"

namespace throughgate::node::testing {

// The value of a success; the test fails with the error's words otherwise.
[[noreturn]] void fail_with(const sync::Error& error);
template <class T>
T must(sync::Result<T> result) {
  if (!result) fail_with(result.error());
  return std::move(*result);
}

// One person at one site's pages.
class Visitor {
 public:
  using AddPages = std::function<void(web::SitePages&)>;
  using Fields = std::vector<std::pair<std::string, std::string>>;

  // Signed in as "jo", who works at every site of these tests. `site` and `codes` must outlive it.
  Visitor(TestSite& site, const CodeLists& codes, const std::vector<AddPages>& pages);

  web::Response get(const std::string& target) const;
  web::Response post(const std::string& target, const Fields& fields) const;
  // As a browser sends the one form of a page that posts to `action`: its hidden fields as the page
  // holds them, and `typed`.
  web::Response send(const web::Response& page, const std::string& action,
                     const Fields& typed) const;

  std::string fault;  // the pattern of a route whose handler threw

 private:
  web::Request request(web::Method method, const std::string& target) const;

  StorePool stores_;
  web::SessionTable sessions_;
  std::string cookie_;
  std::unique_ptr<web::SitePages> pages_;
  std::unique_ptr<web::Responder> responder_;
};

// The text of a page as a person reads it: without markup, entities decoded, one space between
// words.
std::string text_of_page(const web::Response& page);
// The whole of the first opening tag that holds `part`; empty when there is none.
std::string tag_with(const web::Response& page, const std::string& part);

struct PageWorld {
  PageWorld();

  World world;
  TestHub hub{world};
  TestDesk desk{world, hub};
  TestSite prison{world, "HMP Example", sync::OrganisationKind::prison, "LEI"};
  TestSite partner{world, "Bridge Trust", sync::OrganisationKind::partner};
  CodeLists codes;

  RecordService records(TestSite& site) const { return {*site.node, codes}; }
  By by(TestSite& site, const std::string& reason = {}) const { return {site.actor(), reason}; }
  void sync_all(int rounds = 2);
  // Complete and shared with the partner; everybody has it.
  sync::DossierId shared_handover();
  void set(TestSite& site, const sync::DossierId& handover, const std::string& field,
           const std::string& value, const std::string& reason = {});
};

}  // namespace throughgate::node::testing
