// Every file in files/ is read as a person brought it; the report beside it says what must come
// out.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "node/intake/report.h"
#include "tests/node/intake/hostile_cells.h"
#include "tests/node/intake/people.h"

using namespace throughgate;
using namespace throughgate::node;
namespace fs = std::filesystem;

namespace {

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> awkward_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(INTAKE_FILES)) {
    const auto extension = entry.path().extension();
    if (extension == ".csv" || extension == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string report_on(const fs::path& file, const ExistingVolunteers& existing) {
  const std::string content = content_of(file);
  const auto read = read_on_a_day(crypto::as_bytes(content), existing);
  if (const auto* refusal = std::get_if<Refusal>(&read)) return "Refused: " + refusal->why + "\n";
  std::string text;
  for (const std::string& line : intake_report(std::get<Intake>(read), Made::no)) {
    text += line + "\n";
  }
  return text;
}

FakeVolunteers recorded_already() {
  FakeVolunteers known;
  Identity sian{{"Siân Mair", "Evans", "", {}}};
  sian.date_of_birth = std::chrono::year(1975) / 11 / 30;
  sian.email = "sian.evans@example.org";
  known.add("Siân Evans (V-0007)", sian);
  return known;
}

}  // namespace

TEST_CASE("each awkward file gives exactly the report written beside it", "[intake]") {
  const auto files = awkward_files();
  REQUIRE(files.size() >= 18);
  const FakeVolunteers known = recorded_already();
  for (const fs::path& file : files) {
    CAPTURE(file.filename().string());
    auto expected = file;
    expected.replace_extension(".expected");
    REQUIRE(fs::exists(expected));
    CHECK(report_on(file, known) == content_of(expected));
  }
}

TEST_CASE("importing a file twice makes nothing twice", "[intake]") {
  for (const fs::path& file : awkward_files()) {
    CAPTURE(file.filename().string());
    const std::string content = content_of(file);
    FakeVolunteers held;
    const auto first = read_on_a_day(crypto::as_bytes(content), held);
    if (std::holds_alternative<Refusal>(first)) continue;
    held.import(std::get<Intake>(first));
    const auto again = std::get<Intake>(read_on_a_day(crypto::as_bytes(content), held));
    CHECK(again.count(Verdict::make) == 0);
    CHECK(again.count(Verdict::done_before) >= std::get<Intake>(first).count(Verdict::make));
  }
}

TEST_CASE("the file to mend can be imported as it is, and says the same again", "[intake]") {
  for (const fs::path& file : awkward_files()) {
    CAPTURE(file.filename().string());
    const std::string content = content_of(file);
    FakeVolunteers held;
    const auto first = read_on_a_day(crypto::as_bytes(content), held);
    if (std::holds_alternative<Refusal>(first)) continue;
    held.import(std::get<Intake>(first));
    const std::string to_mend = mend_csv(std::get<Intake>(first));
    if (to_mend.empty()) continue;
    const auto again = std::get<Intake>(read_on_a_day(crypto::as_bytes(to_mend), held));
    CHECK(again.count(Verdict::make) == 0);
    CHECK(again.count(Verdict::mend) == std::get<Intake>(first).count(Verdict::mend));
  }
}

TEST_CASE(
    "no cell of the file to mend is run by a spreadsheet, and each comes back as it was typed",
    "[intake]") {
  for (const auto each : hostile_cells) {
    const std::string cell(each);
    CAPTURE(cell);
    std::string typed = "Forename,Surname,DOB,Notes\n";
    append_csv_row(typed, {"Jo", "Smith", "31/02/1990", cell});  // no such day: to be mended
    const std::string to_mend = mend_csv(std::get<Intake>(read_on_a_day(crypto::as_bytes(typed))));
    const auto before = std::get<std::vector<CsvRow>>(parse_csv(typed, ','));
    const auto after = std::get<std::vector<CsvRow>>(parse_csv(to_mend, ','));
    REQUIRE(after.size() == 2);
    CHECK(std::find(after[1].cells.begin(), after[1].cells.end(), before[1].cells[3]) !=
          after[1].cells.end());
    // As a spreadsheet reads it: nothing stands at the start of a cell that it would run.
    for (const char* start :
         {",=", ",+", ",-", ",@", ",\t", ",\"=", ",\"+", ",\"-", ",\"@", ",\"\t"}) {
      CHECK(to_mend.find(start) == std::string::npos);
    }
  }
}
