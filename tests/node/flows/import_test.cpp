#include "node/volunteers/import.h"

#include <sys/stat.h>

#include <catch_amalgamated.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "node/intake/codes.h"
#include "node/volunteers/recorded.h"
#include "records/volunteer.pb.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

class ListOfVolunteers {
 public:
  explicit ListOfVolunteers(const std::string& text) {
    std::ofstream(folder_.file("volunteers.csv")) << text;
  }
  std::string path() const { return folder_.file("volunteers.csv"); }

 private:
  TemporaryFolder folder_;
};

std::string many(std::size_t rows) {
  std::string out = "First name,Surname,Date of birth,Email,Mobile,Postcode,Roles,Status,Prison\n";
  for (std::size_t i = 0; i < rows; ++i) {
    const std::string n = std::to_string(i);
    std::string letters;
    for (std::size_t rest = i + 26; rest > 0; rest /= 26) {
      letters += static_cast<char>('a' + rest % 26);
    }
    out +=
        "Ann,Family" + letters + ",03/04/1981,v" + n + "@example.org,,LS1 4AP,Mentor,Active,LEI\n";
  }
  return out;
}

std::size_t volunteers(const Site& site) {
  return must(RecordedVolunteers::read(*site.records)).size();
}

constexpr const char* three_rows =
    "First name,Surname,Date of birth,Email,Mobile,Address,Postcode,Roles,Status,Notes\n"
    "Ann,Jones,03/04/1981,ann@example.org,07700 900123,1 High Street,LS1 4AP,Mentor,Active,Keen\n"
    "Bob,Smith,31/02/1980,bob@example.org,,,,,Active,\n"
    "Cai,Evans,05/06/1975,,07700 900124,,,,Enquiry,\n";

}  // namespace

// Somebody who reads a word on our pages types it into a spreadsheet.
TEST_CASE("import understands what pages call roles, levels and stages, and says it the same way",
          "[import]") {
  World world;
  const auto& lists = world.prison.records->codes();
  for (const auto& role : lists.list("volunteer-roles")->codes()) {
    CAPTURE(role.code);
    CHECK(read_roles(role.label).value == std::vector<std::string>{role.code});
    CHECK(role_label(role.code) == role.label);
  }
  for (const auto& level : lists.list("vetting-levels")->codes()) {
    if (level.code == "VISIT_PASS") continue;  // no clearance of a volunteer
    CAPTURE(level.code);
    CHECK(read_vetting_level(level.label).value == level.code);
    CHECK(vetting_level_label(level.code) == level.label);
  }
  const auto& stages = *schema::Volunteer::Status_descriptor();
  for (int i = 0; i < stages.value_count(); ++i) {
    const auto& stage = *stages.value(i);
    CAPTURE(stage.name());
    const auto read = read_status(rule_of(stage).label());
    REQUIRE(read.value);
    CHECK(status_label(*read.value) == rule_of(stage).label());
    CHECK((stage.name() == "TRIAL" || *read.value == stage.name()));
  }
}

TEST_CASE("a dry run tells and stores nothing", "[import]") {
  World world;
  const ListOfVolunteers list(three_rows);
  const auto report = must(VolunteerImport(*world.prison.records).dry_run(list.path()));
  CHECK(report.made == 2);
  CHECK(report.to_mend == 1);
  CHECK(report.mend_path.empty());
  CHECK_FALSE(report.lines.empty());
  CHECK(volunteers(world.prison) == 0);
}

TEST_CASE("good rows become volunteers, the others a file to mend that only its owner reads",
          "[import]") {
  World world;
  const ListOfVolunteers list(three_rows);
  VolunteerImport import(*world.prison.records);
  const auto report = must(import.run(list.path(), world.prison.by));
  CHECK(report.made == 2);
  CHECK(volunteers(world.prison) == 2);
  struct stat facts {};
  REQUIRE(::stat(report.mend_path.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);

  sync::store::ListQuery files;
  files.type = 60;
  files.fields = {2, 4, 80};
  const auto page = must(world.prison.reader().list(files));
  REQUIRE(page.rows.size() == 1);  // the second row says nothing for the part that stays
  CHECK(crypto::as_text(page.rows[0].fields.at(4).value) == "LS1 4AP");
}

TEST_CASE("importing the same rows twice makes nothing twice", "[import]") {
  World world;
  const ListOfVolunteers list(three_rows);
  VolunteerImport import(*world.prison.records);
  must(import.run(list.path(), world.prison.by));
  const auto again = must(import.run(list.path(), world.prison.by));
  CHECK(again.made == 0);
  CHECK(again.done_before == 2);
  CHECK(volunteers(world.prison) == 2);
}

TEST_CASE("a volunteer recorded by hand is not made again by a file", "[import]") {
  World world;
  must(world.prison.records->new_record(
      *record_type("volunteer"),
      {{"given-name", "Ann"}, {"family-name", "Jones"}, {"date-of-birth", "1981-04-03"}},
      world.prison.by));
  const ListOfVolunteers list(three_rows);
  const auto report = must(VolunteerImport(*world.prison.records).dry_run(list.path()));
  CHECK(report.made == 1);
  CHECK(report.to_mend == 2);
}

TEST_CASE("where the rows to mend cannot be written, nothing is imported", "[import]") {
  World world;
  const ListOfVolunteers list(three_rows);
  const auto folder = std::filesystem::path(list.path()).parent_path();
  const std::string long_name = (folder / (std::string(250, 'x') + ".csv")).string();
  std::filesystem::rename(list.path(), long_name);  // no room for " to mend"
  const auto refused =
      refusal(VolunteerImport(*world.prison.records).run(long_name, world.prison.by));
  CHECK(refused.kind == sync::ErrorKind::unavailable);
  CHECK(volunteers(world.prison) == 0);
}

TEST_CASE("what is no table of volunteers is refused", "[import]") {
  World world;
  const ListOfVolunteers list("what,is,this\n1,2,3\n");
  VolunteerImport import(*world.prison.records);
  CHECK(refusal(import.dry_run(list.path())).kind == sync::ErrorKind::invalid);
  CHECK(refusal(import.dry_run(list.path() + "x")).kind == sync::ErrorKind::not_found);
}

TEST_CASE("imported volunteers reach the desk, their files do not", "[import]") {
  World world;
  const ListOfVolunteers list(three_rows);
  must(VolunteerImport(*world.prison.records).run(list.path(), world.prison.by));
  world.sync_all();
  CHECK(volunteers(world.desk) == 2);
  CHECK(volunteers(world.partner) == 0);
  sync::store::ListQuery files;
  files.type = 60;
  CHECK(must(world.desk.reader().list(files)).rows.empty());
}

TEST_CASE("ten thousand rows", "[.][import][speed]") {
  World world;
  const ListOfVolunteers list(many(10'000));
  const auto began = std::chrono::steady_clock::now();
  const auto report =
      must(VolunteerImport(*world.prison.records).run(list.path(), world.prison.by));
  const auto took = std::chrono::steady_clock::now() - began;
  CHECK(report.made == 10'000);
  WARN("took " << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms");
}

TEST_CASE(
    "a row whose words should not be shared is left for a person, until they say that it stands",
    "[import][free-text]") {
  World world;
  auto records = seen_by_jo(world.prison, world.codes);
  const ListOfVolunteers list(
      "First name,Surname,Date of birth,Email,Vetting level,Vetting reference,Notes\n"
      "Ann,Jones,03/04/1981,ann@example.org,DBS basic,told by A9876XY,knows A9876XY\n"
      "Bob,Smith,01/02/1980,bob@example.org,DBS basic,17,knows A9876XY\n");
  VolunteerImport import(records);
  const auto first = must(import.run(list.path(), world.prison.by));
  CHECK(first.made == 1);  // notes stay in the prison's own file
  CHECK(first.to_mend == 1);
  std::string told;
  for (const auto& line : first.lines) told += line + "\n";
  CHECK(told.find("this looks like a prison number of somebody else") != std::string::npos);
  CHECK(told.find("--text-as-it-stands") != std::string::npos);
  records.take_text_as_it_stands();
  CHECK(must(import.run(first.mend_path, world.prison.by)).made == 1);
  CHECK(volunteers(world.prison) == 2);
}

TEST_CASE("why a file is imported is looked through before anything is", "[import][free-text]") {
  World world;
  auto records = seen_by_jo(world.prison, world.codes);
  const ListOfVolunteers list(many(2));
  CHECK(
      refusal(VolunteerImport(records).run(list.path(), {world.prison.by.actor, "told by A9876XY"}))
          .kind == sync::ErrorKind::invalid);
  CHECK(volunteers(world.prison) == 0);
  CHECK(records.text_doubts().size() == 1);
}

}  // namespace throughgate::node::testing
