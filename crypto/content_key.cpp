#include "crypto/content_key.h"

#include <sodium.h>

namespace throughgate::crypto {
namespace {

constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
static_assert(content_overhead == nonce_size + crypto_aead_xchacha20poly1305_ietf_ABYTES);

}  // namespace

Bytes ContentKey::seal(const Context& context, ByteView bound_to, ByteView plain,
                       Random& random) const {
  const Bytes associated = in_context(context, bound_to);
  Bytes sealed(plain.size() + content_overhead);
  const auto nonce = std::span(sealed).first<nonce_size>();
  random.fill(nonce);
  crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data() + nonce_size, nullptr, plain.data(),
                                             plain.size(), associated.data(), associated.size(),
                                             nullptr, nonce.data(), key_.view().data());
  return sealed;
}

std::optional<Bytes> ContentKey::open(const Context& context, ByteView bound_to,
                                      ByteView sealed) const {
  if (sealed.size() < content_overhead) return std::nullopt;
  const Bytes associated = in_context(context, bound_to);
  const ByteView nonce = sealed.first(nonce_size);
  const ByteView ciphertext = sealed.subspan(nonce_size);
  Bytes plain(sealed.size() - content_overhead);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          plain.data(), nullptr, nullptr, ciphertext.data(), ciphertext.size(), associated.data(),
          associated.size(), nonce.data(), key_.view().data()) != 0) {
    return std::nullopt;
  }
  return plain;
}

Bytes pad(ByteView plain) {
  Bytes padded;
  padded.reserve(plain.size() + pad_block);
  padded.assign(plain.begin(), plain.end());
  padded.push_back(0x80);
  padded.resize((plain.size() / pad_block + 1) * pad_block);
  return padded;
}

std::optional<ByteView> unpad(ByteView padded) {
  std::size_t plain_size = 0;
  if (padded.empty() || padded.size() % pad_block != 0 ||
      sodium_unpad(&plain_size, padded.data(), padded.size(), pad_block) != 0) {
    return std::nullopt;
  }
  return padded.first(plain_size);
}

}  // namespace throughgate::crypto
