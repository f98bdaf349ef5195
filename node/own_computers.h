// What the central list has said of this organisation's own computers, in words: that two versions
// of what one wrote came about by accident, or that one was withdrawn.
// Threads: those of the OpenNode. Errors: those of Database.
#pragma once

#include <optional>
#include <string>

#include "node/open_node.h"
#include "sync/store/record_reader.h"

namespace throughgate::node {

struct ListNews {
  std::string title;     // "The central team has withdrawn \"Reception PC\": misused"
  std::string happened;  // and what stands
  std::string next;      // what to do
};

// nullopt: a notice of another kind.
sync::Result<std::optional<ListNews>> list_news(OpenNode& node, const sync::store::Notice& notice);

// Of all that nobody has seen, for a command: a paragraph each.
sync::Result<std::vector<std::string>> unseen_list_news(OpenNode& node);

}  // namespace throughgate::node
