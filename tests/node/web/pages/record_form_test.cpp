#include "node/web/pages/record_form.h"

#include <algorithm>
#include <catch_amalgamated.hpp>

#include "node/web/pages/question.h"
#include "node/web/pages/record_summary.h"
#include "tests/node/web/pages/filled_form.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::web::testing {
namespace {

using node::testing::must;
using node::testing::PageWorld;
using node::testing::TestSite;
using sync::Role;
using sync::store::RecordName;

RecordForm whole(const PageWorld& world, const TestSite& site, const RecordType& type,
                 Role role = Role::owner) {
  return {type, every_field(type), world.codes, site.node->policies(), role};
}

// A record as one person has it open: what the page shows, and what comes back of it.
struct Visit {
  Visit(PageWorld& at_world, TestSite& at_site, const RecordName& name, Role role = Role::owner)
      : world(at_world),
        site(at_site),
        form(whole(world, site, *record_type(name.type), role)),
        record(must(records().reader().read(name))),
        opened(node::Form::of(record)),
        sheet(record_fields(form, {.record = &record}).str()) {}

  RecordService records() const { return world.records(site); }
  std::vector<FieldInput> inputs() const {
    const auto ops = must(records().reader().ops(record.name));
    return inputs_in(form, sheet.sent(), values_seen(opened, ops));
  }
  Saved save() const { return must(records().set_fields(opened, inputs(), world.by(site))); }
  // Past everything that looks at what is typed, as another program may store it.
  void store(const char* name, sync::OpKind kind, std::string_view text) const {
    const auto field = static_cast<std::uint32_t>(field_named(form.type, name)->number());
    const auto bytes = crypto::as_bytes(text);
    const auto seen = opened.seen.find(field);
    const bool replaces = kind == sync::OpKind::set && seen != opened.seen.end();
    must(records().save(record.name,
                        {{{record.name.field(field),
                           kind,
                           crypto::Bytes(bytes.begin(), bytes.end()),
                           replaces ? seen->second : std::vector<sync::OpId>{},
                           {}}},
                         {}},
                        world.by(site)));
  }

  PageWorld& world;
  TestSite& site;
  RecordForm form;
  sync::store::RecordView record;
  node::Form opened;
  FilledForm sheet;
};

std::string line(const Visit& visit, const char* field) {
  const auto now = must(visit.records().reader().read(visit.record.name));
  return shown_line(now, field, visit.world.codes);
}

RecordName volunteer(PageWorld& world) {
  return must(world.records(world.prison)
                  .new_record(*record_type("volunteer"),
                              {{"given-name", "Ann"},
                               {"family-name", "O'Neill <Jones> & \"Co\""},
                               {"former-names", "Price\nPugh"},
                               {"date-of-birth", "1980-02-01"},
                               {"email", "ann@example.org"},
                               {"mobile", "07700 900123"},
                               {"standing", "Nothing against them"},
                               {"home-site", "CFI"}},
                              world.by(world.prison)))
      .record;
}

RecordName file_of(PageWorld& world, const RecordName& name) {
  return must(world.records(world.prison)
                  .new_record(*record_type("volunteer-file"),
                              {{"volunteer", name.dossier.hex()},
                               {"address", "\n1 High Street\n\nExample"},
                               {"postcode", "CF10 1AA"},
                               {"languages", "English\nWelsh"},
                               {"skills", "Cooking\nFirst aid"},
                               {"drives", "no"},
                               {"minutes-per-week-max", "6:05"},
                               {"people-max", "3"},
                               {"notes", "Came with a friend"}},
                              world.by(world.prison)))
      .record;
}

}  // namespace

TEST_CASE("every field of every record is asked for, but for ids and stages", "[record_form]") {
  PageWorld world;
  int asked = 0;
  for (const auto& type : record_types()) {
    const auto form = whole(world, world.prison, type);
    const FilledForm sheet(record_fields(form, {}).str());
    const std::string page = record_fields(form, {}).str();
    for (int i = 0; i < type.descriptor->field_count(); ++i) {
      const auto& field = *type.descriptor->field(i);
      INFO(type.name << " " << field.name());
      const auto& rule = rule_of(field);
      const bool never = rule.policy() == schema::FieldRule::LIFECYCLE ||
                         field.type() == google::protobuf::FieldDescriptor::TYPE_BYTES ||
                         field.type() == google::protobuf::FieldDescriptor::TYPE_MESSAGE;
      const bool may = world.prison.node->policies()
                           .find(type.number, static_cast<std::uint32_t>(field.number()))
                           ->counts(Role::owner);
      const std::string named = "name=\"" + question_name(field);
      const bool here = page.find(named + "\"") != std::string::npos ||
                        page.find(named + "-day\"") != std::string::npos;
      CHECK(here == (!never && may));
      asked += here;
    }
    CHECK(inputs_in(form, sheet.sent(), {}).empty());
  }
  CHECK(asked > 200);
}

TEST_CASE("a form that nobody touched writes nothing", "[record_form]") {
  PageWorld world;
  const auto name = volunteer(world);
  for (const auto& record : {name, file_of(world, name)}) {
    const Visit visit(world, world.prison, record);
    for (const auto& input : visit.inputs()) UNSCOPED_INFO(input.field << " = " << input.text);
    CHECK(visit.inputs().empty());
    CHECK_FALSE(visit.save().entry);
  }
}

TEST_CASE("a form writes nothing of what others stored with signs that nobody sees",
          "[record_form]") {
  PageWorld world;
  const auto name = volunteer(world);
  const auto file = file_of(world, name);
  const std::string sign =
      GENERATE("\u200B", "\u00AD", "\u202E", "\uFEFF", "\u0085", "\u2028", "\x01", "\x7F", "\r");
  const std::string around = GENERATE("", " ", "\u00A0");
  INFO(sign << "|" << around);
  const auto spoilt = [&](const std::string& first, const std::string& second) {
    return around + first + sign + second + around;
  };
  const Visit before(world, world.prison, name);
  before.store("email", sync::OpKind::set, spoilt("ann", "@example.org"));
  before.store("home-site", sync::OpKind::set, spoilt("C", "FI"));
  before.store("former-names", sync::OpKind::add, spoilt("Pu", "gh2"));
  const Visit of_file(world, world.prison, file);
  of_file.store("address", sync::OpKind::set, spoilt("1 High", " Street"));
  of_file.store("languages", sync::OpKind::add, spoilt("f", "r"));
  for (const auto& record : {name, file}) {
    Visit visit(world, world.prison, record);
    for (const auto& input : visit.inputs()) UNSCOPED_INFO(input.field << " = " << input.text);
    CHECK(visit.inputs().empty());
    CHECK_FALSE(visit.save().entry);
  }
  Visit other(world, world.prison, name);
  other.sheet.type("known-as", "Nan");
  REQUIRE(other.inputs().size() == 1);
  other.save();
  CHECK(line(other, "known_as") == "Nan");
}

TEST_CASE("a listed value with signs that nobody sees can be taken out, by page and by command",
          "[record_form]") {
  PageWorld world;
  const auto name = volunteer(world);
  const std::string stored = GENERATE("Pu\u200Bgh2", " Pugh2", "Pugh2\u00A0", "\u2028Pugh2\n");
  const bool beside_another = GENERATE(false, true);  // that looks the same
  Visit(world, world.prison, name).store("former-names", sync::OpKind::add, stored);
  if (beside_another) {
    Visit(world, world.prison, name).store("former-names", sync::OpKind::add, "Pugh2");
  }
  Visit visit(world, world.prison, name);
  CHECK(visit.sheet.value("former-names") == "Price\r\nPugh\r\nPugh2");
  SECTION("by page") {
    visit.sheet.type("former-names", "Price\r\nPugh");
    visit.save();
  }
  SECTION("by command") {
    must(visit.records().set_fields(visit.opened,
                                    {{"former-names", "Pugh2", FieldInput::How::remove}},
                                    world.by(world.prison)));
  }
  SECTION("by all that are to stay") {
    must(visit.records().set_fields(visit.opened, {{"former-names", "Price\nPugh"}},
                                    world.by(world.prison)));
  }
  CHECK(line(visit, "former_names") == "Price; Pugh");
}

TEST_CASE("what looks like a listed value is that value, and is not listed twice",
          "[record_form]") {
  PageWorld world;
  const auto name = volunteer(world);
  Visit(world, world.prison, name).store("former-names", sync::OpKind::add, "Pu\u200Bgh2");
  Visit visit(world, world.prison, name);
  using How = FieldInput::How;
  for (const auto& input : {FieldInput{"former-names", "Pugh2", How::add},
                            FieldInput{"former-names", "Price\nPugh\nPugh2", How::set}}) {
    CHECK_FALSE(
        must(visit.records().set_fields(visit.opened, {input}, world.by(world.prison))).entry);
  }
}

TEST_CASE("what is pasted with other line breaks is one value a line", "[record_form]") {
  PageWorld world;
  Visit visit(world, world.prison, volunteer(world));
  visit.sheet.type("former-names", "Price\u2028Pugh\u0085Parry").type("known-as", "Nan\u2028Ann");
  visit.save();
  CHECK(line(visit, "former_names") == "Price; Pugh; Parry");
  CHECK(line(visit, "known_as") == "Nan Ann");
}

TEST_CASE("what was typed is what is saved, and only that", "[record_form]") {
  PageWorld world;
  const auto name = volunteer(world);
  Visit one(world, world.prison, name);
  one.sheet.type("email", " ann.jones@example.org ")
      .type("date-of-birth-day", "2")
      .type("date-of-birth-month", "march")
      .type("mobile", "")
      .type("home-site", "LEI")
      .type("former-names", "Pugh\r\n\r\nParry\r\n");
  CHECK(one.inputs().size() == 6);
  one.save();
  CHECK(line(one, "email") == "ann.jones@example.org");
  CHECK(line(one, "date_of_birth") == "2 March 1980");
  CHECK(line(one, "mobile").empty());
  CHECK(line(one, "home_site").find("Leeds") != std::string::npos);
  CHECK(line(one, "former_names") == "Pugh; Parry");
  CHECK(line(one, "family_name") == "O'Neill <Jones> & \"Co\"");

  Visit two(world, world.prison, file_of(world, name));
  two.sheet.untick("languages", "en")
      .tick("languages", "fr")
      .type("drives", "yes")
      .type("minutes-per-week-max", "1:30")
      .type("notes", "Now has a car");
  two.save();
  CHECK(line(two, "languages") == "Welsh; French");
  CHECK(line(two, "drives") == "Yes");
  CHECK(line(two, "minutes_per_week_max") == "1 hour 30 minutes");
  CHECK(line(two, "notes").find("Came with a friend") != std::string::npos);
  CHECK(line(two, "notes").find("Now has a car") != std::string::npos);
}

TEST_CASE("a code that the list does not know stays where it stands and can be taken out",
          "[record_form]") {
  PageWorld world;
  const auto& field = *field_named(*record_type("volunteer-file"), "languages");
  const std::string known = world.codes.list("languages")->codes().front().code;
  const auto bytes = [](std::string_view text) {
    const auto view = crypto::as_bytes(text);
    return crypto::Bytes(view.begin(), view.end());
  };
  const std::string page =
      question({.field = field, .codes = world.codes, .values = {bytes("XX-OLD"), bytes(known)}})
          .str();
  const FilledForm sheet(page);
  CHECK(sheet.values("languages") == std::vector<std::string>{"", known, "XX-OLD"});
  CHECK(text_sent(field, sheet.sent(), world.codes) == known + "\nXX-OLD");
}

TEST_CASE("every mistake is shown at once, beside its question, and nothing typed is lost",
          "[record_form]") {
  PageWorld world;
  Visit visit(world, world.prison, volunteer(world));
  visit.sheet.type("family-name", "")
      .type("email", "ann at example")
      .type("date-of-birth-day", "31")
      .type("date-of-birth-month", "2")
      .type("known-as", "Annie");
  const auto problems = must(world.records(world.prison).problems_in(visit.opened, visit.inputs()));
  REQUIRE(problems.size() == 3);
  const auto sent = visit.sheet.sent();
  const auto seen =
      values_seen(visit.opened, must(world.records(world.prison).reader().ops(visit.record.name)));
  const std::string page =
      record_fields(visit.form,
                    {.record = &visit.record, .typed = &sent, .seen = seen, .problems = problems})
          .str();
  const FilledForm again(page);
  CHECK(again.value("family-name").empty());
  CHECK(again.value("email") == "ann at example");
  CHECK(again.value("date-of-birth-day") == "31");
  CHECK(again.value("known-as") == "Annie");
  CHECK(again.value("given-name") == "Ann");
  const std::string summary = problem_summary(visit.form, problems).str();
  for (const char* link : {"#family-name", "#email", "#date-of-birth-day"}) {
    INFO(link);
    CHECK(summary.find(link) != std::string::npos);
    CHECK(page.find("id=\"" + std::string(link + 1) + "\"") != std::string::npos);
  }
  CHECK(page.find("email-error") != std::string::npos);
  CHECK(page.find("known-as-error") == std::string::npos);
  // The same as a save would say, one at a time.
  CHECK_FALSE(
      world.records(world.prison).set_fields(visit.opened, visit.inputs(), world.by(world.prison)));
}

TEST_CASE("a new record says all that it lacks", "[record_form]") {
  PageWorld world;
  const auto& type = *record_type("training-passed");
  const auto problems =
      world.records(world.prison).problems_in_new(type, {{"version", "2"}, {"expires-on", "soon"}});
  std::vector<std::string> fields;
  for (const auto& problem : problems) fields.push_back(problem.field);
  std::sort(fields.begin(), fields.end());
  CHECK(fields == std::vector<std::string>{"course", "expires_on", "passed_on"});
}

TEST_CASE("an alert that may not stand in a handover is a problem of its own question",
          "[record_form]") {
  PageWorld world;
  const auto& flag = *record_type("flag");
  const auto problems =
      world.records(world.prison)
          .problems_in_new(flag,
                           {{"kind", "Do not"}, {"instruction", "Keep apart"}, {"code", "XCI"}});
  REQUIRE(problems.size() == 1);
  CHECK(problems.front().field == "code");
  const std::vector<FieldInput> sensitive{
      {"kind", "Do"}, {"instruction", "Ask first"}, {"code", "ROV"}};
  const auto unconfirmed = world.records(world.prison).problems_in_new(flag, sensitive);
  REQUIRE(unconfirmed.size() == 1);
  CHECK(unconfirmed.front().field == "code");
  CHECK(unconfirmed.front().error.kind == sync::ErrorKind::denied);
  const auto& code = *field_named(flag, "code");
  const std::string page = question({.field = code, .codes = world.codes}).str();
  CHECK(page.find("value=\"XCI\"") == std::string::npos);
  CHECK(page.find("value=\"RST\"") != std::string::npos);
}

TEST_CASE("what this organisation may not write is text, and is never an input", "[record_form]") {
  PageWorld world;
  Visit visit(world, world.prison, volunteer(world), Role::receiver);
  CHECK_FALSE(visit.sheet.has("given-name"));
  CHECK(visit.sheet.has("standing"));
  const std::string page = record_fields(visit.form, {.record = &visit.record}).str();
  CHECK(page.find("ann@example.org") != std::string::npos);
  visit.sheet.type("given-name", "Somebody else");
  CHECK(visit.inputs().empty());
}

TEST_CASE("what somebody else changed meanwhile is told, and only for what was touched",
          "[record_form]") {
  PageWorld world;
  const auto name = volunteer(world);
  Visit visit(world, world.prison, name);
  must(world.records(world.prison)
           .set_fields(visit.opened, {{"email", "other@example.org"}, {"known-as", "Nan"}},
                       world.by(world.prison)));
  visit.sheet.type("email", "mine@example.org").type("given-name", "Anna");
  const auto now = must(world.records(world.prison).reader().read(name));
  const auto fields = changed_meanwhile(visit.form, visit.opened, now, visit.inputs());
  CHECK(fields == std::vector<std::string>{"email"});
  const std::string notice = meanwhile_notice(visit.form, now, fields).str();
  CHECK(notice.find("other@example.org") != std::string::npos);
  CHECK(notice.find("Jo Made-Up") != std::string::npos);
  // The form again, over the record as it is now: what was typed, and what came in elsewhere.
  const auto sent = visit.sheet.sent();
  const auto seen = values_seen(visit.opened, must(world.records(world.prison).reader().ops(name)));
  const FilledForm again(
      record_fields(visit.form, {.record = &now, .typed = &sent, .seen = seen}).str());
  CHECK(again.value("email") == "mine@example.org");
  CHECK(again.value("given-name") == "Anna");
  CHECK(again.value("known-as") == "Nan");
}

TEST_CASE(
    "what two sites changed is marked, in the form and where it is read, with the way to decide",
    "[record_form][record_summary]") {
  PageWorld world;
  const auto id = world.shared_handover();
  const RecordName name{id, {}, record_type("handover")->number};
  world.set(world.prison, id, "release-date", "2027-03-01");
  world.set(world.partner, id, "release-date", "2027-03-08");
  world.sync_all();
  Visit visit(world, world.prison, name);
  const std::string link = "href=\"/changed-in-two-places/" + id.hex() + "/0000000000000000/110/";
  const std::string form = record_fields(visit.form, {.record = &visit.record}).str();
  const std::string card =
      record_card(visit.record, {.title = "Release", .fields = {"release_date"}}, world.codes)
          .str();
  for (const auto& page : {form, card}) {
    CHECK(page.find(link) != std::string::npos);
    CHECK(page.find("Changed in two places") != std::string::npos);
  }
  CHECK(visit.inputs().empty());  // looking at it settles nothing
}

TEST_CASE("a value that has not left this computer says so until it has", "[record_summary]") {
  PageWorld world;
  const auto name = volunteer(world);
  const RecordCard card{.title = "Contact", .fields = {"email", "known_as"}};
  const auto shown = [&] {
    return record_card(must(world.records(world.prison).reader().read(name)), card, world.codes)
        .str();
  };
  CHECK(shown().find("Not sent yet") != std::string::npos);
  CHECK(shown().find("Known as") == std::string::npos);
  world.sync_all();
  CHECK(shown().find("ann@example.org") != std::string::npos);
  CHECK(shown().find("Not sent yet") == std::string::npos);
}

}  // namespace throughgate::node::web::testing
