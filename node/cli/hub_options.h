// The options that name the central exchange: its address, its key, which life of it this is.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "crypto/signing_key.h"
#include "node/desk/desk.h"

namespace CLI {
class App;
}

namespace throughgate::node::cli {

struct HubOptions {
  std::string url;
  std::string key;
  std::string instance;
  std::string file;
};

// The key may be left out where the list names one, `known_key`: an exchange that was put back
// keeps its key. invalid: neither given whole nor a file with both.
sync::Result<HubFacts> hub_facts(HubOptions options,
                                 const std::optional<crypto::VerifyKey>& known_key);

void add_hub_options(CLI::App* command, const std::shared_ptr<HubOptions>& options);

}  // namespace throughgate::node::cli
