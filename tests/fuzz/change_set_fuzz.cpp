#include "sync/change_set.h"

#include "sync/compression.h"
#include "tests/fuzz/fuzz_target.h"

namespace throughgate::fuzz {
namespace {

void read(crypto::ByteView bytes) {
  const auto change_set = sync::decode_change_set(bytes);
  if (!change_set) return;
  const auto written = sync::encode_change_set(*change_set);
  if (!written) return;  // more than fits, once written in full
  const auto again = sync::decode_change_set(*written);
  auto known = *change_set;
  known.passed_over = false;  // what is not known is not written
  must(again && *again == known);
}

}  // namespace

// As it stands, and as what a member packed: the seal around it changes nothing of either.
void run(crypto::ByteView bytes) {
  read(bytes);
  const auto plain = sync::decompress(bytes, sync::change_set_bytes_max);
  if (!plain) return;
  must(plain->size() <= sync::change_set_bytes_max);
  read(*plain);
}

}  // namespace throughgate::fuzz
