#include "sync/root_list.h"

#include <algorithm>

#include "sync/contexts.h"
#include "sync/layout.h"
#include "sync/limits.h"

namespace throughgate::sync {
namespace {

using crypto::VerifyKey;
using Keys = std::vector<VerifyKey>;

constexpr std::uint16_t format = 1;
// Each holder of a list and of the one before it.
constexpr std::size_t signatures_max = 2 * root_keys_max;

bool has(const Keys& keys, const VerifyKey& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

void put_keys(LayoutWriter& out, Keys keys) {
  std::sort(keys.begin(), keys.end());
  out.u8(static_cast<std::uint8_t>(keys.size()));
  for (const auto& key : keys) out.bytes(key);
}

// False where there are none, too many, or they do not rise.
bool read_keys(LayoutReader& in, std::size_t keys_max, Keys& keys) {
  const std::size_t count = in.u8();
  if (count == 0 || count > keys_max) return false;
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    const auto key = in.array<32>();
    if (!keys.empty() && keys.back() >= key) return false;
    keys.push_back(key);
  }
  return !in.failed();
}

std::optional<RootList> read_list(LayoutReader& in) {
  if (in.u16() != format) return std::nullopt;
  RootList out;
  out.version = in.u64();
  out.previous = in.array<32>();
  out.needed = in.u8();
  const bool is_first = out.previous == Hash{};
  if (in.failed() || out.version == 0 || out.version > counter_max ||
      is_first != (out.version == 1)) {
    return std::nullopt;
  }
  if (!read_keys(in, root_keys_max, out.roots) ||
      !read_keys(in, named_keys_max, out.directory_keys) ||
      !read_keys(in, named_keys_max, out.hub_keys)) {
    return std::nullopt;
  }
  const bool needed_fits = out.needed >= 1 && out.needed <= out.roots.size();
  return needed_fits ? std::optional(std::move(out)) : std::nullopt;
}

Error refused(const char* what) {
  return {ErrorKind::rejected, std::string("The root list was refused: ") + what};
}

}  // namespace

bool RootList::has_root(const VerifyKey& key) const { return has(roots, key); }
bool RootList::has_directory_key(const VerifyKey& key) const { return has(directory_keys, key); }
bool RootList::has_hub_key(const VerifyKey& key) const { return has(hub_keys, key); }

Bytes encode(const RootList& list) {
  LayoutWriter out;
  out.u16(format).u64(list.version).bytes(list.previous).u8(list.needed);
  put_keys(out, list.roots);
  put_keys(out, list.directory_keys);
  put_keys(out, list.hub_keys);
  return out.take();
}

Hash root_hash(const RootList& list) { return crypto::hash(contexts::root_hash, {encode(list)}); }

Bytes encode(const SignedRootList& list) {
  LayoutWriter out;
  out.bytes(encode(list.list)).u8(static_cast<std::uint8_t>(list.signatures.size()));
  for (const auto& each : list.signatures) out.bytes(each.key).bytes(each.signature);
  return out.take();
}

std::optional<SignedRootList> decode_root_list(ByteView bytes) {
  if (bytes.size() > root_list_bytes_max) return std::nullopt;
  LayoutReader in(bytes);
  auto list = read_list(in);
  if (!list) return std::nullopt;
  SignedRootList out{*std::move(list), {}};
  const std::size_t count = in.u8();
  if (count > signatures_max) return std::nullopt;
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    RootSignature each;
    each.key = in.array<32>();
    each.signature = in.array<64>();
    if (!out.signatures.empty() && out.signatures.back().key >= each.key) return std::nullopt;
    out.signatures.push_back(each);
  }
  return in.finished() ? std::optional(std::move(out)) : std::nullopt;
}

void sign(SignedRootList& list, const crypto::SigningKey& root_key) {
  const RootSignature made{root_key.verify_key(),
                           root_key.sign(contexts::root_signature, encode(list.list))};
  auto& all = list.signatures;
  const auto at = std::lower_bound(
      all.begin(), all.end(), made,
      [](const RootSignature& a, const RootSignature& b) { return a.key < b.key; });
  if (at != all.end() && at->key == made.key) {
    *at = made;
  } else {
    all.insert(at, made);
  }
}

std::optional<RootQuorum> quorum_of(const SignedRootList& list, const RootList* previous) {
  const auto before = previous ? root_hash(*previous) : Hash{};
  if (list.list.previous != before) return std::nullopt;
  const Bytes message = encode(list.list);
  RootQuorum out;
  for (const auto& each : list.signatures) {
    const bool is_own = list.list.has_root(each.key);
    const bool is_before = previous && previous->has_root(each.key);
    if ((!is_own && !is_before) ||
        !crypto::verify(each.key, contexts::root_signature, message, each.signature)) {
      return std::nullopt;
    }
    out.of_own += is_own ? 1 : 0;
    out.of_previous += is_before ? 1 : 0;
  }
  return out;
}

Result<Done> check(const SignedRootList& list, const RootList* previous) {
  if (list.list.version != (previous ? previous->version : 0) + 1) {
    return Error{ErrorKind::stale, "This is not the next root list."};
  }
  const auto quorum = quorum_of(list, previous);
  if (!quorum) return refused("it does not follow the one held here, or a signature is wrong.");
  if (quorum->of_own < list.list.needed || (previous && quorum->of_previous < previous->needed)) {
    return refused("not enough root key holders have signed it.");
  }
  return Done{};
}

}  // namespace throughgate::sync
