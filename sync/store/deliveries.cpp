#include "sync/store/deliveries.h"

#include "sync/store/admission.h"
#include "sync/wire_values.h"

namespace throughgate::sync::store {
namespace {

constexpr int digests_max = 500;

// Whoever has sent this digest for this place holds all that we hold up to there.
void note_delivered(UnitOfWork& work, const DossierId& id, std::uint64_t dsn,
                    const PolicyTable::Version& policies, const ProjectionDigest& digest) {
  work.run(
      "UPDATE digest SET proven = dsn WHERE dossier = ? AND dsn = ? AND policy_version = ? AND "
      "digest = ? AND proven < dsn",
      id.view(), dsn, policies, digest);
}

}  // namespace

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
    if (!replica.is_complete()) continue;
    const auto digest = replica.digest();
    if (!digest) continue;
    auto& out = *request.add_digests();
    out.set_dossier(to_wire(id.view()));
    out.set_dsn(replica.stored().length());
    out.set_policy_version(to_wire(ByteView(context_.policies.version())));
    out.set_digest(to_wire(ByteView(*digest)));
    note_delivered(work, id, replica.stored().length(), context_.policies.version(), *digest);
    work.run("UPDATE dossier SET digest_sent = length WHERE id = ?", replica.stored().row());
  }
}

void Deliveries::take_digests(UnitOfWork& work, const schema::SyncReply& reply,
                              std::uint64_t now_ms) {
  for (const auto& each : reply.digests()) {
    const auto id = id_from_wire<DossierId>(each.dossier());
    const auto node = id_from_wire<NodeId>(each.node());
    if (!id || !node || each.digest().size() != 16 || each.policy_version().size() != 16 ||
        !StoredDossier::exists(work, *id)) {
      continue;
    }
    work.run(
        "INSERT INTO digest (dossier, node, dsn, policy_version, digest) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (dossier, node) DO UPDATE SET dsn = excluded.dsn, "
        "policy_version = excluded.policy_version, digest = excluded.digest",
        id->view(), node->view(), each.dsn(), crypto::as_bytes(each.policy_version()),
        crypto::as_bytes(each.digest()));
    Replica replica(work, *id, context_);
    const bool comparable =
        each.dsn() == replica.stored().length() &&
        from_wire(each.policy_version()) ==
            Bytes(context_.policies.version().begin(), context_.policies.version().end());
    const auto ours = comparable ? replica.digest() : std::nullopt;
    if (!ours) continue;
    note_delivered(work, *id, each.dsn(), context_.policies.version(), *ours);
    if (to_wire(ByteView(*ours)) != each.digest()) {
      add_notice(work, NoticeKind::digest_differs, *id, std::nullopt, static_cast<int>(each.dsn()),
                 now_ms);
    }
  }
}

}  // namespace throughgate::sync::store
