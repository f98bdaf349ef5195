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

struct NightlyFiles {
  std::uint64_t made_at_ms = 0;  // 0: never
  std::string folder;
  std::vector<std::string> names;
};
sync::Result<NightlyFiles> nightly_files(OpenNode& node, const DataFolder& folder);
sync::Result<sync::Done> note_nightly_files(OpenNode& node, const NightlyFiles& files);

// Only what was made here, by its name: the folder may be a stick with other things on it. Fails
// with `unavailable` where one is in reach and stays.
sync::Result<sync::Done> remove_nightly_files(const NightlyFiles& files);

}  // namespace throughgate::node
