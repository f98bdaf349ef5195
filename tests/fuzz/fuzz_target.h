// What a fuzz target is made of: run() in its own file, main() from libFuzzer, the rest from
// fuzz_target.cpp.
#pragma once

#include "crypto/bytes.h"

namespace throughgate::fuzz {

// Given any bytes, does what the target is for. Throws nothing; asserts with must().
void run(crypto::ByteView bytes);

// Stops the fuzzer, which keeps the input, when a promise is broken.
void must(bool promise);

}  // namespace throughgate::fuzz
