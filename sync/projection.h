// A dossier's accepted projection in one canonical form, and its keyed digest: equal digests at one
// place and one policy version prove that two nodes hold the same records.
#pragma once

#include <map>

#include "crypto/content_key.h"
#include "sync/merge.h"

namespace throughgate::sync {

// One field as merge() left it, with what its siblings hold.
struct ProjectedOp {
  OpId id;
  OpKind kind = OpKind::set;
  Bytes value;
  bool value_removed = false;

  friend bool operator==(const ProjectedOp&, const ProjectedOp&) = default;
};

struct ProjectedField {
  Policy policy = Policy::latest;
  std::vector<ProjectedOp> siblings;  // by OpId
  std::optional<OpId> shown;
  std::vector<OpId> listed;
  std::vector<OpId> not_applied;
  std::uint32_t state = 0;
  bool in_review = false;

  friend bool operator==(const ProjectedField&, const ProjectedField&) = default;
};

ProjectedField project(const FieldPolicy& policy, std::span<const OpInContext> ops);

// Layout of one field, by (record, record_type, field): docs/format.md, "Projection".
Bytes canonical(const FieldKey& key, const ProjectedField& field);

using ProjectionDigest = ByteArray<16>;
// `fields` holds each field's canonical bytes. The key is the one of the epoch in force at the
// dossier's dsn.
ProjectionDigest projection_digest(const crypto::ContentKey& key, const DossierId& dossier,
                                   std::uint64_t dsn, const std::map<FieldKey, Bytes>& fields);

}  // namespace throughgate::sync
