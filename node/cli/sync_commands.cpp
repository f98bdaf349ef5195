// sync and status.
#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/cli/words.h"
#include "node/enrolment/enrolment.h"
#include "node/setup.h"
#include "node/status.h"
#include "node/sync_round.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

// Whoever waits for the central team's answer asks for it first.
Result<Done> be_enrolled(OpenNode& node, HubClient& hub) {
  if (node.is_enrolled()) return Done{};
  Enrolment enrolment(node, hub);
  const auto answered = enrolment.take_answer();
  if (!answered) return answered.error();
  if (*answered) return Done{};
  return Error{ErrorKind::unavailable,
               "The central team has not let this computer in yet. Everything is kept here and "
               "will be sent later."};
}

// Here first, so that a clock that is off reads as such: "4 seconds behind".
std::string clock_difference(std::uint64_t hub_ms, std::uint64_t here_ms) {
  const bool behind = hub_ms > here_ms;
  const auto seconds = (behind ? hub_ms - here_ms : here_ms - hub_ms) / 1000;
  if (seconds < 60) return "right";
  return std::to_string(seconds / 60) + (behind ? " minutes behind" : " minutes ahead");
}

Result<Done> sync_now(Command& command) {
  auto lock = FileLock::take(command.folder.sync_lock(), FileLock::Wait::no);
  if (!lock) {
    return Error{lock.error().kind,
                 "Another program is syncing this store just now. Nothing needs to be done."};
  }
  const auto hub = command.hub();
  if (!hub) return hub.error();
  OpenNode& node = command.node();
  if (auto enrolled = be_enrolled(node, **hub); !enrolled) return enrolled;
  SyncRound round(node, **hub);
  auto report = round.run();
  if (!report) return report.error();
  const auto added = Staff(node).add_missing();
  if (!added) return added.error();
  if (*added > 0) {  // this computer's staff, now that the site's list is here
    auto again = round.run();
    if (!again) return again.error();
    report->counts.sent += again->counts.sent;
  }
  const auto& counts = report->counts;
  command.out.facts(
      {{"sent", std::uint64_t{counts.sent}},
       {"received", std::uint64_t{counts.received}},
       {"waiting at the exchange", std::uint64_t{counts.held}},
       {"refused", std::uint64_t{counts.refused}},
       {"taken back", std::uint64_t{counts.taken_back}},
       {"new access", std::uint64_t{counts.keys}},
       {"this computer's clock", clock_difference(report->hub_time_ms, command.at.clock())}});
  return Done{};
}

Result<Done> status(Command& command) {
  OpenNode& node = command.node();
  const auto now = status_of(node);
  if (!now) return now.error();
  Facts facts{{"organisation", now->organisation_name},
              {"kind", words_of(now->kind)},
              {"organisation number", node.identity().organisation.hex()},
              {"computer number", node.identity().node.hex()},
              {"enrolled", now->enrolled}};
  if (!now->words_awaited.empty()) facts.emplace_back("words to read aloud", now->words_awaited);
  facts.emplace_back("central list version", node.directory().version());
  facts.emplace_back("central list good until", shown_time(node.directory().expires_at_ms()));
  facts.emplace_back("records held", now->dossiers);
  facts.emplace_back("changes not sent yet", now->unsent);
  facts.emplace_back("changes waiting for access", now->sealed);
  facts.emplace_back("fields changed in two places", now->in_review);
  facts.emplace_back("notices not seen", now->notices);
  facts.emplace_back("records that need this program updated", now->update_needed);
  facts.emplace_back("records being brought up to date", now->to_read_again);
  command.out.facts(facts);
  if (now->update_needed > 0) {
    command.out.say(
        "Another site uses a newer version of Throughgate. Some of what it wrote is kept here and "
        "cannot be shown. Update this program.");
  }
  if (node.is_enrolled() && node.directory().version() > 0 &&
      node.directory().expires_at_ms() <= command.at.clock()) {
    command.out.say("The central list held here is too old. Sync soon.");
  }
  return Done{};
}

}  // namespace

void add_sync_commands(Program& program) {
  program.add(program.app().add_subcommand("sync", "exchange what is new with other sites"),
              Needs::store, sync_now);
  program.add(program.app().add_subcommand("status", "how this computer stands"), Needs::store,
              status);
}

}  // namespace throughgate::node::cli
