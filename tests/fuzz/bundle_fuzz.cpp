// A file from anybody's stick, and what a member who means ill has signed and sealed into one. The
// first byte says which.
#include "sync/bundle.h"

#include "tests/fuzz/fuzz_target.h"
#include "tests/sync/hand_made_bundle.h"

namespace throughgate::fuzz {
namespace {

using namespace sync;
using sync::testing::BundleMakers;
using sync::testing::HandMadeBundle;

// What passes is what was signed: with one byte more or less it is nothing.
void read_strange(ByteView bytes) {
  const auto read = read_bundle(bytes);
  if (!read.bundle) return;
  must(read.bundle->label().part >= 1 && !read.bundle->readers().empty());
  must(!read_bundle(bytes.first(bytes.size() - 1)).bundle);
}

// A good one with some of its bytes altered.
void read_altered(ByteView bytes) {
  static const Bytes good = [] {
    BundleMakers by;
    return HandMadeBundle(by).file();
  }();
  Bytes file = good;
  for (std::size_t i = 0; i + 2 < bytes.size(); i += 3) {
    file[(bytes[i] * 256U + bytes[i + 1]) % file.size()] ^= bytes[i + 2];
  }
  must(read_bundle(file).bundle.has_value() == (file == good));
}

// Whatever was packed, padded or sealed.
void open_sealed(ByteView bytes, bool is_packed) {
  BundleMakers by;
  HandMadeBundle made(by);
  const Bytes content(bytes.begin(), bytes.end());
  if (content.size() >= (60U << 10)) return;
  made.packed = is_packed ? compress(content) : content;
  made.size_class = 64U << 10;
  const auto read = read_bundle(made.file());
  must(read.bundle.has_value());
  schema::Bundle out;
  const auto fault = open_bundle(*read.bundle, by.reader, by.key, out);
  must(fault || out.ByteSizeLong() <= bundle_content_max);
}

}  // namespace

void run(crypto::ByteView bytes) {
  if (bytes.empty()) return;
  const auto rest = bytes.subspan(1);
  switch (bytes[0] % 4) {
    case 0:
      return read_strange(rest);
    case 1:
      return read_altered(rest);
    default:
      return open_sealed(rest, bytes[0] % 4 == 2);
  }
}

}  // namespace throughgate::fuzz
