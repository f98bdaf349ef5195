#include "sync/header.h"

#include "tests/fuzz/fuzz_target.h"

namespace throughgate::fuzz {

// Whatever is read as a header is written in the same bytes.
void run(crypto::ByteView bytes) {
  const auto decoded = sync::decode_header(bytes);
  if (!decoded.header) return;
  const auto again = decoded.header->encode();
  must(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()));
  must(decoded.header->encode_before_parts().size() + 72 == bytes.size());
}

}  // namespace throughgate::fuzz
