#include "sync/store/membership_reader.h"

namespace throughgate::sync::store {
namespace {

std::string name_of(UnitOfWork& work, const OrganisationId& organisation, const ActorId& actor) {
  return work
      .first("SELECT name FROM actor WHERE organisation = ? AND id = ?",
             bound(organisation.view(), actor.view()),
             [](const Statement& row) { return row.text(0); })
      .value_or(std::string());
}

MembershipChange change_in(const Replica& replica, UnitOfWork& work, const StoredEntry& held,
                           std::uint64_t at_ms) {
  MembershipChange out{held.entry.hash(), held.dsn, at_ms, {}, held.organisation, {}, {}};
  if (const auto* membership = held.entry.membership()) out.members = membership->members;
  if (const auto content = replica.open_entry(held.entry)) {
    out.reason = content->reason;
    out.actor_name = content->actor.name.empty()
                         ? name_of(work, held.organisation, content->actor.id)
                         : content->actor.name;
  }
  return out;
}

}  // namespace

Result<std::vector<MembershipChange>> membership_changes(Database& database,
                                                         const NodeContext& context,
                                                         const DossierId& dossier) {
  UnitOfWork work(database, Purpose::reading);
  if (!StoredDossier::exists(work, dossier)) {
    return Error{ErrorKind::not_found, "This record is not on this computer."};
  }
  const Replica replica(work, dossier, context);
  const StoredDossier& stored = replica.stored();
  std::vector<MembershipChange> out;
  for (const auto& each : stored.memberships().all()) {
    const auto row = stored.find(each.entry);
    if (const auto held = row ? stored.load(*row) : std::nullopt) {
      out.push_back(change_in(replica, work, *held, stored.accepted_at(each.dsn)));
    }
  }
  const auto latest = replica.latest_membership();
  if (latest && latest->provisional) {
    const auto row = stored.find(latest->entry);
    if (const auto held = row ? stored.load(*row) : std::nullopt) {
      out.push_back(change_in(replica, work, *held, context.clock()));
    }
  }
  if (work.failed()) return work.error();
  return out;
}

}  // namespace throughgate::sync::store
