#include "node/web/responder.h"

#include <exception>

#include "node/web/components/button.h"
#include "node/web/components/filter_box.h"
#include "node/web/error_pages.h"

namespace throughgate::node::web {
namespace {

std::string cookie_id(const RequestHead& head) {
  std::string id = cookie_value(head.headers, session_cookie_name);
  return SessionTable::is_well_formed(id) ? id : std::string();
}

}  // namespace

Responder::Responder(Routes routes, SessionTable& sessions, ResponderSettings settings)
    : routes_(std::move(routes)),
      sessions_(sessions),
      settings_(std::move(settings)),
      assets_(embedded_assets()),
      headers_(security_headers(content_security_policy(inline_script))) {
  routes_.get("/assets/:hash/:file", Access::anyone, [this](const Visit& v) { return asset(v); });
}

std::optional<Refusal> Responder::refuse(const RequestHead& head) const {
  return web::refuse(head, settings_.guards);
}

Response Responder::failed(int status) const {
  Response response = html_response(error_page(frame_for(nullptr, ""), status), status);
  if (status == 503) response.retry_after_s = 60;
  if (status == 405) response.allow = "GET, HEAD, POST";
  return response;
}

Response Responder::answer(const Request& request) const {
  const auto target = parse_target(request.head.target);
  if (!target) return failed(400);
  const auto match = routes_.match(request.head.method, target->segments);
  if (!match.route) {
    Response response = failed(match.allow.empty() ? 404 : 405);
    response.allow = match.allow;
    return response;
  }
  try {
    return answer_route(request, *target, match);
  } catch (const std::exception&) {
    if (settings_.on_fault) settings_.on_fault(match.route->pattern);
    return failed(500);
  }
}

Response Responder::answer_route(const Request& request, const Target& target,
                                 const Routes::Match& match) const {
  const Route& route = *match.route;
  std::string id = cookie_id(request.head);
  const bool is_new_visitor = id.empty();
  if (is_new_visitor) id = sessions_.new_visitor_id();
  const Session session = sessions_.find(id, settings_.monotonic_ms());
  const bool active = session.state == SessionState::active;
  const std::string token = sessions_.csrf_token(id);

  Visit visit{request, match.path, target.query, request.form, active ? &session.person : nullptr,
              id,      token,      frame_for(active ? &session.person : nullptr, token)};
  if (route.access == Access::signed_in && session.state == SessionState::locked) {
    visit.person = &session.person;
    return html_response(settings_.locked_page(visit), 423);
  }
  if (route.access == Access::signed_in && !active) {
    return route.is_mutating() ? failed(403) : ask_to_sign_in(request);
  }
  if (route.is_mutating() && !sessions_.csrf_token_fits(id, request.form.fields.get("csrf"))) {
    return failed(403);
  }
  Response response = route.handle(visit);
  const bool is_page = response.cache_control == "no-store";
  if (is_new_visitor && is_page && response.set_cookie.empty()) {
    response.set_cookie = session_cookie(id);
  }
  return response;
}

Frame Responder::frame_for(const Person* person, const std::string& csrf_token) const {
  Frame frame = settings_.frame(person);
  frame.style_url = assets_.style.url;
  frame.script_url = assets_.script.url;
  if (person) {
    frame.person = person->shown_name;
    frame.sign_out = form({.action = Url("/sign-out"), .csrf_token = csrf_token},
                          h(R"(<button type="submit" class="link-button">Sign out</button>)"));
  }
  return frame;
}

Response Responder::ask_to_sign_in(const Request& request) const {
  const std::string& target = request.head.target;
  return see_other(target == "/" ? Url("/sign-in") : query_url("/sign-in", {{"return_to", target}}));
}

Response Responder::asset(const Visit& visit) const {
  for (const Asset* asset : {&assets_.style, &assets_.script}) {
    if ("/assets/" + visit.path.get("hash") + "/" + visit.path.get("file") != asset->url) continue;
    Response response;
    const auto accepted = visit.request.head.headers.only("Accept-Encoding");
    const bool gzip = accepted.find("gzip") != std::string_view::npos;
    response.body = gzip ? asset->gzipped : asset->plain;
    response.content_encoding = gzip ? "gzip" : "";
    response.content_type = asset->content_type;
    response.cache_control = "public, max-age=31536000, immutable";
    return response;
  }
  return failed(404);
}

std::vector<std::pair<std::string, std::string>> Responder::headers_of(const Response& response) {
  std::vector<std::pair<std::string, std::string>> fields = {
      {"Cache-Control", response.cache_control}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) fields.emplace_back(name, value);
  };
  add("Location", response.location);
  add("Set-Cookie", response.set_cookie);
  add("Content-Encoding", response.content_encoding);
  add("Allow", response.allow);
  if (response.cache_control != "no-store") add("Vary", "Accept-Encoding");
  if (response.retry_after_s > 0) add("Retry-After", std::to_string(response.retry_after_s));
  if (!response.file_name.empty()) {
    add("Content-Disposition", "attachment; filename=\"" + response.file_name + "\"");
  }
  return fields;
}

}  // namespace throughgate::node::web
