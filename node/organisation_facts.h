// What was said of an organisation when this node was set up, kept in its store. The central list
// says it too once the node has joined, and then counts.
#pragma once

#include <optional>
#include <string>

#include "sync/directory.h"

namespace throughgate::node {

struct SiteFacts {
  std::string name;
  std::string establishment;  // a code of the prison register; empty for others
};

struct OrganisationFacts {
  sync::OrganisationKind kind = sync::OrganisationKind::prison;
  SiteFacts site;
};

sync::Bytes encode(const OrganisationFacts& facts);
// nullopt: the bytes are damaged.
std::optional<OrganisationFacts> decode_facts(sync::ByteView bytes);

}  // namespace throughgate::node
