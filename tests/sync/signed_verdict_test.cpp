#include "sync/signed_verdict.h"

#include <catch_amalgamated.hpp>

#include "sync/contexts.h"
#include "tests/sync/every_bit.h"
#include "tests/sync/test_dossier.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

namespace {

SignedVerdict sample(const crypto::SigningKey& key, crypto::Random& random) {
  SignedVerdict verdict{InstanceId::random(random),
                        DossierId::random(random),
                        random.bytes<32>(),
                        {Outcome::rejected, Reason::epoch},
                        0,
                        1'800'000'000'000,
                        {}};
  sign(verdict, key);
  return verdict;
}

struct Forked {
  TestDossier dossier;
  Stream stream = dossier.new_stream();
  VerifiedEntry first = dossier.begin(stream);
  ForkProof proof;

  Forked() {
    Stream again = stream;
    const auto a = dossier.write(dossier.owner, stream);
    const auto b = dossier.write(dossier.owner, again);
    proof = {a.bytes().header, a.bytes().signature, b.bytes().header, b.bytes().signature};
  }
  bool proves() const { return proves_fork(proof, dossier.owner.key.verify_key()); }
  // Replaces the second header by an edited one, properly signed.
  template <class Edit>
  void edit_second(Edit edit) {
    Header header = *decode_header(proof.header_b).header;
    edit(header);
    proof.header_b = header.encode();
    proof.signature_b = dossier.owner.key.sign(contexts::entry_signature, proof.header_b);
  }
};

}  // namespace

TEST_CASE("a verdict is 83 bytes and says the same again", "[signed_verdict]") {
  SeededRandom random(1);
  const auto key = crypto::SigningKey::generate(random);
  const auto verdict = sample(key, random);
  CHECK(verdict.encode().size() == 83);
  const auto again = decode_verdict(verdict.encode(), verdict.signature);
  REQUIRE(again);
  CHECK(*again == verdict);
  CHECK(verify(*again, key.verify_key()));
}

TEST_CASE("every bit of a verdict is signed", "[signed_verdict]") {
  SeededRandom random(1);
  const auto key = crypto::SigningKey::generate(random);
  const auto verdict = sample(key, random);
  Bytes bytes = verdict.encode();
  auto signature = verdict.signature;
  const auto verifies = [&] {
    const auto decoded = decode_verdict(bytes, signature);
    return decoded && verify(*decoded, key.verify_key());
  };
  check_every_bit(bytes, verifies);
  check_every_bit(signature, verifies);
  CHECK_FALSE(verify(verdict, crypto::SigningKey::generate(random).verify_key()));
}

TEST_CASE("a verdict of another length or outcome is refused", "[signed_verdict]") {
  SeededRandom random(1);
  const auto verdict = sample(crypto::SigningKey::generate(random), random);
  Bytes bytes = verdict.encode();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(decode_verdict(ByteView(bytes).first(size), {}));
  }
  for (const int outcome : {0, 7, 255}) {
    bytes[64] = static_cast<std::uint8_t>(outcome);
    CHECK_FALSE(decode_verdict(bytes, {}));
  }
  bytes[64] = 4;
  CHECK(decode_verdict(bytes, {}));
  bytes.push_back(0);
  CHECK_FALSE(decode_verdict(bytes, {}));
}

TEST_CASE("a reason of a newer hub is kept as its number", "[signed_verdict]") {
  SeededRandom random(1);
  auto verdict = sample(crypto::SigningKey::generate(random), random);
  verdict.ruling.reason = static_cast<Reason>(999);
  CHECK(decode_verdict(verdict.encode(), verdict.signature) == verdict);
}

TEST_CASE("two headers signed for one place prove a fork", "[signed_verdict]") {
  const Forked f;
  CHECK(f.proves());
}

TEST_CASE("anything less does not prove a fork", "[signed_verdict]") {
  Forked f;
  SECTION("one header twice") {
    f.proof.header_b = f.proof.header_a;
    f.proof.signature_b = f.proof.signature_a;
  }
  SECTION("one header with two signatures' worth of bytes") { f.proof.signature_b[0] ^= 1; }
  SECTION("a first header that was not signed") { f.proof.signature_a[0] ^= 1; }
  SECTION("another seq") {
    f.edit_second([](Header& header) { ++header.seq; });
  }
  SECTION("another stream") {
    f.edit_second([](Header& header) { header.stream.bytes[0] ^= 1; });
  }
  SECTION("another dossier") {
    f.edit_second([](Header& header) { header.dossier.bytes[0] ^= 1; });
  }
  SECTION("another author named") {
    f.edit_second([](Header& header) { header.author.bytes[0] ^= 1; });
  }
  SECTION("not a header") { f.proof.header_b.pop_back(); }
  SECTION("a header of a newer program") { f.proof.header_b[0] = 2; }
  CHECK_FALSE(f.proves());
}

TEST_CASE("a fork is not proved against another node's key", "[signed_verdict]") {
  const Forked f;
  CHECK_FALSE(proves_fork(f.proof, f.dossier.receiver.key.verify_key()));
}

TEST_CASE("a final verdict closes its stream, but nobody closes another's", "[verdict]") {
  CHECK(Ruling{Outcome::rejected, Reason::epoch}.closes_stream());
  CHECK(Ruling{Outcome::fork, Reason::none}.closes_stream());
  CHECK_FALSE(Ruling{Outcome::rejected, Reason::stream_taken}.closes_stream());
  CHECK(Ruling{Outcome::rejected, Reason::stream_taken}.is_final());
  for (const auto outcome :
       {Outcome::accepted, Outcome::duplicate, Outcome::need_full, Outcome::hold}) {
    CHECK_FALSE(Ruling{outcome, Reason::none}.is_final());
    CHECK_FALSE(Ruling{outcome, Reason::none}.closes_stream());
  }
}
