#include "node/older_records.h"

#include <algorithm>
#include <map>

#include "node/accounts/attempts.h"
#include "node/audit_rows.h"
#include "node/dossier_kinds.h"
#include "node/recovery_sheet.h"
#include "node/text/numbers.h"
#include "node/text/unicode.h"
#include "sync/store/sheet_keys.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::OrganisationId;
using sync::Result;
using sync::store::Awaited;
using sync::store::bound;
using sync::store::Purpose;
using sync::store::Replica;
using sync::store::UnitOfWork;
using sync::store::unsigned_column;

constexpr std::size_t records_per_commit = 100;  // others may write in between
// Sign-in names have no capital letters.
constexpr std::string_view counted_as = "Recovery sheet";
constexpr std::size_t number_begins = 4;

std::uint64_t count(UnitOfWork& work, std::string_view sql) {
  return work.first(sql, bound(), unsigned_column).value_or(0);
}

std::uint64_t count_closed(UnitOfWork& work) {
  return count(work, "SELECT count(DISTINCT dossier) FROM entry WHERE content < 2 AND content = 0");
}

// ---- what is waited for

bool has_sister(const OpenNode& node) {
  const auto computers = node.directory().active_nodes(node.identity().organisation);
  return std::any_of(computers.begin(), computers.end(), [&](const sync::EnrolledNode* each) {
    return each->id != node.identity().node;
  });
}

// Who seals a key again for a computer that has come since; empty: nobody could.
std::string who_gives_keys(const Replica& replica, const OpenNode& node) {
  const auto& ours = node.identity().organisation;
  if (has_sister(node)) return "another computer of " + organisation_name(node, ours);
  const auto* now = replica.stored().memberships().current();
  if (!now) return {};
  if (now->membership.owner() != ours) return organisation_name(node, now->membership.owner());
  const auto central = node.directory().central();
  const bool desk_may = central && now->membership.role_of(*central) == sync::Role::central;
  return desk_may ? "the central team" : "";
}

std::string records(std::uint64_t count) {
  return with_thousands(count) + (count == 1 ? " record" : " records");
}

std::string key_awaited(std::uint64_t count, const std::string& from) {
  const bool one = count == 1;
  const std::string key = one ? " waits for its key" : " wait for their keys";
  if (from.empty()) {
    return records(count) + key +
           ", which no computer is left to give. Exchange once more. If that does not help, ring "
           "the central team.";
  }
  return records(count) + key + " from " + from + ". " + (one ? "It comes" : "They come") +
         " once that has exchanged, and then this computer.";
}

std::string rest_awaited(std::uint64_t count) {
  return records(count) + (count == 1 ? " has" : " have") +
         " not reached this computer whole. Exchange, or bring in a file.";
}

// ---- whose sheet

std::string beginning_of(const OrganisationId& organisation) {
  return organisation.hex().substr(0, number_begins);
}

Result<Done> check_own(const OpenNode& node, const crypto::BoxKey& sheet) {
  const auto& identity = node.identity();
  const auto key = sheet.public_key();
  if (key == identity.recovery_key) return Done{};
  const std::string ours =
      " Nothing was opened. Take the sheet of " + organisation_name(node, identity.organisation) +
      ", whose number begins with " + beginning_of(identity.organisation) + ".";
  for (const auto& [id, listed] : node.directory().organisations()) {
    if (listed.recovery_key != key || id == identity.organisation) continue;
    return Error{ErrorKind::denied,
                 "This recovery sheet is another organisation's: " + listed.name + "." + ours};
  }
  return Error{ErrorKind::denied,
               "This recovery sheet is not that of your organisation, nor another organisation's "
               "in the central list held here." +
                   ours};
}

Result<crypto::BoxKey> own_sheet(const OpenNode& node, std::string_view words) {
  auto sheet = recovery_key_from_typed(words);
  if (!sheet) return Error{sheet.error().kind, capitalise(sheet.error().message)};
  if (auto own = check_own(node, *sheet); !own) return own.error();
  return sheet;
}

// ---- opening

void note_opened(OpenNode& node, UnitOfWork& work, std::uint64_t records,
                 const sync::ActorId& who) {
  AuditRow row;
  row.at_ms = node.now_ms();
  row.actor = who;
  row.act = AuditAct::opened_with_sheet;
  row.count = records;
  keep_last_audit_mark(
      work, append_audit_row(work, node.random(), last_audit_mark(work), std::move(row)));
}

using Ids = std::vector<sync::DossierId>;

Result<Ids> sealed_here(OpenNode& node) {
  UnitOfWork work(node.database(), Purpose::reading);
  auto out = sync::store::sealed_dossiers(work);
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

Result<std::uint64_t> open_portion(OpenNode& node, std::span<const sync::DossierId> portion,
                                   const crypto::BoxKey& sheet, const sync::ActorId& who) {
  const auto context = node.context();
  UnitOfWork work(node.database());
  std::uint64_t opened = 0;
  for (const auto& id : portion) {
    if (!sync::store::StoredDossier::exists(work, id)) continue;  // erased meanwhile
    Replica replica(work, id, context);
    if (sync::store::open_envelopes(replica, context.identity, sheet) == 0) continue;
    replica.finish();
    ++opened;
  }
  if (opened > 0) note_opened(node, work, opened, who);
  if (auto done = work.commit(); !done) return done.error();
  return opened;
}

}  // namespace

Result<std::uint64_t> closed_records(OpenNode& node) {
  UnitOfWork work(node.database(), Purpose::reading);
  const auto closed = count_closed(work);
  if (auto done = work.commit(); !done) return done.error();
  return closed;
}

Result<OlderRecords> older_records(OpenNode& node) {
  OlderRecords out;
  UnitOfWork work(node.database(), Purpose::reading);
  out.held = count(work, "SELECT count(*) FROM dossier");
  std::uint64_t rest = 0;
  std::map<std::string, std::uint64_t> by_giver;
  const auto context = node.context();
  for (const auto& id : sync::store::sealed_dossiers(work)) {
    Replica replica(work, id, context);
    ++out.closed;
    switch (sync::store::what_it_awaits(replica, context.identity.organisation)) {
      case Awaited::sheet:
        ++out.for_sheet;
        break;
      case Awaited::rest:
        ++rest;
        break;
      case Awaited::key:
        ++by_giver[who_gives_keys(replica, node)];
        break;
    }
  }
  if (auto done = work.commit(); !done) return done.error();
  for (const auto& [giver, count] : by_giver) out.awaited.push_back(key_awaited(count, giver));
  if (rest > 0) out.awaited.push_back(rest_awaited(rest));
  if (out.for_sheet > 0 && has_sister(node)) {
    out.or_from = "Without the sheet they open by themselves, once another computer of " +
                  organisation_name(node, context.identity.organisation) +
                  " has exchanged, and then this one.";
  }
  return out;
}

Result<crypto::BoxKey> own_sheet_typed(OpenNode& node, const DataFolder& folder,
                                       std::string_view words) {
  std::optional<Result<crypto::BoxKey>> sheet;
  Attempts attempts(folder, node.random(), "Too many wrong tries with a recovery sheet.");
  const auto tried = attempts.attempt(
      counted_as, [&] { return node.now_ms(); },
      [&] { return sheet.emplace(own_sheet(node, words)).has_value(); });
  if (!tried) return tried.error();
  return *std::move(sheet);
}

Result<std::uint64_t> open_older_records(OpenNode& node, const crypto::BoxKey& sheet,
                                         const sync::ActorId& who) {
  if (auto own = check_own(node, sheet); !own) return own.error();
  const auto sealed = sealed_here(node);
  if (!sealed) return sealed.error();
  const std::span all(*sealed);
  std::uint64_t opened = 0;
  for (std::size_t at = 0; at < all.size(); at += records_per_commit) {
    const auto portion = all.subspan(at, std::min(records_per_commit, all.size() - at));
    const auto now = open_portion(node, portion, sheet, who);
    if (!now) return now.error();
    opened += *now;
  }
  return opened;
}

Result<Done> note_exchange_with_sheet(OpenNode& node, const sync::ActorId& who) {
  UnitOfWork work(node.database());
  note_opened(node, work, 0, who);
  return work.commit();
}

}  // namespace throughgate::node
