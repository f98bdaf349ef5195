// A bundle: the messages of a sync in one file, for whoever has no network. A signed header, which
// says only what a carrier must know, and one sealed part, whose size says only its class. Read in
// this order: whole and signed, then opened, then parsed. Nobody is believed for having made it:
// what it carries is signed by itself. The layout, with offsets, stands in docs/format.md.
#pragma once

#include <optional>
#include <vector>

#include "crypto/box_key.h"
#include "crypto/signing_key.h"
#include "sync/ids.h"
#include "sync/result.h"

namespace throughgate::schema {
class Bundle;
}

namespace throughgate::sync {

// Of the sealed part without nonce and tag: 4 KiB, and from there doubled.
constexpr std::size_t bundle_class_min = 4 << 10;
constexpr std::size_t bundle_class_max = 32 << 20;
constexpr std::size_t bundle_content_max = 64 << 20;  // once unpacked
constexpr std::size_t bundle_recipients_max = 1024;
constexpr std::size_t bundle_bytes_max = bundle_class_max + (128 << 10);  // a whole file
// One for the hub that a site can pass on with its own sync, in one request; so are the hub's
// answers.
constexpr std::size_t bundle_passed_on_max = (1 << 20) + (128 << 10);

enum class BundleFor : std::uint8_t { nodes = 1, hub = 2 };
enum class BundleBy : std::uint8_t { node = 1, hub = 2 };
using BundleSet = Id<struct BundleSetTag, 16>;

// What stands on it for anybody to read. An id is a node's, or the first 16 bytes of the hub's
// signing key.
struct BundleLabel {
  BundleFor meant_for = BundleFor::nodes;
  BundleBy made_by = BundleBy::node;
  ByteArray<16> maker{};
  crypto::VerifyKey maker_key{};  // whose it is the directory says
  std::uint64_t directory_version = 0;
  std::uint64_t made_at_ms = 0;
  BundleSet set;           // the same in all parts of one export; each part stands by itself
  std::uint16_t part = 1;  // 1 to parts
  std::uint16_t parts = 1;

  friend bool operator==(const BundleLabel&, const BundleLabel&) = default;
};

struct BundleReader {  // who shall be able to open it
  ByteArray<16> id{};
  crypto::BoxPublicKey key{};
};
ByteArray<16> hub_reader_id(const crypto::VerifyKey& hub_key);
// nullopt for bytes that are no signing key.
std::optional<BundleReader> hub_as_reader(const crypto::VerifyKey& hub_key);

// `label.maker_key` is set here. Fails with
//   invalid  nobody to open it, too many, a reader's key that nobody can hold the secret of, or
//   more
//            than one bundle may carry
Result<Bytes> seal_bundle(BundleLabel label, const std::vector<BundleReader>& readers,
                          const schema::Bundle& content, const crypto::SigningKey& maker,
                          crypto::Random& random);
// How large a file would be whose content is packed into so many bytes; 0: too large for one.
std::size_t bundle_file_bytes(std::size_t packed_bytes, std::size_t readers);
// How many bytes of content surely fit into a file of at most `file_bytes`; 0: it is too small.
std::size_t bundle_content_for(std::size_t file_bytes, std::size_t readers);

// How a file failed to be a bundle, or to open. Each has a sentence of its own.
enum class BundleFault {
  not_a_bundle,
  newer,        // of a later version, or packed in a way that this program does not know
  too_large,    // says that it is larger than any may be
  cut_short,    // ends too early: copied only in part
  changed,      // a bit of it differs from what was signed
  not_for_us,   // sealed to others
  not_opening,  // sealed to us in a way that does not open: badly made
  bomb,         // unpacks to more than a bundle may hold
  unreadable,   // unpacks to what is no message
};
// What a person is told: what it is, that nothing was changed, what to do next.
Error error_of(BundleFault fault);

// Whole, and signed by the key that it names.
class SealedBundle {
 public:
  const BundleLabel& label() const { return label_; }
  const std::vector<ByteArray<16>>& readers() const { return readers_; }
  bool is_for(const ByteArray<16>& reader) const;

 private:
  friend class BundleFile;
  SealedBundle() = default;
  BundleLabel label_;
  std::vector<ByteArray<16>> readers_;
  std::vector<ByteArray<80>> keys_;  // sealed, one for each reader
  Bytes bound_to_;
  Bytes sealed_;
};

struct SealedBundleOrFault {
  std::optional<SealedBundle> bundle;
  BundleFault fault = BundleFault::not_a_bundle;
};
// Nothing of `file` is copied before its lengths are known to hold.
SealedBundleOrFault read_bundle(ByteView file);

// As one of its readers. Nothing larger than a limit is ever allocated. Into `content` on success.
std::optional<BundleFault> open_bundle(const SealedBundle& bundle, const ByteArray<16>& reader,
                                       const crypto::BoxKey& key, schema::Bundle& content);

}  // namespace throughgate::sync
