#include "tests/node/every_command/story.h"

#include <algorithm>
#include <array>
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <regex>

namespace throughgate::node::testing {
namespace {

namespace fs = std::filesystem;
using Fault = FailingDisk::Fault;

constexpr std::uint64_t moments_some = 4;  // of each command's changes, besides
constexpr std::uint64_t moments_last = 3;  // these

void write_private(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
}

bool says_what_to_do(const std::string& message) {
  constexpr std::array<std::string_view, 10> next{
      "Make room",   "ry again",  "Check ",    "Run ",       "run it again",
      "Use another", "Keep both", "delete it", "Sync again", "wait."};
  return std::any_of(next.begin(), next.end(),
                     [&](auto words) { return message.find(words) != std::string::npos; });
}

}  // namespace

std::string json_value(const std::string& json, const std::string& name) {
  const std::string before = "\"" + name + "\": ";
  const auto at = json.find(before);
  if (at == std::string::npos) FAIL("no " << name << " in " << json);
  auto value = json.substr(at + before.size());
  if (value[0] == '"') return value.substr(1, value.find('"', 1) - 1);
  return value.substr(0, value.find_first_of(",}\n"));
}

std::string json_row_with(const std::string& json, const std::string& text) {
  const auto at = json.find(text);
  if (at == std::string::npos) FAIL("no " << text << " in " << json);
  return json.substr(json.rfind('{', at));
}

Story::Story() {
  write_private(path("password"), "plum lantern otter 9\n");
  write_private(path("another"), "river teapot quarrel 5\n");
  write_private(path("third"), "anvil marmalade 77 drift\n");
  fs::create_directory(path("exchange"));
  fs::create_directory(path("kept"));
  exchange = std::make_unique<Exchange>(path("exchange"), now_ms_);
}

void Story::keep_sheet(const std::string& printed) {
  const std::regex four_words(R"((\n +(\d+ [a-z]+ *){4})+)");
  std::string words;
  for (std::sregex_iterator each(printed.begin(), printed.end(), four_words), end; each != end;
       ++each) {
    words += each->str();
  }
  write_private(path("sheet"), words);
}

Words Story::full(const std::string& computer, const std::string& here, const Words& words,
                  bool signs_in) const {
  Words out{"--data", computer, "--codes", CODES_FOLDER};
  if (signs_in) {
    out.insert(out.end(), {"--as", "jo", "--password-file", path("password")});
  }
  for (auto word : words) {
    if (const auto at = word.find("{here}"); at != std::string::npos) word.replace(at, 6, here);
    out.push_back(word);
  }
  return out;
}

void Story::fill(const std::string& here) const {
  fs::remove_all(here);
  fs::create_directory(here);
  std::ofstream(here + "/volunteers.csv")
      << "First name,Last name,Email\nBo,Invented,bo@example.org\n,,cy@example.org\n";
  fs::copy(path("kept"), here, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
}

Ran Story::run(const std::string& computer, const std::string& here, const Words& words,
               bool signs_in) {
  now_ms_ += pace_ms;
  return run_program(full(computer, here, words, signs_in), now_ms_);
}

std::string Story::tell(const std::string& site, const Words& words, bool signs_in) {
  take_back();
  fill(path("here"));
  const auto ran = run(path(site), path("here"), words, signs_in);
  if (ran.code != 0) FAIL(site << " " << words.front() << ": " << ran.err);
  return ran.out;
}

void Story::copy(const std::string& site) const {
  take_back();
  fs::remove_all(path("copy"));
  if (fs::exists(path(site))) fs::copy(path(site), path("copy"), fs::copy_options::recursive);
  fill(path("here"));
}

std::optional<std::string> Story::entries_in_copy() {
  if (!fs::exists(path("copy")) || !DataFolder(path("copy")).find_store()) return std::nullopt;
  const auto ran = run(path("copy"), path("here"), {"--json", "check"}, true);
  CHECK(ran.err == "");
  REQUIRE(ran.code == 0);
  return json_value(ran.out, "entries");
}

Story::Left Story::left_by() {
  Left out{entries_in_copy(), {}};
  for (const auto& looked_at : {path("copy"), path("here")}) {
    if (!fs::exists(looked_at)) continue;
    for (const auto& each : fs::recursive_directory_iterator(looked_at)) {
      auto name = each.path().filename().string();
      if (name.ends_with(".tgb")) name = "a bundle";  // each has another name
      const bool comes_and_goes = name.ends_with("-wal") || name.ends_with("-shm") ||
                                  name.ends_with(".lock") || name.ends_with("attempts");
      if (!comes_and_goes) out.files.insert(name);
    }
  }
  return out;
}

void Story::fail_at(const std::string& site, const Words& words, bool signs_in, Fault fault,
                    std::uint64_t n, const Left& before, const Left& after) {
  copy(site);
  Ran ran;
  bool struck = false;
  {
    FailingDisk disk(fault, n);
    ran = run(path("copy"), path("here"), words, signs_in);
    struck = disk.has_struck();
  }
  if (!struck) return;
  ++faults;
  INFO("change " << n << (fault == Fault::full ? ", full" : ", failing") << ": " << ran.code << " "
                 << ran.err);
  CHECK((ran.code == 0 || ran.code == 1));
  if (ran.code != 0) CHECK(says_what_to_do(ran.err));
  if (ran.code == 0) return prove(after);
  const auto found = entries_in_copy();
  CHECK((in_steps || found == after.entries || found == before.entries));
  // Once the disk is well the same command is done, or says that it is done already.
  const auto again = run(path("copy"), path("here"), words, signs_in);
  INFO("again: " << again.code << " " << again.err);
  const bool is_there = found == after.entries && found != before.entries;
  const bool is_done_already = is_there || again.err.find("lready") != std::string::npos ||
                               again.err.find("is over") != std::string::npos;
  CHECK((again.code == 0 || (again.code == 1 && is_done_already)));
  const auto at_last = entries_in_copy();
  CHECK(at_last.has_value());
  if (in_steps) CHECK(at_last == after.entries);
  prove({});
}

void Story::prove(const std::optional<Left>& after) {
  if (after) CHECK((left_by() == *after));
  if (proof.empty()) return;
  const auto ran = run(path("copy"), path("here"), proof, false);
  INFO("proof: " << ran.err);
  CHECK(ran.code == 0);
}

void Story::try_out(const std::string& site, const Words& words, bool signs_in) {
  std::string name = words[0] == "--json" ? words[1] : words[0];
  const auto known = all_commands();
  for (std::size_t i = words[0] == "--json" ? 2 : 1;
       i < words.size() && std::find(known.begin(), known.end(), name) == known.end(); ++i) {
    name += " " + words[i];
  }
  told.insert(name);
  INFO(site << ": " << name);
  copy(site);
  const auto before = left_by();
  copy(site);
  std::uint64_t changes = 0;
  {
    FailingDisk never(Fault::io_error, std::numeric_limits<std::uint64_t>::max());
    const auto ran = run(path("copy"), path("here"), words, signs_in);
    changes = never.changes();
    if (ran.code != 0) FAIL(ran.err);
  }
  const auto after = left_by();
  prove(after);
  for (const auto fault : {Fault::io_error, Fault::full}) {
    for (const auto n : moments_of(changes, moments_some, moments_last)) {
      fail_at(site, words, signs_in, fault, n, before, after);
    }
  }
}

std::string Story::each(const std::string& site, const Words& words, bool signs_in) {
  try_out(site, words, signs_in);
  return tell(site, words, signs_in);
}

}  // namespace throughgate::node::testing
