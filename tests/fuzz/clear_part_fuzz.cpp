// The clear parts, and the other fixed layouts that are read before anything of them is trusted.
#include "sync/clear_part.h"

#include "sync/envelope.h"
#include "sync/order.h"
#include "sync/signed_verdict.h"
#include "tests/fuzz/fuzz_target.h"

namespace throughgate::fuzz {
namespace {

template <class Read>
void must_be_written_alike(const Read& read, crypto::ByteView bytes) {
  if (!read) return;
  const auto again = read->encode();
  must(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()));
}

}  // namespace

void run(crypto::ByteView bytes) {
  must_be_written_alike(sync::decode_membership(bytes), bytes);
  must_be_written_alike(sync::decode_redaction(bytes), bytes);
  must_be_written_alike(sync::decode_order_record(bytes), bytes);
  must_be_written_alike(sync::decode_heads_root(bytes), bytes);
  must_be_written_alike(sync::decode_envelope_list(bytes, {}), bytes);
  must_be_written_alike(sync::decode_verdict(bytes, {}), bytes);
}

}  // namespace throughgate::fuzz
