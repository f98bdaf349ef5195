// Whatever is sent with whichever form there is.
#include <catch_amalgamated.hpp>
#include <iostream>

#include "node/sharing_rules.h"
#include "tests/node/never_share/every_form.h"
#include "tests/node/never_share/sharing_world.h"
#include "tests/node/staff/filled_site.h"

namespace throughgate::node::testing {
namespace {

// Not sent to at all.
const std::set<std::string> not_tried{"/sync"};  // asks the exchange, and waits for it

// Forms that no page of this world leads to, and why they write no alert. They are sent to all the
// same, with every field there is. An address that takes a form and is neither reached by the walk
// nor named here fails the test, so that a page that is added later is looked at.
const std::map<std::string, std::string> not_led_to{
    {"/by-hand/bring", "a file: what is in it was written elsewhere, and is checked as by network"},
    {"/by-hand/delete", "deletes files"},
    {"/by-hand/passed-on/:number/brought-back", "deletes an answer"},
    {"/by-hand/passed-on/:number/try-again", "no longer waits to pass a file of others on"},
    {"/by-hand/passed-on/:number/give-up", "deletes a file of others"},
    {"/by-hand/made/:number", "ends who takes part, as /handovers/:id/remove-partner does"},
    {"/sync/open", "opens for reading"},
    {"/handovers/:id/again", "what it copies is checked as a new record is"},
    {"/handovers/:id/accept", "a step"},
    {"/handovers/:id/decline", "a step"},
    {"/handovers/:id/more-info", "a step"},
    {"/handovers/:id/plan", "a step"},
    {"/handovers/:id/release", "a step"},
    {"/handovers/:id/gate", "a step"},
    {"/handovers/:id/found", "a step"},
    {"/handovers/:id/lost", "a step"},
    {"/handovers/:id/support", "a step"},
    {"/handovers/:id/close", "a step"},
    {"/handovers/:id/use-backup", "a step"},
    {"/handovers/:id/read", "notes that it was read"},
    {"/volunteers/:id/file", "shows what asks for a reason"},
    {"/changed-in-two-places/:dossier/:record/:type/:field", "goes through RecordService::save()"},
    {"/notices", "notes that it was seen"},
    {"/stolen-computer", "tests/node/revocation/suspects_test.cpp"},
    {"/late/:entry/take", "tests/node/flows/late_box_test.cpp"},
    {"/late/:entry/aside", "closes it, and writes nothing of it"},
    {"/subject-access/:id/file", "makes a file"},
    {"/lost/:what/:id", "makes a file"},
    {"/asked-to-erase/:id/take-back", "takes a request back"},
    {"/holds/:id/lift", "lifts a hold"},
    {"/kept-long-enough/:id/:from", "asks for it to be erased, takes values out, or holds it"},
    {"/copied-facts", "takes values out"},
    {"/requests-to-erase/:id/sign", "signs"},
    {"/requests-to-erase/:id/refuse", "answers a request"},
    {"/joining/by-network", "asks the central team to let this computer in, here and below"},
    {"/joining/by-file", "makes a request"},
    {"/joining/look", "fetches the answer"},
    {"/joining/answer", "takes the answer from a file"},
    {"/older-records", "opens records with the recovery sheet"},
    {"/central-team/invite", "the central list, which names no person, here and below"},
    {"/central-team/invite/:id", "makes a code"},
    {"/central-team/requests/ask", "fetches requests"},
    {"/central-team/requests/bring", "takes a request"},
    {"/central-team/requests/:id/approve", "signs the central list"},
    {"/central-team/requests/:id/take-back", "takes a code back"},
    {"/central-team/requests/:id/answer", "makes a file"},
    {"/central-team/computers/:id/withdraw", "signs the central list"},
    {"/central-team/forks/:id", "signs the central list"},
    {"/central-team/waiting-at-exchange", "signs the central list"},
    {"/central-team/agreements/new", "signs the central list"},
    {"/central-team/agreements/:id/end", "signs the central list"},
    {"/central-team/list/renew", "signs the central list"},
    {"/central-team/list/snapshot", "signs the central list"},
    {"/central-team/list/oldest", "signs the central list"},
    {"/central-team/list/volunteers", "signs the central list"},
};

// Every name that any record has for a field, as forms name them, with this in each.
Typed everything(const std::string& code) {
  Typed out;
  for (const auto& type : record_types()) {
    for (int i = 0; i < type.descriptor->field_count(); ++i) {
      const auto& name = type.descriptor->field(i)->name();
      out.emplace_back(name, code);
      if (spoken_name(name) != name) out.emplace_back(spoken_name(name), code);
    }
  }
  return out;
}

// The pattern with something of this world in the place of each of its names.
std::string address_in(const SharingWorld& world, const std::string& pattern) {
  std::string out = pattern;
  const auto put = [&](const std::string& name, const std::string& value) {
    const auto at = out.find(":" + name);
    if (at != std::string::npos) out.replace(at, name.size() + 1, value);
  };
  put("dossier", world.handover.hex());
  put("record", world.flag.record.hex());
  put("type", std::to_string(world.flag.type));
  put("field", "2");
  put("need", world.flag.record.hex());
  put("flag", world.flag.record.hex());
  const bool of_volunteer = pattern.starts_with("/volunteers");
  put("id", of_volunteer ? world.volunteer.hex() : world.handover.hex());
  return out;
}

std::string pattern_of(const web::Routes& routes, const std::string& action) {
  std::vector<std::string> segments;
  const auto path = action.substr(0, action.find('?'));
  for (std::size_t at = 1; at <= path.size();) {
    const auto end = std::min(path.find('/', at), path.size());
    segments.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  const auto match = routes.match(web::Method::post, segments);
  return match.route ? match.route->pattern : std::string();
}

// With words wherever any may stand, the first thing offered elsewhere, and then the code in the
// place of each in turn, and of all texts at once.
std::vector<Typed> attempts(const FoundForm& form, const std::string& code) {
  Typed filled;
  Typed all_texts;
  for (const auto& [name, offered] : form.asked) {
    if (name.ends_with("password")) continue;
    filled.emplace_back(name, offered.empty() ? "Words" : offered);
    all_texts.emplace_back(name, offered.empty() ? code : offered);
  }
  std::vector<Typed> out{sent_with(form, all_texts)};
  for (const auto& sent : sent_with(form, filled)) {
    const std::string& name = sent.first;
    if (name == "opened") continue;  // proves what the form had seen
    Typed one = filled;
    std::erase_if(one, [&](const auto& each) { return each.first == name; });
    one.emplace_back(name, code);
    out.push_back(sent_with(form, one));
    out.push_back(sent_with(form, {{name, code}}));  // and nothing else touched
  }
  return out;
}

std::vector<std::string> starts(const SharingWorld& world) {
  const auto person = world.person.hex();
  return {"/",
          "/volunteers",
          "/handovers",
          "/search?q=example",
          "/keeping",
          "/staff",
          "/sync",
          "/subject-access/" + person,
          "/handovers/" + world.draft.hex(),
          "/handovers/" + world.handover.hex(),
          "/volunteers/" + world.volunteer.hex()};
}

}  // namespace

TEST_CASE("no form of any page puts a code that never leaves the prison into a shared record",
          "[never-share][pages]") {
  SharingWorld world;
  const auto routes = world.routes();
  const Visitor visitor(world.prison, world.codes, world.every_page(), "jo",
                        FilledSite::permissive());
  std::set<std::string> reached;
  const auto forms = forms_from(visitor, starts(world));
  CHECK(forms.size() > 60);
  for (const auto& code : {std::string("XCI"), std::string("xci"), std::string("XNEWER")}) {
    for (const auto& form : forms) {
      const auto pattern = pattern_of(routes, form.action);
      if (not_tried.contains(pattern)) continue;
      reached.insert(pattern);
      for (const auto& typed : attempts(form, code)) visitor.post(form.action, typed);
    }
  }
  for (const auto& route : routes.all()) {
    if (!route.is_mutating() || not_tried.contains(route.pattern)) continue;
    visitor.post(address_in(world, route.pattern), everything("XCI"));
    INFO(route.pattern << " takes a form that no page led to: lead the walk there, or say why not");
    CHECK((reached.contains(route.pattern) || not_led_to.contains(route.pattern)));
  }
  const auto found = alerts_shared(world.prison, world.codes);
  for (const auto& each : found.never) FAIL_CHECK(each);
}

// For tools/disk_faults.
TEST_CASE("every page that takes a form is listed", "[.routes]") {
  SharingWorld world;
  std::cout << world.routes().listing();
}

TEST_CASE("past every form, as bytes, such a code is refused too, and so is one that is not known",
          "[never-share]") {
  SharingWorld world;
  auto records = world.records(world.prison);
  for (const auto& code : never_shared_codes) {
    INFO(code);
    const sync::store::OpDraft op{
        world.flag.field(2), sync::OpKind::set, {code.begin(), code.end()}, {}, {}};
    const auto saved = records.save(world.flag, {{op}, {}}, world.by(world.prison));
    REQUIRE_FALSE(saved);
    CHECK(saved.error().kind == sync::ErrorKind::denied);
  }
  CHECK(alerts_shared(world.prison, world.codes).never.empty());
}

TEST_CASE("no kind of record but a do or don't holds alerts that others may read",
          "[never-share]") {
  std::set<std::string> holding;
  for (const auto& type : record_types()) {
    for (int i = 0; i < type.descriptor->field_count(); ++i) {
      const bool alerts = rule_of(*type.descriptor->field(i)).codes() == alerts_list;
      if (alerts && type.dossier != schema::PERSON) holding.insert(type.name);
    }
  }
  CHECK(holding == std::set<std::string>{"flag"});
}

TEST_CASE("the same walk puts in a code that may be shared, so it would have put in the others",
          "[never-share][pages]") {
  SharingWorld world;
  const Visitor visitor(world.prison, world.codes, world.every_page(), "jo",
                        FilledSite::permissive());
  const auto before = alerts_shared(world.prison, world.codes).may_leave;
  for (const auto& form : forms_from(visitor, {"/handovers/" + world.draft.hex()})) {
    for (const auto& typed : attempts(form, "RSP")) visitor.post(form.action, typed);
  }
  CHECK(alerts_shared(world.prison, world.codes).may_leave > before);
}

}  // namespace throughgate::node::testing
