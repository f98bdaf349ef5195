// suspect list, keep, undo, looked-at: changes made on a computer that was stolen.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/cli/records.h"
#include "node/cli/words.h"
#include "node/field_names.h"
#include "node/suspects.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

struct Options {
  std::string change;
  std::string reason;
  bool all = false;
};

constexpr std::size_t digits_shown = 12;

std::string digits_of(const Suspect& suspect) {
  return crypto::to_hex(suspect.change.entry).substr(0, digits_shown);
}

Result<Done> list(const Options&, RecordService& records, Command& command) {
  const auto all = Suspects(records).list();
  if (!all) return all.error();
  std::vector<Row> rows;
  for (const auto& each : *all) {
    const std::string where = computer_name(records.node(), each.change.node);
    const std::string when = shown_time(each.change.accepted_at_ms);
    const std::string record = each.change.dossier.hex();
    const auto add = [&](const std::string& field, const std::string& says) {
      rows.push_back({digits_of(each), record, field, says, when, where});
    };
    if (const auto other = what_else(each); !other.empty()) add("", other);
    for (const auto& field : each.fields) {
      add(label_of(field.record.type, field.op.field),
          field.is_hidden ? std::string("(not shown to your roles)")
                          : people_read(command.out, records, field.record, field.op));
    }
  }
  command.out.table(
      {"change", "record", "field", "what it says", "taken by the exchange", "computer"}, rows,
      "No change of a stolen computer waits to be looked at.");
  return Done{};
}

Result<Suspect> suspect_meant(const Suspects& suspects, const std::string& typed) {
  const auto digits = id_beginning(typed);
  auto all = suspects.list();
  if (!all) return all.error();
  std::vector<Suspect*> meant;
  for (auto& each : *all) {
    if (digits && crypto::to_hex(each.change.entry).starts_with(*digits)) meant.push_back(&each);
  }
  if (meant.size() == 1) return std::move(*meant.front());
  return Error{ErrorKind::not_found,
               "There is no such change, or there are several, or it is settled already. \"suspect "
               "list\" shows what waits. Nothing was changed."};
}

Result<Done> keep_all(const Options& options, RecordService& records, Command& command) {
  const auto kept = Suspects(records).keep_all({command.actor(), options.reason});
  if (!kept) return kept.error();
  const auto left = Suspects(records).count();
  if (!left) return left.error();
  command.out.facts({{"kept", std::uint64_t{*kept}}, {"still listed", *left}});
  command.say_apart("Run \"sync\" now, so that it is settled everywhere.");
  return Done{};
}

Result<Done> settle(const Options& options, Verdict verdict, RecordService& records,
                    Command& command) {
  if (options.all) return keep_all(options, records, command);
  if (options.change.empty()) return command.misused("Say which change, by its number.");
  Suspects suspects(records);
  const auto meant = suspect_meant(suspects, options.change);
  if (!meant) return meant.error();
  return print_saved(
      suspects.settle(meant->change.entry, verdict, {command.actor(), options.reason}), "Settled.",
      records, command);
}

void add_verdict(Program& program, CLI::App* group, const char* name, const char* about,
                 Verdict verdict) {
  const auto options = std::make_shared<Options>();
  auto* command = group->add_subcommand(name, about);
  command->add_option("CHANGE", options->change, "its number in \"suspect list\"");
  command->add_option("--reason", options->reason, "why; it stands in the record")->required();
  if (verdict == Verdict::keep) command->add_flag("--all", options->all, "all of them");
  program.add(command, Needs::person,
              with_records([options, verdict](RecordService& records, Command& at) {
                return settle(*options, verdict, records, at);
              }));
}

}  // namespace

void add_suspect_commands(Program& program) {
  auto* group = program.app().add_subcommand(
      "suspect", "changes that were made on a stolen computer, and whether they hold");
  group->require_subcommand(1);
  program.add(
      group->add_subcommand("list", "those that nobody has settled yet"), Needs::person,
      with_records([](RecordService& records, Command& at) { return list({}, records, at); }));
  add_verdict(program, group, "keep", "it holds: say the same again in your own name",
              Verdict::keep);
  add_verdict(program, group, "undo", "put back what stood there before", Verdict::undo);
  add_verdict(program, group, "looked-at", "leave it as it is, and list it no more",
              Verdict::looked_at);
}

}  // namespace throughgate::node::cli
