#include "sync/store/directory_table.h"

namespace throughgate::sync::store {

Result<Directory> DirectoryTable::load(const crypto::VerifyKey& directory_key) const {
  Directory directory;
  for (const auto& step : after(0)) {
    if (auto done = directory.apply(step, directory_key); !done) return done.error();
  }
  if (work_.failed()) return work_.error();
  return directory;
}

void DirectoryTable::add(std::uint64_t version, const DirectoryStep& step) {
  work_.run(
      "INSERT OR IGNORE INTO directory_step (version, header, body, signature) "
      "VALUES (?, ?, ?, ?)",
      version, step.header, step.body, step.signature);
}

std::vector<DirectoryStep> DirectoryTable::after(std::uint64_t version) const {
  std::vector<DirectoryStep> out;
  work_.each(
      "SELECT header, body, signature FROM directory_step WHERE version > ? ORDER BY version",
      bound(version), [&](const Statement& row) {
        const auto signature = crypto::to_array<64>(row.view(2));
        if (!signature) return work_.fail_as_damaged();
        out.push_back({row.bytes(0), row.bytes(1), *signature});
      });
  return out;
}

}  // namespace throughgate::sync::store
