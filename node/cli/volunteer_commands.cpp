// volunteer: files of volunteers that a site already has.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/records.h"
#include "node/volunteers/import.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Result;

struct Options {
  std::string file;
  std::string reason;
  bool dry_run = false;
};

Result<Done> import_file(const Options& options, RecordService& records, Command& command) {
  VolunteerImport volunteers(records);
  const auto report = options.dry_run
                          ? volunteers.dry_run(options.file)
                          : volunteers.run(options.file, {command.actor(), options.reason});
  if (!report) return report.error();
  Facts facts{{options.dry_run ? "would be made" : "made", report->made},
              {"to look at", report->to_mend},
              {"done before", report->done_before},
              {"those to look at are in", report->mend_path}};
  if (command.out.is_json()) facts.emplace_back("lines", report->lines);
  for (const auto& line : report->lines) command.out.say(line);
  command.out.facts(facts);
  return Done{};
}

}  // namespace

void add_volunteer_commands(Program& program) {
  auto* volunteer = program.app().add_subcommand("volunteer", "volunteers");
  volunteer->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  auto* command = volunteer->add_subcommand(
      "import", "make volunteers of the good rows of a file; the others are put beside it");
  command->add_option("FILE", options->file, "a table as CSV, its first line the headings")
      ->required();
  command->add_flag("--dry-run", options->dry_run, "only say what would become of each row");
  command->add_option("--reason", options->reason, "why, kept with the records");
  program.add(command, Needs::person, with_records([options](RecordService& records, Command& at) {
                return import_file(*options, records, at);
              }));
}

}  // namespace throughgate::node::cli
