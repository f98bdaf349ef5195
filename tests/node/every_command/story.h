// A story told by commands on made-up computers, and at each command the disk fails: at one change
// after the other, once, or by being full from there on. Each is tried on a copy of the computer,
// at the same time and by the same chance; then the command is given for good, and the story goes
// on.
#pragma once

#include <functional>
#include <optional>
#include <set>

#include "tests/disk_faults/moments.h"
#include "tests/disk_faults/store_content.h"
#include "tests/node/every_command/computers.h"

namespace throughgate::node::testing {

// What stands behind "name": in the first JSON object of a text; the test fails where it does not.
std::string json_value(const std::string& json, const std::string& name);
// The object of a JSON list that holds this text.
std::string json_row_with(const std::string& json, const std::string& text);

class Story {
 public:
  Story();

  std::string path(const std::string& name) const { return folder_.path(name); }
  // Files beneath it lie in "{here}" whenever a command is run.
  std::string kept(const std::string& name) const { return path("kept/" + name); }
  // The words of a recovery sheet, as it was printed, go into the file "sheet".
  void keep_sheet(const std::string& printed);
  // That much later.
  void wait(std::uint64_t ms) { now_ms_ += ms; }

  // A command is the node's, or throughgate-hub's where it begins with that word.
  // In commands "{here}" is a folder for the files that a command reads or writes.
  // For good; the test fails where the command does. The output.
  std::string tell(const std::string& site, const Words& words, bool signs_in = true);
  // On copies only: what the story does not go on with.
  void try_out(const std::string& site, const Words& words, bool signs_in = true);
  // Tried out, then told.
  std::string each(const std::string& site, const Words& words, bool signs_in = true);

  std::string desk_key;
  std::set<std::string> told;  // commands that the disk has failed under
  throughgate::testing::Moments moments{3};
  std::unique_ptr<Exchange> exchange;
  // What a copy of a computer cannot take back: run before each of its turns.
  std::function<void()> take_back = [] {};
  // A twin's: what a careless program would have made of this command, given what came of it and
  // how it is run once more.
  Words spoilt;
  std::function<void(Ran&, const std::function<Ran()>&)> spoil;
  Words proof;  // works only where the command before it has done what it said
  // What is several saves one after the other, and given again goes on to its end; and what was
  // seen to have ended between two.
  std::set<std::string> several_saves, half_done;
  std::set<std::string> goes_on_later;  // what is done, of which the rest is with the next use
  std::uint64_t pace_ms = 60'000;       // from one command to the next

 private:
  using Content = throughgate::testing::Content;
  using Fault = throughgate::testing::Fault;
  // One command, as it is tried out.
  struct Trial {
    std::string name, site;
    Words words;
    bool signs_in;
    std::uint64_t at_ms, chance;
    Content before, after;            // what it finds and leaves: the store's content, and files
    std::set<std::string> by_chance;  // of that, what the exchange makes other each time
  };

  static bool is_of_hub(const Words& words) { return words[0] == "throughgate-hub"; }
  // Where a hub in this folder has its store and its key.
  std::string hub_settings(const std::string& computer) const;
  Words full(const std::string& computer, const std::string& here, const Words& words,
             bool signs_in) const;
  void fill(const std::string& here) const;
  Ran run(const std::string& computer, const std::string& here, const Words& words, bool signs_in);
  void copy(const std::string& site) const;
  Ran run_in_copy(const Trial& trial, std::uint64_t chance);
  Content left_in_copy();
  void check_sound(const Trial& trial);  // all that the copy holds is proven
  bool fail_at(const Trial& trial, Fault fault, std::uint64_t n);
  // What became of a command that the disk failed under.
  void judge(const Trial& trial, const Ran& ran);
  void check_proof();

  TemporaryFolder folder_;
  std::atomic<std::uint64_t> now_ms_ = 1'800'000'000'000;
  std::uint64_t tries_ = 0;
};

}  // namespace throughgate::node::testing
