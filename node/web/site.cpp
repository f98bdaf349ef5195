#include "node/web/site.h"

#include <chrono>

#include "node/hub_visit.h"
#include "node/status.h"
#include "node/web/content_style.h"
#include "node/web/pages/audit/audit_pages.h"
#include "node/web/pages/desk/desk_pages.h"
#include "node/web/pages/joining/joining_pages.h"
#include "node/web/pages/rights/rights_pages.h"
#include "node/web/pages/staff/staff_pages.h"
#include "sync/bundle.h"

namespace throughgate::node::web {
namespace {

constexpr std::size_t throttle_bytes_max = 256 << 10;
constexpr std::size_t form_around_file_bytes = 64 << 10;

std::int64_t monotonic_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::vector<NavigationItem> menu() {
  return {{"Volunteers", Url("/volunteers")},
          {"Handovers", Url("/handovers")},
          {"Search", Url("/search")},
          {"Changed in two places", Url("/changed-in-two-places")},
          {"Sending and receiving", Url("/sync")},
          {"Keeping and erasing", Url("/keeping")},
          {"Staff", Url("/staff")}};
}

// "Online, everything sent"; "Offline since 9:12am, 3 changes waiting"; "Last exchanged ...".
std::string status_line(const SyncLoop::State& syncing, const LastContact& contact,
                        std::uint64_t unsent_entries, std::uint64_t now_ms) {
  const auto unsent = static_cast<std::int64_t>(unsent_entries);
  const auto waiting =
      unsent == 0 ? "everything sent" : count_text(unsent, "change", "changes") + " waiting";
  if (contact.at_ms == 0) return "Not connected yet, " + waiting;
  // A command beside this program may have exchanged since.
  if (syncing.tried_at_ms < contact.at_ms) {
    return "Last exchanged " + date_time_text(static_cast<std::int64_t>(contact.at_ms)) + ", " +
           waiting;
  }
  std::optional<std::int64_t> offline_since;
  if (!syncing.is_online()) offline_since = static_cast<std::int64_t>(contact.at_ms);
  return status_text(offline_since, static_cast<std::int64_t>(now_ms), unsent);
}

}  // namespace

Site::Site(const SiteParts& parts, int port, OnFault on_fault)
    : parts_(parts),
      sessions_(parts.random, {.idle_ms = parts.lock_after_minutes * 60'000}),
      people_(parts.accounts, parts.stores),
      on_fault_(std::move(on_fault)),
      sign_in_(people_, sessions_, throttle_, keep_throttle()),
      responder_(routes(), sessions_, settings(port)),
      server_(responder_, {.port = port}) {
  if (!parts.wipes_on_lock) return;
  lock_watch_.emplace(sessions_, parts.stores, monotonic_ms, machine_slept_ms);
  lock_watch_->start();
}

void Site::lock_now() {
  sessions_.lock_all();
  if (lock_watch_) lock_watch_->lock_now();
}

void add_every_page(SitePages& pages, const SiteParts& parts) {
  add_home_page_after(pages, parts.unsent_warning_days);
  add_search_page(pages);
  add_sync_pages(pages, parts.syncing, parts.unsent_warning_days);
  add_by_hand_pages(pages, parts.folder);
  add_handover_pages(pages);
  add_volunteer_pages(pages);
  add_conflict_pages(pages);
  add_notice_pages(pages);
  add_suspect_pages(pages);
  add_late_pages(pages);
  add_audit_pages(pages);
  add_rights_pages(pages, {parts.accounts, parts.folder, parts.retention});
  add_staff_pages(pages, parts.accounts, parts.folder);
  add_desk_pages(pages, {parts.hub});
  add_older_records_pages(pages, parts.folder);
  add_joining_pages(pages, {parts.folder, parts.hub, parts.settings});
}

Routes Site::routes() {
  Routes made;
  sign_in_.add_to(made);
  SitePages pages(
      made, parts_.stores, parts_.codes, [&syncing = parts_.syncing] { syncing.note_saved(); },
      parts_.permissions);
  add_every_page(pages, parts_);
  return made;
}

ResponderSettings Site::settings(int port) {
  const std::string suffix = ":" + std::to_string(port);
  return {.guards = {.hosts = {"127.0.0.1" + suffix, "localhost" + suffix},
                     .long_body_paths = {std::string(bring_address), bring_answer_address},
                     .long_body_bytes_max = sync::bundle_bytes_max + form_around_file_bytes},
          .frame = [this](const Person* person) { return frame(person); },
          .monotonic_ms = monotonic_ms,
          .locked_page = [this](const Visit& visit) { return sign_in_.locked_page(visit); },
          .may_stay = [this](const Person& person) { return people_.may_stay(person); },
          .is_store_open = [this] { return parts_.stores.is_open(); },
          .on_fault = on_fault_};
}

Frame Site::frame(const Person* person) const {
  Frame frame;
  if (!person) return frame;
  frame.items = menu();
  auto store = parts_.stores.borrow();
  if (!store) return frame;  // the page itself says why
  const auto name = own_name(**store);
  const auto unsent = unsent_of(**store);
  const auto contact = last_contact(**store);
  if (!name || !unsent || !contact) return frame;
  if (is_central_teams(**store)) {
    frame.items.push_back({"Central team", Url(central_team_address)});
  }
  frame.site_name = *name;
  frame.status = status_line(parts_.syncing.state(), *contact, *unsent, parts_.stores.now_ms());
  return frame;
}

// Waits over all names outlive a restart. Where they cannot be kept, those of each name still are,
// or nobody gets in: see node/accounts/attempts.h.
SignInSettings Site::keep_throttle() {
  const std::string path = parts_.folder.page_attempts();
  const auto kept = read_private_file(path, throttle_bytes_max);
  if (kept) throttle_.read(crypto::as_text(*kept), monotonic_ms());
  return {.monotonic_ms = monotonic_ms,
          .keep_throttle =
              [this, path](const std::string& state) {
                const auto written = replace_private_file(path, crypto::as_bytes(state));
                if (!written && on_fault_) on_fault_("sign-in waits: " + written.error().message);
              },
          // Where the setting does not ask for it, it is closed before the first sign-in only.
          .is_store_open = [this] { return !parts_.wipes_on_lock || parts_.stores.is_open(); }};
}

}  // namespace throughgate::node::web
