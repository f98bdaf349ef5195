// Divides what shall be carried among bundles of a limited size, each of which may be brought in by
// itself and in any order. A dossier too large for one stands in several: with all its order
// records in each, so that whichever part comes last completes it.
#pragma once

#include <vector>

#include "schema/bundle.pb.h"
#include "sync/directory.h"

namespace throughgate::sync {

// Of these versions of the list as many as take so few bytes in a bundle: the first, for a reader
// who holds all before them; the newest, for one who mostly holds the others.
std::vector<DirectoryStep> first_within(const std::vector<DirectoryStep>& steps, std::size_t bytes);
std::vector<DirectoryStep> newest_within(const std::vector<DirectoryStep>& steps,
                                         std::size_t bytes);

class BundleParts {
 public:
  // Every part begins with the whole directory: without it nobody could check the rest. Where its
  // first versions are not at hand, with the snapshot that `directory` follows. And with the number
  // of this program.
  BundleParts(const std::vector<DirectoryStep>& directory, std::size_t part_bytes,
              ByteView snapshot = {});

  // Fails with `invalid` when not even one entry fits into a part of this size.
  Result<Done> add(schema::CarriedDossier dossier);
  Result<Done> add(schema::CarriedVerdict verdict);
  Result<Done> add_erasure_receipt(schema::SignedBytes receipt);
  Result<Done> add_purge_receipt(schema::SignedBytes receipt);

  std::size_t dossiers() const { return dossiers_; }
  std::size_t parts() const { return parts_.size(); }               // so far
  std::vector<schema::Bundle> take() { return std::move(parts_); }  // one at least

 private:
  bool fits(std::size_t bytes) const { return used_ + bytes <= part_bytes_; }
  bool fits_into_empty(std::size_t bytes) const {
    return empty_.ByteSizeLong() + bytes <= part_bytes_;
  }
  void begin_part();
  Result<Done> make_room(std::size_t bytes);
  void put(schema::CarriedDossier dossier);
  Result<Done> divide(const schema::CarriedDossier& dossier);

  std::size_t part_bytes_;
  std::size_t used_ = 0;  // of the last part
  std::size_t dossiers_ = 0;
  schema::Bundle empty_;  // with the directory
  std::vector<schema::Bundle> parts_;
};

}  // namespace throughgate::sync
