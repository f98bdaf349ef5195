#include "sync/compression.h"

#include <array>
#include <catch_amalgamated.hpp>
#include <thread>
#include <vector>

#include "crypto/hash.h"
#include "sync/contexts.h"
#include "sync/dictionary/dictionaries.h"
#include "tests/sync/seeded_random.h"
#include "tests/sync/zstd_frames.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

namespace {

constexpr std::size_t limit = 256 << 10;

void check_refused(ByteView packed) {
  const auto plain = decompress(packed, limit);
  REQUIRE_FALSE(plain);
  CHECK(plain.error().kind == ErrorKind::rejected);
}

}  // namespace

TEST_CASE("what was compressed is there again", "[compression]") {
  SeededRandom random(1);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{5000}, limit}) {
    Bytes plain(size);
    random.fill(plain);
    const auto again = decompress(compress(plain), limit);
    REQUIRE(again);
    CHECK(*again == plain);
  }
}

TEST_CASE("several threads compress and decompress at once, each as if alone",
          "[compression][threads]") {
  const auto part = [](std::size_t i) { return Bytes(200 + i, static_cast<std::uint8_t>(i)); };
  std::array<std::size_t, 4> right{};
  std::vector<std::thread> threads;
  for (std::size_t first = 0; first < right.size(); ++first) {
    threads.emplace_back([&, first] {
      for (std::size_t i = first; i < first + 50; ++i) {
        const auto again = decompress(compress(part(i)), limit);
        right[first] += again && *again == part(i) ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(right == std::array<std::size_t, 4>{50, 50, 50, 50});
}

TEST_CASE("a frame made by hand is read", "[compression]") {
  const Bytes content{1, 2, 3};
  const auto plain = decompress(stored_frame(3, content), limit);
  REQUIRE(plain);
  CHECK(*plain == content);
}

TEST_CASE("a frame that declares more than the limit is refused by its header", "[compression]") {
  check_refused(stored_frame(limit + 1, Bytes{1, 2, 3}));
  check_refused(bomb(10'000'000'000, 250));
  check_refused(bomb(~0ULL, 250));
}

TEST_CASE("a frame that declares little and holds much is refused", "[compression]") {
  check_refused(bomb(100, 250));
  check_refused(stored_frame(2, Bytes{1, 2, 3}));
}

TEST_CASE("a frame that declares more than it holds is refused", "[compression]") {
  check_refused(stored_frame(4, Bytes{1, 2, 3}));
}

TEST_CASE("a frame without its content size is refused", "[compression]") {
  LayoutWriter out;
  out.u32(0xFD2FB528).u8(0x01).u8(0x00).u8(1);  // a window instead; dictionary 1
  add_block(out, Block::raw, true, 1, Bytes{1});
  check_refused(out.take());
}

TEST_CASE("a frame that needs a dictionary we do not ship is a newer program's", "[compression]") {
  const auto plain = decompress(stored_frame(3, Bytes{1, 2, 3}, 77), limit);
  REQUIRE_FALSE(plain);
  CHECK(plain.error().kind == ErrorKind::newer);
}

TEST_CASE("a frame that names no dictionary is refused", "[compression]") {
  check_refused(stored_frame(3, Bytes{1, 2, 3}, 0));
}

TEST_CASE("every dictionary that was shipped is there, byte for byte", "[compression]") {
  struct Shipped {
    std::uint32_t id;
    std::size_t size;
    const char* hash;
  };
  const std::vector<Shipped> shipped{
      {1, 16384, "00e7349a3673a88675b6c58be19728c177c6e8003a92a80fcc77d274a36e9861"},
  };
  REQUIRE(dictionaries().size() == shipped.size());
  for (std::size_t i = 0; i < shipped.size(); ++i) {
    const auto& [id, bytes] = dictionaries()[i];
    CHECK(id == shipped[i].id);
    CHECK(bytes.size() == shipped[i].size);
    CHECK(crypto::to_hex(crypto::hash(contexts::dictionary, {bytes})) == shipped[i].hash);
  }
}

TEST_CASE("a dictionary is one that zstd knows by its id", "[compression]") {
  for (const auto& [id, bytes] : dictionaries()) {
    LayoutReader in(bytes);
    CHECK(in.u32() == 0xEC30A437);  // RFC 8878: a dictionary with tables, not raw content
    CHECK(in.u32() == id);
  }
}

TEST_CASE("what is packed names the newest dictionary", "[compression]") {
  const Bytes packed = compress(Bytes{1, 2, 3});
  REQUIRE(packed.size() > 6);
  CHECK((packed[4] & 3U) == 1);  // its id in one byte
  CHECK(packed[5] == dictionaries().back().id);
}

TEST_CASE("anything before, after or instead of one whole frame is refused", "[compression]") {
  const Bytes frame = stored_frame(3, Bytes{1, 2, 3});
  for (std::size_t size = 0; size < frame.size(); ++size) {
    check_refused(ByteView(frame).first(size));
  }
  Bytes longer = frame;
  longer.push_back(0);
  check_refused(longer);
  Bytes twice = frame;
  twice.insert(twice.end(), frame.begin(), frame.end());
  check_refused(twice);
  LayoutWriter writer;
  writer.u32(0x184D2A50).u32(4).u32(0);
  const Bytes skippable = writer.take();
  check_refused(skippable);
  for (const Bytes& second : {skippable, stored_frame(0, {})}) {  // which hold nothing themselves
    Bytes with_second = frame;
    with_second.insert(with_second.end(), second.begin(), second.end());
    check_refused(with_second);
  }
}
