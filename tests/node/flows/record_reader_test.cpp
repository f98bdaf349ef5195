#include "sync/store/record_reader.h"

#include <catch_amalgamated.hpp>

#include "node/search.h"
#include "node/whole_name.h"
#include "sync/store/replica.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using sync::ErrorKind;
using sync::store::ListQuery;
using sync::store::OpStanding;
using sync::store::RecordName;
using sync::store::SearchQuery;

constexpr std::uint32_t given_name = 1;
constexpr std::uint32_t family_name = 2;
constexpr std::uint32_t known_as = 3;

sync::DossierId volunteer(Site& site, const std::string& given, const std::string& family,
                          const std::string& known = "") {
  return must(site.records->new_record(
                  *record_type("volunteer"),
                  {{"given-name", given}, {"family-name", family}, {"known-as", known}}, site.by))
      .record.dossier;
}

// Every row's value of `field`, page by page.
std::vector<std::string> walk(const Site& site, ListQuery query, std::uint32_t field) {
  std::vector<std::string> out;
  query.type = 50;
  query.fields = {field};
  do {
    const auto page = must(site.reader().list(query));
    CHECK(page.rows.size() <= query.limit);
    for (const auto& row : page.rows) {
      const auto found = row.fields.find(field);
      out.emplace_back(found == row.fields.end() ? "-" : crypto::as_text(found->second.value));
    }
    query.after = page.next;
  } while (!query.after.empty());
  return out;
}

SearchQuery words(const std::string& text, std::uint8_t class_max = 4) {
  SearchQuery query;
  query.text = text;
  query.class_max = class_max;
  return query;
}

}  // namespace

TEST_CASE("pages of a list put together are the list, sorted either way", "[list]") {
  World world;
  for (const char* name : {"Evans", "adams", "Clark", "Brown", "Davis"}) {
    volunteer(world.prison, "Ann", name, *name == 'C' ? "Cat" : "");
  }
  using Names = std::vector<std::string>;
  ListQuery query;
  query.limit = 2;
  CHECK(walk(world.prison, query, family_name) ==
        Names{"Evans", "adams", "Clark", "Brown", "Davis"});
  query.sort_by = family_name;
  CHECK(walk(world.prison, query, family_name) ==
        Names{"adams", "Brown", "Clark", "Davis", "Evans"});
  query.descending = true;
  CHECK(walk(world.prison, query, family_name) ==
        Names{"Evans", "Davis", "Clark", "Brown", "adams"});
  query.sort_by = known_as;  // those without one come last
  query.descending = false;
  CHECK(walk(world.prison, query, family_name) ==
        Names{"Clark", "Evans", "adams", "Brown", "Davis"});
}

TEST_CASE("what is equal by the first field of a list is in the order of the second", "[list]") {
  World world;
  for (const char* given : {"mo", "Al", "Zoe", "Bea"}) volunteer(world.prison, given, "Smith");
  volunteer(world.prison, "Yan", "adams");
  volunteer(world.prison, "Abe", "Todd");
  using Names = std::vector<std::string>;
  ListQuery query;
  query.sort_by = family_name;
  query.then_by = given_name;
  for (const std::size_t limit : {1, 2, 3, 50}) {
    query.limit = limit;
    query.descending = false;
    CHECK(walk(world.prison, query, given_name) == Names{"Yan", "Al", "Bea", "mo", "Zoe", "Abe"});
    query.descending = true;
    CHECK(walk(world.prison, query, given_name) == Names{"Abe", "Zoe", "mo", "Bea", "Al", "Yan"});
  }
  query.then_by = known_as;  // nobody has one
  query.descending = false;
  CHECK(walk(world.prison, query, family_name) ==
        Names{"adams", "Smith", "Smith", "Smith", "Smith", "Todd"});
  query.sort_by.reset();
  CHECK(refusal(world.prison.reader().list(query)).kind == ErrorKind::invalid);
}

TEST_CASE("a list refuses cursors and limits that it did not give", "[list]") {
  World world;
  ListQuery query;
  query.type = 50;
  query.after = "zz";
  CHECK(refusal(world.prison.reader().list(query)).kind == ErrorKind::invalid);
  query.after.clear();
  query.limit = 501;
  CHECK(refusal(world.prison.reader().list(query)).kind == ErrorKind::invalid);
}

TEST_CASE("the records of one dossier are listed without those of others", "[list]") {
  World world;
  const auto a = volunteer(world.prison, "Ann", "Jones");
  const auto b = volunteer(world.prison, "Bob", "Smith");
  for (const auto& id : {a, b, a}) {
    must(world.prison.records->new_record_in(id, *record_type("role-held"),
                                             {{"role-code", "OPV"}, {"from", "2026-01-01"}},
                                             world.prison.by));
  }
  ListQuery query;
  query.type = 53;
  query.dossier = a;
  CHECK(must(world.prison.reader().list(query)).rows.size() == 2);
  query.dossier = b;
  CHECK(must(world.prison.reader().list(query)).rows.size() == 1);
}

TEST_CASE("a name with an apostrophe is found without it", "[search]") {
  World world;
  volunteer(world.prison, "Ann", "O'Neill");
  volunteer(world.prison, "Bob", "D\u2019Arcy");
  const auto reader = world.prison.reader();
  for (const char* typed : {"oneill", "ONei", "o'neill", "o\u2019neill", "o neill", "neill"}) {
    CAPTURE(typed);
    CHECK(must(reader.search(words(typed))).hits.size() == 1);
  }
  CHECK(must(reader.search(words("darcy"))).hits.size() == 1);
  CHECK(must(reader.search(words("on"))).hits.size() == 1);
  CHECK(must(reader.search(words("nd"))).hits.empty());
}

TEST_CASE("a search finds every word wherever it stands, the last one unfinished", "[search]") {
  World world;
  const auto ann = volunteer(world.prison, "Ann", "O'Neill");
  volunteer(world.prison, "Ann", "Jones");
  const auto reader = world.prison.reader();
  CHECK(must(reader.search(words("ann"))).hits.size() == 2);
  const auto both = must(reader.search(words("ann o'ne"))).hits;
  REQUIRE(both.size() == 1);
  CHECK(both[0].dossier == ann);
  CHECK(both[0].fields.size() == 2);
  CHECK(must(reader.search(words("\"Ann\" OR *"))).hits.empty());  // nothing typed is an operator
  CHECK(must(reader.search(words("ann", 1))).hits.empty());        // names are personal, not open
  SearchQuery other = words("ann");
  other.types = {110};
  CHECK(must(reader.search(other)).hits.empty());
  CHECK(refusal(reader.search(words(" - "))).kind == ErrorKind::invalid);
  CHECK(refusal(reader.search(words("a b c d e f g h i"))).kind == ErrorKind::invalid);
  CHECK(refusal(reader.search(words(std::string(201, 'a')))).kind == ErrorKind::invalid);
}

TEST_CASE("what is found where nothing of the record itself counts has no name", "[search]") {
  World world;
  const Site& prison = world.prison;
  CHECK(must(name_if_known(*prison.records, volunteer(world.prison, "Ann", "Jones"))) ==
        "Ann Jones");
  const auto op = [](const std::uint32_t type, std::uint32_t field, sync::OpKind kind,
                     const std::string& text) {
    return sync::store::OpDraft{{{}, type, field}, kind, {text.begin(), text.end()}, {}, {}};
  };
  // The partner's part of a handover, written by the prison, and a need.
  const auto id = must(prison.node->admission().create(
      {{prison.organisation, sync::Role::owner}}, prison.records->authorship(prison.by),
      {op(110, 61, sync::OpKind::set, "Kim"), op(112, 6, sync::OpKind::add, "joinery")}));
  const auto found = must(search_records(*prison.records, "joinery", {}, 10));
  REQUIRE(found.dossiers.size() == 1);
  CHECK(found.dossiers[0].dossier == id);
  CHECK(refusal(whole_name(*prison.records, must(prison.reader().dossier(id)))).kind ==
        ErrorKind::not_found);
  CHECK(must(name_if_known(*prison.records, id)).empty());
  CHECK(must(name_if_known(*prison.records, sync::DossierId{})).empty());  // it is not here
}

TEST_CASE("history tells every change, who made it, why, and when it reached us", "[history]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  const RecordName root{id, {}, 110};
  By by = world.prison.by;
  by.reason = "the court\u202E moved\u202C the day";
  const auto form = must(world.prison.records->open(root));
  must(world.prison.records->set_fields(form, {{"release-date", "2026-12-11"}}, by));
  world.sync(world.prison);
  world.pass(60'000);
  world.sync(world.partner);
  const auto ops = must(world.partner.reader().history(root, 20));
  REQUIRE(ops.size() == 2);
  CHECK(ops[0].standing == OpStanding::shown);
  CHECK(ops[0].reason == "the court moved the day");
  CHECK(ops[0].actor_name == "Sam at HMP Example");
  CHECK(ops[0].organisation == world.prison.organisation);
  CHECK(ops[0].role == sync::Role::owner);
  CHECK(ops[0].arrived_at_ms == world.now_ms);
  CHECK(ops[0].clock_ms == world.now_ms - 60'000);
  CHECK(ops[1].standing == OpStanding::superseded);
  CHECK(must(world.partner.reader().history(root, 20, 1)).size() == 1);
  CHECK(must(world.partner.reader().history(root, std::nullopt)).size() > 15);
}

TEST_CASE("a change by an organisation that may not make it is kept and does not count",
          "[history]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  const RecordName root{id, {}, 110};
  // Past the checks of this program: as a faulty or lying one would write it.
  sync::store::UnitOfWork work(world.partner.node->database());
  const auto context = world.partner.node->context();
  sync::store::Replica replica(work, id, context);
  const std::string value = "07700900199";
  must(sync::store::write_entry(
      replica,
      {sync::EntryKind::change,
       {},
       world.partner.records->authorship(world.partner.by),
       {{root.field(58), sync::OpKind::set, {value.begin(), value.end()}, {}, {}}},
       {},
       {},
       {}},
      context));
  replica.finish();
  must(work.commit());
  world.sync_all();
  const auto ops = must(world.prison.reader().history(root, 58));
  REQUIRE(ops.size() == 2);
  CHECK(std::count_if(ops.begin(), ops.end(),
                      [](const auto& op) { return op.standing == OpStanding::not_counted; }) == 1);
  CHECK(must(read_case(*world.prison.records, id)).text(58) == "+447700900100");
}

TEST_CASE("what was redacted says that something was removed, not what", "[history]") {
  World world;
  const auto id = volunteer(world.prison, "Ann", "Jones", "Nan");
  world.sync_all();
  const RecordName root{id, {}, 50};
  const auto record = must(world.prison.reader().read(root));
  must(world.prison.node->admission().redact(id, {record.field(known_as)->shown()->id},
                                             world.prison.records->authorship(world.prison.by)));
  world.sync_all();
  for (const Site* site : {&world.prison, &world.desk}) {
    const auto after = must(site->reader().read(root));
    REQUIRE(after.field(known_as));
    CHECK(after.field(known_as)->shown()->removed);
    CHECK(after.field(known_as)->shown()->value.empty());
    CHECK(must(site->reader().search(words("nan"))).hits.empty());
    CHECK(after.field(given_name)->shown()->value == record.field(given_name)->shown()->value);
  }
}

TEST_CASE("what a redaction removed is not sent again by the next one of the same entry",
          "[history]") {
  using sync::store::Standing;
  const auto first = GENERATE(Standing::accepted, Standing::outbox, Standing::waiting,
                              Standing::refused);  // where the first one stands
  INFO("standing: " << static_cast<int>(first));
  World world;
  const auto id = volunteer(world.prison, "Ann", "Jones", "Nan");
  world.sync_all();
  const auto record = must(world.prison.reader().read({id, {}, 50}));
  auto& admission = world.prison.node->admission();
  const auto remove = [&](std::uint32_t field) {
    return must(admission.redact(id, {record.field(field)->shown()->id},
                                 world.prison.records->authorship(world.prison.by)));
  };
  const auto removed_first = remove(known_as);
  if (first == Standing::accepted) world.sync_all();
  if (first == Standing::waiting || first == Standing::refused) {
    sync::store::UnitOfWork work(world.prison.node->database());
    const auto context = world.prison.node->context();
    sync::store::Replica replica(work, id, context);
    replica.stored().set_standing(*replica.stored().find(removed_first), first);
    replica.stored().close_own_stream();
    must(work.commit());
  }
  const auto second = remove(given_name);
  world.sync_all();
  sync::store::UnitOfWork work(world.desk.node->database(), sync::store::Purpose::reading);
  const auto context = world.desk.node->context();
  sync::store::Replica replica(work, id, context);
  const auto row = replica.stored().find(second);
  REQUIRE(row);
  const auto sealed = replica.open_entry(replica.stored().load(*row)->entry);
  REQUIRE(sealed);
  REQUIRE(sealed->copy);
  const std::string removed = "Nan";
  for (const auto& [index, op] : sealed->copy->ops) {
    CHECK(op.value != sync::Bytes(removed.begin(), removed.end()));
  }
}

TEST_CASE("what is written here stands as provisional until it has its place", "[records]") {
  World world;
  const auto id = volunteer(world.prison, "Ann", "Jones");
  const RecordName root{id, {}, 50};
  CHECK(must(world.prison.reader().read(root)).field(family_name)->shown()->is_provisional());
  ListQuery query;
  query.type = 50;
  query.fields = {family_name};
  CHECK(must(world.prison.reader().list(query)).rows.at(0).fields.at(family_name).provisional);
  world.sync(world.prison);
  CHECK_FALSE(must(world.prison.reader().read(root)).field(family_name)->shown()->is_provisional());
  CHECK_FALSE(
      must(world.prison.reader().list(query)).rows.at(0).fields.at(family_name).provisional);
}

}  // namespace throughgate::node::testing
