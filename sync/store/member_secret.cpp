#include "sync/store/member_secret.h"

#include "sync/store/key_table.h"
#include "sync/store/stored_dossier.h"

namespace throughgate::sync::store {
namespace {

Hash under(const crypto::ContentKey& key, const DossierId& dossier, const crypto::Context& context,
           ByteView bytes) {
  return crypto::keyed_hash(key.secret().view(), context, {dossier.view(), bytes});
}

}  // namespace

Result<Hash> member_hash(UnitOfWork& work, const DossierId& dossier, const crypto::Context& context,
                         ByteView bytes) {
  if (!StoredDossier::exists(work, dossier)) {
    return Error{ErrorKind::not_found, "There is no such record on this computer."};
  }
  const StoredDossier held(work, dossier);
  const auto keys = KeyTable(work).all(held.row());
  const auto* current = held.memberships().current();
  auto key = current ? keys.find(current->membership.epoch()) : keys.end();
  if (key == keys.end() && !current) key = keys.begin();  // no order yet: it came by hand
  if (key == keys.end()) {
    return Error{ErrorKind::unavailable,
                 "The key to this record has not come yet. Sync first, and try again."};
  }
  return under(key->second, dossier, context, bytes);
}

std::vector<Hash> member_hashes(UnitOfWork& work, const DossierId& dossier,
                                const crypto::Context& context, ByteView bytes) {
  std::vector<Hash> out;
  if (!StoredDossier::exists(work, dossier)) return out;
  const StoredDossier held(work, dossier);
  for (const auto& [epoch, key] : KeyTable(work).all(held.row())) {
    out.push_back(under(key, dossier, context, bytes));
  }
  return out;
}

}  // namespace throughgate::sync::store
