// The versions of the directory held here, as received.
#pragma once

#include "sync/directory.h"
#include "sync/store/unit_of_work.h"

namespace throughgate::sync::store {

class DirectoryTable {
 public:
  explicit DirectoryTable(UnitOfWork& work) : work_(work) {}

  // Every version from the first, or from a snapshot where the first are not here, checked again
  // on the way.
  Result<Directory> load(const Anchor& anchor) const;
  void add(std::uint64_t version, const DirectoryStep& step);
  std::vector<DirectoryStep> after(std::uint64_t version) const;
  std::optional<Hash> head(std::uint64_t version) const;  // Directory::head() at that version
  std::vector<Bytes> root_lists() const;  // of the steps kept here, the oldest first

  // What a newcomer read in the place of every version up to it, or what the desk has made.
  void keep_snapshot(std::uint64_t version, ByteView snapshot);
  std::optional<Bytes> newest_snapshot() const;

 private:
  UnitOfWork& work_;
};

}  // namespace throughgate::sync::store
