// desk key, desk root: the keys that sign the central list, and the word of those who say which.
#include <memory>

#include "crypto/words.h"
#include "node/cli/commands.h"
#include "node/cli/hub_options.h"
#include "node/cli/program.h"
#include "node/cli/root_files.h"
#include "node/desk/desk.h"
#include "node/private_file.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

Result<Done> allow(Command& command) { return command.check(Act::desk); }

// The key that the holders are asked to name, beside the exchange's: the one in the list, unless
// another is given.
Result<Done> request_key(const HubOptions& hub_options, const std::string& path, Command& command) {
  if (auto allowed = allow(command); !allowed) return allowed;
  OpenNode& node = command.node();
  RootRequest request{{}, node.directory().hub_key()};
  if (!hub_options.file.empty() || !hub_options.key.empty()) {
    const auto hub = hub_facts(hub_options, std::nullopt);
    if (!hub) return hub.error();
    request.hub_key = hub->key;
  } else if (node.directory().version() == 0) {
    return Error{ErrorKind::invalid,
                 "Name the central exchange: --hub-file FILE, with what \"throughgate-hub init\" "
                 "printed. Nothing was changed."};
  }
  const auto key = Desk(node).key_for_root_list();
  if (!key) return key.error();
  request.directory_key = *key;
  auto written = replace_private_file(path, crypto::as_bytes(text_of(request)));
  if (!written) return Error{written.error().kind, path + ": " + written.error().message};
  command.out.facts({{"desk key words", crypto::fingerprint_words(request.directory_key)},
                     {"hub key words", crypto::fingerprint_words(request.hub_key)}});
  command.out.say(
      "Give the request to the root key holders, and read them these words: \"root show\" prints "
      "those of the list that they sign. This key signs nothing before a root list names it.");
  return Done{};
}

Result<Done> take_root(const HubOptions& hub_options, const std::string& path, Command& command) {
  if (auto allowed = allow(command); !allowed) return allowed;
  auto list = read_root_list(path);
  if (!list) return list.error();
  std::optional<HubFacts> hub;
  if (!hub_options.file.empty() || !hub_options.instance.empty()) {
    const auto facts = hub_facts(hub_options, std::nullopt);
    if (!facts) return facts.error();
    hub = *facts;
  }
  if (auto done = Desk(command.node()).install_root(*std::move(list), hub); !done) return done;
  command.out.facts({{"root list version", command.node().directory().root()->version},
                     {"central list version", command.node().directory().version()}});
  command.out.say("Run \"sync\" now: the exchange and the sites go by it once they have it.");
  return Done{};
}

}  // namespace

void add_desk_root_commands(Program& program, CLI::App* desk) {
  auto asked = std::make_shared<HubOptions>();
  auto request = std::make_shared<std::string>();
  auto* key = desk->add_subcommand(
      "key", "make this computer a key to sign the list with, and a request for the root holders");
  key->add_option("--request", *request, "write the request to this file")->required();
  add_hub_options(key, asked);
  program.add(key, Needs::person,
              [asked, request](Command& at) { return request_key(*asked, *request, at); });

  auto hub = std::make_shared<HubOptions>();
  auto list = std::make_shared<std::string>();
  auto* root = desk->add_subcommand("root", "take up a root list that the holders have signed");
  root->add_option("LIST", *list, "the root list")->required();
  add_hub_options(root, hub);
  program.add(root, Needs::person, [hub, list](Command& at) { return take_root(*hub, *list, at); });
}

}  // namespace throughgate::node::cli
