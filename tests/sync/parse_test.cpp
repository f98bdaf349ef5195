#include "sync/parse.h"

#include <catch_amalgamated.hpp>

#include "schema/wire.pb.h"
#include "sync/layout.h"

using namespace throughgate;
using namespace throughgate::sync;

namespace {

// Groups of an unknown field in one another: nothing that we write, and all that a parser follows.
Bytes nested(int deep) {
  Bytes out;
  for (int i = 0; i < deep; ++i) out.insert(out.end(), {0xA3, 0x06});
  for (int i = 0; i < deep; ++i) out.insert(out.end(), {0xA4, 0x06});
  return out;
}

}  // namespace

TEST_CASE("a message nested deeper than any of ours is refused", "[parse]") {
  schema::FetchReply reply;
  CHECK(parse(nested(messages_deep_max - 1), reply));
  CHECK_FALSE(parse(nested(messages_deep_max + 1), reply));
}

TEST_CASE("a message is read to its end or not at all", "[parse]") {
  schema::FetchReply reply;
  reply.set_token("token");
  Bytes bytes(reply.ByteSizeLong());
  REQUIRE(reply.SerializeToArray(bytes.data(), static_cast<int>(bytes.size())));
  CHECK(parse(bytes, reply));
  bytes.pop_back();
  CHECK_FALSE(parse(bytes, reply));
}
