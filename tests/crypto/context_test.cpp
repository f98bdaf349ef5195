#include "crypto/context.h"

#include <catch_amalgamated.hpp>

#include "tests/crypto/example_bytes.h"

using namespace throughgate::crypto;

TEST_CASE("a context takes 16 bytes, padded with zeros", "[context]") {
  CHECK(to_hex(Context("entry").bytes()) == "656e7472790000000000000000000000");
  CHECK(to_hex(Context("sixteen letters!").bytes()) == to_hex(as_bytes("sixteen letters!")));
}

TEST_CASE("the message follows its context", "[context]") {
  CHECK(in_context("entry", hex("0102")) == hex("656e74727900000000000000000000000102"));
  CHECK(in_context("entry", {}) == hex("656e7472790000000000000000000000"));
}
