// The keys of the dossiers held here, and the envelopes that carry them.
// Part of a UnitOfWork, as StoredDossier is.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "crypto/content_key.h"
#include "sync/envelope.h"
#include "sync/store/unit_of_work.h"

namespace throughgate::sync::store {

class KeyTable {
 public:
  explicit KeyTable(UnitOfWork& work) : work_(work) {}

  std::optional<crypto::ContentKey> find(std::int64_t dossier, const EpochId& epoch) const;
  std::map<EpochId, crypto::ContentKey> all(std::int64_t dossier) const;  // those that can be read
  bool holds(std::int64_t dossier, const EpochId& epoch) const;
  void add(std::int64_t dossier, const EpochId& epoch, const crypto::ContentKey& key);

  // Keeps the list beside its sender's others; one that names nobody new changes nothing. `unsent`:
  // made here, the hub has not got it yet.
  void keep(const EnvelopeList& list, bool unsent);
  std::vector<EnvelopeList> lists(const DossierId& dossier) const;
  std::vector<EnvelopeList> unsent(const DossierId& dossier) const;
  std::vector<DossierId> placed_dossiers_with_unsent() const;  // of which entries have a place
  void mark_sent(const EnvelopeList& list);
  void mark_all_unsent(const DossierId& dossier);  // for a hub that has lost them

 private:
  std::vector<EnvelopeList> read(std::string_view sql, const DossierId& dossier) const;
  UnitOfWork& work_;
};

}  // namespace throughgate::sync::store
