// desk open: ends the wait of records at an exchange that has begun anew.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/cli/words.h"
#include "node/desk/desk.h"
#include "node/desk/openings.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

struct OpenOptions {
  std::string record;
  bool all = false;
};

Result<sync::DossierId> record_meant(const std::vector<WaitingRecord>& waiting,
                                     const std::string& typed) {
  const auto digits = id_beginning(typed);
  std::vector<sync::DossierId> meant;
  for (const auto& each : waiting) {
    if (digits && each.dossier.hex().starts_with(*digits)) meant.push_back(each.dossier);
  }
  if (meant.size() == 1) return meant.front();
  return Error{ErrorKind::not_found,
               "No such record waits, or there are several. \"desk open\" lists them with their "
               "numbers. Nothing was changed."};
}

Result<Done> print(const std::vector<WaitingRecord>& waiting, Command& command) {
  std::vector<Row> rows;
  rows.reserve(waiting.size());
  for (const auto& each : waiting) {
    rows.push_back({each.dossier.hex(), each.kind, each.owner});
  }
  command.out.table({"record", "kind", "owner"}, rows,
                    "No record that is held here waits at the exchange.");
  if (waiting.empty()) return Done{};
  for (const auto& each : meaning_of_opening()) command.say_apart(each);
  command.say_apart("To end the wait: desk open RECORD, or desk open --all.");
  return Done{};
}

Result<Done> open(const OpenOptions& options, Command& command) {
  if (auto allowed = command.check(Act::desk); !allowed) return allowed;
  OpenNode& node = command.node();
  const auto waiting = waiting_at_exchange(node);
  if (!waiting) return waiting.error();
  if (options.record.empty() && !options.all) return print(*waiting, command);
  std::vector<sync::DossierId> meant;
  if (!options.all) {
    const auto one = record_meant(*waiting, options.record);
    if (!one) return one.error();
    meant.push_back(*one);
  }
  if (auto done = Desk(node).open_at_exchange(meant); !done) return done;
  command.out.facts(
      {{"waits no longer", options.all ? std::string("every record") : meant[0].hex()},
       {"central list version", node.directory().version()}});
  command.out.say("Run \"sync\" now: the exchange heeds it once it has the new list.");
  return Done{};
}

}  // namespace

void add_opening_command(Program& program, CLI::App* desk) {
  auto options = std::make_shared<OpenOptions>();
  auto* command = desk->add_subcommand(
      "open", "records that wait at an exchange that has begun anew; or wait no longer for one");
  auto* record = command->add_option("RECORD", options->record, "its number in \"desk open\"");
  command->add_flag("--all", options->all, "for every record")->excludes(record);
  program.add(command, Needs::person, [options](Command& at) { return open(*options, at); });
}

}  // namespace throughgate::node::cli
