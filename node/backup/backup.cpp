#include "node/backup/backup.h"

#include <filesystem>

#include "crypto/hash_stream.h"
#include "node/audit.h"
#include "node/long_file.h"
#include "sync/contexts.h"
#include "sync/layout.h"
#include "sync/store/checker.h"
#include "sync/store/inventory.h"
#include "sync/store/migrations.h"
#include "sync/store/settings_table.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::Inventory;
using sync::store::Purpose;
using sync::store::UnitOfWork;

constexpr std::size_t piece_bytes = 1 << 20;
constexpr std::size_t keys_bytes_max = 64 << 10;

Error of_backup(const Error& error) {
  return {error.kind, "The backup was not made. " + error.message +
                          " The records on this computer are as they were."};
}

Error not_sound() {
  return {ErrorKind::corrupt,
          "The backup was not kept: part of this computer's store is damaged, so it would be too. "
          "Keep the backups that you have, run \"check\", and do as it says."};
}

Error not_the_same() {
  return {ErrorKind::unavailable,
          "What was written is not what is in the store, so it was not kept. Use another stick or "
          "disk, then try again."};
}

// A folder for what is unpacked, gone at the end with all in it.
class Workshop {
 public:
  explicit Workshop(std::string path) : path_(std::move(path)) {}
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;
  ~Workshop() { static_cast<void>(clear()); }

  Result<Done> clear() const {
    std::error_code fault;
    std::filesystem::remove_all(path_, fault);
    if (!fault) return Done{};
    return Error{ErrorKind::unavailable,
                 "What a backup leaves in the folder \"unpacked\" could not be removed. Check that "
                 "you may write to the folder, then try again."};
  }

 private:
  std::string path_;
};

// The store as of one moment, in a file, and what is in it.
Result<Inventory> copy_store(OpenNode& node, const crypto::DatabaseKey& key,
                             const DataFolder& into) {
  UnitOfWork moment(node.database(), Purpose::reading);
  const auto inventory = take_inventory(moment);
  if (moment.failed()) return moment.error();
  if (auto made = make_private_folder(into.path()); !made) return made.error();
  if (auto copied = node.database().backup_to(into.store(), key); !copied) return copied.error();
  return inventory;
}

Result<BackupManifest::Part> append_bytes(NewLongFile& out, crypto::ByteView bytes) {
  if (auto done = out.append(bytes); !done) return done.error();
  return BackupManifest::Part{bytes.size(), crypto::hash(sync::contexts::backup_part, {bytes})};
}

Result<BackupManifest::Part> append_file(NewLongFile& out, const std::string& path) {
  auto file = LongFile::open(path);
  if (!file) return file.error();
  crypto::HashStream hash(sync::contexts::backup_part);
  crypto::Bytes piece;
  for (std::uint64_t left = file->size(); left > 0; left -= piece.size()) {
    piece.resize(std::min<std::uint64_t>(left, piece_bytes));
    if (auto done = file->read(piece); !done) return done.error();
    hash.add(piece);
    if (auto done = out.append(piece); !done) return done.error();
  }
  return BackupManifest::Part{file->size(), hash.finish()};
}

Result<BackupManifest> write_file(OpenNode& node, const DataFolder& folder,
                                  const std::string& image, NewLongFile& out) {
  const auto& identity = node.identity();
  BackupManifest manifest;
  manifest.made_at_ms = node.now_ms();
  manifest.expires_at_ms = manifest.made_at_ms + backup_lasts_ms;
  manifest.organisation = identity.organisation;
  manifest.node = identity.node;
  manifest.verify_key = identity.signing_key.verify_key();
  const auto schema = sync::store::version_of(node.database());
  if (!schema) return schema.error();
  manifest.schema_version = static_cast<std::uint32_t>(*schema);
  const auto slots = read_private_file(folder.keys(), keys_bytes_max);
  if (!slots) return slots.error();

  if (auto room = out.append(crypto::Bytes(manifest_bytes)); !room) return room.error();
  const auto keys = append_bytes(out, *slots);
  if (!keys) return keys.error();
  const auto store = append_file(out, image);
  if (!store) return store.error();
  manifest.keys = *keys;
  manifest.store = *store;
  const auto begins = manifest.signed_with(identity.signing_key);
  if (auto done = out.write_at_start(begins); !done) return done.error();
  if (auto done = out.flush(); !done) return done.error();
  return manifest;
}

// Done as a restore would, but for the age and the password.
Result<Done> try_out(const std::string& file, const BackupManifest& written,
                     const Inventory& original, const crypto::DatabaseKey& key, OpenNode& node,
                     const DataFolder& folder) {
  const DataFolder trial(folder.unpacked());
  const auto manifest = unpack(file, trial);
  if (!manifest) return manifest.error();
  auto copy = OpenNode::open(trial.store(), key, sync::store::Access::existing, node.random(),
                             [&node] { return node.now_ms(); });
  if (!copy) return copy.error();
  {
    UnitOfWork moment((*copy)->database(), Purpose::reading);
    const auto inventory = take_inventory(moment);
    if (moment.failed()) return moment.error();
    const bool same = *manifest == written && inventory == original && (*copy)->has_identity();
    if (!same) return not_the_same();
  }
  if (auto sound = (*copy)->database().quick_check(); !sound) return sound;
  const auto report = sync::store::check_store((*copy)->database(), (*copy)->context());
  if (!report) return report.error();
  if (!report->faults.empty()) return not_sound();
  return Done{};
}

Result<Done> note_made(OpenNode& node, std::uint64_t made_at_ms) {
  UnitOfWork work(node.database());
  sync::store::SettingsTable(work).set(sync::store::setting::last_backup_ms,
                                       sync::LayoutWriter().u64(made_at_ms).take());
  return work.commit();
}

}  // namespace

Result<MadeBackup> make_backup(OpenNode& node, const crypto::DatabaseKey& key,
                               const DataFolder& folder, const std::string& path,
                               const sync::ActorId& who) {
  auto lock = FileLock::take(folder.backup_lock(), FileLock::Wait::no);
  if (!lock) return of_backup(lock.error());
  const Workshop workshop(folder.unpacked());
  if (auto cleared = workshop.clear(); !cleared) return of_backup(cleared.error());
  auto file = NewLongFile::create(path);
  if (!file) return of_backup({file.error().kind, path + ": " + file.error().message});

  const DataFolder image(folder.unpacked());
  const auto original = copy_store(node, key, image);
  if (!original) return of_backup(original.error());
  const auto manifest = write_file(node, folder, image.store(), *file);
  if (!manifest) return of_backup(manifest.error());
  if (auto cleared = workshop.clear(); !cleared) return of_backup(cleared.error());
  const auto good = try_out(file->name_until_kept(), *manifest, *original, key, node, folder);
  if (!good)
    return good.error().kind == ErrorKind::corrupt ? good.error() : of_backup(good.error());
  auto listed = Audit(node).note_sealed(AuditAct::backed_up, original->dossiers, who);
  if (!listed) return of_backup(listed.error());
  if (auto kept = file->keep(); !kept) {
    return of_backup({kept.error().kind, path + ": " + kept.error().message});
  }
  if (auto noted = note_made(node, manifest->made_at_ms); !noted) {
    return Error{noted.error().kind,
                 "The backup is made and good, but this computer could not note when. " +
                     noted.error().message};
  }
  return MadeBackup{*manifest, original->dossiers};
}

}  // namespace throughgate::node
