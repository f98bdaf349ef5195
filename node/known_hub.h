// The way to the hub that this node knows.
#pragma once

#include <memory>

#include "node/hub_client.h"
#include "node/open_node.h"
#include "node/settings.h"

namespace throughgate::node {

// The address in the settings, or else the one given when this computer enrolled. Empty: neither.
sync::Result<std::string> hub_address(OpenNode& node, const Settings& settings);

// Keeps an address that somebody gave; one in the settings counts before it.
//   invalid  it is none
sync::Result<sync::Done> keep_hub_address(OpenNode& node, const std::string& url,
                                          const Settings& settings);

//   invalid  no address is known, or it is none
sync::Result<std::unique_ptr<HubClient>> known_hub(OpenNode& node, const Settings& settings);

}  // namespace throughgate::node
