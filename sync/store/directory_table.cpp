#include "sync/store/directory_table.h"

#include "sync/directory_snapshot.h"

namespace throughgate::sync::store {

Result<Directory> DirectoryTable::load(const Anchor& anchor) const {
  Directory directory;
  const auto from_first =
      work_.first("SELECT 1 FROM directory_step WHERE version = 1", bound(), unsigned_column);
  if (!from_first) {
    if (const auto snapshot = newest_snapshot()) {
      auto read = read_snapshot(*snapshot, anchor);
      if (!read) return read.error();
      directory = *std::move(read);
    }
  }
  for (const auto& step : after(directory.version())) {
    if (auto done = directory.apply(step, anchor); !done) return done.error();
  }
  if (work_.failed()) return work_.error();
  return directory;
}

void DirectoryTable::add(std::uint64_t version, const DirectoryStep& step) {
  work_.run(
      "INSERT OR IGNORE INTO directory_step (version, header, body, signature, root_list) "
      "VALUES (?, ?, ?, ?, ?)",
      version, step.header, step.body, step.signature, step.root_list);
}

std::vector<DirectoryStep> DirectoryTable::after(std::uint64_t version) const {
  std::vector<DirectoryStep> out;
  work_.each(
      "SELECT header, body, signature, root_list FROM directory_step WHERE version > ? "
      "ORDER BY version",
      bound(version), [&](const Statement& row) {
        const auto signature = crypto::to_array<64>(row.view(2));
        if (!signature) return work_.fail_as_damaged();
        out.push_back({row.bytes(0), row.bytes(1), *signature, row.bytes(3)});
      });
  return out;
}

std::optional<Hash> DirectoryTable::head(std::uint64_t version) const {
  const auto header = work_.first("SELECT header FROM directory_step WHERE version = ?",
                                  bound(version), bytes_column);
  return header ? std::optional(head_of({*header, {}, {}})) : std::nullopt;
}

std::vector<Bytes> DirectoryTable::root_lists() const {
  std::vector<Bytes> out;
  work_.each("SELECT root_list FROM directory_step WHERE length(root_list) > 0 ORDER BY version",
             bound(), [&](const Statement& row) { out.push_back(row.bytes(0)); });
  return out;
}

void DirectoryTable::keep_snapshot(std::uint64_t version, ByteView snapshot) {
  work_.run("DELETE FROM directory_snapshot");
  work_.run("INSERT INTO directory_snapshot (version, bytes) VALUES (?, ?)", version, snapshot);
}

std::optional<Bytes> DirectoryTable::newest_snapshot() const {
  return work_.first("SELECT bytes FROM directory_snapshot ORDER BY version DESC", bound(),
                     bytes_column);
}

}  // namespace throughgate::sync::store
