// Bundles at the hub: what somebody has brought for sites that no network reaches, and what they
// are given back. Entries go the same way as in a sync: checked, judged, placed. One transaction a
// dossier, beside a hub that serves from the same store. The clock is handed in, in ms since 1970
// UTC. Threads: one call at a time.
#pragma once

#include <set>
#include <vector>

#include "hub/given_bundles.h"
#include "hub/sequencer.h"
#include "sync/bundle.h"

namespace throughgate::schema {
class Bundle;
class CarriedDossier;
}  // namespace throughgate::schema

namespace throughgate::hub {

// What was brought in one bundle: whose it is, which list they hold, of which dossiers it is, and
// how the entries in it fared.
struct Taken {
  OrganisationId maker;
  std::uint64_t directory_version = 0;
  std::set<DossierId> dossiers;
  Tally tally;
};

// A site passes on what fits into one request; by hand comes whatever a bundle may hold.
enum class Way { by_hand, by_a_site };

class Bundles {
 public:
  // All must outlive it. `keys` are those of the sequencer.
  Bundles(HubStore& store, Sequencer& sequencer, const SequencerKeys& keys, const HubLimits& limits,
          crypto::Random& random)
      : store_(store), sequencer_(sequencer), keys_(keys), limits_(limits), random_(random) {}

  // What is held can be brought again. Fails with error_of() each fault of a file, and with
  //   denied       it is for a site or another exchange, its maker was withdrawn, or was made by a
  //                program too old for the list
  //   rejected     its maker is not who it says, or the list in it is not the central team's
  //   stale        its maker is in no list, neither held here nor in it
  //   invalid      it holds more than may come this way
  //   unavailable  this hub may not serve
  Result<Taken> take(ByteView file, std::uint64_t now_ms, Way way = Way::by_hand);

  // Everything that the organisation is served, sealed to its computers, each file at most so
  // large. Begins again where something is erased meanwhile.
  //   denied       it has no computer in the list
  //   invalid      the limit is too small
  //   unavailable  this hub may not serve, or the list changed time after time
  Result<std::vector<Bytes>> make(const OrganisationId& to, std::size_t file_bytes_max,
                                  std::uint64_t now_ms);
  // The same of those dossiers alone, for whoever brought them: what became of them, as far as it
  // goes into so many files. What comes after is not even read. Of the list only what follows
  // theirs.
  Result<Given> answer_to(const Taken& taken, std::size_t file_bytes_max, std::size_t files_max,
                          std::uint64_t now_ms);

 private:
  Result<Done> check_maker(const sync::BundleLabel& label, const sync::Directory& directory) const;
  Result<const DirectoryHistory*> history();
  Result<Done> take_dossier(const Caller& caller, const schema::CarriedDossier& in,
                            std::uint64_t now_ms, Tally& tally);
  Result<Done> take_receipts(const Caller& caller, const schema::Bundle& content,
                             std::uint64_t now_ms);
  Result<Given> make_patiently(const BundleOrder& order, std::uint64_t now_ms);

  HubStore& store_;
  Sequencer& sequencer_;
  const SequencerKeys& keys_;
  HubLimits limits_;
  crypto::Random& random_;
  std::optional<DirectoryHistory> history_;  // as it was when last asked for
};

}  // namespace throughgate::hub
