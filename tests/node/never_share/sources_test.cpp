// Where the node's own code writes into records: the few places at which what is written is
// checked.
#include <algorithm>
#include <array>
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace throughgate::node::testing {
namespace {

namespace fs = std::filesystem;

// Files that hand ops to the store themselves, and what keeps a code out of them that never leaves
// the prison. Everything else goes through RecordService, which asks check_written().
const std::map<std::string, std::string> writers{
    {"record_service.cpp", "check_written() before each save and each new record"},
    {"suspects.cpp", "check_written() before what stood is said again"},
    {"handovers/partners.cpp", "check_written() before a change of who takes part"},
    {"sharing/late.cpp", "why_not() asks check_sharing() of each change that is taken over"},
    {"staff/staff.cpp", "writes staff records and the site alone, which have no alerts"},
    {"volunteers/import.cpp", "writes volunteers and their files alone, which have no alerts"},
    {"erasure/removal.cpp", "takes out, and writes nothing"},
    {"erasure/parts_over.cpp", "clears and ends, and takes out; it adds nothing"},
    {"desk/erasures.cpp", "changes who takes part, and writes nothing"},
    {"erasure/holds.cpp", "changes who takes part, and writes nothing"},
};

// Those of them that do not look free text through before they save, and why.
const std::map<std::string, std::string> not_looking{
    {"staff/staff.cpp", "the site's own records are read by its own computers alone"},
    {"erasure/holds.cpp", "the reason is looked through with the new record, before it is shared"},
};

constexpr std::array looking{"check_text(", "look_through(", "check_text_of_new("};

bool writes(const std::string& text) {
  for (const char* call :
       {"admission().save(", "admission().create(", "admission().change_members(",
        "admission().redact(", "batch.create(", "batch.save(", "write_late(", "close_late("}) {
    if (text.find(call) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE(
    "whatever hands changes to the store is known, says what keeps codes out, and looks free text "
    "through",
    "[never-share]") {
  std::size_t found = 0;
  for (const auto& each : fs::recursive_directory_iterator(NODE_SOURCES)) {
    if (each.path().extension() != ".cpp") continue;
    std::ifstream file(each.path());
    std::stringstream text;
    text << file.rdbuf();
    if (!writes(text.str())) continue;
    ++found;
    const auto name = fs::relative(each.path(), NODE_SOURCES).string();
    INFO(
        name << " writes into records past RecordService: check what it writes, then name it here");
    CHECK(writers.contains(name));
    const bool looks = std::any_of(looking.begin(), looking.end(), [&](const char* call) {
      return text.str().find(call) != std::string::npos;
    });
    INFO(name << " saves what people type without looking it through");
    CHECK((looks || not_looking.contains(name)));
  }
  CHECK(found > 5);
}

}  // namespace throughgate::node::testing
