// The beginning of a backup file: what it holds, since when, for how long, and who made it. Signed
// by the computer whose store it is; see docs/format.md. It is read before any key is at hand, so
// that a file that was altered is never opened.
#pragma once

#include <cstdint>
#include <optional>

#include "crypto/signing_key.h"
#include "sync/ids.h"
#include "sync/result.h"

namespace throughgate::node {

constexpr std::size_t manifest_bytes = 246;
// What has been erased is gone from every backup after so long.
constexpr std::uint64_t backup_lasts_ms = 35ull * 24 * 60 * 60 * 1000;

struct BackupManifest {
  struct Part {
    std::uint64_t length = 0;  // bytes
    crypto::Hash hash{};       // of them, under contexts::backup_part

    friend bool operator==(const Part&, const Part&) = default;
  };

  std::uint64_t made_at_ms = 0;  // by that computer's clock, since 1970 UTC
  std::uint64_t expires_at_ms = 0;
  sync::OrganisationId organisation;
  sync::NodeId node;
  crypto::VerifyKey verify_key{};
  std::uint32_t schema_version = 0;  // of the store
  Part keys;                         // the slot file, directly behind the manifest
  Part store;                        // the encrypted store, behind that, to the end of the file

  crypto::Bytes signed_with(const crypto::SigningKey& key) const;  // manifest_bytes

  friend bool operator==(const BackupManifest&, const BackupManifest&) = default;
};

// `bytes`: the first manifest_bytes of a file of `file_bytes`.
//   invalid   no backup
//   newer     made by a newer program
//   rejected  altered, damaged, or part of the file is missing
sync::Result<BackupManifest> read_manifest(crypto::ByteView bytes, std::uint64_t file_bytes);

// May it be used now, `now_ms` by this computer's clock? Fails with `denied`.
sync::Result<sync::Done> check_age(const BackupManifest& manifest, std::uint64_t now_ms);

}  // namespace throughgate::node
