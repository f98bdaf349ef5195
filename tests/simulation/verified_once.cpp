// Signatures, verified once. Each machine of a world proves every entry for itself, and again when
// its store is checked: the same question with the same answer, a quarter of a world's time. The
// answer depends on nothing but the bytes, so it is remembered by their hash, in this process only.
// Put in the place of crypto::verify() when linking; the symbols are named beside `world`.
#include <cstring>
#include <unordered_map>

#include "crypto/hash.h"
#include "crypto/signing_key.h"

namespace throughgate::simulation {
namespace {

using crypto::Hash;

struct FirstBytes {  // of a hash: as good as any
  std::size_t operator()(const Hash& hash) const {
    std::size_t out = 0;
    std::memcpy(&out, hash.data(), sizeof out);
    return out;
  }
};

}  // namespace

bool real_verify(const crypto::VerifyKey& key, const crypto::Context& context,
                 crypto::ByteView message,
                 const crypto::Signature& signature) asm("__real_" SYMBOL_verify);
bool verify_once(const crypto::VerifyKey& key, const crypto::Context& context,
                 crypto::ByteView message,
                 const crypto::Signature& signature) asm("__wrap_" SYMBOL_verify);

bool verify_once(const crypto::VerifyKey& key, const crypto::Context& context,
                 crypto::ByteView message, const crypto::Signature& signature) {
  constexpr std::size_t a_few_worlds = 100'000;
  thread_local std::unordered_map<Hash, bool, FirstBytes> answers;
  if (answers.size() >= a_few_worlds) answers.clear();
  // All but the message have one size each: no two questions look alike.
  const auto asked = crypto::hash("sim: verified", {key, context.bytes(), signature, message});
  const auto [answer, is_new] = answers.try_emplace(asked);
  if (is_new) answer->second = real_verify(key, context, message, signature);
  return answer->second;
}

}  // namespace throughgate::simulation
