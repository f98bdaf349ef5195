// desk erasures, erase, refuse: what sites ask to have erased, and who has still to do it.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/records.h"
#include "node/desk/erasures.h"
#include "node/dossier_kinds.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

struct Options {
  std::string request;
  std::string reason;
  bool confirm = false;
  bool outstanding = false;
  bool all = false;
};

Result<Done> allow(Command& command) { return command.check(Act::desk); }

std::string joined(const std::vector<std::string>& sentences) {
  std::string out;
  for (const auto& each : sentences) out += (out.empty() ? "" : " ") + each;
  return out;
}

std::string where(const GoingRecord& going, const OpenNode& node) {
  std::string out;
  for (const auto& id : going.held_by)
    out += (out.empty() ? "" : ", ") + organisation_name(node, id);
  return out;
}

std::string ground_in_words(const ErasureAsked& asked) {
  const auto* value = schema::ErasureRequest::Ground_descriptor()->FindValueByNumber(asked.ground);
  std::string out = value ? rule_of(*value).label() : "Unknown";
  if (!asked.rule.empty()) out += " (" + asked.rule + ", until " + asked.due_on + ")";
  return out;
}

NamedTable going_table(const Considered& considered, const OpenNode& node) {
  NamedTable out{"what goes", {"kind", "of whom", "where", "record"}, {}};
  for (const auto& each : considered.going) {
    out.rows.push_back({each.kind.empty() ? std::string("(their own; not held here)") : each.kind,
                        each.name, where(each, node), each.id.hex()});
  }
  return out;
}

Facts facts_of(const Considered& considered, const OpenNode& node) {
  const auto& asked = considered.asked;
  return {{"request", asked.id.hex().substr(0, 8)},
          {"standing", state_in_words(asked)},
          {"kind", asked.kind},
          {"asked by", organisation_name(node, asked.by) + ", " + asked.by_name},
          {"when", shown_time(asked.at_ms)},
          {"ground", ground_in_words(asked)},
          {"why", asked.reason},
          {"against it", joined(considered.against)}};
}

Result<Done> outstanding(DeskErasures& erasures, Command& command) {
  const auto owing = erasures.outstanding();
  if (!owing) return owing.error();
  std::vector<std::vector<Value>> rows;
  for (const auto& each : *owing) {
    std::vector<std::string> owed;
    for (const auto& id : each.owed) owed.push_back(id.hex().substr(0, 8));
    rows.push_back({each.who, std::uint64_t{each.owed.size()}, shown_time(each.last_heard_ms),
                    std::move(owed)});
  }
  command.out.table({"who", "records owed", "last heard of", "records"}, rows,
                    "Everybody has said that nothing is left of what was erased.");
  return Done{};
}

Result<Done> list(const Options& options, RecordService& records, Command& command) {
  if (auto allowed = allow(command); !allowed) return allowed;
  DeskErasures erasures(records);
  if (options.outstanding) return outstanding(erasures, command);
  const auto known = erasures.requests(options.all);
  if (!known) return known.error();
  std::vector<std::vector<Value>> rows;
  for (const auto& each : *known) {
    std::string what;
    for (const auto& going : each.going) {
      if (!going.kind.empty()) {
        what += (what.empty() ? "" : "; ") + going.kind +
                (going.name.empty() ? "" : " of " + going.name) + " at " +
                where(going, command.node());
      }
    }
    rows.push_back({each.asked.id.hex().substr(0, 8),
                    organisation_name(command.node(), each.asked.by), each.asked.kind,
                    std::uint64_t{each.going.size()}, what, ground_in_words(each.asked),
                    each.asked.reason, state_in_words(each.asked), joined(each.against)});
  }
  command.out.table({"request", "asked by", "kind", "records", "what goes, where", "ground", "why",
                     "standing", "against it"},
                    rows, "Nobody asks for anything to be erased.");
  return Done{};
}

std::string after_erase(const ErasureAsked& asked, bool is_signed) {
  if (asked.is_own_copy()) {
    return is_signed
               ? "Signed. Run \"sync\" now: their part in it ends, and their computers delete "
                 "their copies. Whoever else has the record keeps it."
               : "Nothing has ended yet. \"sync\" does it by itself, unless something stands "
                 "against it.";
  }
  return is_signed ? "Signed. Run \"sync\" now: each computer erases when it next reaches the "
                     "exchange. \"desk erasures --outstanding\" shows who has not."
                   : "Nothing has been erased yet. To erase all of this everywhere and for good, "
                     "add --confirm.";
}

Result<Done> erase(const Options& options, RecordService& records, Command& command) {
  if (auto allowed = allow(command); !allowed) return allowed;
  const auto name = record_meant(records, options.request);
  if (!name) return name.error();
  DeskErasures erasures(records);
  const auto considered = erasures.consider(name->dossier);
  if (!considered) return considered.error();
  if (options.confirm) {
    const std::string reason = options.reason.empty() ? considered->asked.reason : options.reason;
    if (auto done = erasures.sign(name->dossier, {command.actor(), reason}); !done) return done;
  }
  command.out.facts(facts_of(*considered, command.node()),
                    {going_table(*considered, command.node())});
  command.say_apart(after_erase(considered->asked, options.confirm));
  return Done{};
}

Result<Done> refuse(const Options& options, RecordService& records, Command& command) {
  if (auto allowed = allow(command); !allowed) return allowed;
  const auto name = record_meant(records, options.request);
  if (!name) return name.error();
  const auto saved = DeskErasures(records).refuse(name->dossier, options.reason,
                                                  {command.actor(), options.reason});
  return print_saved(saved, "Refused. Run \"sync\" now, so that they know.", records, command);
}

using OnRecords = Result<Done> (*)(const Options&, RecordService&, Command&);

Program::Run bound_to(const std::shared_ptr<Options>& options, OnRecords run) {
  return with_records([options, run](RecordService& records, Command& command) {
    return run(*options, records, command);
  });
}

}  // namespace

void add_desk_erasure_commands(Program& program, CLI::App* desk) {
  const auto options = std::make_shared<Options>();
  auto* list_command =
      desk->add_subcommand("erasures", "what sites ask to have erased, and who has still to do it");
  list_command->add_flag("--outstanding", options->outstanding,
                         "which computers have not yet said that nothing is left");
  list_command->add_flag("--all", options->all, "requests that are over, too");
  program.add(list_command, Needs::person, bound_to(options, list));

  auto* erase_command =
      desk->add_subcommand("erase", "what a request would erase; with --confirm, erase it");
  erase_command->add_option("REQUEST", options->request, "its number in \"desk erasures\"")
      ->required();
  erase_command->add_option("--reason", options->reason, "why; as asked for, if left out");
  erase_command->add_flag("--confirm", options->confirm, "erase everywhere, for good");
  program.add(erase_command, Needs::person, bound_to(options, erase));

  auto* refuse_command = desk->add_subcommand("refuse", "refuse a request to erase");
  refuse_command->add_option("REQUEST", options->request, "its number in \"desk erasures\"")
      ->required();
  refuse_command->add_option("--reason", options->reason, "why; they read it")->required();
  program.add(refuse_command, Needs::person, bound_to(options, refuse));
}

}  // namespace throughgate::node::cli
