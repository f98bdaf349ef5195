// record redact: one value out of a record and its history, for everybody.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/records.h"
#include "node/erasure/removal.h"
#include "node/field_names.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::OpView;

constexpr std::size_t changes_max = 10'000;  // further back nobody counts

struct Options {
  std::string record;
  std::string field;
  std::string reason;
  std::size_t change = 1;
};

// By its place in "record history RECORD --field FIELD", 1 being the newest.
Result<OpView> change_meant(const Options& options, const RecordService& records,
                            const sync::store::RecordName& name, std::uint32_t field) {
  auto ops = records.reader().history(name, field, options.change - 1, 1);
  if (!ops) return ops.error();
  if (ops->empty()) {
    return Error{ErrorKind::not_found,
                 "This field has no such change. \"record history RECORD --field FIELD\" lists "
                 "them, the newest first. Nothing was removed."};
  }
  return std::move(ops->front());
}

Result<Done> redact(const Options& options, RecordService& records, Command& command) {
  if (auto may = command.check(Act::erase); !may) return may;
  const auto name = record_meant(records, options.record);
  if (!name) return name.error();
  const auto field = command.or_misused(field_meant(*record_type(name->type), options.field));
  if (!field) return field.error();
  const auto number = static_cast<std::uint32_t>((*field)->number());
  const auto change = change_meant(options, records, *name, number);
  if (!change) return change.error();
  const auto saved = remove_value(records, *name, *change, {command.actor(), options.reason});
  return print_saved(saved,
                     "Noted. Run \"sync\" now: once the central exchange has it, the value is "
                     "gone, here and for everybody.",
                     records, command);
}

}  // namespace

void add_redact_command(Program& program, CLI::App* record) {
  const auto options = std::make_shared<Options>();
  auto* command = record->add_subcommand(
      "redact", "remove a value from a record and its history, for everybody; who wrote it stays");
  command->add_option("RECORD", options->record, "its number, or the beginning of it")->required();
  command->add_option("FIELD", options->field, "see \"record fields TYPE\"")->required();
  command
      ->add_option("--change", options->change,
                   "which of its changes, 1 the newest, as \"record history\" lists them")
      ->check(CLI::Range(std::size_t{1}, changes_max))
      ->capture_default_str();
  command->add_option("--reason", options->reason, "why; do not repeat what is removed")
      ->required();
  program.add(command, Needs::person, with_records([options](RecordService& records, Command& at) {
                return redact(*options, records, at);
              }));
}

}  // namespace throughgate::node::cli
