#include "node/staff/permissions.h"

#include <catch_amalgamated.hpp>
#include <fstream>
#include <sstream>

#include "node/records/codes.h"
#include "tests/node/staff/filled_site.h"

namespace throughgate::node::testing {
namespace {

using schema::FieldRule;

std::uint32_t type_of(const char* name) { return record_type(name)->number; }

const Permissions& shipped() { return Permissions::shipped(); }

sync::Error refusal(const std::string& text) {
  const auto read = shipped().narrowed_by(text);
  REQUIRE_FALSE(read);
  return read.error();
}

}  // namespace

TEST_CASE("the table in config is the one in the program, and it holds", "[permissions]") {
  std::ifstream file(PERMISSIONS_FILE);
  std::stringstream text;
  text << file.rdbuf();
  const auto read = must(Permissions::parse(text.str()));
  for (const auto& type : record_types()) {
    for (const auto sensitivity :
         {FieldRule::OPEN, FieldRule::PERSONAL, FieldRule::CONFIDENTIAL, FieldRule::RESTRICTED}) {
      CHECK(read.who_sees(type.number, sensitivity) ==
            shipped().who_sees(type.number, sensitivity));
    }
  }
  CHECK(shipped().may({"administrator"}, Act::staff));
}

TEST_CASE("the table says of every class of every kind of record who writes it", "[permissions]") {
  for (const auto& type : record_types()) {
    if (type.name == "staff-member") continue;  // by those who look after the staff list
    for (int i = 0; i < type.descriptor->field_count(); ++i) {
      const auto& field = *type.descriptor->field(i);
      INFO(type.name << " " << field.name());
      CHECK_FALSE(shipped().who_writes(type.number, rule_of(field).sensitivity()).empty());
    }
  }
}

TEST_CASE("the roles of the table are those that staff are given", "[permissions]") {
  const auto lists = must(CodeLists::load(CODES_FOLDER));
  RoleSet offered;
  for (const auto& code : lists.list("staff-roles")->codes()) {
    if (code.offered()) offered.insert(code.code);
  }
  CHECK(offered == RoleSet(known_roles().begin(), known_roles().end()));
}

TEST_CASE("whoever has several roles has what any of them has", "[permissions]") {
  const auto both = RoleSet{"gate_meeter", "security"};
  CHECK(shipped().access(both, type_of("vetting-notes"), FieldRule::RESTRICTED).writes);
  CHECK(shipped().access(both, type_of("flag"), FieldRule::CONFIDENTIAL).sees);
  CHECK_FALSE(shipped().access(both, type_of("need"), FieldRule::CONFIDENTIAL).sees);
  CHECK_FALSE(shipped().access({}, type_of("volunteer"), FieldRule::PERSONAL).sees);
  CHECK(shipped().access({}, type_of("session"), FieldRule::OPEN).sees);
}

TEST_CASE("who adds does not see what was added", "[permissions]") {
  const auto access =
      shipped().access({"coordinator"}, type_of("diversity"), FieldRule::RESTRICTED);
  CHECK(access.writes);
  CHECK_FALSE(access.sees);
}

TEST_CASE("nobody reads equality monitoring by name", "[permissions]") {
  CHECK(shipped().who_sees(type_of("diversity"), FieldRule::RESTRICTED).empty());
}

TEST_CASE("a site takes away, and what it does not name stays", "[permissions]") {
  const auto narrow = must(shipped().narrowed_by(
      "[acts]\nimport = []\n[incident]\nrestricted = { change = [\"security\"] }\n"));
  CHECK_FALSE(narrow.may({"coordinator"}, Act::import_file));
  CHECK(narrow.may({"handover_worker"}, Act::share));
  CHECK_FALSE(narrow.access({"governor"}, type_of("incident"), FieldRule::RESTRICTED).sees);
  CHECK_FALSE(narrow.access({"coordinator"}, type_of("incident"), FieldRule::RESTRICTED).writes);
  CHECK(narrow.asks_reason(type_of("incident"), FieldRule::RESTRICTED));  // it had been asked
  CHECK(narrow.access({"coordinator"}, type_of("volunteer"), FieldRule::PERSONAL).writes);
}

TEST_CASE("a site gives nobody anything, and is told in which line it would", "[permissions]") {
  const std::string only = "A site can only take away.";
  for (const std::string text :
       {"\n[vetting-notes]\nrestricted = { see = [\"coordinator\"] }\n",
        "\n[volunteer]\npersonal = { change = [\"gate_meeter\"] }\n",
        "\n[volunteer]\npersonal = { change = [\"governor\"] }\n",    // who only sees
        "\n[diversity]\nrestricted = { see = [\"coordinator\"] }\n",  // who only adds
        "\n[site]\nrestricted = { see = [\"everyone\"] }\n",          // of which nothing is said
        "\n[acts]\nshare = [\"everyone\"]\n"}) {
    const auto error = refusal(text);
    INFO(text << error.message);
    CHECK(error.kind == sync::ErrorKind::invalid);
    CHECK(error.message.find("line 3") != std::string::npos);
    CHECK(error.message.find("take away") != std::string::npos);
  }
  CHECK(refusal("[audit]\nnoted = []\n").message.find("line 2") != std::string::npos);
}

TEST_CASE("what the table cannot hold is refused with its line", "[permissions]") {
  for (const auto& [text, words] : std::vector<std::pair<std::string, std::string>>{
           {"[volunteer\n", "line 1"},
           {"[volunter]\nopen = {}\n", "no kind of record"},
           {"volunteer = 3\n", "line 1"},
           {"[volunteer]\nsecret = {}\n", "line 2"},
           {"[volunteer]\npersonal = [\"coordinator\"]\n", "line 2"},
           {"[volunteer]\npersonal = { read = [\"coordinator\"] }\n", "line 2"},
           {"[volunteer]\npersonal = { see = \"coordinator\" }\n", "a list of roles"},
           {"[volunteer]\npersonal = { see = [\"chaplain\"] }\n", "\"chaplain\" is no role"},
           {"[volunteer]\npersonal = { ask_reason = 1 }\n", "true or false"},
           {"[acts]\nfly = []\n", "line 2"},
           {"[audit]\nnoted = [\"secret\"]\n", "line 2"},
           {std::string(70'000, '#'), "too large"}}) {
    const auto error = refusal(text);
    INFO(text.substr(0, 80) << "\n" << error.message);
    CHECK(error.message.find(words) != std::string::npos);
  }
}

TEST_CASE("nobody is left to judge a handover, or a volunteer, by a part", "[permissions]") {
  CHECK(
      refusal("[need]\nconfidential = { see = [\"governor\"] }\n").message.find("see all of it") !=
      std::string::npos);
  CHECK(refusal("[volunteer]\nconfidential = { change = [\"coordinator\"] }\n")
            .message.find("suspended") != std::string::npos);
  CHECK(refusal("[acts]\nstaff = []\n").message.find("administrator") != std::string::npos);
}

}  // namespace throughgate::node::testing
