// A story told by commands on made-up computers, and at each command the disk fails: at one change
// after the other, once, or by being full from there on. Each is tried on a copy of the computer;
// then the command is given for good, and the story goes on.
#pragma once

#include <functional>
#include <optional>
#include <set>

#include "tests/node/every_command/computers.h"
#include "tests/node/failing_disk.h"

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

  // In commands "{here}" is a folder for the files that a command reads or writes.
  // For good; the test fails where the command does. The output.
  std::string tell(const std::string& site, const Words& words, bool signs_in = true);
  // On copies only: what the story does not go on with.
  void try_out(const std::string& site, const Words& words, bool signs_in = true);
  // Tried out, then told.
  std::string each(const std::string& site, const Words& words, bool signs_in = true);

  std::set<std::string> told;  // commands that the disk has failed under
  std::uint64_t faults = 0;
  std::unique_ptr<Exchange> exchange;
  // What a copy of a computer cannot take back: run before each of its turns.
  std::function<void()> take_back = [] {};
  Words proof;  // works only where the command before it has done what it said
  bool in_steps =
      false;  // what is tried out is several saves, and given again it goes on to its end
  std::uint64_t pace_ms = 60'000;  // from one command to the next

 private:
  // What a command leaves, as far as it can be counted.
  struct Left {
    std::optional<std::string> entries;
    std::set<std::string> files;  // beside the store's own logs and locks
    bool operator==(const Left&) const = default;
  };

  Words full(const std::string& computer, const std::string& here, const Words& words,
             bool signs_in) const;
  void fill(const std::string& here) const;
  Ran run(const std::string& computer, const std::string& here, const Words& words, bool signs_in);
  void copy(const std::string& site) const;
  // How many signed changes the copy holds, where all of it is proven; none: there is no store.
  std::optional<std::string> entries_in_copy();
  Left left_by();
  void fail_at(const std::string& site, const Words& words, bool signs_in, FailingDisk::Fault fault,
               std::uint64_t n, const Left& before, const Left& after);
  // A command that said that it is done has done it.
  void prove(const std::optional<Left>& after);

  TemporaryFolder folder_;
  std::atomic<std::uint64_t> now_ms_ = 1'800'000'000'000;
};

}  // namespace throughgate::node::testing
