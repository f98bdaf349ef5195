// late: what was written after sharing had ended, and could not be added.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/records.h"
#include "node/cli/words.h"
#include "node/sharing/late.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr std::size_t digits_shown = 12;

struct Options {
  std::string item;
  std::string reason;
};

std::string digits(const sync::Hash& entry) {
  return crypto::to_hex(sync::ByteView(entry)).substr(0, digits_shown);
}

Result<sync::Hash> item_meant(const Late& late, const std::string& typed) {
  const auto all = late.list();
  if (!all) return all.error();
  std::optional<sync::Hash> meant;
  for (const auto& each : *all) {
    if (typed.size() < 4 || !crypto::to_hex(sync::ByteView(each.entry)).starts_with(typed))
      continue;
    if (meant) {
      return Error{ErrorKind::invalid, "Several begin with these digits. Type more of them."};
    }
    meant = each.entry;
  }
  if (meant) return *meant;
  return Error{ErrorKind::not_found,
               "Nothing of this number waits here. \"late list\" shows what does; the first four "
               "digits or more are enough."};
}

Result<Done> list(const Options&, RecordService& records, Command& command) {
  const auto all = Late(records).list();
  if (!all) return all.error();
  std::vector<Row> rows;
  for (const auto& each : *all) {
    std::vector<std::string> said;
    for (const auto& change : each.changes) {
      said.push_back(change.label + ": " + change.value +
                     (change.why_not.empty() ? "" : " (" + change.why_not + ")"));
    }
    if (!each.opens) said.emplace_back("It cannot be opened here.");
    rows.push_back({digits(each.entry), each.dossier.hex(), each.organisation, each.actor,
                    shown_time(each.at_ms), each.why, said,
                    std::string(each.ours ? "others decide" : "take it over or put it aside")});
  }
  command.out.table({"item", "record", "organisation", "who", "when", "why", "changes", "next"},
                    rows, "Nothing waits.");
  return Done{};
}

Result<Done> take(const Options& options, RecordService& records, Command& command) {
  Late late(records);
  const auto item = item_meant(late, options.item);
  if (!item) return item.error();
  return print_saved(late.take(*item, {command.actor(), {}}),
                     "Taken over, with the name and the time of whoever wrote it.", records,
                     command);
}

Result<Done> close(const Options& options, RecordService& records, Command& command) {
  Late late(records);
  const auto item = item_meant(late, options.item);
  if (!item) return item.error();
  return print_saved(late.put_aside(*item, {command.actor(), options.reason}),
                     "Put aside. It stays in the history.", records, command);
}

Program::Run bound_to(const std::shared_ptr<Options>& options,
                      Result<Done> (*run)(const Options&, RecordService&, Command&)) {
  return with_records([options, run](RecordService& records, Command& command) {
    return run(*options, records, command);
  });
}

}  // namespace

void add_late_commands(Program& program) {
  auto* late = program.app().add_subcommand("late", "what was written after sharing had ended");
  late->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  program.add(late->add_subcommand("list", "all that waits"), Needs::person,
              bound_to(options, list));
  auto* take_command =
      late->add_subcommand("take", "take it over, with its author's name and time");
  take_command->add_option("ITEM", options->item, "its number in \"late list\"")->required();
  program.add(take_command, Needs::person, bound_to(options, take));
  auto* close_command = late->add_subcommand("close", "put it aside");
  close_command->add_option("ITEM", options->item, "its number in \"late list\"")->required();
  close_command->add_option("--reason", options->reason, "why, kept with the record")->required();
  program.add(close_command, Needs::person, bound_to(options, close));
}

}  // namespace throughgate::node::cli
