// What this node puts into bundles. For an organisation: of each dossier that it is a member of,
// all that is held here, as the hub would serve it and with what has no place yet. For the hub:
// what has no place yet, with the keys that the hub must have beside it. Nobody is given a byte of
// a dossier that they are not a member of: one organisation, one set of bundles. Besides, to
// whoever was removed and may not have heard of it, that it was (removals.h); and what this node
// says of what is gone from it: to the hub and the desk, and to whoever ended its sharing. Threads:
// as Admission; each dossier is read as of one moment.
#pragma once

#include <set>
#include <vector>

#include "schema/bundle.pb.h"
#include "sync/bundle_parts.h"
#include "sync/store/replica.h"

namespace throughgate::sync::store {

struct Packed {
  std::vector<schema::Bundle> parts;  // one at least
  std::size_t dossiers = 0;           // of which there is more than that somebody was removed
};

class Packing {
 public:
  // Each part holds at most so many bytes of content.
  Packing(Database& database, const NodeContext& context, std::size_t part_bytes)
      : database_(database), context_(context), part_bytes_(part_bytes) {}

  // These go into no file, whoever it is for.
  void leave_out(std::set<DossierId> dossiers) { left_out_ = std::move(dossiers); }

  // Seals keys that the organisation's computers lack, as a sync would when told. Fails with
  //   invalid  the parts are too small
  Result<Packed> for_organisation(const OrganisationId& to);
  Result<Packed> for_hub();

  // Every other organisation that is a member of something held here, or has still to hear that it
  // is not any more. Takes no lock.
  Result<std::set<OrganisationId>> organisations() const;

 private:
  std::vector<DossierId> dossiers(UnitOfWork& work) const;
  Result<std::vector<DossierId>> dossiers() const;
  Result<Done> add_erasure_receipt(BundleParts& parts);
  Result<Done> add_purge_receipts(const std::optional<OrganisationId>& to, BundleParts& parts);
  std::optional<schema::CarriedDossier> carried(Replica& replica, const OrganisationId& to);
  std::optional<schema::CarriedDossier> removal(const Replica& replica,
                                                const OrganisationId& to) const;
  std::optional<schema::CarriedDossier> unsent(Replica& replica);

  Database& database_;
  const NodeContext& context_;
  std::size_t part_bytes_;
  std::set<DossierId> left_out_;
};

}  // namespace throughgate::sync::store
