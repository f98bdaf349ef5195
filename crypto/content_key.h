// XChaCha20-Poly1305 with a random 24-byte nonce before the ciphertext:
// sealed = nonce 24 ‖ ciphertext ‖ tag 16. The associated data is context ‖ `bound_to`.
#pragma once

#include <optional>

#include "crypto/bytes.h"
#include "crypto/context.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace throughgate::crypto {

constexpr std::size_t content_overhead = 24 + 16;

class ContentKey {
 public:
  static ContentKey generate(Random& random) { return ContentKey(Secret<32>::random(random)); }
  explicit ContentKey(Secret<32> key) : key_(std::move(key)) {}

  Bytes seal(const Context& context, ByteView bound_to, ByteView plain, Random& random) const;
  // nullopt when anything differs: key, context, bound_to or one bit of the sealed bytes.
  std::optional<Bytes> open(const Context& context, ByteView bound_to, ByteView sealed) const;

  const Secret<32>& secret() const { return key_; }
  ContentKey duplicate() const { return ContentKey(key_.duplicate()); }

 private:
  Secret<32> key_;
};

// ISO/IEC 7816-4 padding up to the next multiple of 64; at least one byte is always added.
constexpr std::size_t pad_block = 64;
Bytes pad(ByteView plain);
std::optional<ByteView> unpad(ByteView padded);  // nullopt when the padding is not valid

}  // namespace throughgate::crypto
