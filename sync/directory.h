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
#include "sync/root_list.h"
#include "sync/verdict.h"
#include "sync/vouch.h"

namespace throughgate::schema {
class DirectoryBody;
}

namespace throughgate::sync {

// What a computer is given to believe a directory by: the hash of root list 1. In stores from
// before there were root lists it is the directory key itself, until a step signed by it brings
// root list 1. The two cannot be taken for one another: nobody holds the secret of a hash.
// A computer that is let in is told, too, what the desk's list was then: whoever else holds or held
// a directory key cannot show it another one, or keep it at an older one unnoticed.
struct Anchor {
  Anchor() = default;
  Anchor(const ByteArray<32>& hash_or_key) : root(hash_or_key) {}  // NOLINT: they are one thing

  ByteArray<32> root{};
  std::uint64_t version = 0;  // 0: nothing was told
  Hash head{};                // Directory::head() at that version

  friend bool operator==(const Anchor&, const Anchor&) = default;
};

// One version as it travels and is kept. Header layout, 94 bytes:
// format u16 · version u64 · previous 32 · issued_at u64 · expires_at u64 · body_len u32 ·
// body_hash 32. Where it brings a root list, format is 2 and root_list_hash 32 follows.
struct DirectoryStep {
  Bytes header;
  Bytes body;  // a DirectoryBody message
  crypto::Signature signature{};
  Bytes root_list{};  // a SignedRootList; empty: as before

  friend bool operator==(const DirectoryStep&, const DirectoryStep&) = default;
};

// Directory::head() once it is applied.
Hash head_of(const DirectoryStep& step);

enum class OrganisationKind : std::uint8_t { prison = 1, partner = 2, central = 3 };

struct Organisation {
  OrganisationId id;
  std::string name;
  OrganisationKind kind = OrganisationKind::prison;
  crypto::BoxPublicKey recovery_key{};
  std::string establishment;  // code of the prison register; empty for others
  // What each of its computers is vouched for by. Neither this nor the recovery key ever changes.
  crypto::VerifyKey sheet_key{};  // zero: set up before there was one
};

// Why a node was revoked. A program that does not know a number says that it was withdrawn.
enum class RevocationReason : std::uint8_t {
  unsaid = 0,
  stolen = 1,
  lost = 2,
  retired = 3,
  misused = 4
};

struct EnrolledNode {
  NodeId id;
  OrganisationId organisation;
  crypto::VerifyKey verify_key{};
  crypto::BoxPublicKey box_key{};
  std::string label;
  std::uint64_t enrolled_in = 0;            // directory version
  std::optional<std::uint64_t> revoked_in;  // directory version from which nothing is accepted
  RevocationReason reason = RevocationReason::unsaid;
  // What was accepted from it since then is looked at by people; 0: nothing is.
  std::uint64_t suspect_since_ms = 0;
  crypto::Signature vouch{};  // where its organisation has a sheet_key
};

// By the sheet of its organisation, or that has no sheet's key and nobody can.
bool is_vouched_for(const EnrolledNode& node, const Organisation& organisation);

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

  // The next version: signed by a key that the newest root list names, the one it brings
  // included. Fails with `stale` for any other version than the next, `rejected` when the
  // signature, the chain, the root list or the body does not hold, `newer` when it is in a form of
  // a newer program. Unchanged on failure.
  Result<Done> apply(const DirectoryStep& step, const Anchor& anchor);

  // Whether a step says that it is the next version; nothing of it is believed yet. Costs nothing.
  bool is_next(const DirectoryStep& step) const;

  // At the desk: the next version with this body, and the next root list if one is given.
  DirectoryStep sign_next(const schema::DirectoryBody& body, std::uint64_t issued_at_ms,
                          std::uint64_t expires_at_ms, const crypto::SigningKey& directory_key,
                          ByteView root_list = {}) const;

  // All that it says, in a layout of its own (docs/format.md): the same bytes whether it was read
  // step by step or from a snapshot. The root list is not in it.
  Bytes state() const;
  // nullopt: not in this form, or it does not hold together, vouches included. Believe it only if
  // somebody signed it.
  static std::optional<Directory> from_state(ByteView state, const std::optional<RootList>& root);

  std::uint64_t version() const { return version_; }
  // Names this version and, by it, all before: two directories of one version differ here.
  const Hash& head() const { return last_; }
  // The root list in force; null in a directory from before there were any.
  const RootList* root() const { return root_ ? &*root_ : nullptr; }
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
  // The newest version that revokes a node; 0: none does.
  std::uint64_t last_revocation() const { return last_revocation_; }
  bool volunteers_shared_with_desk() const { return volunteers_shared_with_desk_; }
  // Programs and protocols below these exchange nothing but the directory. 0: none is too old.
  std::uint32_t minimum_protocol() const { return minimum_protocol_; }
  std::uint32_t minimum_program() const { return minimum_program_; }
  const crypto::VerifyKey& hub_key() const { return hub_key_; }
  const InstanceId& hub_instance() const { return hub_instance_; }
  // Named before, as far as the versions go that were applied here: what a hub that is lost had
  // signed stays signed.
  const std::vector<crypto::VerifyKey>& former_hub_keys() const { return former_hub_keys_; }

 private:
  struct Changes;
  Result<std::optional<RootList>> read_root_list(const DirectoryStep& step,
                                                 const Hash& root_list_hash,
                                                 const Anchor& anchor) const;
  Result<Changes> read_changes(const schema::DirectoryBody& body, std::uint64_t version,
                               const RootList* root) const;
  void make(Changes changes, std::uint64_t version);

  std::uint64_t version_ = 0;
  Hash last_{};  // hash of the last version's header
  std::uint64_t expires_at_ms_ = 0;
  std::optional<RootList> root_;
  std::map<OrganisationId, Organisation> organisations_;
  std::map<NodeId, EnrolledNode> nodes_;
  std::map<ByteArray<16>, Agreement> agreements_;
  std::map<DossierId, std::uint64_t> erased_;
  std::uint64_t last_erasure_ = 0;
  std::uint64_t last_revocation_ = 0;
  bool volunteers_shared_with_desk_ = true;
  std::uint32_t minimum_protocol_ = 0;
  std::uint32_t minimum_program_ = 0;
  crypto::VerifyKey hub_key_{};
  InstanceId hub_instance_;
  std::vector<crypto::VerifyKey> former_hub_keys_;
};

}  // namespace throughgate::sync
