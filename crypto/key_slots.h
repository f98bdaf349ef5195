// The slot file beside a node's database: ways to its one database key.
//
//   version u16 · file salt 16 · then per slot: kind u8 · id 8 · body       (all little endian)
//   password  kind 1, one a name; id = first 8 bytes of BLAKE2b-256(key = file salt, context ‖
//             sign-in name, NFC lower case)
//             body = opslimit u64 · memlimit u64 · salt 16 · nonce 24 · sealed key 48
//   key file  kind 2, at most one; id random; body = nonce 24 · sealed key 48, sealed under the 32
//             bytes in that file
//   recovery  kind 3, at most one; id = first 8 bytes of BLAKE2b-256(context ‖ public key);
//             body = sealed box 80
//
// The associated data of a sealed key is context ‖ the slot's bytes before its nonce.
// Threads: a KeySlots value is used by one thread at a time. Errors: this class answers yes or no.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "crypto/box_key.h"
#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "crypto/passphrase.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace throughgate::crypto {

using DatabaseKey = Secret<32>;
constexpr std::size_t key_slots_max = 200;  // staff of the largest site, with room

class KeySlots {
 public:
  static KeySlots create(Random& random);  // no slots yet
  // nullopt: not a slot file, damaged, or made by a newer version.
  static std::optional<KeySlots> parse(ByteView file);
  Bytes serialize() const;

  // Sign-in names are given in Unicode NFC lower case, as node/accounts makes them.
  // Adds the slot or replaces the one of the same name. False, and nothing changed, when the file
  // is full or the cost out of bounds. std::bad_alloc: too little memory to derive the key.
  bool set_password(std::string_view sign_in_name, std::string_view password,
                    const DatabaseKey& key, const PassphraseCost& cost, Random& random);
  // These two replace the slot of an earlier key file or recovery key. False when the file is full,
  // or the recovery key is not a usable public key.
  bool set_key_file(const Secret<32>& file_key, const DatabaseKey& key, Random& random);
  bool set_recovery(const BoxPublicKey& recovery_key, const DatabaseKey& key);
  bool remove_password(std::string_view sign_in_name);  // false when there was none
  bool remove_key_file();                               // false when there was none

  // nullopt for a wrong password and for an unknown name, after the same work: an unknown name has
  // the cost of one in this file, always the same, and a salt of its own. std::bad_alloc: as above.
  std::optional<DatabaseKey> open_with_password(std::string_view sign_in_name,
                                                std::string_view password) const;
  std::optional<DatabaseKey> open_with_key_file(const Secret<32>& file_key) const;
  std::optional<DatabaseKey> open_with_recovery(const BoxKey& recovery_key) const;

  bool has_password(std::string_view sign_in_name) const;
  // Another one whenever a password is set, the same one too; says nothing about it. nullopt: none.
  std::optional<Hash> password_mark(std::string_view sign_in_name) const;
  std::size_t password_count() const;

 private:
  KeySlots() = default;
  Bytes password_place(std::string_view sign_in_name) const;
  Bytes decoy(ByteView place) const;
  const Bytes* find(ByteView place) const;
  bool put(Bytes slot);
  bool remove(ByteView place);

  ByteArray<16> file_salt_{};
  std::vector<Bytes> slots_;  // each one as it lies in the file
};

}  // namespace throughgate::crypto
