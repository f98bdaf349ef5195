#include "tests/vectors/bundle_vector.h"

#include <stdexcept>

#include "schema/bundle.pb.h"
#include "sync/bundle.h"

namespace throughgate::vectors {
namespace {

using sync::BundleFault;

const char* name_of(BundleFault fault) {
  switch (fault) {
    case BundleFault::not_a_bundle:
      return "not_a_bundle";
    case BundleFault::newer:
      return "newer";
    case BundleFault::too_large:
      return "too_large";
    case BundleFault::cut_short:
      return "cut_short";
    case BundleFault::changed:
      return "changed";
    case BundleFault::not_for_us:
      return "not_for_us";
    case BundleFault::not_opening:
      return "not_opening";
    case BundleFault::bomb:
      return "bomb";
    case BundleFault::unreadable:
      break;
  }
  return "unreadable";
}

}  // namespace

std::string bundle_outcome(const VectorFile& v) {
  const auto reader = crypto::to_array<16>(v.bytes("reader"));
  const auto secret = crypto::to_array<32>(v.bytes("box_secret"));
  if (!reader || !secret) throw std::runtime_error("a vector's reader is none");
  const auto read = sync::read_bundle(v.bytes("file"));
  if (!read.bundle) return name_of(read.fault);
  schema::Bundle content;
  const crypto::BoxKey key{crypto::Secret<32>(*secret)};
  if (const auto fault = sync::open_bundle(*read.bundle, *reader, key, content)) {
    return name_of(*fault);
  }
  return "accept " + hex_or_dash(crypto::as_bytes(content.SerializeAsString()));
}

}  // namespace throughgate::vectors
