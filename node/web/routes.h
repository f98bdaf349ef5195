// Which address is answered by what, and who may ask. The one table: tests walk it too.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/web/components/page.h"
#include "node/web/http.h"
#include "node/web/session.h"

namespace throughgate::node::web {

// One request to one route, as its handler sees it.
struct Visit {
  const Request& request;
  const Parameters& path;  // the route's ":name" segments
  const Parameters& query;
  const FormBody& form;    // of a POST, its token checked
  const Person* person;    // nullptr: nobody has signed in
  std::string session_id;  // of the browser's cookie
  std::string csrf_token;  // for the forms on the page
  Frame frame;             // for page()
};

enum class Access {
  anyone,     // before signing in
  watching,   // the same, and it does not count as use of a session: the browser asks by itself
  signed_in,  // a session that is not locked
};

struct Route {
  Method method = Method::get;  // get (answers HEAD too) or post
  std::string pattern;          // "/volunteers/:id"
  Access access = Access::signed_in;
  std::function<Response(const Visit&)> handle;

  // A POST changes something and needs the session's token; a GET never changes anything.
  bool is_mutating() const { return method == Method::post; }
};

class Routes {
 public:
  void get(const std::string& pattern, Access access, std::function<Response(const Visit&)> handle);
  void post(const std::string& pattern, Access access,
            std::function<Response(const Visit&)> handle);

  struct Match {
    const Route* route = nullptr;  // nullptr: no such address, or not with this method
    Parameters path;
    std::string allow;  // the methods this address has: "GET, HEAD"
  };
  Match match(Method method, const std::vector<std::string>& segments) const;

  const std::vector<Route>& all() const { return routes_; }
  // For who tests the pages from outside, a line each: method, tab, pattern, tab, "anyone" or
  // "staff".
  std::string listing() const;

 private:
  std::vector<Route> routes_;
};

}  // namespace throughgate::node::web
