#include "node/backup/manifest.h"

#include <algorithm>
#include <string>

#include "node/days.h"
#include "sync/contexts.h"
#include "sync/layout.h"

namespace throughgate::node {
namespace {

using crypto::ByteView;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
namespace contexts = sync::contexts;

constexpr std::string_view magic = "throughgate copy";
constexpr std::uint16_t version = 1;
constexpr std::size_t signature_bytes = 64;
constexpr std::uint64_t keys_bytes_max = 64 << 10;

Error no_backup() {
  return {ErrorKind::invalid,
          "This file is not a backup made by Throughgate. Nothing was changed. Name another file."};
}

Error altered() {
  return {ErrorKind::rejected,
          "This backup has been altered or damaged since it was made, or part of it is missing. "
          "Nothing was changed. Copy it again from where it was kept, or use another backup."};
}

void put(sync::LayoutWriter& out, const BackupManifest::Part& part) {
  out.u64(part.length).bytes(part.hash);
}

BackupManifest::Part part_from(sync::LayoutReader& in) {
  const auto length = in.u64();
  return {length, in.array<32>()};
}

bool makes_sense(const BackupManifest& manifest, std::uint64_t file_bytes) {
  const auto& keys = manifest.keys;
  return manifest.expires_at_ms >= manifest.made_at_ms &&
         manifest.expires_at_ms - manifest.made_at_ms <= backup_lasts_ms &&
         keys.length <= keys_bytes_max && file_bytes > manifest_bytes + keys.length &&
         manifest.store.length == file_bytes - manifest_bytes - keys.length;
}

}  // namespace

crypto::Bytes BackupManifest::signed_with(const crypto::SigningKey& key) const {
  sync::LayoutWriter out;
  out.bytes(crypto::as_bytes(magic)).u16(version).u64(made_at_ms).u64(expires_at_ms);
  out.bytes(organisation.bytes).bytes(node.bytes).bytes(verify_key).u32(schema_version);
  put(out, keys);
  put(out, store);
  auto bytes = out.take();
  const auto signature = key.sign(contexts::backup_signature, bytes);
  bytes.insert(bytes.end(), signature.begin(), signature.end());
  return bytes;
}

Result<BackupManifest> read_manifest(ByteView bytes, std::uint64_t file_bytes) {
  const auto begins = crypto::as_bytes(magic);
  if (bytes.size() != manifest_bytes || !std::equal(begins.begin(), begins.end(), bytes.begin())) {
    return no_backup();
  }
  sync::LayoutReader in(bytes);
  in.bytes(magic.size());
  const auto file_version = in.u16();
  if (file_version > version) {
    return Error{ErrorKind::newer,
                 "This backup was made by a newer version of Throughgate. Nothing was changed. "
                 "Update this program, then try again."};
  }
  BackupManifest manifest;
  manifest.made_at_ms = in.u64();
  manifest.expires_at_ms = in.u64();
  manifest.organisation = in.id<sync::OrganisationId>();
  manifest.node = in.id<sync::NodeId>();
  manifest.verify_key = in.array<32>();
  manifest.schema_version = in.u32();
  manifest.keys = part_from(in);
  manifest.store = part_from(in);
  const auto signature = in.array<signature_bytes>();
  const bool holds = file_version == version && in.finished() &&
                     crypto::verify(manifest.verify_key, contexts::backup_signature,
                                    bytes.first(bytes.size() - signature_bytes), signature);
  if (!holds || !makes_sense(manifest, file_bytes)) return altered();
  return manifest;
}

Result<Done> check_age(const BackupManifest& manifest, std::uint64_t now_ms) {
  const auto made_on = iso_day(manifest.made_at_ms);
  if (now_ms < manifest.made_at_ms) {
    return Error{ErrorKind::denied, "This computer's clock says " + iso_day(now_ms) +
                                        ", and the backup was made later, on " + made_on +
                                        ". Nothing was changed. Set the clock, then try again."};
  }
  if (now_ms < manifest.expires_at_ms) return Done{};
  return Error{ErrorKind::denied,
               "This backup is of " + made_on +
                   ". Backups are of use for 35 days, so that what has been erased since does not "
                   "come back. Nothing was changed. Use a newer one, or set this computer up in "
                   "place of a lost one: what was sent comes back from the central exchange."};
}

}  // namespace throughgate::node
