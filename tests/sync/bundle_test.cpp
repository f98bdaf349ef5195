#include "sync/bundle.h"

#include <catch_amalgamated.hpp>
#include <set>

#include "crypto/signing_box.h"
#include "tests/sync/every_bit.h"
#include "tests/sync/hand_made_bundle.h"
#include "tests/sync/zstd_frames.h"

using namespace throughgate;
using namespace throughgate::sync;
using testing::BundleMakers;
using testing::HandMadeBundle;

namespace {

Bytes sealed_by_program(BundleMakers& by, const schema::Bundle& content) {
  const auto file = seal_bundle(by.label(), by.readers(), content, by.maker, by.random);
  REQUIRE(file);
  return *file;
}

std::optional<BundleFault> fault_of(const BundleMakers& by, ByteView file) {
  const auto read = read_bundle(file);
  if (!read.bundle) return read.fault;
  schema::Bundle content;
  return open_bundle(*read.bundle, by.reader, by.key, content);
}

// More than one class: content that does not pack.
schema::Bundle noise(BundleMakers& by, std::size_t bytes) {
  schema::Bundle out;
  std::string body(bytes, '\0');
  by.random.fill({reinterpret_cast<std::uint8_t*>(body.data()), body.size()});
  out.add_directory()->set_body(body);
  return out;
}

}  // namespace

TEST_CASE("a bundle opens for each of its readers with what was put in", "[bundle]") {
  BundleMakers by;
  const Bytes file = sealed_by_program(by, by.content());
  const auto read = read_bundle(file);
  REQUIRE(read.bundle);
  CHECK(read.bundle->label() == by.label());
  CHECK(read.bundle->readers().size() == 2);
  schema::Bundle first, second;
  CHECK_FALSE(open_bundle(*read.bundle, by.reader, by.key, first));
  CHECK_FALSE(open_bundle(*read.bundle, by.other_reader, by.other_key, second));
  CHECK(first.SerializeAsString() == by.content().SerializeAsString());
  CHECK(second.SerializeAsString() == by.content().SerializeAsString());
}

TEST_CASE("a bundle written by hand from the description is read by the program", "[bundle]") {
  BundleMakers by;
  CHECK_FALSE(fault_of(by, HandMadeBundle(by).file()));
}

TEST_CASE("a bundle is opened by nobody whom it is not sealed to", "[bundle]") {
  BundleMakers by;
  const Bytes file = sealed_by_program(by, by.content());
  const auto read = read_bundle(file);
  REQUIRE(read.bundle);
  schema::Bundle content;
  const auto stranger = crypto::BoxKey::generate(by.random);
  CHECK(open_bundle(*read.bundle, by.random.bytes<16>(), stranger, content) ==
        BundleFault::not_for_us);
  CHECK(open_bundle(*read.bundle, by.reader, stranger, content) == BundleFault::not_opening);
  CHECK(content.ByteSizeLong() == 0);
}

TEST_CASE("a bundle for the exchange opens with its signing key's secret", "[bundle]") {
  BundleMakers by;
  const auto hub = crypto::SigningKey::generate(by.random);
  const auto reader = hub_as_reader(hub.verify_key());
  REQUIRE(reader);
  auto label = by.label();
  label.meant_for = BundleFor::hub;
  const auto file = seal_bundle(label, {*reader}, by.content(), by.maker, by.random);
  REQUIRE(file);
  const auto read = read_bundle(*file);
  REQUIRE(read.bundle);
  schema::Bundle content;
  CHECK_FALSE(
      open_bundle(*read.bundle, hub_reader_id(hub.verify_key()), crypto::box_key_of(hub), content));
  const auto other = crypto::SigningKey::generate(by.random);
  CHECK_FALSE(read.bundle->is_for(hub_reader_id(other.verify_key())));
}

TEST_CASE("of what is inside, a bundle's size tells only its class", "[bundle]") {
  BundleMakers by;
  std::set<std::size_t> sizes;
  for (std::size_t bytes = 1; bytes < 3900; bytes += 300) {
    sizes.insert(sealed_by_program(by, noise(by, bytes)).size());
  }
  CHECK(sizes.size() == 1);
  CHECK(*sizes.begin() == bundle_file_bytes(1, 2));
  const auto larger = sealed_by_program(by, noise(by, 5000)).size();
  CHECK(larger - *sizes.begin() == 4096);
  CHECK(larger == bundle_file_bytes(5000, 2));
  CHECK(bundle_file_bytes(bundle_class_max, 2) == 0);
}

TEST_CASE("the same content sealed twice has nothing in common but its size", "[bundle]") {
  BundleMakers by;
  const Bytes a = sealed_by_program(by, by.content());
  const Bytes b = sealed_by_program(by, by.content());
  REQUIRE(a.size() == b.size());
  const std::size_t from = a.size() - bundle_class_min;
  std::size_t same = 0;
  for (std::size_t i = from; i < a.size(); ++i) same += a[i] == b[i] ? 1 : 0;
  CHECK(same < bundle_class_min / 64);  // chance alone: one in 256
}

TEST_CASE("every bit of three bundles is checked", "[bundle]") {
  BundleMakers by;
  const auto check = [](Bytes file, auto is_good) {
    testing::check_every_bit(file, [&] { return is_good(file); });
  };
  SECTION("one of a site for two computers") {
    check(sealed_by_program(by, by.content()),
          [&](const Bytes& file) { return !fault_of(by, file); });
  }
  SECTION("one for the exchange") {
    const auto hub = crypto::SigningKey::generate(by.random);
    auto label = by.label();
    label.meant_for = BundleFor::hub;
    const auto file =
        seal_bundle(label, {*hub_as_reader(hub.verify_key())}, by.content(), by.maker, by.random);
    REQUIRE(file);
    check(*file, [&](const Bytes& bytes) { return read_bundle(bytes).bundle.has_value(); });
  }
  SECTION("the second of three parts, in a larger class") {
    auto label = by.label();
    label.part = 2;
    label.parts = 3;
    const auto file = seal_bundle(label, {by.readers()[0]}, noise(by, 5000), by.maker, by.random);
    REQUIRE(file);
    check(*file, [&](const Bytes& bytes) { return read_bundle(bytes).bundle.has_value(); });
  }
}

TEST_CASE("a bundle cut anywhere is said to be copied only in part", "[bundle]") {
  BundleMakers by;
  const Bytes file = sealed_by_program(by, by.content());
  for (std::size_t size = 1; size < file.size(); ++size) {
    if (fault_of(by, ByteView(file).first(size)) != BundleFault::cut_short) FAIL("cut at " << size);
  }
  Bytes holes = file;  // a copy that was cut off after its size had been set
  std::fill(holes.end() - 1000, holes.end(), std::uint8_t{0});
  CHECK(fault_of(by, holes) == BundleFault::changed);
  CHECK(fault_of(by, {}) == BundleFault::not_a_bundle);
}

TEST_CASE("a file that says it is larger than a bundle can be is refused before it is looked into",
          "[bundle]") {
  BundleMakers by;
  HandMadeBundle made(by);
  made.length = static_cast<std::uint32_t>(bundle_class_max + crypto::content_overhead + 1);
  CHECK(fault_of(by, made.file()) == BundleFault::too_large);
  Bytes giant = sealed_by_program(by, by.content());
  giant.resize(bundle_bytes_max + 1);
  CHECK(fault_of(by, giant) == BundleFault::too_large);
}

TEST_CASE("a bundle that unpacks to too much is refused by what it declares", "[bundle]") {
  BundleMakers by;
  HandMadeBundle made(by);
  made.packed = testing::bomb(bundle_content_max + 1, 513);
  CHECK(fault_of(by, made.file()) == BundleFault::bomb);
  made.packed = testing::bomb(1 << 20, 513);  // declares little and holds much
  CHECK(fault_of(by, made.file()) == BundleFault::unreadable);
}

// Two bytes each, and a hundred once they are read.
TEST_CASE("a bundle of very many empty things is refused before they are read", "[bundle]") {
  BundleMakers by;
  HandMadeBundle made(by);
  const auto many_of = [](std::size_t count, std::initializer_list<std::uint8_t> each) {
    Bytes out;
    for (std::size_t i = 0; i < count; ++i) out.insert(out.end(), each);
    return out;
  };
  for (const auto& much :
       {many_of(2'000'000, {0x12, 0x00}), many_of(1'000'000, {0x12, 0x02, 0x0a, 0x00}),
        many_of(2'000'000, {0x78, 0x01})}) {
    made.packed = compress(much);
    CHECK(fault_of(by, made.file()) == BundleFault::unreadable);
  }
}

TEST_CASE("what does not fit into one bundle is not sealed", "[bundle]") {
  BundleMakers by;
  CHECK_FALSE(seal_bundle(by.label(), {}, by.content(), by.maker, by.random));
  const std::vector<BundleReader> crowd(bundle_recipients_max + 1, by.readers()[0]);
  CHECK_FALSE(seal_bundle(by.label(), crowd, by.content(), by.maker, by.random));
  CHECK_FALSE(seal_bundle(by.label(), {{by.reader, {}}}, by.content(), by.maker, by.random));
  const auto much = noise(by, bundle_class_max);
  const auto refused = seal_bundle(by.label(), by.readers(), much, by.maker, by.random);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::invalid);
}

TEST_CASE(
    "each way in which a bundle fails has its own sentence, and says that nothing was changed",
    "[bundle]") {
  std::set<std::string> sentences;
  for (const auto fault : {BundleFault::not_a_bundle, BundleFault::newer, BundleFault::too_large,
                           BundleFault::cut_short, BundleFault::changed, BundleFault::not_for_us,
                           BundleFault::not_opening, BundleFault::bomb, BundleFault::unreadable}) {
    const auto error = error_of(fault);
    CHECK(error.message.find("Nothing was changed") != std::string::npos);
    sentences.insert(error.message);
  }
  CHECK(sentences.size() == 9);
}
