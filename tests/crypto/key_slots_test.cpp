#include "crypto/key_slots.h"

#include <catch_amalgamated.hpp>
#include <utility>

#include "tests/crypto/example_bytes.h"
#include "tests/crypto/freed_memory.h"

using namespace throughgate::crypto;

namespace {

using Cost = std::pair<std::uint64_t, std::uint64_t>;  // opslimit, memlimit in bytes
std::vector<Cost> derivations;                         // every one that was made
bool is_memory_short = false;

}  // namespace

// The linker sends every call of libsodium's crypto_pwhash() here.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
int __real_crypto_pwhash(unsigned char* out, unsigned long long out_size, const char* password,
                         unsigned long long password_size, const unsigned char* salt,
                         unsigned long long opslimit, std::size_t memlimit, int algorithm);
int __wrap_crypto_pwhash(unsigned char* out, unsigned long long out_size, const char* password,
                         unsigned long long password_size, const unsigned char* salt,
                         unsigned long long opslimit, std::size_t memlimit, int algorithm) {
  derivations.emplace_back(opslimit, memlimit);
  if (is_memory_short) return -1;
  return __real_crypto_pwhash(out, out_size, password, password_size, salt, opslimit, memlimit,
                              algorithm);
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
}

namespace {

constexpr PassphraseCost cheap{1, 8 << 10};
constexpr PassphraseCost dearer{2, 16 << 10};

constexpr auto database_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
constexpr auto file_key = "5555555555555555555555555555555555555555555555555555555555555555";
constexpr auto paper_key = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";

// A file made by another implementation from the layout in docs/format/key_slots.md.
const std::string frozen_head = "0100a0a1a2a3a4a5a6a7a8a9aaabacadaeaf";
const std::string frozen_password =
    "013137912769f3e08a01000000000000000020000000000000101112131415161718191a1b1c1d1e1f303132333435"
    "363738393a3b3c3d3e3f40414243444546477e938e33e68659ccb1a0b5396c13379f7acbe0031e24bad9b8f685059c"
    "d53182e473bc8a9ff8bcb0d75da970a82f4ab8";
const std::string frozen_key_file =
    "02e0e1e2e3e4e5e6e7505152535455565758595a5b5c5d5e5f606162636465666723a36b8949b07c867ec502bf2060"
    "7196de3ffeffc2e25d93d5121bd56cc40fa65aa631e3ba33e13eafa01b2c3180e0be";
const std::string frozen_recovery =
    "03752d438662c7b18e07a37cbc142093c8b755dc1b10e86cb426374ad16aa853ed0bdfc0b2b86d1c7c0adade7fac56"
    "ca9743831e305f2013dab6eada7e50ade523abbcb2264594e41da1b06bf4487de73b4c657d17c17c05d6";
const std::string frozen_file = frozen_head + frozen_password + frozen_key_file + frozen_recovery;

// The file's first byte of each part.
constexpr std::size_t password_at = 18;
constexpr std::size_t key_file_at = password_at + 113;
constexpr std::size_t recovery_at = key_file_at + 81;
constexpr std::size_t file_end = recovery_at + 89;

KeySlots frozen() { return KeySlots::parse(hex(frozen_file)).value(); }

std::string opened(const std::optional<DatabaseKey>& key) {
  return key ? to_hex(key->view()) : "refused";
}

std::vector<Cost> work_of(const KeySlots& slots, std::string_view name, std::string_view password) {
  derivations.clear();
  slots.open_with_password(name, password);
  return derivations;
}

}  // namespace

TEST_CASE("each slot of a file kept from before opens to the database key", "[key_slots]") {
  const auto slots = frozen();
  CHECK(opened(slots.open_with_password("jo.made-up", "correct horse")) == database_key);
  CHECK(opened(slots.open_with_key_file(secret_of(file_key))) == database_key);
  CHECK(opened(slots.open_with_recovery(BoxKey(secret_of(paper_key)))) == database_key);
  CHECK(slots.has_password("jo.made-up"));
  CHECK(slots.password_count() == 1);
  CHECK(to_hex(slots.serialize()) == frozen_file);
}

TEST_CASE("slots are written as the layout says", "[key_slots]") {
  ReplayedRandom random(
      "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"                                  // file salt
      "101112131415161718191a1b1c1d1e1f"                                  // password: salt
      "303132333435363738393a3b3c3d3e3f4041424344454647"                  // and nonce
      "e0e1e2e3e4e5e6e7505152535455565758595a5b5c5d5e5f6061626364656667"  // key file: id and nonce
  );
  auto slots = KeySlots::create(random);
  CHECK(to_hex(slots.serialize()) == frozen_head);

  const auto key = secret_of(database_key);
  REQUIRE(slots.set_password("jo.made-up", "correct horse", key, cheap, random));
  REQUIRE(slots.set_key_file(secret_of(file_key), key, random));
  CHECK(to_hex(slots.serialize()) == frozen_head + frozen_password + frozen_key_file);

  REQUIRE(slots.set_recovery(BoxKey(secret_of(paper_key)).public_key(), key));
  const auto file = slots.serialize();  // a sealed box is another each time, behind kind and id
  CHECK(file.size() == file_end);
  CHECK(to_hex(ByteView(file).subspan(recovery_at, 9)) == frozen_recovery.substr(0, 18));
  CHECK(opened(KeySlots::parse(file)->open_with_recovery(BoxKey(secret_of(paper_key)))) ==
        database_key);
}

TEST_CASE("a wrong password, key file or recovery key is refused", "[key_slots]") {
  const auto slots = frozen();
  CHECK(opened(slots.open_with_password("jo.made-up", "correct horsf")) == "refused");
  CHECK(opened(slots.open_with_password("jo.made-up", "")) == "refused");
  CHECK(opened(slots.open_with_key_file(secret_of(paper_key))) == "refused");
  CHECK(opened(slots.open_with_recovery(BoxKey(secret_of(file_key)))) == "refused");
}

TEST_CASE("where the memory to try a password is not to be had, it is neither right nor wrong",
          "[key_slots]") {
  SystemRandom random;
  auto slots = frozen();
  const auto key = secret_of(database_key);
  is_memory_short = true;
  CHECK_THROWS_AS(slots.open_with_password("jo.made-up", "correct horse"), std::bad_alloc);
  CHECK_THROWS_AS(slots.open_with_password("jo.made-up", "correct horsf"), std::bad_alloc);
  CHECK_THROWS_AS(slots.open_with_password("nobody", "correct horse"), std::bad_alloc);
  CHECK_THROWS_AS(slots.set_password("jo.made-up", "new", key, cheap, random), std::bad_alloc);
  is_memory_short = false;
  CHECK(to_hex(slots.serialize()) == frozen_file);
}

// A flip that a way does not rest on (another's slot, and for two of them the salt) may leave that
// way open, but never to another key.
TEST_CASE("one bit flipped anywhere in a slot, and it does not open", "[key_slots]") {
  const auto file = hex(frozen_file);
  const auto key_in_file = secret_of(file_key);
  const BoxKey recovery(secret_of(paper_key));
  constexpr std::size_t memlimit_at = password_at + 9 + 8;

  for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
    CAPTURE(bit);
    const std::size_t byte = bit / 8;
    const auto parsed = KeySlots::parse(with_bit_flipped(file, bit));
    if (!parsed) continue;

    CHECK(byte >= 2);
    const auto check = [&](const std::optional<DatabaseKey>& key, bool rests_on_it) {
      const auto result = opened(key);
      CHECK((result == "refused" || (result == database_key && !rests_on_it)));
    };
    check(parsed->open_with_key_file(key_in_file), byte >= key_file_at && byte < recovery_at);
    check(parsed->open_with_recovery(recovery), byte >= recovery_at);
    const bool asks_for_much = bit >= 8 * memlimit_at + 27 && bit < 8 * (memlimit_at + 8);
    if (asks_for_much) continue;  // 128 MiB and more: not on every machine that runs the tests
    check(parsed->open_with_password("jo.made-up", "correct horse"), byte < key_file_at);
  }
}

TEST_CASE("a file that is cut, longer, newer or of unknown kind is refused", "[key_slots]") {
  const auto file = hex(frozen_file);
  for (std::size_t size = 0; size < file.size(); ++size) {
    CAPTURE(size);
    const bool whole_slots = size == password_at || size == key_file_at || size == recovery_at;
    const Bytes cut(file.data(), file.data() + size);  // its own memory: sanitizers see its end
    CHECK(KeySlots::parse(cut).has_value() == whole_slots);
  }
  for (const char* more : {"00", "01", "02", "03", "04", "ff"}) {
    CAPTURE(more);
    CHECK_FALSE(KeySlots::parse(hex(frozen_file + more)));
  }
  CHECK_FALSE(KeySlots::parse(hex("0200" + frozen_file.substr(4))));
  CHECK_FALSE(KeySlots::parse(hex("0000" + frozen_file.substr(4))));
  CHECK_FALSE(KeySlots::parse(hex(frozen_head + "04" + frozen_key_file.substr(2))));
}

TEST_CASE("a file with two slots in one place is refused", "[key_slots]") {
  const std::string other_id = "0000000000000000";
  CHECK(KeySlots::parse(
      hex(frozen_head + frozen_password + "01" + other_id + frozen_password.substr(18))));
  CHECK_FALSE(KeySlots::parse(hex(frozen_head + frozen_password + frozen_password)));
  CHECK_FALSE(KeySlots::parse(
      hex(frozen_head + frozen_key_file + "02" + other_id + frozen_key_file.substr(18))));
  CHECK_FALSE(KeySlots::parse(
      hex(frozen_head + frozen_recovery + "03" + other_id + frozen_recovery.substr(18))));
}

TEST_CASE("a file that asks for a cost out of bounds is refused", "[key_slots]") {
  const auto with_cost = [](const std::string& opslimit, const std::string& memlimit) {
    return hex(frozen_head + frozen_password.substr(0, 18) + opslimit + memlimit +
               frozen_password.substr(50));
  };
  const std::string one = "0100000000000000";
  const std::string kib_8 = "0020000000000000";
  CHECK(KeySlots::parse(with_cost(one, kib_8)));
  CHECK(KeySlots::parse(with_cost("1400000000000000", "0000004000000000")));  // 20, 1 GiB

  CHECK_FALSE(KeySlots::parse(with_cost("0000000000000000", kib_8)));
  CHECK_FALSE(KeySlots::parse(with_cost("1500000000000000", kib_8)));
  CHECK_FALSE(KeySlots::parse(with_cost(one, "ff1f000000000000")));
  CHECK_FALSE(KeySlots::parse(with_cost(one, "0100004000000000")));
  CHECK_FALSE(KeySlots::parse(with_cost("ffffffffffffffff", "ffffffffffffffff")));
}

TEST_CASE("a sealed key does not open in another's slot", "[key_slots]") {
  SystemRandom random;
  const auto key = secret_of(database_key);
  auto slots = KeySlots::create(random);
  REQUIRE(slots.set_password("jo.made-up", "correct horse", key, cheap, random));
  REQUIRE(slots.set_password("sam.made-up", "battery staple", key, cheap, random));
  auto file = slots.serialize();
  REQUIRE(file.size() == 18 + 2 * 113);

  // Everything of Jo's slot but the name is put into Sam's.
  std::copy_n(file.begin() + 18 + 9, 113 - 9, file.begin() + 18 + 113 + 9);
  const auto swapped = KeySlots::parse(file);
  REQUIRE(swapped);
  CHECK(opened(swapped->open_with_password("jo.made-up", "correct horse")) == database_key);
  CHECK(opened(swapped->open_with_password("sam.made-up", "correct horse")) == "refused");
}

TEST_CASE("an unknown name is refused after the same work as a wrong password", "[key_slots]") {
  SystemRandom random;
  const auto key = secret_of(database_key);
  auto slots = KeySlots::create(random);
  REQUIRE(slots.set_password("jo.made-up", "correct horse", key, dearer, random));

  CHECK(opened(slots.open_with_password("nobody", "correct horse")) == "refused");
  const std::vector<Cost> once{{dearer.opslimit, dearer.memlimit}};
  CHECK(work_of(slots, "jo.made-up", "wrong") == once);
  CHECK(work_of(slots, "jo.made-up", "correct horse") == once);
  CHECK(work_of(slots, "nobody", "correct horse") == once);
}

TEST_CASE("where costs differ, an unknown name has one of them and keeps it", "[key_slots]") {
  SystemRandom random;
  const auto key = secret_of(database_key);
  auto slots = KeySlots::create(random);
  REQUIRE(slots.set_password("jo.made-up", "correct horse", key, cheap, random));
  REQUIRE(slots.set_password("sam.made-up", "battery staple", key, dearer, random));

  std::size_t like_jo = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string name = "nobody" + std::to_string(i);
    const auto work = work_of(slots, name, "guess");
    REQUIRE((work == work_of(slots, "jo.made-up", "guess") ||
             work == work_of(slots, "sam.made-up", "guess")));
    CHECK(work == work_of(slots, name, "another guess"));
    like_jo += work == work_of(slots, "jo.made-up", "guess") ? 1 : 0;
  }
  CHECK(like_jo > 10);
  CHECK(like_jo < 90);
}

TEST_CASE("a file without passwords refuses a name after a common cost", "[key_slots]") {
  SystemRandom random;
  const PassphraseCost common;
  CHECK(work_of(KeySlots::create(random), "nobody", "guess") ==
        std::vector<Cost>{{common.opslimit, common.memlimit}});
}

TEST_CASE("a new password, key file or recovery key takes the place of the old", "[key_slots]") {
  SystemRandom random;
  const auto key = secret_of(database_key);
  auto slots = frozen();
  REQUIRE(slots.set_password("jo.made-up", "battery staple", key, cheap, random));
  CHECK(opened(slots.open_with_password("jo.made-up", "correct horse")) == "refused");
  CHECK(opened(slots.open_with_password("jo.made-up", "battery staple")) == database_key);

  REQUIRE(slots.set_key_file(secret_of(paper_key), key, random));
  CHECK(opened(slots.open_with_key_file(secret_of(file_key))) == "refused");
  CHECK(opened(slots.open_with_key_file(secret_of(paper_key))) == database_key);

  const auto new_sheet = BoxKey::generate(random);
  REQUIRE(slots.set_recovery(new_sheet.public_key(), key));
  CHECK(opened(slots.open_with_recovery(BoxKey(secret_of(paper_key)))) == "refused");
  CHECK(opened(slots.open_with_recovery(new_sheet)) == database_key);

  CHECK(slots.serialize().size() == file_end);
}

TEST_CASE("a slot that was removed opens no more, the others do", "[key_slots]") {
  auto slots = frozen();
  CHECK_FALSE(slots.remove_password("nobody"));
  CHECK(slots.remove_password("jo.made-up"));
  CHECK_FALSE(slots.remove_password("jo.made-up"));
  CHECK_FALSE(slots.has_password("jo.made-up"));
  CHECK(opened(slots.open_with_key_file(secret_of(file_key))) == database_key);

  CHECK(slots.remove_key_file());
  CHECK_FALSE(slots.remove_key_file());
  CHECK(opened(slots.open_with_key_file(secret_of(file_key))) == "refused");
  CHECK(to_hex(slots.serialize()) == frozen_head + frozen_recovery);
}

TEST_CASE("a change that is refused changes nothing", "[key_slots]") {
  SystemRandom random;
  const auto key = secret_of(database_key);
  auto slots = frozen();
  CHECK_FALSE(slots.set_password("jo.made-up", "new", key, {0, 8 << 10}, random));
  CHECK_FALSE(slots.set_password("jo.made-up", "new", key, {1, (1 << 30) + 1}, random));
  CHECK_FALSE(slots.set_password("jo.made-up", std::string(passphrase_bytes_max + 1, 'x'), key,
                                 cheap, random));
  CHECK_FALSE(slots.set_recovery(BoxPublicKey{}, key));  // nobody could open it
  CHECK(to_hex(slots.serialize()) == frozen_file);
}

TEST_CASE("a full file takes no new name but a new password for an old one", "[key_slots]") {
  SystemRandom random;
  const auto key = secret_of(database_key);
  auto slots = KeySlots::create(random);
  for (std::size_t i = 0; i < key_slots_max; ++i) {
    REQUIRE(slots.set_password("staff" + std::to_string(i), "correct horse", key, cheap, random));
  }
  CHECK(slots.password_count() == key_slots_max);
  CHECK_FALSE(slots.set_password("one more", "correct horse", key, cheap, random));
  CHECK_FALSE(slots.set_key_file(secret_of(file_key), key, random));
  CHECK(slots.set_password("staff7", "battery staple", key, cheap, random));

  const auto file = slots.serialize();
  REQUIRE(KeySlots::parse(file));
  CHECK_FALSE(KeySlots::parse(hex(to_hex(file) + frozen_recovery)));
}

TEST_CASE("two files give one name different ids", "[key_slots]") {
  SystemRandom random;
  const auto key = secret_of(database_key);
  auto here = KeySlots::create(random);
  auto there = KeySlots::create(random);
  REQUIRE(here.set_password("jo.made-up", "correct horse", key, cheap, random));
  REQUIRE(there.set_password("jo.made-up", "correct horse", key, cheap, random));
  const auto id_in = [](const KeySlots& slots) { return to_hex(slots.serialize()).substr(36, 18); };
  CHECK(id_in(here) != id_in(there));
}

TEST_CASE("opening and filling slots leaves no key in freed memory", "[key_slots]") {
  SystemRandom random;
  const auto key = secret_of(database_key);
  const BoxKey recovery(secret_of(paper_key));
  const FreedMemory freed(key.view());
  {
    auto slots = KeySlots::create(random);
    REQUIRE(slots.set_password("jo.made-up", "correct horse", key, cheap, random));
    REQUIRE(slots.set_key_file(secret_of(file_key), key, random));
    REQUIRE(slots.set_recovery(recovery.public_key(), key));
    REQUIRE(slots.open_with_password("jo.made-up", "correct horse"));
    REQUIRE(slots.open_with_key_file(secret_of(file_key)));
    REQUIRE(slots.open_with_recovery(recovery));
  }
  CHECK_FALSE(freed.held_secret());
}
