#include "sync/layout.h"

#include <catch_amalgamated.hpp>

using namespace throughgate::sync;

TEST_CASE("numbers are written little endian, in exactly their width", "[layout]") {
  LayoutWriter out;
  out.u8(0x01).u16(0x0203).u32(0x04050607).u64(0x08090a0b0c0d0e0f);
  const Bytes bytes = out.take();
  CHECK(throughgate::crypto::to_hex(bytes) == "010302070605040f0e0d0c0b0a0908");
}

TEST_CASE("what was written is read again", "[layout]") {
  LayoutWriter out;
  const Bytes some{1, 2, 3};
  const OrganisationId id{{9, 8, 7}};
  out.u8(255).u16(65535).u32(4294967295).u64(~0ULL).bytes(id.bytes).bytes(some);
  const Bytes bytes = out.take();
  LayoutReader in(bytes);
  CHECK(in.u8() == 255);
  CHECK(in.u16() == 65535);
  CHECK(in.u32() == 4294967295);
  CHECK(in.u64() == ~0ULL);
  CHECK(in.id<OrganisationId>() == id);
  const ByteView rest = in.bytes(3);
  CHECK(Bytes(rest.begin(), rest.end()) == some);
  CHECK(in.finished());
}

TEST_CASE("a read past the end gives zeros and fails for good", "[layout]") {
  const Bytes bytes{1, 2, 3};
  LayoutReader in(bytes);
  CHECK(in.u32() == 0);
  CHECK(in.failed());
  CHECK(in.u8() == 0);
  CHECK(in.array<2>() == ByteArray<2>{});
  CHECK_FALSE(in.finished());
}

TEST_CASE("a length near the top of the number range does not wrap around", "[layout]") {
  const Bytes bytes{1, 2, 3};
  LayoutReader in(bytes);
  in.u8();
  CHECK(in.bytes(~std::size_t{0}).empty());
  CHECK(in.failed());
}

TEST_CASE("bytes left over are noticed", "[layout]") {
  const Bytes bytes{1, 2};
  LayoutReader in(bytes);
  in.u8();
  CHECK_FALSE(in.failed());
  CHECK_FALSE(in.finished());
}

TEST_CASE("an id is made only from exactly its length", "[ids]") {
  CHECK(NodeId::from(Bytes(15)) == std::nullopt);
  CHECK(NodeId::from(Bytes(17)) == std::nullopt);
  CHECK(NodeId::from(Bytes(16)).has_value());
  CHECK(NodeId::from(Bytes(16))->is_zero());
  Hash hash{};
  hash[15] = 7;
  hash[16] = 9;
  CHECK(EpochId::first_bytes_of(hash).hex() == "00000000000000000000000000000007");
}
