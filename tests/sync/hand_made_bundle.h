// A bundle written field by field from docs/format.md, so that each of its parts can lie.
#pragma once

#include "crypto/content_key.h"
#include "schema/bundle.pb.h"
#include "sync/bundle.h"
#include "sync/compression.h"
#include "sync/contexts.h"
#include "sync/layout.h"
#include "tests/sync/seeded_random.h"

namespace throughgate::sync::testing {

inline Bytes bytes_of(const schema::Bundle& content) {
  const std::string text = content.SerializeAsString();
  return {text.begin(), text.end()};
}

inline Bytes padded_to(std::size_t size, Bytes packed) {
  packed.push_back(0x80);
  packed.resize(size);
  return packed;
}

// A maker and two computers of who may read, whose keys are the same in every run.
struct BundleMakers {
  SeededRandom random{91};
  crypto::SigningKey maker = crypto::SigningKey::generate(random);
  crypto::BoxKey key = crypto::BoxKey::generate(random);
  crypto::BoxKey other_key = crypto::BoxKey::generate(random);
  ByteArray<16> reader = random.bytes<16>();
  ByteArray<16> other_reader = random.bytes<16>();

  BundleLabel label() {
    BundleLabel out;
    out.maker = {'m', 'a', 'd', 'e', ' ', 'u', 'p'};
    out.maker_key = maker.verify_key();
    out.directory_version = 3;
    out.made_at_ms = 1'800'000'000'000;
    out.set = {{'s', 'e', 't'}};
    return out;
  }
  std::vector<BundleReader> readers() const {
    return {{reader, key.public_key()}, {other_reader, other_key.public_key()}};
  }
  schema::Bundle content() const {
    schema::Bundle out;
    out.add_directory()->set_body("made up");
    out.add_dossiers()->mutable_entries()->set_dossier(std::string(16, 'd'));
    return out;
  }
};

struct HandMadeBundle {
  explicit HandMadeBundle(BundleMakers& by) : makers(by) {
    content_key = crypto::ContentKey::generate(by.random);
    for (const auto& each : by.readers()) readers.push_back(each);
    std::sort(readers.begin(), readers.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    packed = compress(testing::bytes_of(by.content()));
  }

  BundleMakers& makers;
  std::optional<crypto::ContentKey> content_key;
  std::vector<BundleReader> readers;
  std::string magic = "TGBUNDLE";
  std::uint16_t version = 1;
  std::uint8_t meant_for = 1;
  std::uint8_t made_by = 1;
  std::uint64_t directory_version = 3;
  std::uint16_t part = 1;
  std::uint16_t parts = 1;
  Bytes packed;
  std::optional<Bytes> padded;  // instead of `packed` padded to the least class
  std::size_t size_class = bundle_class_min;
  std::optional<std::uint32_t> length;  // of the sealed part, as it says
  std::optional<std::uint16_t> count;   // of readers, as it says
  bool key_of_nobody = false;           // the reader's box holds another key
  crypto::Context signed_as = contexts::bundle_signature;

  Bytes file() const {
    LayoutWriter out;
    const auto label = makers.label();
    out.bytes(crypto::as_bytes(magic)).u16(version).u8(meant_for).u8(made_by);
    out.bytes(label.maker).bytes(label.maker_key).u64(directory_version).u64(label.made_at_ms);
    out.bytes(label.set.bytes).u16(part).u16(parts);
    Bytes head = out.take();
    const Bytes plain = padded ? *padded : padded_to(size_class, packed);
    const Bytes sealed = content_key->seal(contexts::bundle_seal, head, plain, makers.random);
    LayoutWriter rest;
    rest.u32(length.value_or(static_cast<std::uint32_t>(sealed.size())));
    rest.bytes(crypto::hash(contexts::bundle_part, {sealed}));
    rest.u16(count.value_or(static_cast<std::uint16_t>(readers.size())));
    for (const auto& reader : readers) {
      const auto other = makers.random.bytes<32>();
      const ByteView key = key_of_nobody ? ByteView(other) : content_key->secret().view();
      rest.bytes(reader.id).bytes(crypto::seal_to(reader.key, key));
    }
    const Bytes tail = rest.take();
    head.insert(head.end(), tail.begin(), tail.end());
    const auto signature = makers.maker.sign(signed_as, head);
    head.insert(head.end(), signature.begin(), signature.end());
    head.insert(head.end(), sealed.begin(), sealed.end());
    return head;
  }
};

}  // namespace throughgate::sync::testing
