#include "node/web/routes.h"

#include <utility>

namespace throughgate::node::web {
namespace {

std::vector<std::string> segments_of(const std::string& pattern) {
  std::vector<std::string> segments;
  std::size_t at = 1;
  while (at < pattern.size()) {
    const auto slash = std::min(pattern.find('/', at), pattern.size());
    segments.push_back(pattern.substr(at, slash - at));
    at = slash + 1;
  }
  return segments;
}

std::optional<Parameters> fit(const std::string& pattern,
                              const std::vector<std::string>& segments) {
  const auto expected = segments_of(pattern);
  if (expected.size() != segments.size()) return std::nullopt;
  Parameters path;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (expected[i].starts_with(':')) {
      path.add(expected[i].substr(1), segments[i]);
    } else if (expected[i] != segments[i]) {
      return std::nullopt;
    }
  }
  return path;
}

}  // namespace

void Routes::get(const std::string& pattern, Access access,
                 std::function<Response(const Visit&)> handle) {
  routes_.push_back({Method::get, pattern, access, std::move(handle)});
}

void Routes::post(const std::string& pattern, Access access,
                  std::function<Response(const Visit&)> handle) {
  routes_.push_back({Method::post, pattern, access, std::move(handle)});
}

Routes::Match Routes::match(Method method, const std::vector<std::string>& segments) const {
  const Method wanted = method == Method::head ? Method::get : method;
  Match result;
  for (const Route& route : routes_) {
    auto path = fit(route.pattern, segments);
    if (!path) continue;
    if (route.method == wanted) return {&route, std::move(*path), {}};
    result.allow += result.allow.empty() ? "" : ", ";
    result.allow += route.method == Method::get ? "GET, HEAD" : "POST";
  }
  return result;
}

std::string Routes::listing() const {
  std::string lines;
  for (const Route& route : routes_) {
    lines += route.is_mutating() ? "POST\t" : "GET\t";
    lines += route.pattern;
    lines += route.access == Access::signed_in ? "\tstaff\n" : "\tanyone\n";
  }
  return lines;
}

}  // namespace throughgate::node::web
