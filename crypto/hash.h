// BLAKE2b (RFC 7693), always with a context before the first byte.
#pragma once

#include <initializer_list>

#include "crypto/bytes.h"
#include "crypto/context.h"

namespace throughgate::crypto {

using Hash = ByteArray<32>;  // BLAKE2b-256, never shortened unless a name says so

// Hash of context ‖ each part in turn.
Hash hash(const Context& context, std::initializer_list<ByteView> parts);

// Keyed BLAKE2b-256 and BLAKE2b-128 of context ‖ parts. `key` has 16 to 64 bytes.
Hash keyed_hash(ByteView key, const Context& context, std::initializer_list<ByteView> parts);
ByteArray<16> keyed_hash_128(ByteView key, const Context& context,
                             std::initializer_list<ByteView> parts);

// SHA-256 of a file or message made elsewhere, without a context. Not for our own formats.
Hash sha256(ByteView bytes);

}  // namespace throughgate::crypto
