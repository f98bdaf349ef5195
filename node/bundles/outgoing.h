// Bundles made on this computer's pages, kept in the data folder until somebody has saved them to a
// stick or an e-mail: those made last, or none. They are sealed; whoever finds them reads nothing.
// Threads: one at a time.
#pragma once

#include <string>
#include <vector>

#include "node/bundles/export.h"
#include "node/data_folder.h"

namespace throughgate::node {

class OutgoingBundles {
 public:
  explicit OutgoingBundles(const DataFolder& folder) : folder_(folder.by_hand()) {}

  // Those made before go first. Fails as export_bundles(), and with
  //   unavailable  the disk did not do as asked
  sync::Result<ExportReport> make(OpenNode& node, const BundleReaders& readers,
                                  std::size_t file_bytes_max, const sync::ActorId& who = {}) const;
  // By name. Fails with `unavailable`.
  sync::Result<std::vector<WrittenBundle>> list() const;
  // The bytes of one of list(). Fails with `not_found` for any other name.
  sync::Result<crypto::Bytes> read(const std::string& name) const;
  sync::Result<sync::Done> remove_all() const;

 private:
  std::string folder_;
};

}  // namespace throughgate::node
