// One person at one site's pages: asked as a browser would ask for them but without a socket, and
// forms filled in and sent.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "node/web/pages/site_pages.h"
#include "node/web/responder.h"
#include "tests/node/test_sites.h"

namespace throughgate::node::testing {

// What is typed into a form: names and values, in the order they are sent.
using Typed = std::vector<std::pair<std::string, std::string>>;

class Visitor {
 public:
  using AddPages = std::function<void(web::SitePages&)>;

  // Signed in as "jo", who works at every site of these tests, or as somebody else who has an
  // account there. `site`, `codes` and `permissions` must outlive it.
  Visitor(TestSite& site, const CodeLists& codes, const std::vector<AddPages>& pages,
          const std::string& sign_in_name = "jo",
          const Permissions& permissions = Permissions::shipped());

  web::Response get(const std::string& target) const;
  web::Response post(const std::string& target, const Typed& typed) const;
  // With a file in the form's field "file".
  web::Response upload(const std::string& target, const Typed& typed,
                       const std::string& file) const;
  // The form of `page` that posts to `action`: its hidden fields as the page holds them, and what
  // is typed.
  web::Response send(const web::Response& page, const std::string& action,
                     const Typed& typed) const;
  // The same with the page opened at the address that its form posts to.
  web::Response fill_in(const std::string& address, const Typed& typed) const;

  // The body of a page that must be there.
  std::string page(const std::string& target) const;
  // fill_in() where it must succeed: the body of the page that it leads to.
  std::string done(const std::string& address, const Typed& typed) const;

  std::string fault;  // the pattern of a route whose handler threw

  // Of the site that is visited, for whoever stands between a form and its page (failing_posts.h).
  TestSite& site() const { return site_; }
  const crypto::DatabaseKey& key() const { return key_; }
  const web::Responder& responder() const { return *responder_; }
  void forget_store() const;  // what the pages know of it; it is opened anew

 private:
  web::Request request(web::Method method, const std::string& target) const;
  web::Response send(const web::Request& request) const;

  TestSite& site_;
  crypto::DatabaseKey key_;

  mutable StorePool stores_;
  web::SessionTable sessions_;
  std::string cookie_;
  std::unique_ptr<web::SitePages> pages_;
  std::unique_ptr<web::Responder> responder_;
};

// Every hidden field of a page, or of a part of one, but the token.
Typed hidden_fields(const std::string& body);

// The text of a page as a person reads it: without markup, entities decoded, one space between
// words.
std::string text_of_page(const std::string& body);
inline std::string text_of_page(const web::Response& page) { return text_of_page(page.body); }
// Is this among the words of the page?
bool says(const std::string& body, const std::string& words);
inline bool says(const web::Response& page, const std::string& words) {
  return says(page.body, words);
}
// The whole of the first opening tag that holds `part`; empty when there is none.
std::string tag_with(const web::Response& page, const std::string& part);

}  // namespace throughgate::node::testing
