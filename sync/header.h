// The signed header of an entry: who wrote what kind of change where, after what, having seen what.
// It names no record type, no time and no actor. The bytes that were signed are the bytes kept.
#pragma once

#include <optional>
#include <vector>

#include "sync/ids.h"

namespace throughgate::sync {

enum class EntryKind : std::uint16_t { change = 1, membership = 2, redact = 3 };

// An entry of another stream that is not yet in the order and that this one builds on.
struct Dependency {
  StreamId stream;
  std::uint64_t seq = 0;
  Hash entry{};

  friend bool operator==(const Dependency&, const Dependency&) = default;
};

struct PartDigest {
  std::uint32_t length = 0;  // 0 with an all-zero hash: the part is absent
  Hash hash{};

  friend bool operator==(const PartDigest&, const PartDigest&) = default;
};

constexpr std::uint16_t entry_version = 1;
constexpr std::size_t dependencies_max = 8;
constexpr std::size_t entry_bytes_max = 64 << 10;              // header, signature and both parts
constexpr std::size_t redact_bytes_max = 2 * entry_bytes_max;  // it holds a copy of another entry

struct Header {
  EntryKind kind = EntryKind::change;
  DossierId dossier;
  NodeId author;
  StreamId stream;
  std::uint64_t seq = 0;                 // 1, 2, 3 ... in its stream
  Hash previous{};                       // entry hash of seq - 1; zero for seq 1
  std::uint32_t membership_version = 0;  // in force at the base; a MEMBERSHIP's own number
  EpochId epoch;                         // the key that seals this entry
  std::uint64_t base_dsn = 0;  // the last place up to which the author could open everything
  Hash base_head{};            // the chain there
  std::vector<Dependency> dependencies;
  PartDigest clear;
  PartDigest sealed;

  friend bool operator==(const Header&, const Header&) = default;

  Bytes encode() const;
  // The leading bytes that the sealed part is bound to: everything before the lengths and hashes.
  Bytes encode_before_parts() const;
};

enum class HeaderFault {
  malformed,        // not a header, or a value out of its range: refuse
  version_unknown,  // made by a newer program: keep it, say "update needed"
};

struct HeaderOrFault {
  std::optional<Header> header;
  HeaderFault fault = HeaderFault::malformed;
};

HeaderOrFault decode_header(ByteView bytes);

// BLAKE2b-256 over the exact header bytes: the entry's name.
Hash entry_hash(ByteView header_bytes);
PartDigest digest_of_part(ByteView part);

}  // namespace throughgate::sync
