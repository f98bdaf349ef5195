// The versions of the directory held here, as received.
#pragma once

#include "sync/directory.h"
#include "sync/store/unit_of_work.h"

namespace throughgate::sync::store {

// The list as it is handed on: every version from the first; or, where the first are not here, the
// snapshot that this node began with and every version after it. Never one with a hole.
struct CarriedList {
  Bytes snapshot;  // empty: from the first version on
  std::vector<DirectoryStep> steps;
};

class DirectoryTable {
 public:
  explicit DirectoryTable(UnitOfWork& work) : work_(work) {}

  // Every version from the first, or from the snapshot that this node began with, checked again on
  // the way.
  Result<Directory> load(const Anchor& anchor) const;
  // Keeps the next version; one that is held already, the same, changes nothing. The unit fails
  // with `stale` where somebody else on this store has kept another of that number meanwhile, or
  // the one before it is not here.
  void add(std::uint64_t version, const DirectoryStep& step);
  std::uint64_t newest() const;  // 0: nothing is held
  // When the newest version was signed, by the clock of whoever did. 0: nothing is held, or that
  // version as a snapshot only.
  std::uint64_t newest_signed_at_ms() const;
  // The versions after this one; none where the very next is not here.
  std::vector<DirectoryStep> after(std::uint64_t version) const;
  CarriedList carried() const;
  std::optional<Hash> head(std::uint64_t version) const;  // Directory::head() at that version
  std::vector<Bytes> root_lists() const;                  // from list 1 on

  // What a newcomer reads in the place of every version up to it. Nothing may be held yet: else the
  // unit fails with `stale`.
  void begin_with(std::uint64_t version, ByteView snapshot);
  // What the desk has made, for newcomers. One that this node began with stays beside it.
  void keep_snapshot(std::uint64_t version, ByteView snapshot);
  struct Snapshot {
    std::uint64_t version = 0;
    Bytes bytes;
  };
  std::optional<Snapshot> newest_snapshot() const;

 private:
  std::optional<Snapshot> began_with() const;  // nullopt: with the first version, or nothing yet
  std::vector<DirectoryStep> held_after(std::uint64_t version) const;

  UnitOfWork& work_;
};

}  // namespace throughgate::sync::store
