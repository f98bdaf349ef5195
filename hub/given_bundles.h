// One set of bundles that the hub makes for an organisation, as of one version of the list: what a
// sync of its computers would be told. One transaction a dossier, so that whoever syncs meanwhile
// need not wait. The clock is handed in, in ms since 1970 UTC. Threads: as Bundles.
#pragma once

#include <set>
#include <vector>

#include "hub/sequencer.h"
#include "sync/bundle.h"

namespace throughgate::schema {
class CarriedDossier;
class CarriedVerdict;
}  // namespace throughgate::schema

namespace throughgate::sync {
class BundleParts;
}  // namespace throughgate::sync

namespace throughgate::hub {

// What is to be made, and how large it may be.
struct BundleOrder {
  OrganisationId to;
  const std::set<DossierId>* only = nullptr;  // null: all that it is served
  std::uint64_t list_after = 0;               // the version of the list that its reader holds
  std::size_t file_bytes = 0;
  std::size_t files = SIZE_MAX;
};

struct Given {
  std::vector<Bytes> files;
  bool is_whole = true;  // not so: something did not fit
};

class GivenBundles {
 public:
  // All must outlive it. `history` is as of one moment, whatever comes while this is made.
  GivenBundles(HubStore& store, const SequencerKeys& keys, const HubLimits& limits,
               const DirectoryHistory& history, const BundleOrder& order, std::uint64_t now_ms)
      : store_(store),
        keys_(keys),
        limits_(limits),
        history_(history),
        order_(order),
        to_(order.to),
        only_(order.only),
        now_ms_(now_ms) {}

  // Fails with
  //   denied   the organisation has no computer in the list
  //   invalid  the limit is too small
  //   stale    what is held has changed meanwhile: begin again
  Result<Given> make(crypto::Random& random);

 private:
  Result<std::vector<sync::SignedHead>> heads();
  Result<schema::CarriedDossier> carried(const sync::SignedHead& head);
  Result<std::vector<schema::CarriedVerdict>> refused();
  Result<Done> add_receipts(const std::vector<sync::SignedHead>& heads, sync::BundleParts& parts);
  void add_beside(Round& round, schema::CarriedDossier& out);
  Result<sync::BundleParts> begin(std::size_t part_bytes, bool& is_whole);
  Result<Done> fill(sync::BundleParts& parts);
  Result<std::vector<Bytes>> seal(sync::BundleParts parts,
                                  const std::vector<sync::BundleReader>& readers,
                                  crypto::Random& random) const;

  HubStore& store_;
  const SequencerKeys& keys_;
  const HubLimits& limits_;
  const DirectoryHistory& history_;
  const BundleOrder& order_;
  const OrganisationId& to_;
  const std::set<DossierId>* only_;
  std::uint64_t now_ms_;
};

}  // namespace throughgate::hub
