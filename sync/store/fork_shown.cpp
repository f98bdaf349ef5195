#include "sync/store/fork_shown.h"

#include "sync/signed_verdict.h"
#include "sync/wire_values.h"

namespace throughgate::sync::store {

bool shows_fork(const StoredDossier& stored, const Hash& entry, const std::string& other_header,
                const std::string& other_signature, const Directory& directory) {
  const auto row = stored.find(entry);
  const auto held = row ? stored.load(*row) : std::nullopt;
  const auto* author = held ? directory.node(held->entry.header().author) : nullptr;
  const auto signature = crypto::to_array<64>(crypto::as_bytes(other_signature));
  if (!author || !signature) return false;
  const auto& ours = held->entry.bytes();
  return proves_fork({ours.header, ours.signature, from_wire(other_header), *signature},
                     author->verify_key);
}

}  // namespace throughgate::sync::store
