// record correct, dispute, settle: what a person says is wrong in a record about them.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/records.h"
#include "node/disputes.h"
#include "node/field_names.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Result;

struct Options {
  std::string record, field, value, says;
};

using Step = Result<Saved> (*)(Disputes&, const sync::store::RecordName&, std::uint32_t,
                               const Options&, const By&);

Result<Done> run(const Options& options, Step step, std::string_view said, RecordService& records,
                 Command& command) {
  const auto name = record_meant(records, options.record);
  if (!name) return name.error();
  const auto field = command.or_misused(field_meant(*record_type(name->type), options.field));
  if (!field) return field.error();
  Disputes disputes(records);
  const auto saved = step(disputes, *name, static_cast<std::uint32_t>((*field)->number()), options,
                          {command.actor(), options.says});
  return print_saved(saved, said, records, command);
}

CLI::App* add_step(Program& program, CLI::App* record, const char* name, const char* what,
                   const std::shared_ptr<Options>& options, Step step, std::string_view said) {
  auto* command = record->add_subcommand(name, what);
  command->add_option("RECORD", options->record, "its number, or the beginning of it")->required();
  command->add_option("FIELD", options->field, "see \"record fields TYPE\"")->required();
  program.add(command, Needs::person,
              with_records([options, step, said](RecordService& records, Command& at) {
                return run(*options, step, said, records, at);
              }));
  return command;
}

}  // namespace

void add_dispute_commands(Program& program, CLI::App* record) {
  const auto options = std::make_shared<Options>();
  auto* correct = add_step(
      program, record, "correct", "a value that the person says is wrong is corrected", options,
      [](Disputes& disputes, const auto& name, std::uint32_t field, const Options& of,
         const By& by) { return disputes.correct(name, field, of.value, by); },
      "Corrected. What it was before stays in the history, with the reason.");
  correct->add_option("VALUE", options->value, "the right one")->required();
  correct->add_option("--reason", options->says, "what the person said")->required();

  auto* dispute = add_step(
      program, record, "dispute", "a value stays, with a note that the person says it is wrong",
      options,
      [](Disputes& disputes, const auto& name, std::uint32_t field, const Options& of,
         const By& by) {
        return disputes.note(name, field, of.says, {by.actor, {}});
      },
      "The note stands beside the value, here and wherever the record goes.");
  dispute->add_option("--says", options->says, "what the person says")->required();

  auto* settle = add_step(
      program, record, "settle", "such a note has had its answer; the value stays", options,
      [](Disputes& disputes, const auto& name, std::uint32_t field, const Options&, const By& by) {
        return disputes.settle(name, field, by);
      },
      "Settled. The note does not stand beside the value any more.");
  settle->add_option("--reason", options->says, "how it was settled")->required();
}

}  // namespace throughgate::node::cli
