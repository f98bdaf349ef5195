#include "node/restored.h"

#include <algorithm>

#include "node/backup/manifest.h"
#include "node/days.h"
#include "node/last_contact.h"
#include "sync/layout.h"
#include "sync/store/directory_table.h"
#include "sync/store/settings_table.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::Purpose;
using sync::store::SettingsTable;
using sync::store::UnitOfWork;
namespace setting = sync::store::setting;

// As kept: made_at u64 · restored_at u64. An earlier program kept the first alone.
struct Restored {
  std::uint64_t made_at_ms = 0;
  std::uint64_t restored_at_ms = 0;
};

Result<std::optional<Restored>> closed_since(OpenNode& node) {
  UnitOfWork work(node.database(), Purpose::reading);
  const auto kept = SettingsTable(work).find(setting::closed_since_backup_ms);
  if (auto done = work.commit(); !done) return done.error();
  if (!kept) return std::optional<Restored>();
  sync::LayoutReader in(*kept);
  Restored out{in.u64(), 0};
  out.restored_at_ms = in.finished() ? out.made_at_ms + backup_lasts_ms : in.u64();
  return std::optional(out);
}

Result<std::uint64_t> list_signed_at_ms(OpenNode& node) {
  UnitOfWork work(node.database(), Purpose::reading);
  const auto signed_at_ms = sync::store::DirectoryTable(work).newest_signed_at_ms();
  if (auto done = work.commit(); !done) return done.error();
  return signed_at_ms;
}

// The latest time that it is certainly past: this clock may stand in the past.
Result<std::uint64_t> at_least_now_ms(OpenNode& node, std::uint64_t made_at_ms) {
  const auto by_contact = exchange_time_ms(node);  // never before the last visit
  if (!by_contact) return by_contact.error();
  const auto by_list = list_signed_at_ms(node);
  if (!by_list) return by_list.error();
  return std::max({node.now_ms(), made_at_ms, *by_contact, *by_list});
}

Result<Done> open(OpenNode& node) {
  UnitOfWork work(node.database());
  SettingsTable(work).remove(setting::closed_since_backup_ms);
  return work.commit();
}

}  // namespace

Result<Done> mark_restored(OpenNode& node, std::uint64_t made_at_ms) {
  const auto restored_at_ms = at_least_now_ms(node, made_at_ms);
  if (!restored_at_ms) return restored_at_ms.error();
  UnitOfWork work(node.database());
  work.run("UPDATE dossier SET stream = NULL, stream_seq = 0, stream_tip = NULL");
  if (node.is_enrolled()) {
    SettingsTable(work).set(setting::closed_since_backup_ms,
                            sync::LayoutWriter().u64(made_at_ms).u64(*restored_at_ms).take());
  }
  return work.commit();
}

Result<Done> check_not_closed(OpenNode& node) {
  const auto since = closed_since(node);
  if (!since) return since.error();
  if (!*since) return Done{};
  return Error{
      ErrorKind::stale,
      "This computer was restored from a backup of " + iso_day((*since)->made_at_ms) +
          ". Its records stay closed until it has heard what has been erased since. Nothing is "
          "lost. Connect it, then run \"sync\", or open \"Sending and receiving\" and exchange. "
          "Where there is no network, ask the central team for a file for your organisation, and "
          "say that it is to open a restored computer: they first sync, then sign the central list "
          "once more (\"desk directory --renew\"), then make the file. One that the exchange makes "
          "today opens it too. Bring it in: \"bundle import FILE\", or \"By stick or e-mail\" on "
          "the page. A file from before the restore, or with a list that was signed before it, "
          "does not open them."};
}

Result<Done> note_list_heard(OpenNode& node, std::uint64_t hub_directory_version) {
  const auto since = closed_since(node);
  if (!since) return since.error();
  if (!*since || node.directory().version() < hub_directory_version) return Done{};
  return open(node);
}

Result<Done> note_list_brought(OpenNode& node, const sync::BundleLabel& label) {
  const auto since = closed_since(node);
  if (!since) return since.error();
  if (!*since) return Done{};
  const auto signed_at_ms = list_signed_at_ms(node);
  if (!signed_at_ms) return signed_at_ms.error();
  const auto is_after = [&](std::uint64_t at_ms) { return at_ms > (*since)->restored_at_ms; };
  const bool hub_knew = label.made_by == sync::BundleBy::hub && is_after(label.made_at_ms) &&
                        node.directory().version() >= label.directory_version;
  return hub_knew || is_after(*signed_at_ms) ? open(node) : Result<Done>(Done{});
}

}  // namespace throughgate::node
