#include "crypto/box_key.h"

#include <sodium.h>

namespace throughgate::crypto {

static_assert(sealed_box_overhead == crypto_box_SEALBYTES);

Bytes seal_to(const BoxPublicKey& recipient, ByteView plain) {
  Bytes sealed(plain.size() + sealed_box_overhead);
  if (crypto_box_seal(sealed.data(), plain.data(), plain.size(), recipient.data()) != 0) return {};
  return sealed;
}

BoxKey BoxKey::generate(Random& random) { return BoxKey(Secret<32>::random(random)); }

BoxKey::BoxKey(Secret<32> secret) : secret_(std::move(secret)) {
  crypto_scalarmult_base(public_key_.data(), secret_.view().data());
}

std::optional<Bytes> BoxKey::open(ByteView sealed) const {
  if (sealed.size() < sealed_box_overhead) return std::nullopt;
  Bytes plain(sealed.size() - sealed_box_overhead);
  if (crypto_box_seal_open(plain.data(), sealed.data(), sealed.size(), public_key_.data(),
                           secret_.view().data()) != 0) {
    return std::nullopt;
  }
  return plain;
}

std::optional<Secret<32>> BoxKey::shared_with(const BoxPublicKey& other) const {
  Secret<32> out;
  if (crypto_box_beforenm(out.writable().data(), other.data(), secret_.view().data()) != 0) {
    return std::nullopt;
  }
  return out;
}

}  // namespace throughgate::crypto
