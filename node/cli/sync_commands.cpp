// sync and status.
#include "node/bundles/nightly.h"
#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/cli/retention_file.h"
#include "node/cli/words.h"
#include "node/desk/erasures.h"
#include "node/hub_visit.h"
#include "node/list_standing.h"
#include "node/older_records.h"
#include "node/out_of_contact.h"
#include "node/own_computers.h"
#include "node/restored.h"
#include "node/staff/ways_in.h"
#include "node/status.h"
#include "node/unsent.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Result;

// At the desk: what sites have confirmed as kept long enough, where the desk's own rules agree.
Result<std::size_t> sign_what_is_due(Command& command) {
  const auto desk = Desk(command.node()).is_desk();
  if (!desk && desk.error().kind == sync::ErrorKind::denied) return std::size_t{0};
  if (!desk) return desk.error();
  const auto schedule = retention_schedule(command);
  const auto codes = command.codes();
  if (!schedule || !codes) {
    command.say_apart("Nothing was signed by the rules for keeping records. " +
                      (schedule ? codes.error().message : schedule.error().message));
    return std::size_t{0};
  }
  RecordService records(command.node(), *codes);
  return DeskErasures(records).sign_scheduled(*schedule, latest_day(command.node()));
}

Result<Done> sync_now(Command& command) {
  const auto hub = command.hub();
  if (!hub) return hub.error();
  if (command.node().identity().recovery_secret) {
    const auto who = command.signed_in ? command.signed_in->id : sync::ActorId{};
    if (auto noted = note_exchange_with_sheet(command.node(), who); !noted) return noted;
  }
  LinkMemory link;  // of this one visit
  auto report = visit_hub(command.node(), **hub, command.folder, link);
  if (!report) return report.error();
  const auto signed_by_rule = sign_what_is_due(command);
  if (!signed_by_rule) return signed_by_rule.error();
  if (*signed_by_rule > 0) {
    report = visit_hub(command.node(), **hub, command.folder, link);
    if (!report) return report.error();
  }
  const auto closed = close_ways_in_of_leavers(command.node(), command.accounts);
  if (!closed) return closed.error();
  const auto contact = last_contact(command.node());
  if (!contact) return contact.error();
  const auto& counts = report->counts;
  command.out.facts({{"sent", std::uint64_t{counts.sent}},
                     {"received", std::uint64_t{counts.received}},
                     {"waiting at the exchange", std::uint64_t{counts.held}},
                     {"refused", std::uint64_t{counts.refused}},
                     {"taken back", std::uint64_t{counts.taken_back}},
                     {"new access", std::uint64_t{counts.keys}},
                     {"new keys made", std::uint64_t{report->keys_renewed}},
                     {"passed on for others", std::uint64_t{report->passed_on}},
                     {"did not hold", std::uint64_t{counts.unsound}},
                     {"this computer's clock", clock_difference(contact->hub_ahead_ms)}});
  if (*signed_by_rule > 0) {
    command.say_apart(std::to_string(*signed_by_rule) +
                      " requests to erase what has been kept long enough were signed, as the rules "
                      "here say the same. \"desk erasures --all\" shows them.");
  }
  for (const auto& warning :
       {warning_of(*report), list_warning(command.node().directory(), command.at.clock())}) {
    if (!warning.empty()) command.say_apart(warning);
  }
  return report->failed ? Result<Done>(*report->failed) : Result<Done>(Done{});
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
  const auto contact = out_of_contact(node);
  if (!contact) return contact.error();
  facts.emplace_back("days since others were heard of", contact->days);
  facts.emplace_back("shared records closed to reading", contact->is_closed);
  if (contact->days >= contact_warning_days) {
    facts.emplace_back("number for the central team", shown_state(contact->state));
  }
  const auto nightly = nightly_files(node, command.folder);
  if (!nightly) return nightly.error();
  facts.emplace_back("files of the night", shown_time(nightly->made_at_ms));
  facts.emplace_back("last backup", shown_time(now->last_backup_ms));
  facts.emplace_back("records held", now->dossiers);
  facts.emplace_back("changes not sent yet", now->unsent);
  facts.emplace_back("changes waiting for access", now->sealed);
  facts.emplace_back("fields changed in two places", now->in_review);
  facts.emplace_back("notices not seen", now->notices);
  facts.emplace_back("records that need this program updated", now->update_needed);
  facts.emplace_back("records being brought up to date", now->to_read_again);
  facts.emplace_back("records with new keys", now->keys.counts.done);
  facts.emplace_back("records that need new keys", now->keys.left());
  command.out.facts(facts);
  if (const auto keys = in_words(now->keys); now->keys.left() > 0) command.say_apart(keys);
  if (auto open = check_not_closed(node); !open) {
    if (open.error().kind != sync::ErrorKind::stale) return open;
    command.say_apart(open.error().message);
  }
  if (now->update_needed > 0) {
    command.say_apart(
        "Another site uses a newer version of Throughgate. Some of what it wrote is kept here and "
        "cannot be shown. Update this program.");
  }
  const auto news = unseen_list_news(node);
  if (!news) return news.error();
  for (const auto& each : *news) command.say_apart(each);
  const auto left = unsent(node);
  if (!left) return left.error();
  for (const auto& warning :
       {unsent_warning(*left, node.now_ms(), command.settings.unsent_warning_days),
        list_warning(node.directory(), command.at.clock()), contact_warning(*contact),
        clock_warning(*contact)}) {
    if (!warning.empty()) command.say_apart(warning);
  }
  return Done{};
}

}  // namespace

void add_sync_commands(Program& program) {
  program.add(program.app().add_subcommand("sync", "exchange what is new with other sites"),
              Needs::closed_store, sync_now);
  program.add(program.app().add_subcommand("status", "how this computer stands"),
              Needs::closed_store, status);
}

}  // namespace throughgate::node::cli
