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
  std::string by;
  std::string reason;
  bool with_person = false;
};

std::string standing(const Due& due) {
  if (!due.held.empty()) return "legal hold: " + due.held;
  return due.asked ? "asked for" : "to be confirmed";
}

Result<Done> review(const Options&, RecordService& records, Command& command) {
  const auto schedule = retention_schedule(command);
  if (!schedule) return schedule.error();
  const auto today = latest_day(command.node());
  const auto due = due_records(records, *schedule, today);
  if (!due) return due.error();
  const auto kept = kept_as_owner(records, *schedule, today);
  if (!kept) return kept.error();
  std::vector<std::vector<Value>> rows;
  for (const auto& each : *due) {
    const auto* rule = schedule->rule(each.rule);
    rows.push_back({each.subject.hex(), each.kind, each.name, what_goes(each, command.node()),
                    each.rule, std::string(name_of(each.from)), each.since, each.kept_until,
                    rule ? rule->source : std::string(), standing(each)});
  }
  command.out.table({"record", "kind", "of whom", "what goes", "rule", "by", "counts from",
                     "kept until", "source", "standing"},
                    rows, "Nothing has been kept longer than the rules say.");
  if (!rows.empty()) {
    command.say_apart(
        "Nothing goes by itself. Look at each, then \"retention confirm RECORD --reason ...\".");
  }
  if (*kept > 0) command.say_apart(in_words_of_owner(*kept));
  for (const auto& kind : schedule->silent_on()) {
    command.say_apart("The rules in retention.toml say nothing of \"" + kind +
                      "\". Add a rule, or what it goes with.");
  }
  return Done{};
}

Result<std::optional<KeptFrom>> rule_typed(const std::string& typed, Command& command) {
  if (typed.empty()) return std::optional<KeptFrom>();
  const auto from = kept_from(typed);
  if (!from) {
    return command.misused(
        "There is no such rule. \"retention review\" shows what each is due by. Nothing was asked "
        "for.");
  }
  return from;
}

Result<Done> confirm(const Options& options, RecordService& records, Command& command) {
  if (auto may = command.check(Act::erase); !may) return may;
  const auto schedule = retention_schedule(command);
  if (!schedule) return schedule.error();
  const auto from = rule_typed(options.by, command);
  if (!from) return from.error();
  std::vector<std::vector<Value>> rows;
  std::optional<Confirmed> last;
  for (const auto& typed : options.records) {
    const auto name = record_meant(records, typed);
    if (!name) return Error{name.error().kind, "Record " + typed + ": " + name.error().message};
    const auto confirmed =
        confirm_due(records, *schedule,
                    {name->dossier, *from, options.with_person ? WithPerson::yes : WithPerson::no},
                    latest_day(command.node()), {command.actor(), options.reason});
    if (!confirmed) {
      return Error{confirmed.error().kind, "Record " + typed + ": " + confirmed.error().message};
    }
    const auto& request = confirmed->request;
    rows.push_back({name->dossier.hex(), request ? request->hex().substr(0, 8) : std::string(),
                    std::uint64_t{confirmed->removed}});
    last = *confirmed;
  }
  command.out.table({"record", "request", "removed"}, rows, "");
  if (last) command.say_apart(in_words(*last) + " Run \"sync\" now.");
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
  auto* confirm_command = retention->add_subcommand(
      "confirm", "let go what is due: a record, this organisation's copy, or parts of it");
  confirm_command->add_option("RECORDS", options->records, "their numbers in \"retention review\"")
      ->required();
  confirm_command->add_option("--by", options->by,
                              "which rule, where a record is due by several: as in the review");
  confirm_command->add_option("--reason", options->reason, "a remark; do not name the person");
  confirm_command->add_flag("--with-person", options->with_person,
                            "with a person's last handover, their own record too");
  program.add(confirm_command, Needs::person, bound_to(options, confirm));
}

}  // namespace throughgate::node::cli
