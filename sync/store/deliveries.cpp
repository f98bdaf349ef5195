#include "sync/store/deliveries.h"

#include <set>

#include "sync/limits.h"
#include "sync/store/admission.h"
#include "sync/wire_values.h"

namespace throughgate::sync::store {
namespace {

constexpr int digests_max = 500;

// The entry at whose place they differ is named: after the exchange was put back, another entry may
// have that place. Told of once, whether or not anybody has seen it since.
void note_differs(const StoredDossier& stored, std::uint64_t now_ms) {
  constexpr auto kind = NoticeKind::digest_differs;
  const auto record = stored.record_at(stored.length());
  if (!record) return;
  const auto told = stored.work().first(
      "SELECT 1 FROM notice WHERE dossier = ? AND kind = ? AND entry = ?",
      bound(stored.id().view(), static_cast<int>(kind), record->entry), unsigned_column);
  if (told) return;
  add_notice(stored.work(), kind, stored.id(), record->entry, static_cast<int>(record->dsn),
             now_ms);
}

// With all that others have said of the place at which this node is, however long ago. Whoever has
// sent the same digest holds all that we hold up to there. Where the hub's chain may be another
// one, what is at the same place need not be the same.
void compare(const StoredDossier& stored, const InstanceId& instance,
             const PolicyTable::Version& policies, const ProjectionDigest& ours,
             std::uint64_t now_ms) {
  auto& work = stored.work();
  work.run(
      "UPDATE digest SET proven = dsn WHERE dossier = ? AND dsn = ? AND policy_version = ? AND "
      "digest = ? AND proven < dsn",
      stored.id().view(), stored.length(), policies, ours);
  const auto differs = work.first(
      "SELECT 1 FROM digest WHERE dossier = ? AND dsn = ? AND policy_version = ? AND digest != ?",
      bound(stored.id().view(), stored.length(), policies, ours), unsigned_column);
  if (differs && stored.is_confirmed(instance)) note_differs(stored, now_ms);
}

}  // namespace

void forget_digests(UnitOfWork& work) { work.run("UPDATE digest SET dsn = 0 WHERE dsn != 0"); }

void forget_digests(UnitOfWork& work, const DossierId& dossier, std::uint64_t dsn) {
  work.run("UPDATE digest SET dsn = 0 WHERE dossier = ? AND dsn > ?", dossier.view(), dsn);
}

void Deliveries::add_digests(UnitOfWork& work, schema::SyncRequest& request) {
  std::vector<DossierId> changed;
  work.each("SELECT dossier FROM dossier WHERE digest_sent != length", bound(),
            [&](const Statement& row) {
              if (const auto id = DossierId::from(row.view(0))) changed.push_back(*id);
            });
  for (const auto& id : changed) {
    if (request.digests_size() == digests_max) {
      round_.wants_another = true;
      return;
    }
    Replica replica(work, id, context_);
    if (!replica.stored().memberships().role_now(context_.identity.organisation)) {
      // Nobody waits for ours: it is looked at again when the order has grown.
      work.run("UPDATE dossier SET digest_sent = length WHERE id = ?", replica.stored().row());
      continue;
    }
    // What is said of another chain than the hub's would be taken for a fault.
    if (!replica.is_complete() || !replica.stored().is_confirmed(round_.instance)) continue;
    const auto digest = replica.digest();
    if (!digest) continue;
    auto& out = *request.add_digests();
    out.set_dossier(to_wire(id.view()));
    out.set_dsn(replica.stored().length());
    out.set_policy_version(to_wire(ByteView(context_.policies.version())));
    out.set_digest(to_wire(ByteView(*digest)));
    compare(replica.stored(), round_.instance, context_.policies.version(), *digest,
            context_.clock());
    work.run("UPDATE dossier SET digest_sent = length WHERE id = ?", replica.stored().row());
  }
}

void Deliveries::take_digests(UnitOfWork& work, const schema::SyncReply& reply,
                              std::uint64_t now_ms) {
  std::set<DossierId> spoken_of;
  for (const auto& each : reply.digests()) {
    const auto id = id_from_wire<DossierId>(each.dossier());
    const auto node = id_from_wire<NodeId>(each.node());
    if (!id || !node || each.dsn() > counter_max || each.digest().size() != 16 ||
        each.policy_version().size() != 16 || !StoredDossier::exists(work, *id)) {
      continue;
    }
    work.run(
        "INSERT INTO digest (dossier, node, dsn, policy_version, digest, heard_at_ms) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (dossier, node) DO UPDATE SET dsn = excluded.dsn, "
        "policy_version = excluded.policy_version, digest = excluded.digest, heard_at_ms = "
        "iif(dsn = excluded.dsn AND digest = excluded.digest, heard_at_ms, excluded.heard_at_ms)",
        id->view(), node->view(), each.dsn(), crypto::as_bytes(each.policy_version()),
        crypto::as_bytes(each.digest()), now_ms);
    spoken_of.insert(*id);
  }
  for (const auto& id : spoken_of) {
    Replica replica(work, id, context_);
    const auto told_here = work.first(
        "SELECT 1 FROM digest WHERE dossier = ? AND dsn = ? AND policy_version = ?",
        bound(id.view(), replica.stored().length(), context_.policies.version()), unsigned_column);
    const auto ours = told_here ? replica.digest() : std::nullopt;
    if (ours)
      compare(replica.stored(), round_.instance, context_.policies.version(), *ours, now_ms);
  }
}

}  // namespace throughgate::sync::store
