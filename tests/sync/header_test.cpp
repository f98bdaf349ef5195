#include "sync/header.h"

#include <catch_amalgamated.hpp>
#include <set>

#include "crypto/hash.h"
#include "sync/contexts.h"
#include "tests/sync/seeded_random.h"

using namespace throughgate;
using namespace throughgate::sync;
using throughgate::sync::testing::SeededRandom;

namespace {

Header sample(std::size_t dependencies = 2) {
  SeededRandom random(1);
  Header header;
  header.kind = EntryKind::membership;
  header.dossier = DossierId::random(random);
  header.author = NodeId::random(random);
  header.stream = StreamId::random(random);
  header.seq = 7;
  header.previous = random.bytes<32>();
  header.membership_version = 3;
  header.epoch = EpochId::random(random);
  header.base_dsn = 12;
  header.base_head = random.bytes<32>();
  for (std::size_t i = 0; i < dependencies; ++i) {
    StreamId stream = StreamId::random(random);
    stream.bytes[0] = static_cast<std::uint8_t>(i);
    header.dependencies.push_back({stream, i + 1, random.bytes<32>()});
  }
  header.clear = {100, random.bytes<32>()};
  header.sealed = {104, random.bytes<32>()};
  return header;
}

void check_malformed(const Header& header) {
  const auto decoded = decode_header(header.encode());
  CHECK_FALSE(decoded.header);
  CHECK(decoded.fault == HeaderFault::malformed);
}

}  // namespace

TEST_CASE("a header says the same after encoding and decoding", "[header]") {
  for (const auto dependencies : {std::size_t{0}, std::size_t{1}, std::size_t{8}}) {
    const Header header = sample(dependencies);
    CHECK(header.encode().size() == 225 + 56 * dependencies);
    CHECK(decode_header(header.encode()).header == header);
  }
}

TEST_CASE("a header's fields stand where the format document says", "[header]") {
  const Header header = sample();
  const Bytes bytes = header.encode();
  const auto at = [&](std::size_t offset, std::size_t size) {
    return crypto::to_hex(ByteView(bytes).subspan(offset, size));
  };
  CHECK(at(0, 4) == "01000200");
  CHECK(at(4, 16) == header.dossier.hex());
  CHECK(at(20, 16) == header.author.hex());
  CHECK(at(36, 16) == header.stream.hex());
  CHECK(at(52, 8) == "0700000000000000");
  CHECK(at(60, 32) == crypto::to_hex(header.previous));
  CHECK(at(92, 4) == "03000000");
  CHECK(at(96, 16) == header.epoch.hex());
  CHECK(at(112, 8) == "0c00000000000000");
  CHECK(at(120, 32) == crypto::to_hex(header.base_head));
  CHECK(at(152, 1) == "02");
  CHECK(at(153, 16) == header.dependencies[0].stream.hex());
  CHECK(at(153 + 112, 4) == "64000000");
  CHECK(at(153 + 112 + 36, 4) == "68000000");
}

TEST_CASE("the sealed part is bound to every byte before the lengths", "[header]") {
  const Header header = sample();
  const Bytes whole = header.encode();
  const Bytes leading = header.encode_before_parts();
  CHECK(leading.size() == whole.size() - 72);
  CHECK(std::equal(leading.begin(), leading.end(), whole.begin()));
}

TEST_CASE("a header of any other length is malformed", "[header]") {
  const Bytes whole = sample().encode();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK_FALSE(decode_header(ByteView(whole).first(size)).header);
  }
  Bytes longer = whole;
  longer.push_back(0);
  CHECK_FALSE(decode_header(longer).header);
}

TEST_CASE("a version this program does not know is told apart from damage", "[header]") {
  Bytes bytes = sample().encode();
  bytes[0] = 2;
  CHECK(decode_header(bytes).fault == HeaderFault::version_unknown);
  CHECK_FALSE(decode_header(bytes).header);
  bytes[0] = 0;
  CHECK(decode_header(bytes).fault == HeaderFault::malformed);
  CHECK(decode_header(Bytes{9, 9}).fault == HeaderFault::version_unknown);  // whatever follows
  CHECK(decode_header(Bytes{9}).fault == HeaderFault::malformed);
}

TEST_CASE("a kind out of range is malformed", "[header]") {
  Bytes bytes = sample().encode();
  for (const int kind : {0, 4, 255}) {
    bytes[2] = static_cast<std::uint8_t>(kind);
    CHECK_FALSE(decode_header(bytes).header);
  }
}

TEST_CASE("a header that contradicts itself is malformed", "[header]") {
  SECTION("seq 0") {
    Header header = sample();
    header.seq = 0;
    check_malformed(header);
  }
  SECTION("seq 1 with a previous entry") {
    Header header = sample();
    header.seq = 1;
    check_malformed(header);
  }
  SECTION("a later seq without one") {
    Header header = sample();
    header.previous = {};
    check_malformed(header);
  }
  SECTION("membership version 0") {
    Header header = sample();
    header.membership_version = 0;
    check_malformed(header);
  }
  SECTION("no sealed part") {
    Header header = sample();
    header.sealed = {};
    check_malformed(header);
  }
  SECTION("a length without a hash") {
    Header header = sample();
    header.sealed.hash = {};
    check_malformed(header);
  }
  SECTION("a hash without a length") {
    Header header = sample();
    header.clear.length = 0;
    check_malformed(header);
  }
  SECTION("a CHANGE with a clear part") {
    Header header = sample();
    header.kind = EntryKind::change;
    check_malformed(header);
  }
  SECTION("a MEMBERSHIP without one") {
    Header header = sample();
    header.clear = {};
    check_malformed(header);
  }
}

TEST_CASE("counters end at 2 to the 62nd, which every store can hold", "[header]") {
  constexpr std::uint64_t last = std::uint64_t{1} << 62;
  const auto each = [](const auto& check) {
    Header seq = sample();
    Header base = sample();
    Header dependency = sample();
    check(seq, seq.seq);
    check(base, base.base_dsn);
    check(dependency, dependency.dependencies[0].seq);
  };
  each([](const Header& header, std::uint64_t& counter) {
    counter = last;
    CHECK(decode_header(header.encode()).header == header);
    counter = last + 1;
    check_malformed(header);
    counter = ~std::uint64_t{0};
    check_malformed(header);
  });
}

TEST_CASE("dependencies are at most eight, sorted, of other streams", "[header]") {
  SECTION("nine") { check_malformed(sample(9)); }
  SECTION("out of order") {
    Header header = sample();
    std::swap(header.dependencies[0], header.dependencies[1]);
    check_malformed(header);
  }
  SECTION("one stream twice") {
    Header header = sample();
    header.dependencies[1].stream = header.dependencies[0].stream;
    check_malformed(header);
  }
  SECTION("the entry's own stream") {
    Header header = sample();
    header.dependencies[0].stream = header.stream;
    header.dependencies.resize(1);
    check_malformed(header);
  }
  SECTION("seq 0") {
    Header header = sample();
    header.dependencies[0].seq = 0;
    check_malformed(header);
  }
}

TEST_CASE("every bit of a header changes its hash", "[header]") {
  Bytes bytes = sample().encode();
  std::set<Hash> seen{entry_hash(bytes)};
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    CHECK(seen.insert(entry_hash(bytes)).second);
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
  }
}

TEST_CASE("an absent part has length 0 and hash 0", "[header]") {
  CHECK(digest_of_part({}) == PartDigest{});
  const Bytes part{1};
  CHECK(digest_of_part(part).length == 1);
  CHECK(digest_of_part(part).hash == crypto::hash(crypto::Context{"tg entry part"}, {part}));
}

TEST_CASE("no two kinds of message share a context", "[contexts]") {
  const std::vector<crypto::Context> all{contexts::entry_hash,
                                         contexts::entry_signature,
                                         contexts::entry_part,
                                         contexts::entry_seal,
                                         contexts::dossier_id,
                                         contexts::key_commitment,
                                         contexts::chain_start,
                                         contexts::chain_link,
                                         contexts::head_leaf,
                                         contexts::head_node,
                                         contexts::heads_signature,
                                         contexts::verdict_signature,
                                         contexts::envelope_list,
                                         contexts::projection_digest,
                                         contexts::policy_version,
                                         contexts::reconcile_item,
                                         contexts::directory_hash,
                                         contexts::directory_signature,
                                         contexts::challenge_answer,
                                         contexts::cursor,
                                         contexts::enrol_request,
                                         contexts::enrol_reply,
                                         contexts::invitation_check,
                                         contexts::invitation_mailbox,
                                         contexts::invitation_request_key,
                                         contexts::invitation_reply_key,
                                         contexts::dictionary};
  std::set<ByteArray<16>> seen;
  for (const auto& context : all) CHECK(seen.insert(context.bytes()).second);
}
