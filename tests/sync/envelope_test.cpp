#include "sync/envelope.h"

#include <catch_amalgamated.hpp>

#include "tests/sync/every_bit.h"
#include "tests/sync/seeded_random.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

namespace {

struct Sealed {
  SeededRandom random{1};
  DossierId dossier = DossierId::random(random);
  crypto::ContentKey key = crypto::ContentKey::generate(random);
  crypto::BoxKey box = crypto::BoxKey::generate(random);
  crypto::SigningKey sender = crypto::SigningKey::generate(random);
  Hash commitment = key_commitment(key, dossier);
  Envelope envelope = *seal_key(key, {RecipientKind::node, random.bytes<16>()}, box.public_key());

  EnvelopeList list(std::size_t count) {
    EnvelopeList out{NodeId::random(random), dossier, EpochId::first_bytes_of(commitment), {}, {}};
    for (std::size_t i = 0; i < count; ++i) {
      const auto kind = i % 2 == 0 ? RecipientKind::node : RecipientKind::recovery_key;
      out.envelopes.push_back({{kind, random.bytes<16>()}, random.bytes<envelope_bytes>()});
    }
    sign(out, sender);
    return out;
  }
};

}  // namespace

TEST_CASE("an envelope opens for its recipient and gives the key committed to", "[envelope]") {
  const Sealed s;
  const auto opened = open_envelope(s.envelope, s.box, s.dossier, s.commitment);
  REQUIRE(opened);
  CHECK(crypto::equal_in_constant_time(opened->secret().view(), s.key.secret().view()));
}

TEST_CASE("an envelope does not open for anybody else", "[envelope]") {
  Sealed s;
  const auto other = crypto::BoxKey::generate(s.random);
  CHECK_FALSE(open_envelope(s.envelope, other, s.dossier, s.commitment));
}

TEST_CASE("a key that is not the one committed to is refused", "[envelope]") {
  Sealed s;
  const auto other = crypto::ContentKey::generate(s.random);
  const auto wrong = seal_key(other, s.envelope.recipient, s.box.public_key());
  REQUIRE(wrong);
  CHECK_FALSE(open_envelope(*wrong, s.box, s.dossier, s.commitment));
  CHECK_FALSE(open_envelope(s.envelope, s.box, DossierId::random(s.random), s.commitment));
}

TEST_CASE("nothing is sealed to a public key that is none", "[envelope]") {
  const Sealed s;
  CHECK_FALSE(seal_key(s.key, s.envelope.recipient, crypto::BoxPublicKey{}));
}

TEST_CASE("every bit of an envelope is checked", "[envelope]") {
  Sealed s;
  std::size_t opened = 0;
  for (std::size_t bit = 0; bit < envelope_bytes * 8; ++bit) {
    s.envelope.sealed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    if (open_envelope(s.envelope, s.box, s.dossier, s.commitment)) ++opened;
    s.envelope.sealed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
  }
  CHECK(opened == 0);
}

TEST_CASE("a commitment is another for another key or dossier", "[envelope]") {
  Sealed s;
  CHECK(s.commitment != key_commitment(crypto::ContentKey::generate(s.random), s.dossier));
  CHECK(s.commitment != key_commitment(s.key, DossierId::random(s.random)));
}

TEST_CASE("an envelope list says the same after encoding and decoding", "[envelope]") {
  Sealed s;
  for (const auto count : {std::size_t{0}, std::size_t{1}, envelopes_max}) {
    const auto list = s.list(count);
    CHECK(list.encode().size() == 50 + 97 * count);
    const auto again = decode_envelope_list(list.encode(), list.signature);
    REQUIRE(again);
    CHECK(*again == list);
    CHECK(verify(*again, s.sender.verify_key()));
  }
}

TEST_CASE("every bit of an envelope list is signed", "[envelope]") {
  Sealed s;
  const auto list = s.list(2);
  Bytes bytes = list.encode();
  auto signature = list.signature;
  const auto verifies = [&] {
    const auto decoded = decode_envelope_list(bytes, signature);
    return decoded && verify(*decoded, s.sender.verify_key());
  };
  check_every_bit(bytes, verifies);
  check_every_bit(signature, verifies);
}

TEST_CASE("an envelope list signed by another is refused", "[envelope]") {
  Sealed s;
  const auto other = crypto::SigningKey::generate(s.random);
  CHECK_FALSE(verify(s.list(1), other.verify_key()));
}

TEST_CASE("an envelope list of another length, or over the limit, is refused", "[envelope]") {
  Sealed s;
  const Bytes bytes = s.list(2).encode();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(decode_envelope_list(ByteView(bytes).first(size), {}));
  }
  Bytes longer = bytes;
  longer.push_back(0);
  CHECK_FALSE(decode_envelope_list(longer, {}));
  CHECK_FALSE(decode_envelope_list(s.list(envelopes_max + 1).encode(), {}));
  Bytes kind = bytes;
  kind[50] = 3;
  CHECK_FALSE(decode_envelope_list(kind, {}));
}
