#include "tests/node/web/pages/page_world.h"

#include <catch_amalgamated.hpp>
#include <regex>

#include "records/handover.pb.h"

namespace throughgate::node::testing {

using namespace web;

void fail_with(const sync::Error& error) {
  FAIL(error.message);
  throw std::logic_error(error.message);
}

// ---- a visitor

Visitor::Visitor(TestSite& site, const CodeLists& codes, const std::vector<AddPages>& pages)
    : stores_(site.folder.store(), site.world.random, site.world.clock),
      sessions_(site.world.random) {
  const auto key = must(site.accounts.sign_in("jo", good_password, site.world.now_ms));
  must(stores_.open(key));
  cookie_ = sessions_.open({"1", "jo", "Jo Made-Up"}, 0);
  Routes routes;
  pages_ = std::make_unique<SitePages>(routes, stores_, codes);
  for (const auto& add : pages) add(*pages_);
  responder_ = std::make_unique<Responder>(
      std::move(routes), sessions_,
      ResponderSettings{.guards = {.hosts = {"127.0.0.1:8080"}},
                        .frame = [](const Person*) { return Frame{}; },
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

Response Visitor::post(const std::string& target, const Fields& fields) const {
  auto made = request(Method::post, target);
  made.form.fields.add("csrf", sessions_.csrf_token(cookie_));
  for (const auto& [name, value] : fields) made.form.fields.add(name, value);
  return responder_->answer(made);
}

Response Visitor::send(const Response& page, const std::string& action, const Fields& typed) const {
  const auto start = page.body.find("action=\"" + action + "\"");
  INFO(page.body);
  REQUIRE(start != std::string::npos);
  const std::string form = page.body.substr(start, page.body.find("</form>", start) - start);
  const std::regex hidden("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"");
  Fields all;
  for (std::sregex_iterator at(form.begin(), form.end(), hidden), end; at != end; ++at) {
    if ((*at)[1] != "csrf") all.emplace_back((*at)[1], (*at)[2]);
  }
  all.insert(all.end(), typed.begin(), typed.end());
  return post(action, all);
}

std::string text_of_page(const Response& page) {
  std::string text =
      std::regex_replace(page.body, std::regex("<head>.*</head>|<script>.*</script>"), "");
  text = std::regex_replace(text, std::regex("<[^>]*>"), " ");
  for (const auto& [entity, letter] :
       {std::pair{"&#39;", "'"}, {"&quot;", "\""}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}}) {
    text = std::regex_replace(text, std::regex(entity), letter);
  }
  return std::regex_replace(text, std::regex("\\s+"), " ");
}

std::string tag_with(const Response& page, const std::string& part) {
  const auto at = page.body.find(part);
  if (at == std::string::npos) return {};
  const auto start = page.body.rfind('<', at);
  return page.body.substr(start, page.body.find('>', at) - start + 1);
}

// ---- the sites

PageWorld::PageWorld() : codes(must(CodeLists::load(CODES_FOLDER))) {
  desk.enrol(prison, hub);
  desk.enrol(partner, hub);
  must(desk.desk().agree({prison.node->identity().organisation,
                          partner.node->identity().organisation,
                          {static_cast<std::uint32_t>(schema::CASE)},
                          world.now_ms + 300 * day_ms,
                          {}}));
  must(desk.sync(hub));
  sync_all(1);
}

void PageWorld::sync_all(int rounds) {
  for (int i = 0; i < rounds; ++i) {
    for (TestSite* site : std::initializer_list<TestSite*>{&prison, &partner, &desk}) {
      must(site->sync(hub));
    }
  }
}

sync::DossierId PageWorld::shared_handover() {
  auto at_prison = records(prison);
  Handovers handovers(at_prison);
  const By someone = by(prison);
  const auto id = must(handovers.begin(complete_inputs(), someone)).record.dossier;
  must(at_prison.new_record_in(id, *record_type(*schema::Need::descriptor()),
                               {{"pathway", "Accommodation"}, {"need", "somewhere to live"}},
                               someone));
  const auto to = partner.node->identity().organisation;
  BasisInput basis{to, "UK GDPR", "Public task", "support after release", {}, "", ""};
  basis.classes = {"Name, date of birth, numbers"};
  must(handovers.record_basis(id, basis, someone));
  must(handovers.share(id, to, someone));
  sync_all();
  return id;
}

void PageWorld::set(TestSite& site, const sync::DossierId& handover, const std::string& field,
                    const std::string& value, const std::string& reason) {
  auto here = records(site);
  const auto* type = record_type(*schema::Handover::descriptor());
  const auto form = must(here.open({handover, {}, type->number}));
  must(here.set_fields(form, {{field, value}}, by(site, reason)));
}

}  // namespace throughgate::node::testing
