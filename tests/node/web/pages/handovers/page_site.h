// A site of a test world with its pages, asked as a browser would ask them but without a socket,
// and the forms of a page filled in and sent.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "node/web/pages/site_pages.h"
#include "node/web/responder.h"
#include "tests/node/test_sites.h"

namespace throughgate::node::testing {

// What is typed into a form: names and values, in the order they are sent.
using Typed = std::vector<std::pair<std::string, std::string>>;

class PageSite {
 public:
  using AddPages = std::function<void(web::SitePages&)>;
  // `site` must outlive it, and has its first member of staff "jo" signed in.
  PageSite(TestSite& site, const AddPages& add);

  TestSite& site;

  web::Response get(const std::string& target);
  web::Response post(const std::string& target, const Typed& typed);
  // Opens the page, takes the hidden fields of its form along, and sends it with what is typed.
  web::Response fill_in(const std::string& page, const Typed& typed);
  // The same, where it must succeed: the page that it leads to.
  std::string done(const std::string& page, const Typed& typed);
  // The body of a page that must be there.
  std::string page(const std::string& target);

  const web::Responder& responder() const { return *responder_; }
  const std::string& cookie() const { return cookie_; }

 private:
  web::RequestHead head(web::Method method, const std::string& target) const;

  web::SessionTable sessions_;
  std::string cookie_;
  StorePool stores_;
  CodeLists codes_;
  std::unique_ptr<web::Responder> responder_;
};

// Every hidden field of the page but the token.
Typed hidden_fields(const std::string& body);
// The page's words without its markup, blanks run together.
std::string text_of_page(const std::string& body);
// Is this among the words of the page?
bool says(const std::string& body, const std::string& words);

}  // namespace throughgate::node::testing
