// Who may open this node's store: staff by their passwords, an unattended program by a key file,
// and whoever holds the organisation's recovery sheet. Verifiers lie in the slot file and never
// leave this computer; names and roles are records (node/staff).
// Threads: any; each call reads the files anew, and calls that change them take a lock, so several
// processes may work on one folder.
#pragma once

#include <functional>
#include <string_view>

#include "crypto/key_slots.h"
#include "node/accounts/attempts.h"
#include "node/accounts/password_rules.h"

namespace throughgate::node {

// Costs less in tests only.
constexpr crypto::PassphraseCost password_cost{3, 64ull << 20};

class Accounts {
 public:
  // `random` must outlive it.
  Accounts(DataFolder folder, crypto::Random& random, crypto::PassphraseCost cost = password_cost)
      : folder_(std::move(folder)), random_(random), cost_(cost), attempts_(folder_, random) {}

  const DataFolder& folder() const { return folder_; }

  // The first slot file, with a recovery slot and the first member of staff. Once it is on disk,
  // the store can be opened. Fails with `invalid` when there is one already, or as
  // set_password().
  sync::Result<sync::Done> create(const crypto::DatabaseKey& key,
                                  const crypto::BoxPublicKey& recovery_key, std::string_view name,
                                  std::string_view password);

  // Adds a member of staff to those who may open the store, or gives one a new password, for which
  // wrong ones before it count no more.
  //   invalid      name or password are not as they must be; the message says how
  //   unavailable  not enough memory, or the disk is full: nothing was changed
  sync::Result<sync::Done> set_password(std::string_view name, std::string_view password,
                                        const crypto::DatabaseKey& key);
  // Whoever had it signs in no more; nothing changes where nobody had.
  sync::Result<sync::Done> remove_password(std::string_view name);
  sync::Result<bool> has_password(std::string_view name) const;
  // What tells one password of a person from the next, and says nothing about it; cheap.
  //   not_found  this name has no password here
  sync::Result<crypto::Hash> password_mark(std::string_view name) const;

  //   denied       wrong name or password (never which), or too many wrong ones of late
  //   unavailable  there is too little memory to try the password; this counts as no try
  //   corrupt, not_found  the slot file is damaged or a newer program's; or there is none
  sync::Result<crypto::DatabaseKey> sign_in(std::string_view name, std::string_view password,
                                            const Clock& clock);

  // Makes a key file at `path` (which must not exist) and its slot; an older key file opens no
  // more. When it fails, no file is left, and the older one opens still; unless its slot stands
  // although the disk failed, which the message says: then the file stays.
  sync::Result<sync::Done> make_key_file(const std::string& path, const crypto::DatabaseKey& key);
  //   denied  not this store's key file, or one that others may read
  sync::Result<crypto::DatabaseKey> open_with_key_file(const std::string& path) const;

  // Fails with `denied`: another organisation's sheet.
  sync::Result<crypto::DatabaseKey> open_with_recovery(const crypto::BoxKey& recovery_key) const;

 private:
  sync::Result<crypto::KeySlots> read() const;
  // Reads, lets `change` change and replaces the slot file, under the lock.
  sync::Result<sync::Done> update(
      const std::function<sync::Result<sync::Done>(crypto::KeySlots&)>& change);
  sync::Result<sync::Done> put_password(crypto::KeySlots& slots, std::string_view name,
                                        std::string_view password, const crypto::DatabaseKey& key);
  // False: its slot is certainly not there.
  bool may_open_with(const crypto::Secret<32>& file_key) const;

  DataFolder folder_;
  crypto::Random& random_;
  crypto::PassphraseCost cost_;
  Attempts attempts_;
};

}  // namespace throughgate::node
