#include "node/restored.h"

#include "node/days.h"
#include "sync/layout.h"
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

Result<std::optional<std::uint64_t>> closed_since(OpenNode& node) {
  UnitOfWork work(node.database(), Purpose::reading);
  const auto kept = SettingsTable(work).find(setting::closed_since_backup_ms);
  if (auto done = work.commit(); !done) return done.error();
  if (!kept) return std::optional<std::uint64_t>();
  sync::LayoutReader in(*kept);
  return std::optional(in.u64());
}

}  // namespace

Result<Done> mark_restored(OpenNode& node, std::uint64_t made_at_ms) {
  UnitOfWork work(node.database());
  work.run("UPDATE dossier SET stream = NULL, stream_seq = 0, stream_tip = NULL");
  if (node.is_enrolled()) {
    SettingsTable(work).set(setting::closed_since_backup_ms,
                            sync::LayoutWriter().u64(made_at_ms).take());
  }
  return work.commit();
}

Result<Done> check_not_closed(OpenNode& node) {
  const auto since = closed_since(node);
  if (!since) return since.error();
  if (!*since) return Done{};
  return Error{ErrorKind::stale,
               "This computer was restored from a backup of " + iso_day(**since) +
                   ". Its records stay closed until it has heard what has been erased since. "
                   "Nothing is lost. Connect it, then run \"sync\", or open \"Sending and "
                   "receiving\" and exchange."};
}

Result<Done> note_list_heard(OpenNode& node, std::uint64_t hub_directory_version) {
  const auto since = closed_since(node);
  if (!since) return since.error();
  if (!*since || node.directory().version() < hub_directory_version) return Done{};
  UnitOfWork work(node.database());
  SettingsTable(work).remove(setting::closed_since_backup_ms);
  return work.commit();
}

}  // namespace throughgate::node
