// The slot file beside a node's database: ways to its one database key.
//
//   version u16 · file salt 16 · then per slot: kind u8 · id 8 · body       (all little endian)
//   password  id = first 8 bytes of BLAKE2b-256(key = file salt, context ‖ sign-in name, NFC lower
//   case)
//             body = opslimit u64 · memlimit u64 · salt 16 · nonce 24 · sealed key 48
//   key file  id random; body = nonce 24 · sealed key 48, sealed under the 32 bytes in that file
//   recovery  id = first 8 bytes of BLAKE2b-256(context ‖ public key); body = sealed box 80
//
// The associated data of a sealed key is context ‖ the slot's bytes before its nonce.
// Threads: a KeySlots value is used by one thread at a time. Errors: this class answers yes or no.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "crypto/box_key.h"
#include "crypto/bytes.h"
#include "crypto/passphrase.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace throughgate::crypto {

using DatabaseKey = Secret<32>;
constexpr std::size_t key_slots_max = 200;  // staff of the largest site, with room

class KeySlots {
 public:
  static KeySlots create(Random& random);  // no slots yet
  static std::optional<KeySlots> parse(
      ByteView file);  // nullopt: not a slot file, damaged, or newer
  Bytes serialize() const;

  // Sign-in names are given in Unicode NFC lower case, as node/accounts makes them.
  // Adds the slot or replaces the one of the same name. False when the file is full, the cost is
  // out of bounds, or there is not enough memory to derive the key.
  bool set_password(std::string_view sign_in_name, std::string_view password,
                    const DatabaseKey& key, const PassphraseCost& cost, Random& random);
  bool set_key_file(const Secret<32>& file_key, const DatabaseKey& key, Random& random);
  bool set_recovery(const BoxPublicKey& recovery_key, const DatabaseKey& key);
  bool remove_password(std::string_view sign_in_name);  // false when there was none

  // nullopt for a wrong password and for an unknown name, after the same work.
  std::optional<DatabaseKey> open_with_password(std::string_view sign_in_name,
                                                std::string_view password) const;
  std::optional<DatabaseKey> open_with_key_file(const Secret<32>& file_key) const;
  std::optional<DatabaseKey> open_with_recovery(const BoxKey& recovery_key) const;

  bool has_password(std::string_view sign_in_name) const;
  std::size_t password_count() const;

 private:
  enum class Kind : std::uint8_t { password = 1, key_file = 2, recovery = 3 };
  struct Slot {
    Kind kind;
    ByteArray<8> id;
    Bytes body;
  };
  KeySlots() = default;
  ByteArray<8> name_id(std::string_view sign_in_name) const;
  const Slot* find(Kind kind, const ByteArray<8>& id) const;
  bool put(Slot slot);

  ByteArray<16> file_salt_{};
  std::vector<Slot> slots_;
};

}  // namespace throughgate::crypto
