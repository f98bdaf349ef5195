#include "sync/store/cipher.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <memory>

#include "crypto/hash.h"
#include "sync/store/sqlite_error.h"

namespace throughgate::sync::store {
namespace {

constexpr int aegis_256 = 4;             // as the cipher numbers its variants
constexpr int nonce_and_tag_bytes = 64;  // at the end of each page: nonce 32, tag 32
constexpr std::string_view plain_header("SQLite format 3\0", 16);

using Label = crypto::ByteArray<16>;

Label label_of(const crypto::DatabaseKey& key) {
  return crypto::keyed_hash_128(key.view(), "tg store label", {});
}

Error not_as_built(const char* what) {
  return {ErrorKind::unavailable,
          std::string("This program's encryption is not in force (") + what +
              "), so the store was not opened. Nothing was changed. Install the program again."};
}

bool choose_cipher(sqlite3* handle) {
  const int aegis = sqlite3mc_cipher_index("aegis");
  return aegis > 0 && sqlite3mc_config(handle, "cipher", aegis) == aegis &&
         sqlite3mc_config(handle, "hmac_check", 1) == 1 &&
         sqlite3mc_config(handle, "mc_legacy_wal", 0) == 0 &&
         sqlite3mc_config_cipher(handle, "aegis", "algorithm", aegis_256) == aegis_256 &&
         sqlite3mc_config_cipher(handle, "aegis", "plaintext_header_size", 0) == 0;
}

// Given apart from the key, the salt is never taken from the file.
bool set_salt(sqlite3* handle, const Label& label) {
  const auto pragma = "PRAGMA cipher_salt = '" + crypto::to_hex(label) + "'";
  return sqlite3_exec(handle, pragma.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
}

bool salt_is(sqlite3* handle, const Label& label) {
  const std::unique_ptr<unsigned char, decltype(&sqlite3_free)> salt(
      sqlite3mc_codec_data(handle, "main", "raw:cipher_salt"), sqlite3_free);
  return salt != nullptr && std::equal(label.begin(), label.end(), salt.get());
}

int hand_over(sqlite3* handle, const crypto::DatabaseKey& key, const Label& label) {
  constexpr std::string_view raw = "raw:";  // no passphrase: nothing is derived
  std::array<std::uint8_t, 4 + 32 + 16> text{};
  auto end = std::copy(raw.begin(), raw.end(), text.begin());
  end = std::copy(key.view().begin(), key.view().end(), end);
  std::copy(label.begin(), label.end(), end);
  const int code = sqlite3_key_v2(handle, "main", text.data(), static_cast<int>(text.size()));
  crypto::wipe(text);
  return code;
}

}  // namespace

Result<Done> set_key(sqlite3* handle, const crypto::DatabaseKey& key) {
  if (!choose_cipher(handle)) return not_as_built("cipher");
  const auto label = label_of(key);
  if (!set_salt(handle, label)) return not_as_built("salt");
  if (const int code = hand_over(handle, key, label); code != SQLITE_OK) {
    return error_from_sqlite(code);
  }
  if (!salt_is(handle, label)) return not_as_built("key");
  int reserved = -1;  // asks, changes nothing
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
  if (reserved != nonce_and_tag_bytes) return not_as_built("page seal");
  return Done{};
}

Error why_it_does_not_open(sqlite3* handle, const crypto::DatabaseKey& key) {
  sqlite3_file* file = nullptr;
  Label start{};
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file));
  if (file == nullptr || file->pMethods == nullptr ||
      file->pMethods->xRead(file, start.data(), static_cast<int>(start.size()), 0) != SQLITE_OK ||
      crypto::as_text(start) == plain_header) {
    return {ErrorKind::invalid,
            "This file is not a Throughgate store. Nothing was changed. Choose another file."};
  }
  if (start == label_of(key)) return error_from_sqlite(SQLITE_NOTADB);
  return {ErrorKind::denied,
          "This key does not open this file: it is another store, or no store at all. Nothing was "
          "changed. Choose the file that belongs to this key."};
}

}  // namespace throughgate::sync::store
