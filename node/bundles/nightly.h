// Where the exchange was not reached for a day, what this computer has not sent goes into files by
// itself, once a night: one set for the exchange, one for each organisation that it is shared with.
// So a computer that is lost takes a day's work with it and no more, and whoever comes by with a
// stick finds it ready. Each night's take the place of the last. Threads: those of the OpenNode.
#pragma once

#include <string>
#include <vector>

#include "node/bundles/export.h"
#include "node/data_folder.h"

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

// Makes them where they are due; otherwise does nothing. On failure those of the night before stay.
// Fails as export_bundles().
sync::Result<sync::Done> make_nightly_files(OpenNode& node, const DataFolder& folder);

}  // namespace throughgate::node
