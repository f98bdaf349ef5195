#include "node/root_key_file.h"

#include <new>
#include <string_view>

#include "crypto/content_key.h"
#include "crypto/hash.h"
#include "sync/layout.h"

namespace throughgate::node {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr crypto::Context seal_context{"tg root key"};
constexpr crypto::Context check_context{"tg root key file"};
constexpr std::string_view magic = "TGROOTK\n";
constexpr std::uint16_t version = 1;
constexpr std::size_t before_nonce = 8 + 2 + 8 + 8 + 16 + 32;
constexpr std::size_t sealed_bytes = 32 + crypto::content_overhead;
constexpr std::size_t check_bytes = 8;
static_assert(before_nonce + sealed_bytes + check_bytes == root_key_file_bytes);

crypto::Bytes check_of(crypto::ByteView bytes) {
  const auto hash = crypto::hash(check_context, {bytes});
  return {hash.begin(), hash.begin() + check_bytes};
}

Error no_memory() {
  return {ErrorKind::unavailable,
          "This machine has not enough memory free for the password of a root key. Close other "
          "programs, and try again. Nothing was changed."};
}

// nullopt: there is not enough memory.
std::optional<crypto::Secret<32>> derived_from(const crypto::SecretText& password,
                                               const crypto::ByteArray<16>& salt,
                                               const crypto::PassphraseCost& cost) {
  try {
    return crypto::derive_key(password.view(), salt, cost);
  } catch (const std::bad_alloc&) {
    return std::nullopt;
  }
}

Error damaged() {
  return {ErrorKind::corrupt,
          "This root key file is damaged. Use the holder's other copy of it. Without one, have the "
          "other holders sign a list that names a new key in its place."};
}

}  // namespace

Result<crypto::Bytes> seal_root_key(const crypto::SigningKey& key,
                                    const crypto::SecretText& password,
                                    const crypto::PassphraseCost& cost, crypto::Random& random) {
  const auto salt = random.bytes<16>();
  auto derived = derived_from(password, salt, cost);
  if (!derived) return no_memory();
  sync::LayoutWriter out;
  out.bytes(crypto::as_bytes(magic)).u16(version).u64(cost.opslimit).u64(cost.memlimit);
  out.bytes(salt).bytes(key.verify_key());
  crypto::Bytes file = out.take();
  const auto seed = key.seed();
  const crypto::ContentKey sealing(*std::move(derived));
  const auto sealed = sealing.seal(seal_context, file, seed.view(), random);
  file.insert(file.end(), sealed.begin(), sealed.end());
  const auto check = check_of(file);
  file.insert(file.end(), check.begin(), check.end());
  return file;
}

Result<crypto::SigningKey> open_root_key(crypto::ByteView file,
                                         const crypto::SecretText& password) {
  sync::LayoutReader in(file);
  if (crypto::as_text(in.bytes(magic.size())) != magic) {
    return Error{ErrorKind::invalid,
                 "This is not a root key file. It is the one that \"root init\" or \"root key\" "
                 "made."};
  }
  if (in.u16() > version && !in.failed()) {
    return Error{ErrorKind::newer, "A newer program made this root key file. Use that program."};
  }
  if (file.size() != root_key_file_bytes) return damaged();
  const auto checked = file.first(file.size() - check_bytes);
  if (crypto::as_text(check_of(checked)) != crypto::as_text(file.last(check_bytes))) {
    return damaged();
  }
  crypto::PassphraseCost cost;
  cost.opslimit = in.u64();
  cost.memlimit = in.u64();
  const auto salt = in.array<16>();
  const auto verify_key = in.array<32>();
  if (!crypto::within_bounds(cost)) return damaged();
  auto derived = derived_from(password, salt, cost);
  if (!derived) return no_memory();
  auto seed = crypto::ContentKey(*std::move(derived))
                  .open(seal_context, file.first(before_nonce), in.bytes(sealed_bytes));
  if (!seed || seed->size() != 32) {
    return Error{ErrorKind::denied,
                 "This is not the password of this root key. Nothing was signed."};
  }
  crypto::SigningKey key{crypto::Secret<32>(std::span<const std::uint8_t, 32>(*seed))};
  crypto::wipe(*seed);
  return key.verify_key() == verify_key ? Result(std::move(key))
                                        : Result<crypto::SigningKey>(damaged());
}

}  // namespace throughgate::node
