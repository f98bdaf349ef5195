// What one save changed, in the form the rules work with, and its way into and out of the sealed
// part: ChangeSet message -> one zstd frame -> padding to 64 bytes -> XChaCha20-Poly1305.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/content_key.h"
#include "sync/header.h"
#include "sync/ids.h"
#include "sync/result.h"

namespace throughgate::sync {

enum class OpKind : std::uint8_t {
  set = 0,
  clear = 1,
  add = 2,
  remove = 3,
  append = 4,
  transition = 5
};

// One field of one record of a dossier.
struct FieldKey {
  RecordId record;  // all zero: the root record
  std::uint32_t record_type = 0;
  std::uint32_t field = 0;

  friend auto operator<=>(const FieldKey&, const FieldKey&) = default;
};

// How an author names an op that it has seen; see Seen in change_set.proto.
struct SeenName {
  enum class By : std::uint8_t { dsn, own_stream, dependency };
  By by = By::dsn;
  std::uint64_t number = 0;      // dsn, or seq
  std::uint32_t dependency = 0;  // index into the header's dependencies
  std::uint32_t index = 0;

  friend auto operator<=>(const SeenName&, const SeenName&) = default;
};

struct AgainOf {  // the first original of an op that is written again
  OpId original;
  NodeId author;

  friend auto operator<=>(const AgainOf&, const AgainOf&) = default;
};

struct Op {
  FieldKey field;
  OpKind kind = OpKind::set;
  Bytes value;
  std::vector<SeenName> supersedes;
  std::optional<AgainOf> again_of;
  bool value_removed = false;  // only in a redaction's copy

  friend bool operator==(const Op&, const Op&) = default;
};

struct Actor {
  ActorId id;
  std::string name;  // empty where the stream has named the actor before
  std::string role;

  friend bool operator==(const Actor&, const Actor&) = default;
};

// An entry as a redaction leaves it: every op in its place, redacted ones without a value.
struct RedactedCopy {
  std::uint32_t schema_version = 1;
  std::uint64_t clock_ms = 0;
  Actor actor;
  std::string reason;
  std::vector<std::pair<std::uint32_t, Op>> ops;  // (index in the original, op)

  friend bool operator==(const RedactedCopy&, const RedactedCopy&) = default;
};

// A greater one says: whoever does not know it cannot tell what this change comes to.
constexpr std::uint32_t schema_version_known = 1;

struct ChangeSet {
  std::uint32_t schema_version = schema_version_known;
  std::uint64_t clock_ms = 0;  // the author's plain clock, ms since 1970 UTC
  Actor actor;
  std::string reason;
  std::vector<Op> ops;
  std::optional<Actor> reauthored_by;
  std::vector<Hash> closes;
  std::optional<RedactedCopy> copy;
  // As read: it holds fields of a newer program, which were passed over. Never written.
  bool passed_over = false;

  friend bool operator==(const ChangeSet&, const ChangeSet&) = default;
};

constexpr std::size_t change_set_bytes_max =
    256 << 10;                                // once unpacked; checked before memory is taken
constexpr std::size_t ops_max = 2000;         // the largest form by far has 60 fields
constexpr std::size_t supersedes_max = 4096;  // in all its ops: each is kept by every member
constexpr std::size_t value_bytes_max = 32 << 10;
constexpr std::size_t reason_bytes_max = 4000;
constexpr std::size_t name_bytes_max = 200;

// Fails with `invalid` when a limit above is passed, or decode_change_set() would refuse the bytes.
Result<Bytes> encode_change_set(const ChangeSet& change_set);
// Fields that this program does not know are passed over, and that is said; the bytes they stand in
// are kept elsewhere. Fails with
//   rejected  not a change set, over a limit, or text that is not UTF-8
//   newer     of a schema version, or with an op of a kind, that this program does not know
Result<ChangeSet> decode_change_set(ByteView bytes);

// The sealed part. `bound_to` is Header::encode_before_parts().
Result<Bytes> seal_change_set(const ChangeSet& change_set, const crypto::ContentKey& key,
                              ByteView bound_to, crypto::Random& random);
// Fails with `rejected` when it does not open with this key, or does not unpack; with `newer` as
// decompress() and decode_change_set().
Result<ChangeSet> open_change_set(ByteView sealed, const crypto::ContentKey& key,
                                  ByteView bound_to);

}  // namespace throughgate::sync
