#include "tests/node/web/pages/first_day/new_computer.h"

#include <catch_amalgamated.hpp>

#include "tests/node/web/pages/filled_form.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {
namespace {

constexpr int port = 8080;

// What stands between the two in `text`, each time.
std::vector<std::string> all_between(const std::string& text, const std::string& from,
                                     const std::string& to) {
  std::vector<std::string> out;
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + 1)) {
    const auto begin = at + from.size();
    out.push_back(text.substr(begin, text.find(to, begin) - begin));
  }
  return out;
}

}  // namespace

NewComputer::NewComputer() : codes(must(CodeLists::load(CODES_FOLDER))) { start(); }

void NewComputer::start() {
  cookie.clear();
  pages_ = std::make_unique<web::first_day::FirstDay>(
      web::first_day::FirstDayParts{
          folder, accounts, codes, world.random, world.clock, [this] { return now_ms; },
          [this](std::string_view code) { told.emplace_back(code); },
          [this]() -> sync::Result<sync::Done> {
            ++went_on;
            if (can_go_on) return sync::Done{};
            return sync::Error{sync::ErrorKind::unavailable, "Something else is in the way."};
          }},
      port, [this](const std::string& where) { fault = where; });
}

web::Request NewComputer::request(web::Method method, const std::string& target) const {
  web::Request out;
  out.head.method = method;
  out.head.target = target;
  out.head.headers.add("Host", "127.0.0.1:8080");
  if (method == web::Method::post) out.head.headers.add("Content-Length", "1");
  if (!cookie.empty()) out.head.headers.add("Cookie", "__Host-sid=" + cookie);
  out.head.remote_address = "127.0.0.1";
  return out;
}

web::Response NewComputer::send(const web::Request& request) {
  REQUIRE_FALSE(pages_->responder().refuse(request.head));
  auto response = pages_->responder().answer(request);
  INFO(fault);
  CHECK(fault.empty());
  const std::string set = "__Host-sid=";
  if (response.set_cookie.starts_with(set)) cookie = response.set_cookie.substr(set.size(), 64);
  return response;
}

web::Response NewComputer::get(const std::string& target) {
  return send(request(web::Method::get, target));
}

web::Response NewComputer::post(const std::string& target, const Typed& typed) {
  auto sent = request(web::Method::post, target);
  for (const auto& [name, value] : typed) sent.form.fields.add(name, value);
  return send(sent);
}

web::Response NewComputer::fill_in(const std::string& address, const Typed& typed) {
  const auto page = get(address);
  INFO(address << ": " << page.status << " " << page.location << " " << text_of_page(page));
  REQUIRE(page.status == 200);
  web::testing::FilledForm form(page.body, address);
  for (const auto& [name, value] : typed) form.type(name, value);
  auto sent = request(web::Method::post, address);
  sent.form.fields = form.sent();
  return send(sent);
}

std::string NewComputer::answer(const std::string& address, const Typed& typed) {
  const auto response = fill_in(address, typed);
  INFO(address << ": " << text_of_page(response));
  REQUIRE(response.status == 303);
  return response.location;
}

std::string NewComputer::token() {
  const auto found = all_between(get(get("/set-up").location).body, R"(name="csrf" value=")", "\"");
  REQUIRE(found.size() == 1);
  return found.front();
}

void NewComputer::type_code() {
  CHECK(answer("/set-up", {{"code", told.back()}}) == "/set-up/which-computer");
}

void NewComputer::be_first(const std::string& kind) {
  type_code();
  CHECK(answer("/set-up/which-computer", {{"which-computer", "first"}}) == "/set-up/kind");
  const auto next = answer("/set-up/kind", {{"kind", kind}});
  if (kind == "prison") {
    CHECK(next == "/set-up/prison");
    CHECK(answer(next, {{"prison", "LEI"}}) == "/set-up/name");
  } else {
    CHECK(next == "/set-up/name");
  }
  CHECK(answer("/set-up/name", {{"name", "Made-Up Place"}}) == "/set-up/person");
  CHECK(answer("/set-up/person", {{"person", "Mary Made-Up"}, {"sign-in", "Mary"}}) ==
        "/set-up/check");
  CHECK(answer("/set-up/check", {}) == "/set-up/recovery-sheet");
}

std::vector<std::string> NewComputer::words_on_sheet() {
  const auto page = get("/set-up/recovery-sheet");
  REQUIRE(page.status == 200);
  const auto list = page.body.substr(page.body.find("sheet-words"));
  auto out = all_between(list, "<li>", "</li>");
  REQUIRE(out.size() == 24);
  return out;
}

std::string NewComputer::number_on_sheet() {
  const auto found =
      all_between(get("/set-up/recovery-sheet").body, "<strong class=\"break-anywhere\">", "</");
  REQUIRE(found.size() == 1);
  return found.front();
}

void NewComputer::keep_sheet() {
  const auto words = words_on_sheet();
  CHECK(answer("/set-up/recovery-sheet", {}) == "/set-up/words");
  Typed typed;
  for (const auto& number : all_between(get("/set-up/words").body, "name=\"word-", "\"")) {
    typed.emplace_back("word-" + number, words[std::stoul(number) - 1]);
  }
  REQUIRE(typed.size() == 3);
  CHECK(answer("/set-up/words", typed) == "/set-up/password");
}

web::Response NewComputer::choose_password(const std::string& password) {
  return fill_in("/set-up/password", {{"new-password", password}, {"again-password", password}});
}

std::unique_ptr<OpenNode> NewComputer::open(const std::string& password, const std::string& who) {
  must(folder.find_store());
  const auto key = must(accounts.sign_in(who, password, world.clock));
  return must(OpenNode::open(folder.store(), key, sync::store::Access::existing, world.random,
                             world.clock));
}

}  // namespace throughgate::node::testing
