#include "crypto/passphrase.h"

#include <catch_amalgamated.hpp>

#include "tests/crypto/example_bytes.h"

using namespace throughgate::crypto;

namespace {

constexpr PassphraseCost cheap{1, passphrase_memlimit_min};
const auto salt = hex_array<16>("000102030405060708090a0b0c0d0e0f");

std::string derived(std::string_view passphrase, const ByteArray<16>& with,
                    const PassphraseCost& cost) {
  const auto key = derive_key(passphrase, with, cost);
  return key ? to_hex(key->view()) : "none";
}

}  // namespace

// RFC 9106's own example has four lanes and a secret, which libsodium does not offer; these values
// are OpenSSL's.
TEST_CASE("a key is the Argon2id of passphrase, salt and cost", "[passphrase]") {
  CHECK(derived("correct horse", salt, cheap) ==
        "3bfa796a86260b73457e1290b51695931a17e266f601d0fb45563e282fb6865b");
  CHECK(derived("p\xc3\xa4sswort", salt, {2, 1000 << 10}) ==
        "dd8f1d9f0eec26ccc7750ebf335fcb0599e9327be89df7089911204f923e692f");
  constexpr auto of_nothing = "cfa0d2d242da6703d311d7eefc922e39cc60c9f4ec93a67d20995be541a06be4";
  CHECK(derived("", ByteArray<16>{}, cheap) == of_nothing);
  CHECK(derived({}, ByteArray<16>{}, cheap) == of_nothing);
}

TEST_CASE("the cost for people's passwords is three passes over 64 MiB", "[passphrase]") {
  CHECK(derived("correct horse", salt, PassphraseCost{}) ==
        "e3c889ca40ed01e6b6771fc8a5bf16e35ad60b41c9bd5d7e6d63adf51e50b0fd");
}

TEST_CASE("another passphrase, salt or cost gives another key", "[passphrase]") {
  const auto key = derived("correct horse", salt, cheap);
  CHECK(derived("correct horsf", salt, cheap) != key);
  CHECK(derived("correct horse", ByteArray<16>{}, cheap) != key);
  CHECK(derived("correct horse", salt, {2, passphrase_memlimit_min}) != key);
  CHECK(derived("correct horse", salt, {1, 2 * passphrase_memlimit_min}) != key);
}

TEST_CASE("a cost out of bounds or a passphrase without end is refused", "[passphrase]") {
  for (const PassphraseCost cost : {
           PassphraseCost{0, passphrase_memlimit_min},
           PassphraseCost{passphrase_opslimit_max + 1, passphrase_memlimit_min},
           PassphraseCost{1, passphrase_memlimit_min - 1},
           PassphraseCost{1, passphrase_memlimit_max + 1},
           PassphraseCost{~0ull, ~0ull},
       }) {
    CAPTURE(cost.opslimit, cost.memlimit);
    CHECK_FALSE(within_bounds(cost));
    CHECK_FALSE(derive_key("correct horse", salt, cost));
  }
  CHECK(within_bounds({passphrase_opslimit_max, passphrase_memlimit_max}));
  CHECK(derive_key(std::string(passphrase_bytes_max, 'x'), salt, cheap));
  CHECK_FALSE(derive_key(std::string(passphrase_bytes_max + 1, 'x'), salt, cheap));
}
