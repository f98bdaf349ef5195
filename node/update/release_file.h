// A release in one file: programs, config, guides and the bill of what they are made of, signed by
// who makes it.
//
//   magic "TGRELSE\n" · format u16 · length of the manifest u32 · key 32 · signature 64 ·
//   manifest · the bytes of each file, in the manifest's order            (all little endian)
//
// The signature is the key's over context ‖ manifest; the manifest names each file by length and
// SHA-256, so nothing in the file stands outside of it. Threads: values.
#pragma once

#include <array>
#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crypto/hash.h"
#include "crypto/signing_key.h"
#include "node/long_file.h"

namespace throughgate::node {

constexpr std::uint64_t release_bytes_max = 256 << 20;  // ten times what one has
constexpr std::uint64_t released_file_bytes_max = 96 << 20;
constexpr std::size_t released_files_max = 1000;

struct ReleasedFile {
  std::string name;  // "bin/throughgate-node": letters, digits, - _ . in parts that / divides
  bool is_program = false;
  std::uint64_t size = 0;
  crypto::Hash sha256{};

  friend bool operator==(const ReleasedFile&, const ReleasedFile&) = default;
};

// Manifest layout: product · machine, each u8 length and text · version 3 x u16 · program u32 ·
// store u32 · hub store u32 · count u16 {program? u8 · size u64 · SHA-256 32 · name, u8 length and
// text}. Names rise strictly.
struct Release {
  std::string product;
  std::string machine;                     // "x86_64-debian-12"
  std::array<std::uint16_t, 3> version{};  // 0.2.0
  std::uint32_t program = 0;               // as the central list may ask for
  std::uint32_t store = 0;                 // the version of a node's store that it writes
  std::uint32_t hub_store = 0;             // of a hub's
  std::vector<ReleasedFile> files;

  // By program number, then version: what follows is newer.
  std::strong_ordering operator<=>(const Release& other) const;
  bool operator==(const Release& other) const { return (*this <=> other) == 0; }
};

std::string version_text(const Release& release);  // "0.2.0"
crypto::Bytes encode(const Release& release);
// Of bytes in exactly this form, within the limits. nullopt otherwise.
std::optional<Release> decode_release(crypto::ByteView manifest);

// All that stands before the files' own bytes.
crypto::Bytes signed_head(const Release& release, const crypto::SigningKey& key);

struct SignedHead {
  Release release;
  crypto::Bytes bytes;  // as it was read
};

// A release whose head was signed by one of `known`. The file is at its first file's bytes.
struct OpenRelease {
  SignedHead head;
  LongFile file;
};

//   not_found    there is no such file
//   invalid      it is no release, or larger than one can be
//   newer        it is of a newer form than this program knows
//   corrupt      it was copied only in part, or more stands behind it
//   rejected     none of these keys signed it as it stands
//   unavailable  it cannot be read
sync::Result<OpenRelease> open_release(const std::string& path,
                                       const std::vector<crypto::VerifyKey>& known);

// The head alone, as an installed release keeps it; the same errors.
sync::Result<SignedHead> read_head(const std::string& path,
                                   const std::vector<crypto::VerifyKey>& known);

using TakeFile = std::function<sync::Result<sync::Done>(const ReleasedFile&, crypto::ByteView)>;
// Each file whole, once its hash is what was signed. Fails with `corrupt` where it is not, with
// `unavailable`, or as `take` does.
sync::Result<sync::Done> read_files(OpenRelease& release, const TakeFile& take);

}  // namespace throughgate::node
