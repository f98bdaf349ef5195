// A node's pages with two people who may sign in, a clock set by hand, and no socket.
#pragma once

#include <catch_amalgamated.hpp>
#include <functional>

#include "node/web/components/button.h"
#include "node/web/responder.h"
#include "node/web/sign_in.h"
#include "tests/node/web/gallery_pages.h"

namespace throughgate::node::web::testing {

class OnePerson final : public Authenticator {
 public:
  std::string canonical_name(std::string_view typed) const override { return std::string(typed); }
  SignInAnswer check(const std::string& name, const crypto::SecretText& password) override {
    ++checks;
    if (while_looking) while_looking();
    if (password.view() == "no memory for this") return {{}, "Close other programs", false};
    if (password.view() != "correct horse") return {};
    if (name == "sam") return {Person{"2", "sam", "Sam Made-Up"}, {}};
    if (name != "alex") return {};
    return {Person{"1", "alex", "Alex Hughes"}, {}};
  }
  int checks = 0;
  std::function<void()> while_looking;
};

// As they stand on the page, the token among them.
inline std::vector<std::pair<std::string, std::string>> hidden_fields(const std::string& body) {
  const std::string begin = "<input type=\"hidden\" name=\"";
  const std::string between = "\" value=\"";
  std::vector<std::pair<std::string, std::string>> out;
  for (auto at = body.find(begin); at != std::string::npos; at = body.find(begin, at + 1)) {
    const auto name = at + begin.size();
    const auto name_end = body.find(between, name);
    const auto value = name_end + between.size();
    out.emplace_back(body.substr(name, name_end - name),
                     body.substr(value, body.find('"', value) - value));
  }
  return out;
}

// Of the last form on it.
inline std::string token_on(const std::string& body) {
  std::string out;
  for (const auto& [name, value] : hidden_fields(body)) {
    if (name == "csrf") out = value;
  }
  return out;
}

struct Site {
  crypto::SystemRandom random;
  SessionTable sessions{random};
  OnePerson people;
  SignInThrottle throttle;
  std::int64_t now_ms = 0;
  bool may_stay = true, is_store_open = true;
  std::string fault, kept;
  std::function<void()> while_signing_in;
  std::vector<std::string> saved;  // of the form at /note: by whom, and what
  SignIn sign_in{
      people,
      sessions,
      throttle,
      {[this] {
         if (while_signing_in) while_signing_in();
         return now_ms;
       },
       [this](const std::string& state) { kept = state; }, [this] { return is_store_open; }}};
  std::string cookie;
  Responder responder{routes(),
                      sessions,
                      {.guards = {.hosts = {"127.0.0.1:8080"}},
                       .frame = gallery::frame,
                       .monotonic_ms = [this] { return now_ms; },
                       .locked_page = [this](const Visit& v) { return sign_in.locked_page(v); },
                       .may_stay = [this](const Person&) { return may_stay; },
                       .is_store_open = [this] { return is_store_open; },
                       .on_fault = [this](const std::string& pattern) { fault = pattern; }}};

  Routes routes() {
    Routes made;
    sign_in.add_to(made);
    gallery::add_pages(made);
    made.get("/note", Access::signed_in, [](const Visit& v) {
      return html_response(form({.action = Url("/note"), .csrf_token = v.csrf_token}, Html{}));
    });
    made.post("/note", Access::signed_in, [this](const Visit& v) {
      if (closes_under_us) return is_store_open = false, failed_for_a_closed_store();
      saved.push_back(v.person->shown_name + ": " + v.form.fields.get("text"));
      return see_other(Url("/note"));
    });
    return made;
  }

  bool closes_under_us = false;  // the store, between the look at the session and the form's own
  static Response failed_for_a_closed_store() {
    Response out;
    out.status = 503;
    return out;
  }

  RequestHead head(Method method, const std::string& target) const {
    RequestHead made;
    made.method = method;
    made.target = target;
    made.headers.add("Host", "127.0.0.1:8080");
    if (method == Method::post) made.headers.add("Content-Length", "0");
    if (!cookie.empty()) made.headers.add("Cookie", "__Host-sid=" + cookie);
    return made;
  }
  Response get(const std::string& target) {
    return keep(responder.answer({head(Method::get, target), {}}));
  }
  Response post(const std::string& target, Parameters fields, bool with_token = true) {
    if (with_token) fields.add("csrf", sessions.csrf_token(cookie));
    return keep(responder.answer({head(Method::post, target), {std::move(fields), {}}}));
  }
  Response sign_in_as(const std::string& name, const std::string& password) {
    Parameters fields;
    fields.add("name", name);
    fields.add("password", password);
    return post("/sign-in", fields);
  }
  Response keep(Response response) {  // as a browser keeps cookies
    if (response.set_cookie.starts_with("__Host-sid=")) cookie = response.set_cookie.substr(11, 64);
    return response;
  }
  // The form at /note as a page that was opened earlier sends it.
  Response send_note(const std::string& token, const std::string& text) {
    Parameters fields;
    fields.add("csrf", token);
    fields.add("text", text);
    return post("/note", std::move(fields), false);
  }
  // The sign-in form of this page, with all that it carries.
  Response sign_in_on(const Response& page, const std::string& name) {
    Parameters fields;
    for (const auto& [field, value] : hidden_fields(page.body)) fields.add(field, value);
    fields.add("name", name);
    fields.add("password", "correct horse");
    return post("/sign-in", std::move(fields), false);
  }
  std::string open_note() { return token_on(get("/note").body); }
  void be_signed_in() {
    get("/sign-in");
    REQUIRE(sign_in_as("alex", "correct horse").status == 303);
  }
};

}  // namespace throughgate::node::web::testing
