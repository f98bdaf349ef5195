// backup and restore: a copy of this computer in one file, and back.
#include <memory>

#include "node/backup/backup.h"
#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/restored.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Result;

Result<Done> backup(const std::string& file, Command& command) {
  if (auto may = command.check_if_signed_in(Act::back_up); !may) return may;
  const auto who = command.signed_in.value_or(sync::Actor{}).id;
  const auto made = make_backup(command.node(), *command.key, command.folder, file, who);
  if (!made) return made.error();
  command.out.facts(
      {{"records", made->records}, {"of use until", shown_time(made->manifest.expires_at_ms)}});
  command.out.say(
      "The backup is made, and was read back and opened to see that it is good. Keep it away from "
      "this computer. Today's passwords and the recovery sheet open it.");
  return Done{};
}

Result<Done> restore_from(const std::string& file, Command& command) {
  if (auto somebody = command.check_somebody(); !somebody) return somebody;
  const auto restored = restore(
      file, command.folder, [&](Accounts& of) { return command.database_key(of); },
      command.at.password_cost, command.at.random, command.at.clock);
  if (!restored) return restored.error();
  command.out.facts({{"backup of", shown_time(restored->made_at_ms)}});
  command.out.say(
      "The backup is restored. Run \"sync\": it brings what was sent since, and opens the records, "
      "which are closed until then. What was recorded since and not sent is gone.");
  return Done{};
}

void add_backup(Program& program) {
  auto file = std::make_shared<std::string>();
  auto* command = program.app().add_subcommand(
      "backup",
      "copy this computer's whole store into one file, sealed as the store is, and try it");
  command->add_option("FILE", *file, "the new file, on another disk or a stick")->required();
  program.add(command, Needs::store, [file](Command& at) { return backup(*file, at); });
}

void add_restore(Program& program) {
  auto file = std::make_shared<std::string>();
  auto* command = program.app().add_subcommand(
      "restore",
      "make this computer's store from a backup, in a folder that holds none; opened with a "
      "password as it was when the backup was made, or with the recovery sheet");
  command->add_option("FILE", *file, "the backup")->required();
  program.add(command, Needs::nothing, [file](Command& at) { return restore_from(*file, at); });
}

}  // namespace

void add_backup_commands(Program& program) {
  add_backup(program);
  add_restore(program);
}

}  // namespace throughgate::node::cli
