// breach: what a lost computer or a lost bundle could read.
#include <memory>

#include "node/audit.h"
#include "node/breach.h"
#include "node/cli/commands.h"
#include "node/cli/computer_meant.h"
#include "node/cli/program.h"
#include "node/cli/records.h"
#include "node/private_file.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::Result;

struct Options {
  std::string computer;
  std::string bundle;
  std::uint64_t made_file = 0;  // 0: none
  std::string out;
  std::string reason;
};

Result<Breach> breach_meant(const Options& options, RecordService& records, Command& command) {
  const int named = (options.computer.empty() ? 0 : 1) + (options.bundle.empty() ? 0 : 1) +
                    (options.made_file == 0 ? 0 : 1);
  if (named != 1) {
    return command.misused(
        "Name one: a computer, --bundle with a file, or --made-file with a number.");
  }
  if (options.made_file != 0) return breach_of_made_file(records, options.made_file);
  if (!options.bundle.empty()) return breach_of_bundle(records, options.bundle);
  const auto computer = computer_meant(records.node(), options.computer);
  if (!computer) return computer.error();
  return breach_of_computer(records, computer->node.id);
}

NamedTable counts(const char* name, const std::map<std::string, std::uint64_t>& all) {
  NamedTable out{name, {"what", "records"}, {}};
  for (const auto& [what, count] : all) out.rows.push_back({what, count});
  return out;
}

void print(const Breach& breach, Command& command) {
  NamedTable each{"records", {"record", "kind", "kept by", "about", "new key"}, {}};
  for (const auto& record : breach.records) {
    each.rows.push_back({record.id.hex(), record.kind, record.owner, record.name,
                         record.key == KeyStanding::new_key});
  }
  command.out.facts(
      {{breach.is_bundle ? "made by" : "computer", breach.what},
       {"could read with it", breach.whose},
       {breach.is_bundle ? "for" : "standing", breach.standing},
       {breach.is_bundle ? "made at" : "last heard of", shown_time(breach.happened_ms)},
       {"suspect since",
        breach.suspect_since_ms == 0 ? std::string() : shown_time(breach.suspect_since_ms)},
       {"records that it could read", std::uint64_t{breach.records.size()}},
       {"of these with new keys", breach.with_new_keys()},
       {"computers that open it and are withdrawn", breach.openers},
       {"not in this list", breach.not_in_it}},
      {counts("by kind", breach.by_kind()), counts("by keeper", breach.by_owner()),
       std::move(each)});
}

// The row first: no report without it.
Result<Done> report(const Options& options, RecordService& records, Command& command) {
  if (auto may = records.viewer().check(Act::export_file); !may) return may;
  const auto breach = breach_meant(options, records, command);
  if (!breach) return breach.error();
  if (auto noted =
          Audit(command.node()).note_file(breach->records.size(), records.viewer(), options.reason);
      !noted) {
    return noted;
  }
  const auto text = text_of(*breach, command.actor().name, command.at.clock());
  if (!options.out.empty()) {
    if (auto made = create_private_file(options.out, crypto::as_bytes(text)); !made) {
      return Error{made.error().kind, options.out + ": " + made.error().message};
    }
    command.out.facts({{"records", std::uint64_t{breach->records.size()}}, {"file", options.out}});
    return Done{};
  }
  print(*breach, command);
  command.say_apart("To have it as a text for a notice: --out FILE.");
  return Done{};
}

}  // namespace

void add_breach_command(Program& program) {
  const auto options = std::make_shared<Options>();
  auto* command = program.app().add_subcommand(
      "breach", "what a lost computer or a lost bundle could read, for a notice to the regulator");
  command->add_option("COMPUTER", options->computer,
                      "its number in the central list, or its name there");
  command->add_option("--bundle", options->bundle, "or a copy of the bundle that was lost");
  command->add_option("--made-file", options->made_file,
                      "or the number of one that was made here, as \"bundle made\" lists it");
  command->add_option("--out", options->out, "write the report into this new file");
  command->add_option("--reason", options->reason, "why it is made; kept with who made it")
      ->required();
  program.add(command, Needs::person,
              with_records([options](RecordService& records,
                                     Command& at) { return report(*options, records, at); },
                           [options] { return options->reason; }));
}

}  // namespace throughgate::node::cli
