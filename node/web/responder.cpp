#include "node/web/responder.h"

#include <exception>

#include "node/web/carried_form.h"
#include "node/web/components/button.h"
#include "node/web/components/filter_box.h"
#include "node/web/error_pages.h"

namespace throughgate::node::web {
namespace {

constexpr std::string_view sign_out_form = R"(<form method="post" action="/sign-out")";

void mark_where_we_are(std::vector<NavigationItem>& items, const std::string& target) {
  const std::string path = target.substr(0, target.find('?'));
  for (NavigationItem& item : items) {
    item.current = path == item.href.str();
    item.active = path.starts_with(item.href.str() + "/");
  }
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
  if (const auto refusal = web::refuse(head, settings_.guards)) return refusal;
  // Memory for a long body is for who has signed in.
  if (takes_long_body(head) && !caller_of(head, false).person()) return Refusal{403, false};
  return std::nullopt;
}

Response Responder::failed(int status) const { return failed_for({}, status); }

Response Responder::failed_for(const Caller& caller, int status) const {
  const Frame frame = frame_for(caller.person(), caller.csrf_token);
  Response response = html_response(error_page(frame, status), status);
  if (status == 503) response.retry_after_s = 60;
  if (status == 405) response.allow = "GET, HEAD, POST";
  return response;
}

Responder::Caller Responder::caller_of(const RequestHead& head, bool counts_as_use) const {
  Caller caller{.id = cookie_value(head.headers, session_cookie_name)};
  caller.is_new = !SessionTable::is_well_formed(caller.id);
  if (caller.is_new) caller.id = sessions_.new_visitor_id();
  const std::int64_t now_ms = settings_.monotonic_ms();
  caller.session =
      counts_as_use ? sessions_.find(caller.id, now_ms) : sessions_.look_at(caller.id, now_ms);
  caller.csrf_token = sessions_.csrf_token(caller.id);
  const bool somebody = caller.session.state != SessionState::none;
  if (somebody && settings_.may_stay && !settings_.may_stay(caller.session.person)) {
    sessions_.close_all_of(caller.session.person.id);
    caller.session = {};
  }
  if (caller.person() && !is_store_open()) caller.session.state = SessionState::locked;
  if (const Person* person = caller.person()) {
    caller.csrf_token = marked_token(caller.csrf_token, *person);
  }
  return caller;
}

Response Responder::answer(const Request& request) const {
  const auto target = parse_target(request.head.target);
  if (!target) return failed(400);
  const auto match = routes_.match(request.head.method, target->segments);
  const bool watching = match.route && match.route->access == Access::watching;
  const Caller caller = caller_of(request.head, !watching);
  if (!match.route) {
    Response response = failed_for(caller, match.allow.empty() ? 404 : 405);
    response.allow = match.allow;
    return response;
  }
  try {
    return answer_route(request, *target, match, caller);
  } catch (const std::exception&) {
    if (settings_.on_fault) settings_.on_fault(match.route->pattern);
    return failed_for(caller, 500);
  }
}

Response Responder::answer_route(const Request& request, const Target& target,
                                 const Routes::Match& match, const Caller& caller) const {
  const Route& route = *match.route;
  const Person* person = caller.person();
  Visit visit{request, match.path, target.query,      request.form,
              person,  caller.id,  caller.csrf_token, frame_for(person, caller.csrf_token)};
  mark_where_we_are(visit.frame.items, request.head.target);
  const bool is_locked = caller.session.state == SessionState::locked;
  if (route.access == Access::signed_in && is_locked) return locked(visit, caller.session.person);
  if (route.access == Access::signed_in && !person) {
    return route.is_mutating() ? out_of_date(visit, caller) : ask_to_sign_in(request);
  }
  const std::string& token = request.form.fields.get("csrf");
  if (route.is_mutating() && !sessions_.csrf_token_fits(caller.id, token_in(token))) {
    return out_of_date(visit, caller);
  }
  Response response = route.handle(visit);
  // Closed between the look at the session and the handler's.
  const bool closed_meanwhile = person && response.status == 503 && !is_store_open();
  if (closed_meanwhile) return locked(visit, *person);
  if (response.sent_again) return send_again(request, response);
  const bool is_page = response.cache_control == "no-store";
  if (caller.is_new && is_page && response.set_cookie.empty()) {
    response.set_cookie = session_cookie(caller.id);
  }
  if (person && is_page && route.access == Access::signed_in) hide_after_a_while(visit, response);
  return response;
}

// What was being sent goes along, and is sent once its person has signed in.
Response Responder::locked(Visit visit, const Person& person) const {
  visit.person = &person;
  visit.frame = frame_for(nullptr, {});
  return html_response(settings_.locked_page(visit), 423);
}

// Nothing is done with a form whose token is not of this session. One of somebody who had signed in
// when they opened it is not lost: they see it again, or are asked to sign in.
Response Responder::out_of_date(const Visit& visit, const Caller& caller) const {
  const bool signing_in = visit.request.head.target.starts_with("/sign-in");
  const auto carried = carried_by(visit);
  if (!signing_in && !carried) {
    return html_response(error_page(visit.frame, 403), 403);
  }
  if (!signing_in && visit.person && carried->is_of(*visit.person)) {
    return html_response(save_again_page(visit, *carried), 403);
  }
  Visit nobody = visit;
  nobody.person = nullptr;
  Response response = html_response(settings_.locked_page(nobody), 403);
  if (caller.is_new) response.set_cookie = session_cookie(caller.id);  // its form needs a token
  return response;
}

Response Responder::send_again(const Request& request, const Response& signed_in) const {
  const SentAgain& form = *signed_in.sent_again;
  Request again;
  again.head.method = Method::post;
  again.head.target = form.action;
  again.head.headers.add("Cookie", std::string(session_cookie_name) + "=" + form.session_id);
  again.head.remote_address = request.head.remote_address;
  again.form.fields = form.fields;
  Response response = answer(again);
  response.set_cookie = signed_in.set_cookie;
  return response;
}

// A page left open goes away by itself when the session locks, without a script. One with a form
// stays, as what is being typed would go with it.
void Responder::hide_after_a_while(const Visit& visit, Response& response) const {
  const auto last_form = response.body.rfind("<form method=\"post\"");
  const bool only_sign_out =
      last_form == std::string::npos ||
      response.body.compare(last_form, sign_out_form.size(), sign_out_form) == 0;
  const bool is_html = response.content_type.starts_with("text/html");
  if (response.status != 200 || !is_html || !only_sign_out) return;
  response.refresh_after_s = static_cast<int>(sessions_.limits().idle_ms / 1'000);
  response.refresh_to = query_url("/hidden", {{"return_to", visit.request.head.target}}).str();
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
  return see_other(target == "/" ? Url("/sign-in")
                                 : query_url("/sign-in", {{"return_to", target}}));
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
  if (response.refresh_after_s > 0) {
    add("Refresh", std::to_string(response.refresh_after_s) + "; url=" + response.refresh_to);
  }
  if (response.retry_after_s > 0) add("Retry-After", std::to_string(response.retry_after_s));
  if (!response.file_name.empty()) {
    add("Content-Disposition", "attachment; filename=\"" + response.file_name + "\"");
  }
  return fields;
}

}  // namespace throughgate::node::web
