#include "tests/node/web/pages/visitor.h"

#include <catch_amalgamated.hpp>

#include "node/web/carried_form.h"
#include "tests/node/web/pages/failing_posts.h"

namespace throughgate::node::testing {
namespace {

using namespace web;

const Person person{"1", {}, {}, {}};  // whoever visits, as sessions know them

std::string unescaped(std::string text) {
  for (const auto& [from, to] :
       Typed{{"&#39;", "'"}, {"&quot;", "\""}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}}) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }
  return text;
}

// The form that posts there; empty when there is none.
std::string form_in(const std::string& body, const std::string& action) {
  const auto start = body.find("action=\"" + action + "\"");
  if (start == std::string::npos) return {};
  return body.substr(start, body.find("</form>", start) - start);
}

}  // namespace

Visitor::Visitor(TestSite& site, const CodeLists& codes, const std::vector<AddPages>& pages,
                 const std::string& sign_in_name, const Permissions& permissions)
    : site_(site),
      stores_(site.folder.store(), site.world.random, site.world.clock),
      sessions_(site.world.random) {
  const auto key = site.accounts.sign_in("jo", good_password, site.world.clock);
  REQUIRE(key);
  key_ = key->duplicate();
  REQUIRE(stores_.open(*key));
  const auto mark = site.accounts.password_mark(sign_in_name);
  cookie_ =
      sessions_.open({person.id, sign_in_name, "Jo Made-Up", mark ? *mark : crypto::Hash{}}, 0);
  Routes routes;
  pages_ =
      std::make_unique<SitePages>(routes, stores_, codes, std::function<void()>{}, permissions);
  for (const auto& add : pages) add(*pages_);
  const auto frame = [name = site.name](const Person*) {
    return Frame{.site_name = name,
                 .status = "Online, everything sent",
                 .items = {{"Volunteers", Url("/volunteers")}, {"Handovers", Url("/handovers")}}};
  };
  responder_ = std::make_unique<Responder>(
      std::move(routes), sessions_,
      ResponderSettings{.guards = {.hosts = {"127.0.0.1:8080"}},
                        .frame = frame,
                        .monotonic_ms = [] { return 0; },
                        .locked_page = [](const Visit&) { return Html{}; },
                        .on_fault = [this](const std::string& pattern) { fault = pattern; }});
}

Request Visitor::request(Method method, const std::string& target) const {
  Request made;
  made.head.method = method;
  made.head.target = target;
  made.head.headers.add("Host", "127.0.0.1:8080");
  made.head.headers.add("Cookie", "__Host-sid=" + cookie_);
  if (method == Method::post) made.head.headers.add("Content-Length", "0");
  return made;
}

Response Visitor::get(const std::string& target) const {
  return responder_->answer(request(Method::get, target));
}

Response Visitor::post(const std::string& target, const Typed& typed) const {
  auto made = request(Method::post, target);
  made.form.fields.add("csrf", marked_token(sessions_.csrf_token(cookie_), person));
  for (const auto& [name, value] : typed) made.form.fields.add(name, value);
  return send(made);
}

Response Visitor::upload(const std::string& target, const Typed& typed,
                         const std::string& file) const {
  auto made = request(Method::post, target);
  made.form.fields.add("csrf", marked_token(sessions_.csrf_token(cookie_), person));
  for (const auto& [name, value] : typed) made.form.fields.add(name, value);
  made.form.files.push_back({"file", "given.tgb", file});
  return send(made);
}

Response Visitor::send(const Request& request) const {
  auto* failing = FailingPosts::wanted();
  return failing == nullptr ? responder_->answer(request) : failing->send(*this, request);
}

Response Visitor::send(const Response& page, const std::string& action, const Typed& typed) const {
  const std::string form = form_in(page.body, action);
  INFO(action << "\n" << text_of_page(page));
  REQUIRE_FALSE(form.empty());
  Typed all = hidden_fields(form);
  all.insert(all.end(), typed.begin(), typed.end());
  return post(action, all);
}

Response Visitor::fill_in(const std::string& address, const Typed& typed) const {
  return send(get(address), address, typed);
}

void Visitor::forget_store() const {
  stores_.close();
  REQUIRE(stores_.open(key_));
}

std::string Visitor::page(const std::string& target) const {
  const auto response = get(target);
  INFO(target << "\n" << text_of_page(response));
  REQUIRE(response.status == 200);
  return response.body;
}

std::string Visitor::done(const std::string& address, const Typed& typed) const {
  const auto response = fill_in(address, typed);
  INFO(address << "\n" << text_of_page(response));
  REQUIRE(response.status == 303);
  return page(response.location);
}

Typed hidden_fields(const std::string& body) {
  static const std::string begin = "<input type=\"hidden\" name=\"";
  static const std::string between = "\" value=\"";
  Typed out;
  for (auto at = body.find(begin); at != std::string::npos; at = body.find(begin, at + 1)) {
    const auto name = at + begin.size();
    const auto name_end = body.find(between, name);
    const auto value = name_end + between.size();
    const std::string what = body.substr(name, name_end - name);
    if (what == "csrf") continue;
    out.emplace_back(what, unescaped(body.substr(value, body.find('"', value) - value)));
  }
  return out;
}

std::string text_of_page(const std::string& body) {
  const auto main = body.find("<main");
  std::string text;
  bool in_tag = false;
  for (std::size_t i = main == std::string::npos ? 0 : main; i < body.size(); ++i) {
    const char letter = body[i];
    if (letter == '<') in_tag = true;
    const bool blank = letter == '\n' || letter == ' ' || letter == '>';
    if (!in_tag && !blank) text += letter;
    if (letter == '>') in_tag = false;
    if (!in_tag && blank && !text.empty() && text.back() != ' ') text += ' ';
  }
  return unescaped(text);
}

bool says(const std::string& body, const std::string& words) {
  return text_of_page(body).find(words) != std::string::npos;
}

std::string tag_with(const Response& page, const std::string& part) {
  const auto at = page.body.find(part);
  if (at == std::string::npos) return {};
  const auto start = page.body.rfind('<', at);
  return page.body.substr(start, page.body.find('>', at) - start + 1);
}

}  // namespace throughgate::node::testing
