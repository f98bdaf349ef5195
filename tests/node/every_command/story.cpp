#include "tests/node/every_command/story.h"

#include <algorithm>
#include <array>
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <regex>

#include "hub/key_file.h"
#include "tests/disk_faults/plain_words.h"
#include "tests/disk_faults/same_chance.h"

namespace throughgate::node::testing {
namespace {

namespace fs = std::filesystem;
using throughgate::testing::Content;
using throughgate::testing::FailingDisk;
using throughgate::testing::fault_in_words;
using throughgate::testing::SameChance;

void write_private(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
}

// What each use of a store, or visit to the exchange, writes down beside its work, whatever becomes
// of that.
bool is_beside(const std::string& part) {
  constexpr std::array<std::string_view, 8> beside{
      "setting 'contact tally'", "setting 'read by'",
      "setting 'cursor'",        "setting 'last contact'",
      "setting 'clock offset'",  "setting 'last backup'",
      "setting 'audit mark'",    "account"};
  return part == "audit" || part.ends_with(" tries'") ||
         std::find(beside.begin(), beside.end(), part) != beside.end();
}

// Not even that.
bool is_untouched(const Content& found, const Content& before) {
  auto as_before = before;
  const std::string passed = "setting 'contact tally'";
  if (found.contains(passed)) as_before[passed] = found.at(passed);
  return found == as_before;
}

// What people save: each save changes these in one step.
bool is_saved_together(const std::string& part) {
  constexpr std::array<std::string_view, 9> tables{"dossier",    "entry",      "part",
                                                   "membership", "redaction",  "op",
                                                   "field",      "search_row", "dossier_key"};
  return std::find(tables.begin(), tables.end(), part) != tables.end();
}

// Of what was cut off, under names that only this has; the next one removes it.
bool is_leftover(const std::string& part) {
  return part.ends_with(".new") || part.ends_with(".part") || part.ends_with(".rebuilt") ||
         part.find("/unpacked") != std::string::npos;
}
bool has_leftovers(const Content& found, const Content& after) {
  return std::any_of(found.begin(), found.end(), [&](const auto& each) {
    return is_leftover(each.first) && !after.contains(each.first);
  });
}

std::string mark_in(const Content& content, const std::string& part) {
  const auto at = content.find(part);
  return at == content.end() ? "none" : at->second;
}

std::set<std::string> parts_of(const std::vector<const Content*>& contents) {
  std::set<std::string> out;
  for (const auto* each : contents) {
    for (const auto& [part, mark] : *each) {
      if (!is_beside(part) && !is_leftover(part)) out.insert(part);
    }
  }
  return out;
}

// What became of a command, by all that two runs of it leave alike.
struct Became {
  bool nothing = true, all = true;  // as before; as it leaves it
  bool halves = false;   // of what is saved together, some is as before and some as after
  bool strange = false;  // something is neither
};
Became became(const Content& found, const Content& before, const Content& after,
              const std::set<std::string>& by_chance) {
  Became out;
  bool none_saved = true, all_saved = true;
  for (const auto& part : parts_of({&found, &before, &after})) {
    if (by_chance.contains(part)) continue;
    const auto mark = mark_in(found, part);
    const bool as_before = mark == mark_in(before, part), as_after = mark == mark_in(after, part);
    out.nothing = out.nothing && as_before;
    out.all = out.all && as_after;
    out.strange = out.strange || !(as_before || as_after);
    if (!is_saved_together(part)) continue;
    none_saved = none_saved && as_before;
    all_saved = all_saved && as_after;
  }
  out.halves = !none_saved && !all_saved;
  return out;
}

std::string differing(const Content& one, const Content& other) {
  std::string out;
  for (const auto& [part, mark] : one) {
    const auto at = other.find(part);
    if (at == other.end() || at->second != mark) out += part + "; ";
  }
  for (const auto& [part, mark] : other) {
    if (!one.contains(part)) out += part + " (new); ";
  }
  return out;
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
  tell("exchange", {"throughgate-hub", "init"});
  exchange = std::make_unique<Exchange>(hub_settings(path("exchange")), now_ms_);
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

std::string Story::hub_settings(const std::string& computer) const {
  std::string file = computer + ".toml";
  if (fs::exists(file)) return file;  // written before the disk fails
  std::ofstream(file) << "[store]\nfile = \"" << computer << "/hub.db\"\nkey_file = \"" << computer
                      << "/hub.key\"\n";
  return file;
}

Words Story::full(const std::string& computer, const std::string& here, const Words& words,
                  bool signs_in) const {
  Words out{"--data", computer, "--codes", CODES_FOLDER};
  if (is_of_hub(words)) out = {"--settings", hub_settings(computer)};
  if (signs_in && !is_of_hub(words)) {
    out.insert(out.end(), {"--as", "jo", "--password-file", path("password")});
  }
  for (auto word : words) {
    if (const auto at = word.find("{here}"); at != std::string::npos) word.replace(at, 6, here);
    out.push_back(word);
  }
  std::erase(out, "throughgate-hub");
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
  const auto said = full(computer, here, words, signs_in);
  auto ran = is_of_hub(words) ? run_hub(said) : run_program(said, now_ms_);
  if (spoil && words == spoilt) spoil(ran, [&] { return run_program(said, now_ms_); });
  return ran;
}

std::string Story::tell(const std::string& site, const Words& words, bool signs_in) {
  take_back();
  fill(path("here"));
  std::optional<SameChance> clock;  // which a hub asks the system for
  if (is_of_hub(words)) clock.emplace(++tries_, now_ms_ + pace_ms);
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

Ran Story::run_in_copy(const Trial& trial, std::uint64_t chance) {
  now_ms_ = trial.at_ms - pace_ms;
  const SameChance same(chance, trial.at_ms);
  return run(path("copy"), path("here"), trial.words, trial.signs_in);
}

void Story::check_sound(const Trial& trial) {
  if (fs::exists(path("copy/hub.db")) || !fs::exists(path("copy")) ||
      !DataFolder(path("copy")).find_store())
    return;
  const auto ran = run(path("copy"), path("here"), {"--json", "check"}, true);
  moments.must_hold(ran.code == 0, "what it leaves is sound", trial.name + ": " + ran.err);
}

Content Story::left_in_copy() {
  auto out = throughgate::testing::files_in(path("copy"));
  for (const auto& [name, mark] : throughgate::testing::files_in(path("here"))) {
    out["here, " + name] = mark;
  }
  if (!fs::exists(path("copy"))) return out;
  if (fs::exists(path("copy/hub.db"))) {
    const auto key = hub::read_key_file(path("copy/hub.key"));
    if (!key || !hub::SqliteStore::open(path("copy/hub.db"), *key)) {
      out["file /hub.db"] = "not finished";
      return out;
    }
    out.merge(throughgate::testing::content_of(path("copy/hub.db"), *key));
    out.erase("mark");  // drawn anew each time, by the store itself
    return out;
  }
  const DataFolder folder(path("copy"));
  if (!folder.find_store()) return out;
  crypto::SystemRandom random;
  const auto key = Accounts(folder, random, cheap()).sign_in("jo", "plum lantern otter 9", [this] {
    return now_ms_.load();
  });
  if (!key) FAIL(key.error().message);
  out.merge(throughgate::testing::content_of(folder.store(), *key));
  return out;
}

bool Story::fail_at(const Trial& trial, Fault fault, std::uint64_t n) {
  copy(trial.site);
  Ran ran;
  bool struck = false;
  {
    FailingDisk disk(fault, n);
    ran = run_in_copy(trial, trial.chance);
    struck = disk.has_struck();
  }
  moments.must_hold(ran.code == 0 || (struck && ran.code == 1),
                    "a command is done or says what went wrong", ran.err);
  if (ran.code != 0) {
    const auto wrong = fault_in_words(ran.err, fault);
    moments.must_hold(wrong.empty(), "a message " + wrong, ran.err);
  }
  judge(trial, ran);
  return struck;
}

void Story::judge(const Trial& trial, const Ran& ran) {
  const auto found = left_in_copy();
  const auto outcome = became(found, trial.before, trial.after, trial.by_chance);
  const auto seen = std::to_string(ran.code) + " " + ran.err +
                    "against before: " + differing(found, trial.before) +
                    "\nagainst after: " + differing(found, trial.after);
  if (ran.code == 0) {
    moments.must_hold(outcome.all || goes_on_later.contains(trial.name),
                      "what is said to be done is done", seen);
    return check_proof();
  }
  const bool in_steps = several_saves.contains(trial.name);
  moments.must_hold(in_steps || !(outcome.halves || outcome.strange),
                    "a save is whole or not there", seen);
  if (ran.err.find("Nothing was changed") != std::string::npos) {
    moments.must_hold(outcome.nothing, "where nothing is said to be changed nothing is", seen);
  }
  if (!outcome.nothing && !outcome.all) {
    check_sound(trial);
    moments.must_hold(in_steps, "a command is done wholly or not at all", seen);
    half_done.insert(trial.name);
  }
  // Once the disk is well the same command is done, or says that it is done already.
  const auto again = run_in_copy(trial, outcome.nothing ? trial.chance : trial.chance + 1);
  const bool is_done_already = outcome.all || again.err.find("lready") != std::string::npos ||
                               again.err.find("is over") != std::string::npos ||
                               again.err.find("no such member of staff") != std::string::npos;
  moments.must_hold(again.code == 0 || (again.code == 1 && is_done_already),
                    "given again on a healthy disk it is done", seen + "\nagain: " + again.err);
  if (is_untouched(found, trial.before)) {
    const auto at_last = left_in_copy();
    moments.must_hold(became(at_last, trial.before, trial.after, trial.by_chance).all &&
                          !has_leftovers(at_last, trial.after),
                      "given again it comes to the same",
                      seen + "\nat last, against after: " + differing(at_last, trial.after));
  }
  check_proof();
}

// A command that said that it is done has done it.
void Story::check_proof() {
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
  hub_settings(path("copy"));
  Trial trial{name, site, words, signs_in, now_ms_ + pace_ms, ++tries_, left_in_copy(), {}, {}};
  copy(site);
  const auto counted = [&] {
    const FailingDisk never;
    const auto ran = run_in_copy(trial, trial.chance);
    if (ran.code != 0) FAIL(ran.err);
    return never.changes();
  }();
  trial.after = left_in_copy();
  check_proof();
  check_sound(trial);
  copy(site);
  run_in_copy(trial, trial.chance);
  const auto once_more = left_in_copy();
  for (const auto& part : parts_of({&trial.after, &once_more})) {
    if (mark_in(trial.after, part) != mark_in(once_more, part)) trial.by_chance.insert(part);
  }
  moments.each(name, counted,
               [&](Fault fault, std::uint64_t n) { return fail_at(trial, fault, n); });
  now_ms_ = trial.at_ms;
}

std::string Story::each(const std::string& site, const Words& words, bool signs_in) {
  try_out(site, words, signs_in);
  return tell(site, words, signs_in);
}

}  // namespace throughgate::node::testing
