// retire-check: what would be lost if this computer were given away, replaced or wiped.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/cli/words.h"
#include "node/last_contact.h"
#include "node/status.h"
#include "node/unsent.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

Result<Done> check(bool give_up, Command& command) {
  OpenNode& node = command.node();
  const auto left = unsent(node);
  if (!left) return left.error();
  const auto status = status_of(node);
  if (!status) return status.error();
  const auto contact = last_contact(node);
  if (!contact) return contact.error();
  command.out.facts({{"computer number", node.identity().node.hex()},
                     {"changes not sent yet", left->changes},
                     {"records that they stand in", left->records},
                     {"waiting since", shown_time(left->since_ms)},
                     {"changes of others that came by hand", left->of_others},
                     {"files of others to be passed on", left->files_of_others},
                     {"last exchanged", shown_time(contact->at_ms)},
                     {"last backup", shown_time(status->last_backup_ms)}});
  std::string lost;
  for (const auto& each : lost_with_this_computer(*left)) lost += each + " ";
  if (!lost.empty() && !give_up) {
    return Error{ErrorKind::denied,
                 "This computer holds what nobody else has. " + lost +
                     "All that would be gone. Run \"sync\", or \"bundle export --to hub\" and "
                     "have it brought to the exchange; then run this again. If it is to be given "
                     "up, add --give-up. Nothing was changed."};
  }
  command.say_apart(lost.empty() ? "Everything on this computer has reached the exchange."
                                 : lost + "You have said that this is given up.");
  command.say_apart(
      "Who looked at what stands on this computer alone: make a last backup if somebody may ask. "
      "Then ring the central team, tell them this computer's number and " +
      std::string(lost.empty() ? "that everything was sent" : "what is given up") +
      ", and wipe its disk once they have withdrawn it.");
  return Done{};
}

}  // namespace

void add_retire_command(Program& program) {
  auto give_up = std::make_shared<bool>(false);
  auto* command = program.app().add_subcommand(
      "retire-check", "before this computer is given away, replaced or wiped: what would be lost");
  command->add_flag("--give-up", *give_up, "what was not sent may be lost");
  program.add(command, Needs::closed_store, [give_up](Command& at) { return check(*give_up, at); });
}

}  // namespace throughgate::node::cli
