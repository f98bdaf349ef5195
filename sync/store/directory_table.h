// The versions of the directory held here, as received.
#pragma once

#include "sync/directory.h"
#include "sync/store/unit_of_work.h"

namespace throughgate::sync::store {

class DirectoryTable {
 public:
  explicit DirectoryTable(UnitOfWork& work) : work_(work) {}

  // Every version from the first, checked again on the way.
  Result<Directory> load(const crypto::VerifyKey& directory_key) const;
  void add(std::uint64_t version, const DirectoryStep& step);
  std::vector<DirectoryStep> after(std::uint64_t version) const;

 private:
  UnitOfWork& work_;
};

}  // namespace throughgate::sync::store
