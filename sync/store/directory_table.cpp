#include "sync/store/directory_table.h"

#include "sync/directory_snapshot.h"
#include "sync/layout.h"

namespace throughgate::sync::store {
namespace {

Error changed_meanwhile() {
  return {ErrorKind::stale,
          "Another program on this computer has changed the central list at the same moment. "
          "Nothing of this was kept. Try again."};
}

// See DirectoryStep.
std::uint64_t signed_at_ms(ByteView header) {
  LayoutReader in(header);
  in.u16();        // format
  in.u64();        // version
  in.array<32>();  // previous
  return in.u64();
}

DirectoryTable::Snapshot read(const Statement& row) {
  return {row.unsigned_integer(0), row.bytes(1)};
}

}  // namespace

Result<Directory> DirectoryTable::load(const Anchor& anchor) const {
  Directory directory;
  if (const auto snapshot = began_with()) {
    auto read = read_snapshot(snapshot->bytes, anchor);
    if (!read) return read.error();
    directory = *std::move(read);
  }
  for (const auto& step : held_after(directory.version())) {
    if (auto done = directory.apply(step, anchor); !done) return done.error();
  }
  if (work_.failed()) return work_.error();
  return directory;
}

void DirectoryTable::add(std::uint64_t version, const DirectoryStep& step) {
  if (const auto held = head(version); held && *held == head_of(step)) return;
  if (newest() + 1 != version) return work_.fail(changed_meanwhile());
  work_.run(
      "INSERT INTO directory_step (version, header, body, signature, root_list) "
      "VALUES (?, ?, ?, ?, ?)",
      version, step.header, step.body, step.signature, step.root_list);
}

std::uint64_t DirectoryTable::newest() const {
  return work_
      .first(
          "SELECT max(ifnull((SELECT max(version) FROM directory_step), 0), "
          "ifnull((SELECT max(version) FROM directory_snapshot), 0))",
          bound(), unsigned_column)
      .value_or(0);
}

std::uint64_t DirectoryTable::newest_signed_at_ms() const {
  const auto header = work_.first("SELECT header FROM directory_step WHERE version = ?",
                                  bound(newest()), bytes_column);
  return header ? signed_at_ms(*header) : 0;
}

std::vector<DirectoryStep> DirectoryTable::held_after(std::uint64_t version) const {
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

std::vector<DirectoryStep> DirectoryTable::after(std::uint64_t version) const {
  return head(version + 1) ? held_after(version) : std::vector<DirectoryStep>{};
}

CarriedList DirectoryTable::carried() const {
  auto snapshot = began_with();
  if (!snapshot) return {{}, after(0)};
  return {std::move(snapshot->bytes), held_after(snapshot->version)};
}

std::optional<Hash> DirectoryTable::head(std::uint64_t version) const {
  const auto header = work_.first("SELECT header FROM directory_step WHERE version = ?",
                                  bound(version), bytes_column);
  return header ? std::optional(head_of({*header, {}, {}})) : std::nullopt;
}

std::vector<Bytes> DirectoryTable::root_lists() const {
  const auto snapshot = began_with();
  auto out = snapshot ? root_lists_in(snapshot->bytes) : std::vector<Bytes>{};
  work_.each(
      "SELECT root_list FROM directory_step WHERE version > ? AND length(root_list) > 0 "
      "ORDER BY version",
      bound(snapshot ? snapshot->version : 0),
      [&](const Statement& row) { out.push_back(row.bytes(0)); });
  return out;
}

void DirectoryTable::begin_with(std::uint64_t version, ByteView snapshot) {
  if (newest() > 0) return work_.fail(changed_meanwhile());
  work_.run("INSERT INTO directory_snapshot (version, bytes) VALUES (?, ?)", version, snapshot);
}

void DirectoryTable::keep_snapshot(std::uint64_t version, ByteView snapshot) {
  const auto began = began_with();
  work_.run("DELETE FROM directory_snapshot WHERE version != ?", began ? began->version : 0);
  work_.run("INSERT OR REPLACE INTO directory_snapshot (version, bytes) VALUES (?, ?)", version,
            snapshot);
}

std::optional<DirectoryTable::Snapshot> DirectoryTable::began_with() const {
  if (head(1)) return std::nullopt;
  return work_.first("SELECT version, bytes FROM directory_snapshot ORDER BY version LIMIT 1",
                     bound(), read);
}

std::optional<DirectoryTable::Snapshot> DirectoryTable::newest_snapshot() const {
  return work_.first("SELECT version, bytes FROM directory_snapshot ORDER BY version DESC LIMIT 1",
                     bound(), read);
}

}  // namespace throughgate::sync::store
