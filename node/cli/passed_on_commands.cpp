// bundle passed-on, brought-back, try-again, give-up.
#include "node/bundles/passing_on.h"
#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "sync/store/bundle_folder.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Result;

std::string words_of(const PassedOn& file) {
  using sync::store::Fate;
  switch (file.fate) {
    case Fate::taken:
      return "the exchange has it" + (file.said.empty() ? "" : ": " + file.said);
    case Fate::refused:
      return "refused: " + file.said;
    case Fate::waits:
      break;
  }
  const std::string next =
      file.next_try_ms == 0 ? "for the next sync" : "until " + shown_time(file.next_try_ms);
  if (!file.said.empty()) return "waits " + next + ": " + file.said;
  return (file.fate_at_ms == 0 ? "waits " : "could not be passed on, waits ") + next;
}

// The exchange's answers, for whoever made the files.
Result<Done> write_answers(const std::vector<PassedOn>& files, const std::string& folder,
                           Command& command) {
  std::vector<Row> rows;
  for (const auto& file : files) {
    for (const auto& answer : file.answers) {
      const auto bytes = carried_answer(command.node(), answer.number);
      if (!bytes) return bytes.error();
      const auto names = sync::store::write_bundles(folder, {*bytes}, command.node().random());
      if (!names) return names.error();
      rows.push_back(
          {names->front(), shown_size(bytes->size()), file.made_by, std::uint64_t{file.number}});
    }
  }
  command.out.table({"file", "size", "for", "number"}, rows, "There is no answer to be written.");
  if (!rows.empty()) {
    command.out.say(
        "Once whoever made the file has the answer, say so by \"bundle brought-back NUMBER\": it "
        "goes from here then.");
  }
  return Done{};
}

Result<Done> passed_on(const std::string& folder, Command& command) {
  if (auto may = command.check_if_signed_in(Act::carry); !may) return may;
  const auto files = passed_on_files(command.node());
  if (!files) return files.error();
  if (!folder.empty()) return write_answers(*files, folder, command);
  std::vector<Row> rows;
  for (const auto& each : *files) {
    rows.push_back({std::uint64_t{each.number}, each.made_by, shown_time(each.brought_at_ms),
                    shown_size(each.bytes), words_of(each), std::uint64_t{each.answers.size()},
                    each.days_left});
  }
  command.out.table({"number", "made by", "brought", "size", "stands", "answers", "days left"},
                    rows, "Nothing of others is kept here to be passed on.");
  const auto bytes = bytes_for_others(command.node());
  if (!bytes) return bytes.error();
  if (*bytes > 0) {
    command.out.say(shown_size(*bytes) + " of " + shown_size(passed_on_bytes_max) +
                    " are used for others.");
  }
  return Done{};
}

Result<Done> brought_back(std::uint64_t number, Command& command) {
  if (auto may = command.check_if_signed_in(Act::carry); !may) return may;
  if (auto done = note_brought_back(command.node(), number); !done) return done;
  command.out.say("The exchange's answer to it is deleted here.");
  return Done{};
}

Result<Done> try_again(std::uint64_t number, Command& command) {
  if (auto may = command.check_if_signed_in(Act::carry); !may) return may;
  if (auto done = try_now(command.node(), number); !done) return done;
  command.out.say("It is tried with the next sync. Run \"sync\" now.");
  return Done{};
}

struct GivingUp {
  std::uint64_t number = 0;
  bool confirm = false;
};

Result<Done> give_up_file(const GivingUp& options, Command& command) {
  if (auto may = command.check_if_signed_in(Act::carry); !may) return may;
  const auto file = passed_on_file(command.node(), options.number);
  if (!file) return file.error();
  if (options.confirm) {
    if (auto done = give_up(command.node(), options.number); !done) return done;
    command.out.say("It is deleted here. Ask " + file->made_by + " for a new one.");
    return Done{};
  }
  for (const auto& each : meaning_of_giving_up(*file)) command.say_apart(each);
  command.say_apart("Nothing has been changed yet. To give it up, add --confirm.");
  return Done{};
}

}  // namespace

void add_passed_on_commands(Program& program, CLI::App* bundle) {
  constexpr auto which = "as \"bundle passed-on\" lists it";
  auto answers_to = std::make_shared<std::string>();
  auto* passed_on_command = bundle->add_subcommand(
      "passed-on", "what others gave for the central exchange, and what became of it");
  passed_on_command->add_option("--answers", *answers_to,
                                "a folder: write the exchange's answers there, for those who made "
                                "the files");
  program.add(passed_on_command, Needs::store,
              [answers_to](Command& at) { return passed_on(*answers_to, at); });

  auto answered = std::make_shared<std::uint64_t>(0);
  auto* brought_back_command = bundle->add_subcommand(
      "brought-back", "whoever made a file has the exchange's answer: it goes from here");
  brought_back_command->add_option("NUMBER", *answered, which)->required();
  program.add(brought_back_command, Needs::store,
              [answered](Command& at) { return brought_back(*answered, at); });

  auto again = std::make_shared<std::uint64_t>(0);
  auto* again_command = bundle->add_subcommand(
      "try-again", "a file that could not be passed on is tried with the next sync, not later");
  again_command->add_option("NUMBER", *again, which)->required();
  program.add(again_command, Needs::store, [again](Command& at) { return try_again(*again, at); });

  auto giving_up = std::make_shared<GivingUp>();
  auto* give_up_command = bundle->add_subcommand(
      "give-up",
      "delete a file that waits to be passed on: what that would mean; with --confirm, do it");
  give_up_command->add_option("NUMBER", giving_up->number, which)->required();
  give_up_command->add_flag("--confirm", giving_up->confirm, "delete it");
  program.add(give_up_command, Needs::store,
              [giving_up](Command& at) { return give_up_file(*giving_up, at); });
}

}  // namespace throughgate::node::cli
