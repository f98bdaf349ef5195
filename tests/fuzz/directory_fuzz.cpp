// The central list, and what computers say of what it has erased.
#include "sync/directory.h"

#include "schema/directory.pb.h"
#include "sync/erasure.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/sync/seeded_random.h"

namespace throughgate::fuzz {
namespace {

using namespace sync;

// Not signed: nothing of it may pass.
void apply_unsigned(crypto::ByteView bytes, const crypto::VerifyKey& key) {
  const std::size_t half = std::min<std::size_t>(bytes.size(), 94);
  const auto header = bytes.first(half);
  const auto body = bytes.subspan(half);
  Directory directory;
  must(!directory.apply({{header.begin(), header.end()}, {body.begin(), body.end()}, {}}, key));
  must(directory.version() == 0);
}

void read_receipt(crypto::ByteView bytes, const crypto::VerifyKey& key) {
  const auto receipt = decode_erasure_receipt(bytes, {});
  if (!receipt) return;
  const auto again = receipt->encode();
  must(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()));
  must(!verify(*receipt, key));
}

}  // namespace

void run(crypto::ByteView bytes) {
  static sync::testing::SeededRandom random(1);
  static const auto key = crypto::SigningKey::generate(random);
  apply_unsigned(bytes, key.verify_key());
  read_receipt(bytes, key.verify_key());

  schema::DirectoryBody body;  // what a desk gone wrong would sign
  if (!body.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  Directory directory;
  const bool done(directory.apply(directory.sign_next(body, 1, 2, key), key.verify_key()));
  must(directory.version() == (done ? 1U : 0U));
  must(done || (directory.nodes().empty() && directory.organisations().empty()));
  for (const auto& [id, node] : directory.nodes()) {
    must(directory.organisation(node.organisation) != nullptr);
    must(directory.standing(id, 1).has_value() && !directory.standing(id, 0));
  }
}

}  // namespace throughgate::fuzz
