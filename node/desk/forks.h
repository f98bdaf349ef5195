// Computers that have written two different changes at one place: by accident, as where a disk was
// copied and both live on, or on purpose. The central team decides which.
// Threads: those of the OpenNode. Errors: those of Database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/open_node.h"

namespace throughgate::node {

struct ListedFork {
  enum class Standing { open, accident, withdrawn };

  sync::Hash entry{};  // what it is named by: the change that has no place
  sync::DossierId dossier;
  sync::NodeId node;
  std::string computer;      // "Reception PC"
  std::string organisation;  // that has it
  std::string record;        // what kind of record it is in; empty: it is not held here any more
  bool one_counts = false;   // one of the two has its place, and stands
  std::uint64_t seen_at_ms = 0;
  Standing standing = Standing::open;

  bool is_open() const { return standing == Standing::open; }
  std::string number() const { return crypto::to_hex(entry).substr(0, 8); }
};

// As far as both changes are held here, which is so in records that are shared with this
// organisation. Those that wait for a decision first.
sync::Result<std::vector<ListedFork>> listed_forks(OpenNode& node);

// "two different versions of what Reception PC wrote"
std::string in_words(const ListedFork& fork);
std::string standing_in_words(const ListedFork& fork);
// What a person reads before they decide, one sentence each.
std::vector<std::string> meaning_of_accident();

}  // namespace throughgate::node
