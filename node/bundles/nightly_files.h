// Which files of the night were made last, where they lie, and when they are made at all.
// Threads: those of the OpenNode.
#pragma once

#include <string>
#include <vector>

#include "node/data_folder.h"
#include "node/open_node.h"

namespace throughgate::node {

struct NightlyRule {
  enum class When : std::uint8_t { out_of_reach = 0, never = 1, always = 2 };
  When when = When::out_of_reach;
  std::string folder;  // empty: "nightly" in the data folder
};
sync::Result<NightlyRule> nightly_rule(OpenNode& node);
// Fails with `not_found` when the folder is none.
sync::Result<sync::Done> set_nightly_rule(OpenNode& node, const NightlyRule& rule);

struct NightlyFile {
  std::string folder;
  std::string name;
  friend bool operator==(const NightlyFile&, const NightlyFile&) = default;
};

struct NightlyFiles {
  std::uint64_t made_at_ms = 0;  // 0: never
  std::string folder;
  std::vector<std::string> names;
  // Of earlier nights, and still to be removed: on a stick that was not in, say. The oldest first.
  std::vector<NightlyFile> left;
};
sync::Result<NightlyFiles> nightly_files(OpenNode& node, const DataFolder& folder);
// Of those left, the newest nightly_left_max.
sync::Result<sync::Done> note_nightly_files(OpenNode& node, const NightlyFiles& files);
constexpr std::size_t nightly_left_max = 1000;

// What is to go once they are of an earlier night: those left, and those named.
std::vector<NightlyFile> all_of(const NightlyFiles& files);

struct NightlyRemoval {
  std::vector<NightlyFile> left;  // still to be removed
  bool some_stay = false;         // of them: one is in reach and could not be removed
};
// Only what was made here, by its name: the folder may be a stick with other things on it. What is
// not there is gone where the folder is this computer's own; elsewhere another stick may be in.
NightlyRemoval remove_nightly_files(const std::vector<NightlyFile>& files,
                                    const DataFolder& folder);

}  // namespace throughgate::node
