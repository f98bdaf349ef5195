#include "node/hub_visit.h"

#include <algorithm>
#include <array>

#include "node/bundles/passing_on.h"
#include "node/desk/erasures.h"
#include "node/enrolment/joining.h"
#include "node/erasure/holds.h"
#include "node/handovers/grounds.h"
#include "node/key_renewal.h"
#include "node/last_contact.h"
#include "node/out_of_contact.h"
#include "node/restored.h"
#include "node/sharing/no_longer_shared.h"
#include "node/staff/staff.h"
#include "sync/layout.h"
#include "sync/store/settings_table.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::SettingsTable;
namespace setting = sync::store::setting;

Result<Done> be_enrolled(OpenNode& node, HubClient& hub) {
  if (node.is_enrolled()) return Done{};
  const auto answered = look_for_answer(node, hub);
  if (!answered) return answered.error();
  if (*answered) return Done{};
  return Error{ErrorKind::unavailable, std::string(not_let_in_yet)};
}

// What this visit made itself is sent with it.
Result<Done> once_more(SyncRound& round, SyncReport& report) {
  const auto again = round.run();
  if (!again) return again.error();
  report.counts += again->counts;
  report.requests += again->requests;
  return Done{};
}

// The staff of this computer, now that the site's list is here.
Result<Done> exchange_staff(OpenNode& node, SyncRound& round, VisitReport& report) {
  const auto added = Staff(node).add_missing();
  if (!added) return added.error();
  return *added == 0 ? Result<Done>(Done{}) : once_more(round, report);
}

constexpr std::size_t keys_at_once = 500;       // are sent before more are made
constexpr std::size_t keys_per_visit = 10'000;  // the rest waits for the next

Result<Done> exchange_new_keys(OpenNode& node, SyncRound& round, VisitReport& report) {
  const auto context = node.context();
  sync::store::KeyRenewal renewal(node.database(), context, sync::store::KeyRenewal::Which::ours);
  while (report.keys_renewed < keys_per_visit) {
    const auto made = renew_keys(node, renewal, keys_at_once, sync::store::program_actor());
    if (!made) return made.error();
    if (*made == 0) break;
    report.keys_renewed += *made;
    if (auto sent = once_more(round, report); !sent) return sent;
  }
  return Done{};
}

// What this site may share no longer is not sent on: the change goes with this visit. Another
// computer may have recorded another ground: so the hub is heard first, where anything is to be
// stopped. One that has begun anew is not heard; then nothing is stopped. Either clock may be
// wrong: what one of the two ended alone would be gone at the partner. Returns how many it could
// not stop: only a person can.
Result<std::size_t> stop_without_ground(OpenNode& node, SyncRound& round) {
  const CodeLists codes;  // what is judged here has none
  RecordService records(node, codes);
  const auto now_ms = exchange_time_ms(node);
  if (!now_ms) return now_ms.error();
  const auto may_be = shared_without_ground(records, std::max(*now_ms, node.now_ms()));
  if (!may_be) return may_be.error();
  if (may_be->empty()) return std::size_t{0};
  const auto heard = round.hear();
  if (!heard) return heard.error();
  if (heard->hub_time_ms == 0) return std::size_t{0};
  const auto by_both_ms = std::min(heard->hub_time_ms, node.now_ms());
  const auto stopped = stop_sharing_without_ground(records, by_both_ms);
  if (!stopped) return stopped.error();
  return stopped->refused;
}

// Of what was heard of with this visit, at once.
Result<Done> tell_of_holds(OpenNode& node, SyncRound& round, VisitReport& report) {
  const CodeLists codes;  // a hold has none
  RecordService records(node, codes);
  const auto told = Holds(records).tell_new_keepers();
  if (!told) return told.error();
  return *told == 0 ? Result<Done>(Done{}) : once_more(round, report);
}

// At the central team's computer: whoever asked for its own copy to go leaves the record.
Result<Done> let_copies_go(OpenNode& node, SyncRound& round, VisitReport& report) {
  if (node.directory().central() != node.identity().organisation) return Done{};
  const CodeLists codes;  // a request has none
  RecordService records(node, codes);
  const auto gone = DeskErasures(records).let_copies_go(
      {sync::store::program_actor(), "its own copy had been kept as long as its rules say"});
  if (!gone) return gone.error();
  return *gone == 0 ? Result<Done>(Done{}) : once_more(round, report);
}

// Owner and desk hear at once that it is gone.
Result<Done> delete_and_say_so(OpenNode& node, SyncRound& round, VisitReport& report) {
  const auto gone = delete_what_is_no_longer_shared(node);
  if (!gone) return gone.error();
  return *gone == 0 ? Result<Done>(Done{}) : once_more(round, report);
}

Result<Done> pass_files_on(OpenNode& node, SyncRound& round, VisitReport& report) {
  const auto passed_on = pass_on(node, round);
  if (!passed_on) return passed_on.error();
  report.passed_on = *passed_on;
  return Done{};
}

Result<Done> note_contact(OpenNode& node, SyncRound&, VisitReport& report) {
  const auto number = [](std::uint64_t n) { return sync::LayoutWriter().u64(n).take(); };
  const auto now_ms = node.now_ms();
  sync::store::UnitOfWork work(node.database());
  SettingsTable settings(work);
  settings.set(setting::last_contact_ms, number(now_ms));
  settings.set(setting::clock_offset_ms, number(report.hub_time_ms - now_ms));  // two's complement
  return work.commit();
}

Result<Done> note_news(OpenNode& node, SyncRound&, VisitReport&) { return note_heard(node); }

// What is done once everything is exchanged. What cannot be done for one record keeps nothing else
// from being done, or one record would end all visits; a link that is down ends it.
Result<Done> follow_up(OpenNode& node, SyncRound& round, VisitReport& report) {
  constexpr std::array tasks = {note_contact,  note_news,         exchange_staff, exchange_new_keys,
                                let_copies_go, delete_and_say_so, pass_files_on,  tell_of_holds};
  for (const auto task : tasks) {
    auto done = task(node, round, report);
    if (done) continue;
    if (done.error().kind == ErrorKind::unavailable) return done;
    if (!report.failed) report.failed = done.error();
  }
  return Done{};
}

}  // namespace

Result<VisitReport> visit_hub(OpenNode& node, HubClient& hub, const DataFolder& folder,
                              LinkMemory& link) {
  auto lock = FileLock::take(folder.sync_lock(), FileLock::Wait::no);
  if (!lock) {
    return Error{
        lock.error().kind,
        "Another program is syncing this store just now, or its folder cannot be written "
        "to, as when the disk is full. Where no other runs, check that there is room, then "
        "sync again."};
  }
  if (auto enrolled = be_enrolled(node, hub); !enrolled) return enrolled.error();
  SyncRound round(node, hub, link);
  const auto still_shared = stop_without_ground(node, round);
  if (!still_shared) return still_shared.error();
  const auto exchanged = round.run();
  if (!exchanged) return exchanged.error();
  VisitReport report{*exchanged, *still_shared, {}};
  const auto cut_off = follow_up(node, round, report);
  if (auto heard = note_list_heard(node, link.hub_directory_version); !heard) return heard.error();
  if (!cut_off) return cut_off.error();
  return report;
}

std::string warning_of(const VisitReport& report) {
  std::string out;
  const auto add = [&out](const std::string& words) { out += (out.empty() ? "" : " ") + words; };
  if (report.still_shared > 0) {
    add("Sharing of " + std::to_string(report.still_shared) +
        (report.still_shared == 1 ? " handover whose ground is over"
                                  : " handovers whose ground is over") +
        " could not be stopped here. Each sync tries again. If this stays for a day, stop it at "
        "another computer of this site, or ask the central team.");
  }
  if (report.counts.unsound > 0) {
    add("Something from the central exchange did not hold, and nothing of it was kept here. "
        "Everything else was exchanged. Tell the central team.");
  }
  if (report.failed) {
    add("Everything was exchanged, but something that follows could not be done: " +
        report.failed->message);
  }
  return out;
}

std::string clock_difference(std::int64_t hub_ahead_ms) {
  const bool behind = hub_ahead_ms > 0;
  const auto minutes = (behind ? hub_ahead_ms : -hub_ahead_ms) / 60'000;
  if (minutes == 0) return "right";
  return std::to_string(minutes) + (minutes == 1 ? " minute " : " minutes ") +
         (behind ? "behind" : "ahead");
}

}  // namespace throughgate::node
