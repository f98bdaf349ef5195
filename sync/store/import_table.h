// Which rows of files have become dossiers, so that the same row makes nothing twice.
// Part of a UnitOfWork.
#pragma once

#include <set>

#include "sync/ids.h"
#include "sync/store/unit_of_work.h"

namespace throughgate::sync::store {

class ImportTable {
 public:
  explicit ImportTable(UnitOfWork& work) : work_(work) {}

  std::set<Hash> keys() const {
    std::set<Hash> out;
    work_.each("SELECT key FROM import_row", bound(), [&](const Statement& row) {
      const auto key = crypto::to_array<32>(row.view(0));
      if (!key) return work_.fail_as_damaged();
      out.insert(*key);
    });
    return out;
  }
  // A key that is there already, from another process meanwhile, makes the unit fail.
  void add(const Hash& key, const DossierId& dossier) {
    work_.run("INSERT INTO import_row (key, dossier) VALUES (?, ?)", key, dossier.view());
  }

 private:
  UnitOfWork& work_;
};

}  // namespace throughgate::sync::store
