// Names of things: random or derived bytes, each kind its own type so that none is taken for
// another.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <optional>
#include <string>

#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "crypto/random.h"

namespace throughgate::sync {

using crypto::ByteArray;
using crypto::Bytes;
using crypto::ByteView;
using crypto::Hash;

template <class Tag, std::size_t Size>
struct Id {
  ByteArray<Size> bytes{};

  static Id random(crypto::Random& random) { return Id{random.bytes<Size>()}; }
  static std::optional<Id> from(ByteView view) {
    const auto bytes = crypto::to_array<Size>(view);
    return bytes ? std::optional(Id{*bytes}) : std::nullopt;
  }
  static Id first_bytes_of(const Hash& hash) {
    Id id;
    std::copy_n(hash.begin(), Size, id.bytes.begin());
    return id;
  }

  ByteView view() const { return bytes; }
  std::string hex() const { return crypto::to_hex(bytes); }
  bool is_zero() const {
    return std::all_of(bytes.begin(), bytes.end(), [](auto b) { return b == 0; });
  }
  friend auto operator<=>(const Id&, const Id&) = default;
};

using NodeId = Id<struct NodeTag, 16>;
using OrganisationId = Id<struct OrganisationTag, 16>;
using DossierId = Id<struct DossierTag, 16>;
using StreamId = Id<struct StreamTag, 16>;
using EpochId = Id<struct EpochTag, 16>;        // the first 16 bytes of the key commitment
using InstanceId = Id<struct InstanceTag, 16>;  // one life of the hub's memory
using ActorId = Id<struct ActorTag, 8>;         // together with the author's organisation
using RecordId = Id<struct RecordTag, 8>;       // all zero stands for the root record

// An op's name for ever: (stream, seq) would not do, a fork gives it to two entries.
struct OpId {
  Hash entry{};
  std::uint32_t index = 0;

  friend auto operator<=>(const OpId&, const OpId&) = default;
};

}  // namespace throughgate::sync
