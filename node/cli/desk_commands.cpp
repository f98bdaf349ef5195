// desk: the central team's list of who takes part.
#include <memory>

#include "crypto/words.h"
#include "node/cli/commands.h"
#include "node/cli/hub_options.h"
#include "node/cli/program.h"
#include "node/cli/root_files.h"
#include "node/cli/words.h"
#include "node/desk/agreements.h"
#include "node/desk/desk.h"
#include "node/http_hub_client.h"
#include "node/private_file.h"
#include "node/text/unicode.h"
#include "sync/store/settings_table.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

Result<Done> allow(Command& command) { return command.check(Act::desk); }

// What the command has signed before stands.
Error not_written(const std::string& path, const char* option, const Error& error) {
  return {error.kind, path + ": " + error.message +
                          " What was signed stands: run \"desk directory " + option +
                          " FILE\" to have the file."};
}

Result<Done> write_list(Desk& desk, const std::string& path) {
  if (path.empty()) return Done{};
  const auto list = desk.signed_list();
  if (!list) return list.error();
  auto written = replace_private_file(path, *list);
  if (!written) return not_written(path, "--list", written.error());
  return written;
}

// ---- desk init, desk hub

struct InitOptions {
  std::string name;
  std::string label = "Desk";
  std::string list;
  std::string root;
};

Result<Done> init(const InitOptions& options, const HubOptions& hub_options, Command& command) {
  if (auto allowed = allow(command); !allowed) return allowed;
  const auto hub = hub_facts(hub_options, std::nullopt);
  if (!hub) return hub.error();
  const auto name = one_line(options.name);
  if (!name) return name.error();
  std::optional<sync::SignedRootList> root;
  if (!options.root.empty()) {
    auto given = read_root_list(options.root);
    if (!given) return given.error();
    root = *std::move(given);
  }
  OpenNode& node = command.node();
  if (!hub_options.url.empty()) {
    auto usable = HttpHubClient::open(hub_options.url, command.settings.hub_certificate);
    if (!usable) return usable.error();
    sync::store::UnitOfWork work(node.database());
    sync::store::SettingsTable(work).set(sync::store::setting::hub_url,
                                         crypto::as_bytes(hub_options.url));
    if (auto done = work.commit(); !done) return done;
  }
  Desk desk(node);
  if (auto done = desk.init(*hub, *name, options.label, root); !done) return done;
  if (auto written = write_list(desk, options.list); !written) return written;
  command.out.facts({{"key", crypto::to_hex(node.anchor().root)},
                     {"key words", crypto::fingerprint_words(node.anchor().root)},
                     {"hub key words", crypto::fingerprint_words(hub->key)}});
  command.out.say(
      "Have whoever runs the exchange read its key words to you, and compare them with \"hub key "
      "words\"; if they differ, stop: get what the exchange printed once more, name it with \"desk "
      "hub --hub-file FILE\", and write the list anew with \"desk directory --list FILE\". Then "
      "they "
      "run: throughgate-hub trust KEY --list FILE --words \"...\", with the key above, this list "
      "and "
      "your \"key words\", which you read to them. Once it serves, run \"sync\" here.");
  if (!root) {
    command.out.say(
        "This is a trial: the one root key lies in this computer's store, beside the key that "
        "signs "
        "the list, so whoever gets hold of this computer has both. Before real people's records, "
        "make a root of several holders: docs/root.md says how.");
  }
  return Done{};
}

Result<Done> name_hub(const HubOptions& options, Command& command) {
  if (auto allowed = allow(command); !allowed) return allowed;
  const auto& held = command.node().directory();
  const auto hub =
      hub_facts(options, held.version() > 0 ? std::optional(held.hub_key()) : std::nullopt);
  if (!hub) return hub.error();
  if (auto done = Desk(command.node()).name_hub(*hub); !done) return done;
  command.out.facts({{"hub key words", crypto::fingerprint_words(hub->key)},
                     {"central list version", command.node().directory().version()}});
  return Done{};
}

Result<Done> write_root(Desk& desk, const std::string& path) {
  if (path.empty()) return Done{};
  const auto list = desk.root_list();
  if (!list) return list.error();
  if (!*list) {
    return Error{ErrorKind::not_found,
                 "There is no root list here: this desk was set up by an older program. "
                 "docs/root.md says how to get one."};
  }
  auto written = replace_private_file(path, **list);
  if (!written) return not_written(path, "--root-list", written.error());
  return written;
}

// ---- desk agree, desk directory

struct AgreeOptions {
  std::string from;
  std::string to;
  std::vector<std::string> kinds;
  std::string until;
  std::string reference;
  bool end = false;
  bool confirm = false;
};

std::string name_of(const sync::Directory& directory, const sync::OrganisationId& id) {
  const auto* organisation = directory.organisation(id);
  return organisation ? organisation->name : id.hex();
}

Result<Done> end_agreement(const sync::OrganisationId& from, const sync::OrganisationId& to,
                           bool confirm, Command& command) {
  OpenNode& node = command.node();
  const auto agreement = agreement_in_force(node, from, to);
  if (!agreement) return agreement.error();
  const auto meaning = meaning_of_ending(node, *agreement);
  if (!meaning) return meaning.error();
  if (confirm) {
    if (auto done = Desk(node).end_agreement(from, to); !done) return done;
  }
  const auto& directory = node.directory();
  command.out.facts(
      {{confirm ? "ended" : "would end",
        name_of(directory, from) + " to " + name_of(directory, to)},
       {"records", kinds_in_words(agreement->dossier_kinds)},
       {confirm ? "last day until now" : "last day", last_day(agreement->expires_at_ms)},
       {"central list version", directory.version()}});
  if (!confirm) {
    for (const auto& each : *meaning) command.say_apart(each);
    command.say_apart("Nothing has been changed yet. To end it, add --confirm.");
    return Done{};
  }
  command.out.say("Run \"sync\" now: sites hear of it once the exchange has the new list.");
  return Done{};
}

Result<Done> agree(const AgreeOptions& options, Command& command) {
  if (auto allowed = allow(command); !allowed) return allowed;
  const auto& directory = command.node().directory();
  const auto from = organisation_meant(directory, options.from);
  const auto to = organisation_meant(directory, options.to);
  if (!from) return from.error();
  if (!to) return to.error();
  if (options.end) return end_agreement(*from, *to, options.confirm, command);
  if (options.kinds.empty() || options.until.empty()) {
    return command.misused("Say which --kinds, and --until which day; or --end.");
  }
  const auto kinds = command.or_misused(dossier_kinds_from_words(options.kinds));
  const auto until = end_of_day_ms(options.until);
  if (!kinds) return kinds.error();
  if (!until) return until.error();
  auto done =
      Desk(command.node())
          .agree({*from, *to, *kinds, *until, without_hidden_signs(options.reference, ' ')});
  if (!done) return done;
  command.out.facts({{"central list version", directory.version()}});
  command.out.say("Run \"sync\" now: sites hear of it once the exchange has the new list.");
  return Done{};
}

Result<Done> require_at_least(const Desk::Oldest& oldest, Command& command) {
  if (auto allowed = allow(command); !allowed) return allowed;
  if (auto done = Desk(command.node()).require_at_least(oldest); !done) return done;
  const auto& list = command.node().directory();
  command.out.facts({{"oldest program allowed", std::uint64_t{list.minimum_program()}},
                     {"oldest protocol allowed", std::uint64_t{list.minimum_protocol()}},
                     {"central list version", list.version()}});
  command.out.say(
      "Run \"sync\" now. Sites with an older program are told to update; until they have, they "
      "record, and exchange nothing.");
  return Done{};
}

Result<Done> share_volunteers(const std::string& shared, Command& command) {
  if (auto allowed = allow(command); !allowed) return allowed;
  if (auto done = Desk(command.node()).share_volunteers(shared == "yes"); !done) return done;
  command.out.facts({{"new volunteers are shared with the central team", shared == "yes"},
                     {"central list version", command.node().directory().version()}});
  command.out.say(
      "Run \"sync\" now. It holds for volunteers that a site records once it has the list; what "
      "is shared already stays so.");
  return Done{};
}

Result<Done> snapshot(Command& command) {
  if (auto allowed = allow(command); !allowed) return allowed;
  if (auto done = Desk(command.node()).make_snapshot(); !done) return done;
  command.out.facts({{"snapshot of version", command.node().directory().version()}});
  command.out.say("Run \"sync\" now: the exchange gives it to new computers.");
  return Done{};
}

// One table: JSON is one value.
Result<Done> directory(bool renew, const std::string& list, const std::string& root,
                       Command& command) {
  OpenNode& node = command.node();
  if (renew) {
    if (auto allowed = allow(command); !allowed) return allowed;
    if (auto done = Desk(node).renew(); !done) return done;
  }
  Desk desk(node);
  if (auto written = write_list(desk, list); !written) return written;
  if (auto written = write_root(desk, root); !written) return written;
  const auto& held = node.directory();
  std::vector<std::vector<Value>> rows;
  for (const auto& [id, organisation] : held.organisations()) {
    rows.push_back({std::string("organisation"), organisation.name, words_of(organisation.kind),
                    organisation.establishment, id.hex()});
  }
  for (const auto& [id, computer] : held.nodes()) {
    rows.push_back({std::string("computer"), name_of(held, computer.organisation), computer.label,
                    std::string(computer.revoked_in ? "withdrawn" : ""), id.hex()});
  }
  for (const auto& [id, agreement] : held.agreements()) {
    std::string kinds;
    for (const auto& kind : kinds_in_words(agreement.dossier_kinds)) {
      kinds += (kinds.empty() ? "" : ", ") + kind;
    }
    rows.push_back({std::string("agreement"),
                    name_of(held, agreement.from) + " to " + name_of(held, agreement.to), kinds,
                    "until " + last_day(agreement.expires_at_ms), crypto::to_hex(id)});
  }
  command.out.table({"what", "name", "kind", "note", "number"}, rows,
                    "There is no central list here yet.");
  command.say_apart("Version " + std::to_string(held.version()) + ", good until " +
                    shown_time(held.expires_at_ms()) + ".");
  return Done{};
}

// ---- the command line

void add_init(Program& program, CLI::App* desk) {
  auto options = std::make_shared<InitOptions>();
  auto hub = std::make_shared<HubOptions>();
  auto* command = desk->add_subcommand("init", "make this computer the central team's first desk");
  command->add_option("--name", options->name, "the central organisation's name")->required();
  command->add_option("--label", options->label, "what this computer is called")
      ->capture_default_str();
  command->add_option("--list", options->list,
                      "write the signed list to this file, for the exchange");
  command->add_option("--hub", hub->url, "the central exchange, https://...");
  command->add_option("--root", options->root,
                      "the root list that the holders signed; without one this is a trial");
  add_hub_options(command, hub);
  program.add(command, Needs::person,
              [options, hub](Command& at) { return init(*options, *hub, at); });
}

void add_hub(Program& program, CLI::App* desk) {
  auto hub = std::make_shared<HubOptions>();
  auto* command = desk->add_subcommand(
      "hub", "name the exchange's key and instance anew, after it was rebuilt or put back");
  add_hub_options(command, hub);
  program.add(command, Needs::person, [hub](Command& at) { return name_hub(*hub, at); });
}

void add_agree(Program& program, CLI::App* desk) {
  auto options = std::make_shared<AgreeOptions>();
  auto* command =
      desk->add_subcommand("agree", "let one organisation share kinds of records with another");
  command->add_option("FROM", options->from, "the organisation that shares")->required();
  command->add_option("TO", options->to, "the organisation that receives")->required();
  command->add_option("--kinds", options->kinds, "such as handovers,volunteers")->delimiter(',');
  command->add_option("--until", options->until, "the last day, such as 2027-12-04");
  auto* end = command->add_flag(
      "--end", options->end,
      "what ending the agreement that there is would mean; with --confirm, end it");
  command->add_flag("--confirm", options->confirm, "end it, at once")->needs(end);
  command->add_option("--reference", options->reference, "where the signed agreement lies");
  program.add(command, Needs::person, [options](Command& at) { return agree(*options, at); });
}

void add_policy(Program& program, CLI::App* desk) {
  auto oldest = std::make_shared<Desk::Oldest>();
  auto* require = desk->add_subcommand(
      "require", "let programs older than these numbers exchange nothing until updated");
  require->add_option("--program", oldest->program, "the oldest that may go on; 0 for any");
  require->add_option("--protocol", oldest->protocol,
                      "the oldest way of exchanging that may go on; 0 for any");
  program.add(require, Needs::person,
              [oldest](Command& at) { return require_at_least(*oldest, at); });
  auto shared = std::make_shared<std::string>();
  auto* volunteers = desk->add_subcommand(
      "volunteers", "whether volunteers that sites record are shared with the central team");
  volunteers->add_option("--shared", *shared, "yes or no")
      ->required()
      ->check(CLI::IsMember({"yes", "no"}));
  program.add(volunteers, Needs::person,
              [shared](Command& at) { return share_volunteers(*shared, at); });
  program.add(desk->add_subcommand("snapshot",
                                   "sign the list as it stands for new computers, who then need "
                                   "not read every version"),
              Needs::person, snapshot);
}

void add_directory(Program& program, CLI::App* desk) {
  auto renew = std::make_shared<bool>(false);
  auto list = std::make_shared<std::string>();
  auto* command = desk->add_subcommand("directory", "the central list as held here");
  command->add_flag("--renew", *renew, "sign it once more, good for 60 days from now");
  command->add_option("--list", *list, "write the signed list to this file");
  auto root = std::make_shared<std::string>();
  command->add_option("--root-list", *root, "write the root list in force to this file");
  program.add(command, Needs::person,
              [renew, list, root](Command& at) { return directory(*renew, *list, *root, at); });
}

}  // namespace

void add_desk_commands(Program& program) {
  auto* desk = program.app().add_subcommand(
      "desk", "the central team: who takes part, and who may share with whom");
  desk->require_subcommand(1);
  add_init(program, desk);
  add_hub(program, desk);
  add_desk_root_commands(program, desk);
  add_desk_enrolment_commands(program, desk);
  add_desk_unlock_command(program, desk);
  add_agree(program, desk);
  add_policy(program, desk);
  add_directory(program, desk);
  add_desk_erasure_commands(program, desk);
  add_revocation_commands(program, desk);
  add_fork_command(program, desk);
  add_opening_command(program, desk);
}

}  // namespace throughgate::node::cli
