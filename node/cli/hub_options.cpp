#include "node/cli/hub_options.h"

#include "node/cli/program.h"
#include "node/cli/root_files.h"

namespace throughgate::node::cli {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

Result<HubFacts> hub_facts(HubOptions options, const std::optional<crypto::VerifyKey>& known_key) {
  if (!options.file.empty()) {
    const auto text = text_of_file(options.file);
    if (!text) return text.error();
    options.key = value_in(*text, "key");
    options.instance = value_in(*text, "instance");
  }
  if (options.key.empty() && known_key) options.key = crypto::to_hex(*known_key);
  const auto key_bytes = crypto::from_hex(options.key);
  const auto instance_bytes = crypto::from_hex(options.instance);
  const auto key = key_bytes ? crypto::to_array<32>(*key_bytes) : std::nullopt;
  const auto instance = instance_bytes ? sync::InstanceId::from(*instance_bytes) : std::nullopt;
  if (!key || !instance) {
    return Error{ErrorKind::invalid,
                 "Give the central exchange's key (64 digits) and instance (32 digits) as "
                 "\"throughgate-hub init\" prints them, or a file with what it printed."};
  }
  return HubFacts{*key, *instance};
}

void add_hub_options(CLI::App* command, const std::shared_ptr<HubOptions>& options) {
  command->add_option("--hub-key", options->key, "the exchange's key, 64 digits");
  command->add_option("--hub-instance", options->instance, "the exchange's instance, 32 digits");
  command->add_option("--hub-file", options->file,
                      "or a file with what \"throughgate-hub init\" printed");
}

}  // namespace throughgate::node::cli
