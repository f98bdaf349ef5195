// The central list of organisations, nodes, revocations, sharing agreements, policies and erased
// dossiers. Linear and signed: each version names the hash of the one before it, so nobody can be
// shown another past. Threads: a Directory is a value; give each thread its own or guard it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crypto/box_key.h"
#include "crypto/signing_key.h"
#include "sync/envelope.h"
#include "sync/ids.h"
#include "sync/result.h"
#include "sync/verdict.h"

namespace throughgate::schema {
class DirectoryBody;
}

namespace throughgate::sync {

// One version as it travels and is kept. Header layout, 94 bytes:
// format u16 · version u64 · previous 32 · issued_at u64 · expires_at u64 · body_len u32 ·
// body_hash 32.
struct DirectoryStep {
  Bytes header;
  Bytes body;  // a DirectoryBody message
  crypto::Signature signature{};

  friend bool operator==(const DirectoryStep&, const DirectoryStep&) = default;
};

enum class OrganisationKind : std::uint8_t { prison = 1, partner = 2, central = 3 };

struct Organisation {
  OrganisationId id;
  std::string name;
  OrganisationKind kind = OrganisationKind::prison;
  crypto::BoxPublicKey recovery_key{};
  std::string establishment;  // code of the prison register; empty for others
};

struct EnrolledNode {
  NodeId id;
  OrganisationId organisation;
  crypto::VerifyKey verify_key{};
  crypto::BoxPublicKey box_key{};
  std::string label;
  std::uint64_t enrolled_in = 0;            // directory version
  std::optional<std::uint64_t> revoked_in;  // directory version from which nothing is accepted
};

struct Agreement {
  ByteArray<16> id{};
  OrganisationId from;
  OrganisationId to;
  std::set<std::uint32_t> dossier_kinds;
  std::uint64_t expires_at_ms = 0;
  std::string reference;
};

class Directory {
 public:
  Directory() = default;  // version 0: empty

  // The next version. Fails with `stale` for any other version than the next, `rejected` when the
  // signature, the chain or the body does not hold. Unchanged on failure.
  Result<Done> apply(const DirectoryStep& step, const crypto::VerifyKey& directory_key);

  // Whether a step says that it is the next version; nothing of it is believed yet. Costs nothing.
  bool is_next(const DirectoryStep& step) const;

  // At the desk: the next version with this body.
  DirectoryStep sign_next(const schema::DirectoryBody& body, std::uint64_t issued_at_ms,
                          std::uint64_t expires_at_ms,
                          const crypto::SigningKey& directory_key) const;

  std::uint64_t version() const { return version_; }
  std::uint64_t expires_at_ms() const { return expires_at_ms_; }
  const EnrolledNode* node(const NodeId& id) const;
  const Organisation* organisation(const OrganisationId& id) const;
  const std::map<NodeId, EnrolledNode>& nodes() const { return nodes_; }
  const std::map<OrganisationId, Organisation>& organisations() const { return organisations_; }
  const std::map<ByteArray<16>, Agreement>& agreements() const { return agreements_; }
  std::optional<OrganisationId> central() const;
  // Nodes of an organisation that are not revoked.
  std::vector<const EnrolledNode*> active_nodes(const OrganisationId& organisation) const;

  // Who of an organisation should hold each key of a dossier that it is a member of.
  std::vector<Recipient> key_holders(const OrganisationId& organisation) const;

  // What judge() needs of an author, at a directory version that this one includes. nullopt: not
  // enrolled by then.
  std::optional<AuthorStanding> standing(const NodeId& author, std::uint64_t at_version) const;
  // A current agreement to share dossiers of this kind.
  bool may_share(const OrganisationId& from, const OrganisationId& to, std::uint32_t dossier_kind,
                 std::uint64_t now_ms) const;
  bool is_erased(const DossierId& dossier) const { return erased_.contains(dossier); }
  // Each with the version that erased it.
  const std::map<DossierId, std::uint64_t>& erased() const { return erased_; }
  std::uint64_t last_erasure() const { return last_erasure_; }  // the newest such version; 0: none
  bool volunteers_shared_with_desk() const { return volunteers_shared_with_desk_; }
  const crypto::VerifyKey& hub_key() const { return hub_key_; }
  const InstanceId& hub_instance() const { return hub_instance_; }

 private:
  struct Changes;
  Result<Changes> read_changes(const schema::DirectoryBody& body, std::uint64_t version) const;
  void make(Changes changes, std::uint64_t version);

  std::uint64_t version_ = 0;
  Hash last_{};  // hash of the last version's header
  std::uint64_t expires_at_ms_ = 0;
  std::map<OrganisationId, Organisation> organisations_;
  std::map<NodeId, EnrolledNode> nodes_;
  std::map<ByteArray<16>, Agreement> agreements_;
  std::map<DossierId, std::uint64_t> erased_;
  std::uint64_t last_erasure_ = 0;
  bool volunteers_shared_with_desk_ = true;
  crypto::VerifyKey hub_key_{};
  InstanceId hub_instance_;
};

}  // namespace throughgate::sync
