#include "tests/node/web/pages/handovers/page_site.h"

#include <catch_amalgamated.hpp>

namespace throughgate::node::testing {
namespace {

std::string unescaped(std::string text) {
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"&#39;", "'"}, {"&quot;", "\""}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}}) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }
  return text;
}

CodeLists load_codes() {
  auto codes = CodeLists::load(CODES_FOLDER);
  if (!codes) FAIL(codes.error().message);
  return *std::move(codes);
}

}  // namespace

PageSite::PageSite(TestSite& at, const AddPages& add)
    : site(at),
      sessions_(at.world.random),
      stores_(at.folder.store(), at.world.random, at.world.clock),
      codes_(load_codes()) {
  auto key = at.accounts.sign_in("jo", good_password, at.world.now_ms);
  REQUIRE(key);
  REQUIRE(stores_.open(*key));
  web::Routes routes;
  web::SitePages pages(routes, stores_, codes_);
  add(pages);
  web::ResponderSettings settings;
  settings.guards.hosts = {"127.0.0.1:8080", "127.0.0.1:8431", "127.0.0.1:8432", "127.0.0.1:8433"};
  settings.frame = [name = at.name](const web::Person*) {
    return web::Frame{
        .site_name = name,
        .status = "Online, everything sent",
        .items = {{"Volunteers", web::Url("/volunteers")}, {"Handovers", web::Url("/handovers")}}};
  };
  settings.monotonic_ms = [] { return 0; };
  settings.locked_page = [](const web::Visit&) { return web::Html{}; };
  responder_ = std::make_unique<web::Responder>(std::move(routes), sessions_, settings);
  cookie_ = sessions_.open({"1", "jo", "Jo Made-Up"}, 0);
}

web::RequestHead PageSite::head(web::Method method, const std::string& target) const {
  web::RequestHead made;
  made.method = method;
  made.target = target;
  made.headers.add("Host", "127.0.0.1:8080");
  made.headers.add("Cookie", "__Host-sid=" + cookie_);
  return made;
}

web::Response PageSite::get(const std::string& target) {
  return responder_->answer({head(web::Method::get, target), {}});
}

web::Response PageSite::post(const std::string& target, const Typed& typed) {
  web::Parameters fields;
  fields.add("csrf", sessions_.csrf_token(cookie_));
  for (const auto& [name, value] : typed) fields.add(name, value);
  return responder_->answer({head(web::Method::post, target), {std::move(fields), {}}});
}

std::string PageSite::page(const std::string& target) {
  const auto response = get(target);
  INFO(target << "\n" << text_of_page(response.body));
  REQUIRE(response.status == 200);
  return response.body;
}

web::Response PageSite::fill_in(const std::string& page_address, const Typed& typed) {
  Typed all = hidden_fields(page(page_address));
  all.insert(all.end(), typed.begin(), typed.end());
  return post(page_address.substr(0, page_address.find('?')), all);
}

std::string PageSite::done(const std::string& page_address, const Typed& typed) {
  const auto response = fill_in(page_address, typed);
  INFO(page_address << "\n" << text_of_page(response.body));
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

}  // namespace throughgate::node::testing
