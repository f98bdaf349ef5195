// Every file beside this one is read and answered exactly as it says.
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/vectors/check_vector.h"

using throughgate::vectors::outcome_of;
using throughgate::vectors::VectorFile;

namespace {

std::vector<std::filesystem::path> files() {
  std::vector<std::filesystem::path> out;
  for (const auto& each : std::filesystem::directory_iterator(VECTORS_FOLDER)) {
    if (each.path().extension() == ".txt") out.push_back(each.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

VectorFile read(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return VectorFile::parse(text.str());
}

}  // namespace

TEST_CASE("every test vector has exactly the outcome it states", "[vectors]") {
  const auto all = files();
  CHECK(all.size() >= 300);
  for (const auto& path : all) {
    CAPTURE(path.filename().string());
    const auto vector = read(path);
    CHECK(outcome_of(vector) == vector.text("expect"));
  }
}

TEST_CASE("there are vectors of every kind, and hostile ones among them", "[vectors]") {
  std::set<std::string> kinds;
  std::size_t hostile = 0;
  for (const auto& path : files()) {
    const auto vector = read(path);
    kinds.insert(vector.text("kind"));
    if (vector.text("expect").substr(0, 6) != "accept") ++hostile;
  }
  CHECK(kinds.size() == 26);
  CHECK(hostile >= 200);
}

TEST_CASE("a vector is printed as it is read", "[vectors]") {
  for (const auto& path : files()) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    CHECK(VectorFile::parse(text.str()).print() == text.str());
  }
}
