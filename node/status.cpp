#include "node/status.h"

#include "node/enrolment/enrolment.h"
#include "node/setup.h"
#include "sync/layout.h"
#include "sync/store/parked_table.h"
#include "sync/store/settings_table.h"

namespace throughgate::node {
namespace {

using sync::store::bound;
using sync::store::UnitOfWork;
using sync::store::unsigned_column;

std::uint64_t count(UnitOfWork& work, std::string_view sql) {
  return work.first(sql, bound(), unsigned_column).value_or(0);
}

// This one, like most below, repeats the condition of an index, so that it costs what it counts.
// With what is to be written again.
std::uint64_t count_unsent(UnitOfWork& work) {
  return count(work, "SELECT count(*) FROM entry WHERE dsn IS NULL AND standing IN (1, 5)");
}

std::string listed_name(OpenNode& node, const OrganisationFacts& facts) {
  const auto* listed = node.directory().organisation(node.identity().organisation);
  return listed ? listed->name : facts.site.name;
}

sync::Result<std::uint64_t> last_backup(OpenNode& node) {
  UnitOfWork work(node.database(), sync::store::Purpose::reading);
  const auto kept = sync::store::SettingsTable(work).find(sync::store::setting::last_backup_ms);
  if (auto done = work.commit(); !done) return done.error();
  return kept ? sync::LayoutReader(*kept).u64() : 0;
}

}  // namespace

sync::Result<std::string> own_name(OpenNode& node) {
  const auto facts = facts_of(node);
  if (!facts) return facts.error();
  return listed_name(node, *facts);
}

sync::Result<std::uint64_t> unsent_of(OpenNode& node) {
  UnitOfWork work(node.database(), sync::store::Purpose::reading);
  const auto unsent = count_unsent(work);
  if (auto done = work.commit(); !done) return done.error();
  return unsent;
}

sync::Result<StoreCounts> counts_of(OpenNode& node) {
  StoreCounts out;
  UnitOfWork work(node.database(), sync::store::Purpose::reading);
  out.dossiers = count(work, "SELECT count(*) FROM dossier");
  out.unsent = count_unsent(work);
  out.sealed = count(work, "SELECT count(*) FROM entry WHERE content < 2 AND content = 0");
  out.in_review = count(work, "SELECT count(*) FROM field WHERE flags & 1");
  out.notices = count(work, "SELECT count(*) FROM notice WHERE seen = 0");
  out.update_needed = count(work, "SELECT count(*) FROM dossier WHERE newer") +
                      sync::store::ParkedTable(work).count_without_place();
  out.to_read_again = count(work, "SELECT count(*) FROM dossier WHERE stale");
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

sync::Result<Status> status_of(OpenNode& node) {
  if (auto fresh = node.refresh_directory(); !fresh) return fresh.error();
  const auto facts = facts_of(node);
  if (!facts) return facts.error();
  const auto words = awaited_words(node);
  if (!words) return words.error();
  Status out;
  out.kind = facts->kind;
  out.organisation_name = listed_name(node, *facts);
  out.enrolled = node.directory().node(node.identity().node) != nullptr;
  out.words_awaited = words->value_or("");
  const auto backed_up = last_backup(node);
  if (!backed_up) return backed_up.error();
  out.last_backup_ms = *backed_up;
  auto keys = renewal_standing(node);
  if (!keys) return keys.error();
  out.keys = *std::move(keys);
  const auto counts = counts_of(node);
  if (!counts) return counts.error();
  static_cast<StoreCounts&>(out) = *counts;
  return out;
}

}  // namespace throughgate::node
