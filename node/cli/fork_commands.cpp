// desk forks: computers that wrote two different changes at one place, and whether by accident.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/cli/words.h"
#include "node/desk/forks.h"
#include "node/desk/revocations.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

struct ForkOptions {
  std::string number;
  std::string since;
  bool accident = false;
  bool on_purpose = false;
};

void print_all(const std::vector<ListedFork>& all, Command& command) {
  std::vector<Row> rows;
  rows.reserve(all.size());
  for (const auto& each : all) {
    rows.push_back({each.number(), each.organisation, each.computer, each.record,
                    shown_time(each.seen_at_ms), standing_in_words(each)});
  }
  command.out.table({"case", "organisation", "computer", "record", "seen", "standing"}, rows,
                    "No computer has written two different changes at one place.");
}

// By the beginning of its number.
Result<ListedFork> fork_meant(const std::vector<ListedFork>& all, const std::string& typed) {
  const auto digits = id_beginning(typed);
  std::vector<const ListedFork*> meant;
  for (const auto& each : all) {
    if (digits && crypto::to_hex(each.entry).starts_with(*digits)) meant.push_back(&each);
  }
  if (meant.size() == 1) return *meant.front();
  return Error{ErrorKind::not_found,
               "There is no such case, or there are several. \"desk forks\" lists them with their "
               "numbers. Nothing was changed."};
}

Result<Done> decide(const ForkOptions& options, const ListedFork& fork, Command& command) {
  Desk desk(command.node());
  if (options.accident) {
    if (auto done = desk.decide_accident(fork.entry); !done) return done;
  }
  if (options.on_purpose) {
    const auto since = suspect_since_ms(options.since);
    if (!since) return since.error();
    auto gone = desk.revoke(fork.node, sync::RevocationReason::misused, *since);
    if (!gone) return gone;
  }
  command.out.facts({{"computer", fork.computer},
                     {"organisation", fork.organisation},
                     {"seen", shown_time(fork.seen_at_ms)},
                     {"what", in_words(fork)},
                     {"decided", std::string(options.accident     ? "an accident"
                                             : options.on_purpose ? "on purpose: withdrawn"
                                                                  : "not yet")},
                     {"central list version", command.node().directory().version()}});
  if (options.accident || options.on_purpose) {
    command.say_apart("Run \"sync\" now: the site hears of it once the exchange has the new list.");
    return Done{};
  }
  command.say_apart("Nothing has been changed. If it was an accident, add --accident:");
  for (const auto& each : meaning_of_accident()) command.say_apart(each);
  command.say_apart(
      "If it was on purpose, add --on-purpose: the computer is withdrawn as misused, for good; "
      "\"desk revoke\" says what that means.");
  return Done{};
}

Result<Done> forks(const ForkOptions& options, Command& command) {
  if (auto allowed = command.check(Act::desk); !allowed) return allowed;
  const bool decides = options.accident || options.on_purpose;
  if (options.number.empty() && decides) {
    return command.misused("Say which case: \"desk forks\" lists them with their numbers.");
  }
  const auto all = listed_forks(command.node());
  if (!all) return all.error();
  if (options.number.empty()) {
    print_all(*all, command);
    return Done{};
  }
  const auto fork = fork_meant(*all, options.number);
  return fork ? decide(options, *fork, command) : Result<Done>(fork.error());
}

}  // namespace

void add_fork_command(Program& program, CLI::App* desk) {
  auto options = std::make_shared<ForkOptions>();
  auto* command = desk->add_subcommand(
      "forks", "computers that wrote two different changes at one place; or one, and deciding it");
  command->add_option("CASE", options->number, "its number in \"desk forks\"");
  auto* accident = command->add_flag("--accident", options->accident,
                                     "it was one, such as a copied disk: it writes on anew");
  auto* on_purpose = command->add_flag("--on-purpose", options->on_purpose,
                                       "it was not: the computer is withdrawn, for good");
  accident->excludes(on_purpose);
  command
      ->add_option("--since", options->since,
                   "the day, such as 2026-12-04, from which its changes are to be looked at")
      ->needs(on_purpose);
  program.add(command, Needs::person, [options](Command& at) { return forks(*options, at); });
}

}  // namespace throughgate::node::cli
