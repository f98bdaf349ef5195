// retention: what has been kept long enough, and what somebody confirms of it.
#include <filesystem>
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/records.h"
#include "node/cli/retention_file.h"
#include "node/last_contact.h"

namespace throughgate::node::cli {

using sync::Done;
using sync::Error;
using sync::Result;

// Beside the code lists, where those are named on the command line.
Result<RetentionSchedule> retention_schedule(const Command& command) {
  const auto& codes = command.options.codes;
  if (codes.empty()) return read_retention(command.settings.retention);
  return read_retention((std::filesystem::path(codes) / ".." / "retention.toml").string());
}

namespace {

struct Options {
  std::vector<std::string> records;
  std::string reason;
};

std::string standing(const Due& due) {
  if (!due.held.empty()) return "legal hold: " + due.held;
  return due.asked ? "asked for" : "to be confirmed";
}

Result<Done> review(const Options&, RecordService& records, Command& command) {
  const auto schedule = retention_schedule(command);
  if (!schedule) return schedule.error();
  const auto due = due_records(records, *schedule, latest_day(command.node()));
  if (!due) return due.error();
  std::vector<std::vector<Value>> rows;
  for (const auto& each : *due) {
    const auto* rule = schedule->rule(each.rule);
    rows.push_back({each.subject.hex(), each.kind, each.name, each.rule, each.since,
                    each.kept_until, rule ? rule->source : std::string(), standing(each)});
  }
  command.out.table(
      {"record", "kind", "of whom", "rule", "counts from", "kept until", "source", "standing"},
      rows, "Nothing has been kept longer than the rules say.");
  if (!rows.empty()) {
    command.say_apart(
        "Nothing goes by itself. Look at each, then \"retention confirm RECORD --reason ...\".");
  }
  return Done{};
}

Result<Done> confirm(const Options& options, RecordService& records, Command& command) {
  if (auto may = command.check(Act::erase); !may) return may;
  const auto schedule = retention_schedule(command);
  if (!schedule) return schedule.error();
  std::vector<std::vector<Value>> rows;
  for (const auto& typed : options.records) {
    const auto name = record_meant(records, typed);
    if (!name) return Error{name.error().kind, "Record " + typed + ": " + name.error().message};
    const auto saved = confirm_due(records, *schedule, name->dossier, latest_day(command.node()),
                                   {command.actor(), options.reason});
    if (!saved) return Error{saved.error().kind, "Record " + typed + ": " + saved.error().message};
    rows.push_back({name->dossier.hex(), saved->record.dossier.hex().substr(0, 8)});
  }
  command.out.table({"record", "request"}, rows, "");
  command.say_apart(
      "Asked for. Run \"sync\" now. The central team's computer signs what its own rules allow by "
      "itself; then the records go everywhere.");
  return Done{};
}

using OnRecords = Result<Done> (*)(const Options&, RecordService&, Command&);

Program::Run bound_to(const std::shared_ptr<Options>& options, OnRecords run) {
  return with_records([options, run](RecordService& records, Command& command) {
    return run(*options, records, command);
  });
}

}  // namespace

void add_retention_commands(Program& program) {
  const auto options = std::make_shared<Options>();
  auto* retention =
      program.app().add_subcommand("retention", "what has been kept as long as the rules say");
  retention->require_subcommand(1);
  program.add(retention->add_subcommand("review", "which records, by which rule, since when"),
              Needs::person, bound_to(options, review));
  auto* confirm_command =
      retention->add_subcommand("confirm", "ask for records that are due to be erased");
  confirm_command->add_option("RECORDS", options->records, "their numbers in \"retention review\"")
      ->required();
  confirm_command->add_option("--reason", options->reason, "a remark; do not name the person");
  program.add(confirm_command, Needs::person, bound_to(options, confirm));
}

}  // namespace throughgate::node::cli
