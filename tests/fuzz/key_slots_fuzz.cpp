// The file beside a store that holds the ways to its key: whatever lies there instead.
#include "crypto/key_slots.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/sync/seeded_random.h"

namespace throughgate::fuzz {

void run(crypto::ByteView bytes) {
  static sync::testing::SeededRandom random(1);
  static const auto file_key = crypto::Secret<32>::random(random);
  static const auto recovery = crypto::BoxKey::generate(random);
  auto slots = crypto::KeySlots::parse(bytes);
  if (!slots) return;
  const auto same = slots->serialize();
  must(std::equal(same.begin(), same.end(), bytes.begin(), bytes.end()));
  // Nothing here was sealed for these keys.
  must(!slots->open_with_key_file(file_key) && !slots->open_with_recovery(recovery));

  const auto passwords = slots->password_count();
  must(passwords <= crypto::key_slots_max);
  const auto key = crypto::DatabaseKey::random(random);
  if (slots->set_key_file(file_key, key, random)) {
    const auto again = crypto::KeySlots::parse(slots->serialize());
    must(again && again->password_count() == passwords);
    const auto opened = again->open_with_key_file(file_key);
    must(opened && crypto::equal_in_constant_time(opened->view(), key.view()));
  }
}

}  // namespace throughgate::fuzz
