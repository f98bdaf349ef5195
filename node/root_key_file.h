// A root key in a file of its own, as its holder keeps it on a stick: sealed under a password.
//
//   magic "TGROOTK\n" · version u16 · opslimit u64 · memlimit u64 · salt 16 · root key 32 ·
//   nonce 24 · sealed seed 48 · check 8                                     (all little endian)
//
// The seed is sealed under Argon2id(password, salt); the associated data is context ‖ what stands
// before the nonce. The check is the first bytes of the hash of all before it: it tells a damaged
// file from a wrong password, and protects nothing. No threads of its own.
#pragma once

#include <string>

#include "crypto/passphrase.h"
#include "crypto/signing_key.h"
#include "sync/result.h"

namespace throughgate::node {

constexpr std::size_t root_key_file_bytes = 154;

// Seals the key. Fails with `unavailable` when there is not enough memory for the password's cost.
sync::Result<crypto::Bytes> seal_root_key(const crypto::SigningKey& key,
                                          const crypto::SecretText& password,
                                          const crypto::PassphraseCost& cost,
                                          crypto::Random& random);

//   invalid      it is no such file
//   newer        a newer program made it
//   corrupt      it is damaged
//   denied       the password is wrong
//   unavailable  there is not enough memory
sync::Result<crypto::SigningKey> open_root_key(crypto::ByteView file,
                                               const crypto::SecretText& password);

}  // namespace throughgate::node
