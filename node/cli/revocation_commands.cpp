// desk computers, desk revoke; rotate: a computer that was stolen, lost or is no longer used.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/computer_meant.h"
#include "node/cli/program.h"
#include "node/cli/words.h"
#include "node/desk/revocations.h"
#include "node/key_renewal.h"
#include "node/text/numbers.h"
#include "node/text/unicode.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::RevocationReason;

// ---- desk computers

Result<Done> computers(Command& command) {
  const auto listed = listed_computers(command.node());
  if (!listed) return listed.error();
  std::vector<Row> rows;
  for (const auto& each : *listed) {
    rows.push_back(
        {each.organisation, each.node.label, shown_time(each.last_heard_ms),
         standing_in_words(each),
         each.node.suspect_since_ms == 0 ? std::string() : shown_time(each.node.suspect_since_ms),
         each.node.id.hex()});
  }
  command.out.table(
      {"organisation", "computer", "last heard of", "standing", "suspect since", "number"}, rows,
      "There is no central list here yet.");
  return Done{};
}

// ---- desk revoke

struct RevokeOptions {
  std::string computer;
  std::string reason;
  std::string stolen_since;
  std::string unsent;
  bool confirm = false;
};

Result<RevocationReason> reason_from_words(std::string_view typed) {
  const std::string word = fold_case(std::string(typed));
  if (word == "stolen") return RevocationReason::stolen;
  if (word == "lost") return RevocationReason::lost;
  if (word == "retired") return RevocationReason::retired;
  if (word == "misused") return RevocationReason::misused;
  return Error{
      ErrorKind::invalid,
      "The reason is one of: stolen, lost, retired (no longer used), misused. It stands in "
      "the central list, which everybody has; write the story down elsewhere."};
}

UnsentThere unsent_from_words(const std::string& typed) {
  if (typed.empty()) return UnsentThere::not_asked;
  return typed == "none" ? UnsentThere::none : UnsentThere::given_up;
}

Result<Done> revoke(const RevokeOptions& options, Command& command) {
  if (auto allowed = command.check(Act::desk); !allowed) return allowed;
  const auto reason = command.or_misused(reason_from_words(options.reason));
  if (!reason) return reason.error();
  const auto since = suspect_since_ms(options.stolen_since);
  if (!since) return since.error();
  const auto computer = computer_meant(command.node(), options.computer);
  if (!computer) return computer.error();
  if (auto other = check_another(*computer); !other) return other;
  if (options.confirm) {
    const auto asked = check_unsent_asked(*reason, unsent_from_words(options.unsent));
    if (!asked) return asked.error();
    if (auto done = Desk(command.node()).revoke(computer->node.id, *reason, *since); !done) {
      return done;
    }
  }
  command.out.facts({{options.confirm ? "withdrawn" : "would be withdrawn", computer->node.label},
                     {"organisation", computer->organisation},
                     {"number", computer->node.id.hex()},
                     {"why", in_words(*reason)},
                     {"suspect since", *since == 0 ? std::string() : shown_time(*since)},
                     {"last heard of", shown_time(computer->last_heard_ms)},
                     {"central list version", command.node().directory().version()}});
  if (!options.confirm) {
    for (const auto& each : meaning_of_revoking(*computer, command.node().directory())) {
      command.say_apart(each);
    }
    command.say_apart("Nothing has been changed yet. To withdraw it, add --confirm.");
    return Done{};
  }
  command.say_apart(
      "Run \"sync\" now: the exchange refuses it once it has the new list, and the records that it "
      "could read get new keys. \"status\" shows how far that has come.");
  return Done{};
}

// ---- rotate

Result<Done> rotate(Command& command) {
  if (auto allowed = command.check(Act::connect); !allowed) return allowed;
  OpenNode& node = command.node();
  const auto context = node.context();
  sync::store::KeyRenewal renewal(node.database(), context,
                                  sync::store::KeyRenewal::Which::all_that_we_may);
  constexpr std::size_t shown_every = 1000;
  std::size_t made = 0;
  for (;;) {
    const auto portion = renew_keys(node, renewal, shown_every, command.actor());
    if (!portion) return portion.error();
    made += *portion;
    if (*portion < shown_every) break;
    command.say_apart(with_thousands(made) + " new keys made so far.");
  }
  const auto now = renewal_standing(node);
  if (!now) return now.error();
  command.out.facts({{"new keys made", std::uint64_t{made}},
                     {"have new keys", now->counts.done},
                     {"of records", now->counts.due},
                     {"waiting to be sent", now->counts.sent}});
  const std::string words = in_words(*now);
  command.say_apart(words.empty() ? "No computer that could read a record here was withdrawn."
                                  : words);
  if (made > 0) command.say_apart("Run \"sync\" now: a new key counts once the exchange has it.");
  return Done{};
}

}  // namespace

void add_revocation_commands(Program& program, CLI::App* desk) {
  program.add(desk->add_subcommand("computers",
                                   "every computer in the central list, and when it "
                                   "was last heard of"),
              Needs::person, computers);
  auto options = std::make_shared<RevokeOptions>();
  auto* command = desk->add_subcommand(
      "revoke", "what withdrawing a computer would mean; with --confirm, withdraw it");
  command
      ->add_option("COMPUTER", options->computer, "its number in \"desk computers\", or its name")
      ->required();
  command->add_option("--reason", options->reason, "stolen, lost, retired or misused")->required();
  command->add_option("--stolen-since", options->stolen_since,
                      "the day, such as 2026-12-04, from which its changes are to be looked at");
  command
      ->add_option(
          "--unsent", options->unsent,
          "for \"retired\", what \"retire-check\" on it says: none (all is sent) or given-up")
      ->check(CLI::IsMember({"none", "given-up"}));
  command->add_flag("--confirm", options->confirm, "withdraw it, for good");
  program.add(command, Needs::person, [options](Command& at) { return revoke(*options, at); });
}

void add_rotate_command(Program& program) {
  program.add(program.app().add_subcommand(
                  "rotate", "make new keys for all records that a withdrawn computer could read"),
              Needs::person, rotate);
}

}  // namespace throughgate::node::cli
