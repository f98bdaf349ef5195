#include <algorithm>

#include "crypto/hash_stream.h"
#include "node/backup/backup.h"
#include "node/long_file.h"
#include "sync/contexts.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr std::size_t piece_bytes = 1 << 20;

Error named(const Error& error, const std::string& what) {
  return {error.kind, what + ": " + error.message};
}

Error other_bytes() {
  return {ErrorKind::rejected,
          "This backup has been altered or damaged since it was made. Nothing was changed. Copy it "
          "again from where it was kept, or use another backup."};
}

// The next part of `from` into a new file of its own.
Result<Done> take_part(LongFile& from, const BackupManifest::Part& part, const std::string& to) {
  auto file = NewLongFile::create(to);
  if (!file) return named(file.error(), to);
  crypto::HashStream hash(sync::contexts::backup_part);
  crypto::Bytes piece;
  for (std::uint64_t left = part.length; left > 0; left -= piece.size()) {
    piece.resize(std::min<std::uint64_t>(left, piece_bytes));
    if (auto done = from.read(piece); !done) return named(done.error(), "The backup");
    hash.add(piece);
    if (auto done = file->append(piece); !done) return named(done.error(), to);
  }
  if (hash.finish() != part.hash) return other_bytes();
  if (auto done = file->flush(); !done) return named(done.error(), to);
  auto kept = file->keep();
  return kept ? kept : named(kept.error(), to);
}

}  // namespace

Result<BackupManifest> unpack(const std::string& file, const DataFolder& into) {
  auto from = LongFile::open(file);
  if (!from) return named(from.error(), file);
  crypto::Bytes begins(std::min<std::uint64_t>(from->size(), manifest_bytes));
  if (auto done = from->read(begins); !done) return named(done.error(), file);
  auto manifest = read_manifest(begins, from->size());
  if (!manifest) return manifest;
  if (auto made = make_private_folder(into.path()); !made) return made.error();
  if (auto done = take_part(*from, manifest->keys, into.keys()); !done) return done.error();
  if (auto done = take_part(*from, manifest->store, into.store()); !done) return done.error();
  return manifest;
}

}  // namespace throughgate::node
