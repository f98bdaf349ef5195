#include "sync/bundle.h"

#include <algorithm>

#include "crypto/content_key.h"
#include "crypto/hash.h"
#include "crypto/signing_box.h"
#include "schema/bundle.pb.h"
#include "sync/compression.h"
#include "sync/contexts.h"
#include "sync/layout.h"
#include "sync/limits.h"
#include "sync/parse.h"

namespace throughgate::sync {
namespace {

constexpr std::string_view magic = "TGBUNDLE";
constexpr std::uint16_t version = 1;
constexpr std::size_t fixed_bytes = 134;  // of the header, before the recipients
constexpr std::size_t bound_bytes = 96;   // what the sealed part is bound to
constexpr std::size_t sealed_key_bytes = 32 + crypto::sealed_box_overhead;
constexpr std::size_t recipient_bytes = 16 + sealed_key_bytes;
constexpr std::size_t signature_bytes = 64;

// The least class that holds so many bytes and the one that ends them; 0: none does.
std::size_t class_for(std::size_t packed_bytes) {
  std::size_t size = bundle_class_min;
  while (size < packed_bytes + 1) size *= 2;
  return size <= bundle_class_max ? size : 0;
}

bool is_class(std::size_t size) {
  return size >= bundle_class_min && size <= bundle_class_max && (size & (size - 1)) == 0;
}

void pad_to(std::size_t size, Bytes& packed) {
  packed.push_back(0x80);
  packed.resize(size);
}

std::optional<ByteView> without_padding(ByteView padded) {
  std::size_t end = padded.size();
  while (end > 0 && padded[end - 1] == 0) --end;
  if (end == 0 || padded[end - 1] != 0x80) return std::nullopt;
  return padded.first(end - 1);
}

Bytes bytes_of(const schema::Bundle& content) {
  Bytes out(content.ByteSizeLong());
  content.SerializeToArray(out.data(), static_cast<int>(out.size()));
  return out;
}

// The header before the lengths: the sealed part is bound to it.
Bytes label_bytes(const BundleLabel& label) {
  LayoutWriter out;
  out.bytes(crypto::as_bytes(magic)).u16(version);
  out.u8(static_cast<std::uint8_t>(label.meant_for)).u8(static_cast<std::uint8_t>(label.made_by));
  out.bytes(label.maker).bytes(label.maker_key).u64(label.directory_version).u64(label.made_at_ms);
  out.bytes(label.set.bytes).u16(label.part).u16(label.parts);
  return out.take();
}

Error too_much() {
  return {ErrorKind::invalid, "This is more than one bundle may carry. Nothing was written."};
}

bool holds_together(const BundleLabel& label) {
  return label.part >= 1 && label.part <= label.parts && label.directory_version <= counter_max &&
         label.made_at_ms <= counter_max;
}

}  // namespace

ByteArray<16> hub_reader_id(const crypto::VerifyKey& hub_key) {
  ByteArray<16> out{};
  std::copy_n(hub_key.begin(), out.size(), out.begin());
  return out;
}

std::optional<BundleReader> hub_as_reader(const crypto::VerifyKey& hub_key) {
  const auto key = crypto::box_key_of(hub_key);
  if (!key) return std::nullopt;
  return BundleReader{hub_reader_id(hub_key), *key};
}

std::size_t bundle_file_bytes(std::size_t packed_bytes, std::size_t readers) {
  const std::size_t size = class_for(packed_bytes);
  if (size == 0) return 0;
  return fixed_bytes + readers * recipient_bytes + signature_bytes + size +
         crypto::content_overhead;
}

std::size_t bundle_content_for(std::size_t file_bytes, std::size_t readers) {
  std::size_t largest = 0;
  for (std::size_t size = bundle_class_min; size <= bundle_class_max; size *= 2) {
    if (bundle_file_bytes(size - 1, readers) <= file_bytes) largest = size;
  }
  // What does not pack grows by less than this.
  return largest == 0 ? 0 : largest - largest / 128 - 256;
}

Result<Bytes> seal_bundle(BundleLabel label, const std::vector<BundleReader>& readers,
                          const schema::Bundle& content, const crypto::SigningKey& maker,
                          crypto::Random& random) {
  if (readers.empty() || readers.size() > bundle_recipients_max) {
    return Error{ErrorKind::invalid,
                 "There is no computer, or there are too many, that could open this bundle."};
  }
  if (content.ByteSizeLong() > bundle_content_max) return too_much();
  Bytes packed = compress(bytes_of(content));
  const std::size_t size = class_for(packed.size());
  if (size == 0) return too_much();
  pad_to(size, packed);

  label.maker_key = maker.verify_key();
  const Bytes bound_to = label_bytes(label);
  const auto key = crypto::ContentKey::generate(random);
  const Bytes sealed = key.seal(contexts::bundle_seal, bound_to, packed, random);

  auto sorted = readers;
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  LayoutWriter out;
  out.bytes(bound_to).u32(static_cast<std::uint32_t>(sealed.size()));
  out.bytes(crypto::hash(contexts::bundle_part, {sealed}));
  out.u16(static_cast<std::uint16_t>(sorted.size()));
  for (const auto& reader : sorted) {
    const Bytes sealed_key = crypto::seal_to(reader.key, key.secret().view());
    if (sealed_key.empty()) {
      return Error{ErrorKind::invalid, "A computer in the central list has a key of no use."};
    }
    out.bytes(reader.id).bytes(sealed_key);
  }
  Bytes file = out.take();
  const auto signature = maker.sign(contexts::bundle_signature, file);
  file.insert(file.end(), signature.begin(), signature.end());
  file.insert(file.end(), sealed.begin(), sealed.end());
  return file;
}

// ---- reading

bool SealedBundle::is_for(const ByteArray<16>& reader) const {
  return std::binary_search(readers_.begin(), readers_.end(), reader);
}

class BundleFile {
 public:
  explicit BundleFile(ByteView file) : file_(file), in_(file) {}

  SealedBundleOrFault read() {
    if (const auto fault = read_start()) return {std::nullopt, *fault};
    if (const auto fault = read_rest()) return {std::nullopt, *fault};
    return {std::move(out_), {}};
  }

  static std::optional<crypto::ContentKey> key_for(const SealedBundle& bundle,
                                                   const ByteArray<16>& reader,
                                                   const crypto::BoxKey& key) {
    const auto at = std::lower_bound(bundle.readers_.begin(), bundle.readers_.end(), reader);
    auto plain = key.open(bundle.keys_[static_cast<std::size_t>(at - bundle.readers_.begin())]);
    if (!plain || plain->size() != 32) return std::nullopt;
    const std::span<const std::uint8_t, 32> secret(plain->data(), 32);
    crypto::ContentKey out{crypto::Secret<32>(secret)};
    crypto::wipe(*plain);
    return out;
  }
  static std::optional<Bytes> opened(const SealedBundle& bundle, const crypto::ContentKey& key) {
    return key.open(contexts::bundle_seal, bundle.bound_to_, bundle.sealed_);
  }

 private:
  // Is it one of ours, of this version, and not larger than any may be?
  std::optional<BundleFault> read_start() {
    const std::size_t known = std::min(file_.size(), magic.size());
    const auto begins = crypto::as_text(file_.first(known));
    if (known == 0 || begins != magic.substr(0, known)) return BundleFault::not_a_bundle;
    if (file_.size() > bundle_bytes_max) return BundleFault::too_large;
    in_.bytes(magic.size());
    const auto number = in_.u16();
    if (in_.failed()) return BundleFault::cut_short;
    if (number > version) return BundleFault::newer;
    if (number < version) return BundleFault::changed;
    return std::nullopt;
  }

  std::optional<BundleFault> read_rest() {
    const auto meant_for = in_.u8();
    const auto made_by = in_.u8();
    read_label(meant_for, made_by);
    const std::size_t sealed_size = in_.u32();
    const auto sealed_hash = in_.array<32>();
    const std::size_t count = in_.u16();
    if (in_.failed()) return BundleFault::cut_short;
    if (sealed_size > bundle_class_max + crypto::content_overhead) return BundleFault::too_large;
    const std::size_t signed_size = fixed_bytes + count * recipient_bytes;
    const std::size_t whole = signed_size + signature_bytes + sealed_size;
    if (file_.size() < whole) return BundleFault::cut_short;
    if (file_.size() > whole) return BundleFault::changed;
    for (std::size_t i = 0; i < count; ++i) {
      out_.readers_.push_back(in_.array<16>());
      out_.keys_.push_back(in_.array<sealed_key_bytes>());
    }
    const auto signature = in_.array<signature_bytes>();
    const ByteView sealed = in_.bytes(sealed_size);
    if (crypto::hash(contexts::bundle_part, {sealed}) != sealed_hash ||
        !crypto::verify(out_.label_.maker_key, contexts::bundle_signature, file_.first(signed_size),
                        signature)) {
      return BundleFault::changed;
    }
    out_.bound_to_.assign(file_.begin(), file_.begin() + bound_bytes);
    out_.sealed_.assign(sealed.begin(), sealed.end());
    return is_well_made(meant_for, made_by) ? std::nullopt
                                            : std::optional(BundleFault::not_opening);
  }

  void read_label(std::uint8_t meant_for, std::uint8_t made_by) {
    auto& label = out_.label_;
    label.meant_for = static_cast<BundleFor>(meant_for);
    label.made_by = static_cast<BundleBy>(made_by);
    label.maker = in_.array<16>();
    label.maker_key = in_.array<32>();
    label.directory_version = in_.u64();
    label.made_at_ms = in_.u64();
    label.set = in_.id<BundleSet>();
    label.part = in_.u16();
    label.parts = in_.u16();
  }

  // Signed as it is, and still not as this program would write it.
  bool is_well_made(std::uint8_t meant_for, std::uint8_t made_by) const {
    const auto& readers = out_.readers_;
    const bool rising =
        std::adjacent_find(readers.begin(), readers.end(),
                           [](const auto& a, const auto& b) { return !(a < b); }) == readers.end();
    return meant_for >= 1 && meant_for <= 2 && made_by >= 1 && made_by <= 2 && rising &&
           !readers.empty() && readers.size() <= bundle_recipients_max &&
           out_.sealed_.size() > crypto::content_overhead &&
           is_class(out_.sealed_.size() - crypto::content_overhead) && holds_together(out_.label_);
  }

  ByteView file_;
  LayoutReader in_;
  SealedBundle out_;
};

SealedBundleOrFault read_bundle(ByteView file) { return BundleFile(file).read(); }

std::optional<BundleFault> open_bundle(const SealedBundle& bundle, const ByteArray<16>& reader,
                                       const crypto::BoxKey& key, schema::Bundle& content) {
  if (!bundle.is_for(reader)) return BundleFault::not_for_us;
  const auto content_key = BundleFile::key_for(bundle, reader, key);
  const auto padded = content_key ? BundleFile::opened(bundle, *content_key) : std::nullopt;
  const auto packed = padded ? without_padding(*padded) : std::nullopt;
  if (!packed) return BundleFault::not_opening;
  if (declared_size(*packed) > bundle_content_max) return BundleFault::bomb;
  const auto plain = decompress(*packed, bundle_content_max);
  if (!plain) {
    return plain.error().kind == ErrorKind::newer ? BundleFault::newer : BundleFault::unreadable;
  }
  if (!parse(*plain, content)) return BundleFault::unreadable;
  return std::nullopt;
}

Error error_of(BundleFault fault) {
  switch (fault) {
    case BundleFault::not_a_bundle:
      return {ErrorKind::invalid,
              "This file is not a Throughgate bundle. Choose a file whose name begins with "
              "\"throughgate-\" and ends in \".tgb\". Nothing was changed."};
    case BundleFault::newer:
      return {ErrorKind::newer,
              "This bundle was made by a newer version of Throughgate. Update this program, then "
              "bring it in again. Nothing was changed."};
    case BundleFault::too_large:
      return {ErrorKind::invalid,
              "This file is larger than a bundle can be. Ask for the bundle to be made again, in "
              "smaller parts. Nothing was changed."};
    case BundleFault::cut_short:
      return {ErrorKind::invalid,
              "This bundle is not whole: it was copied only in part. Copy the file again, wait "
              "until copying has ended, then bring it in. Nothing was changed."};
    case BundleFault::changed:
      return {ErrorKind::rejected,
              "This bundle was changed or damaged after it was made. Copy the file again; if that "
              "does not help, ask for it to be made again. Nothing was changed here."};
    case BundleFault::not_for_us:
      return {ErrorKind::denied,
              "This bundle is for another organisation or another computer, and cannot be opened "
              "here. Take it to whom it is for, or ask for one for this computer. Nothing was "
              "changed."};
    case BundleFault::not_opening:
      return {ErrorKind::rejected,
              "This bundle was not made as it should have been, and does not open. Ask for it to "
              "be made again, and tell the central team. Nothing was changed."};
    case BundleFault::bomb:
      return {ErrorKind::rejected,
              "This bundle would unpack to more than a bundle can hold. Do not bring it in, and "
              "tell the central team who made it. Nothing was changed."};
    case BundleFault::unreadable:
      break;
  }
  return {ErrorKind::rejected,
          "This bundle opens, and what is inside cannot be read. Ask for it to be made again, and "
          "tell the central team. Nothing was changed."};
}

}  // namespace throughgate::sync
