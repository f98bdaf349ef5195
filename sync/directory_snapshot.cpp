#include "sync/directory_snapshot.h"

#include <algorithm>

#include "sync/contexts.h"
#include "sync/layout.h"

namespace throughgate::sync {
namespace {

constexpr std::uint16_t format = 1;
constexpr std::size_t signature_bytes = 64;

Error refused(const char* what) {
  return {ErrorKind::rejected,
          std::string("The snapshot of the central list was refused: ") + what};
}

Error damaged() { return refused("it is damaged."); }

// From list 1, which the anchor is the hash of, to the last.
Result<RootList> follow(LayoutReader& in, const Anchor& anchor) {
  std::optional<RootList> root;
  for (std::size_t left = in.u16(); left > 0; --left) {
    const std::size_t size = in.u16();
    const auto list = decode_root_list(in.bytes(size));
    if (!list) return damaged();
    if (!root && root_hash(list->list) != anchor.root) {
      return refused("it stands under another root than this computer's.");
    }
    if (!check(*list, root ? &*root : nullptr)) {
      return refused("the root key holders have not signed it so.");
    }
    root = list->list;
  }
  if (!root) return damaged();
  return *std::move(root);
}

}  // namespace

Bytes sign_snapshot(const Directory& directory, const std::vector<Bytes>& root_lists,
                    const crypto::SigningKey& directory_key) {
  LayoutWriter out;
  out.u16(format).u16(static_cast<std::uint16_t>(root_lists.size()));
  for (const auto& list : root_lists) {
    out.u16(static_cast<std::uint16_t>(list.size())).bytes(list);
  }
  const Bytes state = directory.state();
  out.u32(static_cast<std::uint32_t>(state.size())).bytes(state);
  Bytes bytes = out.take();
  const auto signature = directory_key.sign(contexts::directory_snapshot, bytes);
  bytes.insert(bytes.end(), signature.begin(), signature.end());
  return bytes;
}

std::vector<Bytes> root_lists_in(ByteView snapshot) {
  LayoutReader in(snapshot);
  in.u16();
  std::vector<Bytes> out;
  for (std::size_t left = in.u16(); left > 0 && !in.failed(); --left) {
    const auto list = in.bytes(in.u16());
    out.emplace_back(list.begin(), list.end());
  }
  return out;
}

Result<Directory> read_snapshot(ByteView snapshot, const Anchor& anchor) {
  if (snapshot.size() > snapshot_bytes_max || snapshot.size() < signature_bytes) return damaged();
  const auto message = snapshot.first(snapshot.size() - signature_bytes);
  const auto signature = crypto::to_array<signature_bytes>(snapshot.last(signature_bytes));
  LayoutReader in(message);
  if (in.u16() != format) return refused("it is not in a form this program reads.");
  const auto root = follow(in, anchor);
  if (!root) return root.error();
  const auto has_signed = [&](const crypto::VerifyKey& key) {
    return signature && crypto::verify(key, contexts::directory_snapshot, message, *signature);
  };
  if (std::none_of(root->directory_keys.begin(), root->directory_keys.end(), has_signed)) {
    return refused("it is not signed by the central team.");
  }
  const std::size_t size = in.u32();
  auto directory = Directory::from_state(in.bytes(size), *root);
  if (!directory || !in.finished()) return damaged();
  const bool is_told = anchor.version > 0;
  if (is_told && directory->version() > anchor.version) {
    return refused("it is later than what the central team told this computer of.");
  }
  if (is_told && directory->version() == anchor.version && directory->head() != anchor.head) {
    return refused("it is not of the list that the central team told this computer of.");
  }
  return *std::move(directory);
}

bool leads_to(std::uint64_t told, std::uint64_t version, const std::vector<DirectoryStep>& steps) {
  if (told == 0) return true;
  if (version >= told || steps.size() < told - version) return false;
  const auto end = steps.begin() + static_cast<std::ptrdiff_t>(told - version);
  return std::all_of(steps.begin(), end, [](const auto& step) { return step.root_list.empty(); });
}

Result<Directory> begin_with(ByteView snapshot, const std::vector<DirectoryStep>& steps,
                             const Anchor& anchor) {
  auto begun = read_snapshot(snapshot, anchor);
  if (!begun) return begun;
  if (!leads_to(anchor.version, begun->version(), steps)) {
    return Error{ErrorKind::stale,
                 "The central list came as a snapshot that this computer cannot rely on: it is "
                 "older than the keys that sign the list now, or part of what follows is missing. "
                 "Nothing was changed. Ask the central team to make a new one, then exchange."};
  }
  for (const auto& step : steps) {
    if (auto applied = begun->apply(step, anchor); !applied) return applied.error();
  }
  return begun;
}

}  // namespace throughgate::sync
