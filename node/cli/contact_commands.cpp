// unlock and desk unlock: what is closed to reading for want of contact, opened by telephone.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/computer_meant.h"
#include "node/cli/program.h"
#include "node/cli/words.h"
#include "node/out_of_contact.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

Result<Done> unlock(const std::vector<std::string>& words, Command& command) {
  std::string typed;
  for (const auto& word : words) typed += word + " ";
  const auto days = open_by_words(command.node(), typed);
  if (!days) return days.error();
  command.out.facts({{"open for days", *days}});
  command.out.say(
      "What is shared with other organisations is open again. Exchange, or bring in a file, as "
      "soon as you can.");
  return Done{};
}

// As computer_meant(), or by the name of an organisation that has one computer.
Result<sync::NodeId> computer_to_open(OpenNode& node, const std::string& typed) {
  const auto listed = computer_meant(node, typed);
  if (listed) return listed->node.id;
  const auto organisation = organisation_meant(node.directory(), typed);
  if (!organisation) return listed.error();
  const auto computers = node.directory().active_nodes(*organisation);
  return computers.size() == 1 ? Result(computers.front()->id) : listed.error();
}

struct DeskOptions {
  std::string computer;
  std::string number;
  std::uint64_t days = 0;
};

Result<Done> make_words(const DeskOptions& options, Command& command) {
  if (auto allowed = command.check(Act::desk); !allowed) return allowed;
  const auto& directory = command.node().directory();
  const auto computer = computer_to_open(command.node(), options.computer);
  if (!computer) return computer.error();
  const auto state = typed_state(options.number);
  if (!state) return command.misused("The number has eight digits, as \"status\" shows it there.");
  const auto words = words_to_open(command.node(), *computer, *state, options.days);
  if (!words) return words.error();
  const auto* listed = directory.node(*computer);
  const auto* organisation = directory.organisation(listed->organisation);
  command.out.facts({{"organisation", organisation ? organisation->name : std::string()},
                     {"computer", listed->label},
                     {"words", *words}});
  command.out.say(
      "Read these words to them only if you know whom you are talking to: ring them on a number "
      "that you know. They are good once, on that computer, while it shows that number.");
  return Done{};
}

}  // namespace

void add_contact_commands(Program& program) {
  auto words = std::make_shared<std::vector<std::string>>();
  auto* command = program.app().add_subcommand(
      "unlock",
      "open what is closed to reading for want of contact, by words that the central team reads "
      "to you");
  command->add_option("WORDS", *words, "the eight words")->required();
  program.add(command, Needs::person, [words](Command& at) { return unlock(*words, at); });
}

void add_desk_unlock_command(Program& program, CLI::App* desk) {
  auto options = std::make_shared<DeskOptions>();
  auto* command = desk->add_subcommand(
      "unlock", "words to open a computer that is long out of contact, to be read by telephone");
  command->add_option("COMPUTER", options->computer, "its number, or its organisation's name")
      ->required();
  command->add_option("--number", options->number, "the eight digits that it shows")->required();
  command->add_option("--days", options->days, "for how many days, at most 60")->required();
  program.add(command, Needs::person, [options](Command& at) { return make_words(*options, at); });
}

}  // namespace throughgate::node::cli
