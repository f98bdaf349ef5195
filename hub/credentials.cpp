#include "hub/credentials.h"

#include "sync/contexts.h"
#include "sync/layout.h"

namespace throughgate::hub {
namespace {

using sync::Bytes;
using sync::ByteView;

constexpr crypto::Context challenge_check{"tg hub challenge"};
constexpr crypto::Context token_check{"tg hub token"};

Bytes with_check(Bytes text, const crypto::Secret<32>& key, const crypto::Context& context,
                 ByteView bound_to) {
  const auto check = crypto::keyed_hash_128(key.view(), context, {text, bound_to});
  text.insert(text.end(), check.begin(), check.end());
  return text;
}

bool is_current(std::uint64_t made_ms, std::uint64_t now_ms, std::uint64_t ms_max) {
  return made_ms <= now_ms && now_ms - made_ms <= ms_max;
}

Bytes node_and_instance(const sync::NodeId& node, const sync::InstanceId& instance) {
  return sync::LayoutWriter().bytes(node.bytes).bytes(instance.bytes).take();
}

}  // namespace

sync::ByteArray<32> Credentials::challenge(const sync::NodeId& node, std::uint64_t now_ms) {
  Bytes text = sync::LayoutWriter().bytes(random_.bytes<8>()).u64(now_ms).take();
  return *crypto::to_array<32>(with_check(std::move(text), key_, challenge_check, node.bytes));
}

Bytes Credentials::token(const sync::NodeId& node, const sync::InstanceId& instance,
                         std::uint64_t now_ms) const {
  return with_check(sync::LayoutWriter().u64(now_ms).take(), key_, token_check,
                    node_and_instance(node, instance));
}

bool Credentials::is_good_answer(const sync::EnrolledNode& node, const sync::InstanceId& instance,
                                 ByteView challenge, ByteView signature,
                                 std::uint64_t now_ms) const {
  const auto signed_by_node = crypto::to_array<64>(signature);
  if (challenge.size() != 32 || !signed_by_node) return false;
  const Bytes made =
      with_check({challenge.begin(), challenge.begin() + 16}, key_, challenge_check, node.id.bytes);
  sync::LayoutReader in(challenge.subspan(8, 8));
  if (!crypto::equal_in_constant_time(made, challenge) ||
      !is_current(in.u64(), now_ms, challenge_ms_max)) {
    return false;
  }
  const Bytes message =
      sync::LayoutWriter().bytes(challenge).bytes(instance.bytes).bytes(node.id.bytes).take();
  return crypto::verify(node.verify_key, sync::contexts::challenge_answer, message,
                        *signed_by_node);
}

bool Credentials::is_good_token(const sync::NodeId& node, const sync::InstanceId& instance,
                                ByteView token, std::uint64_t now_ms) const {
  if (token.size() != 24) return false;
  const Bytes made = with_check({token.begin(), token.begin() + 8}, key_, token_check,
                                node_and_instance(node, instance));
  sync::LayoutReader in(token.first(8));
  return crypto::equal_in_constant_time(made, token) && is_current(in.u64(), now_ms, token_ms_max);
}

}  // namespace throughgate::hub
