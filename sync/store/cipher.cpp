#include "sync/store/cipher.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <vector>

#include "crypto/hash.h"
#include "sync/store/sqlite_error.h"

namespace throughgate::sync::store {
namespace {

constexpr int aegis_256 = 4;  // as the cipher numbers its variants
constexpr int page_bytes = 4096;
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

sqlite3_file* file_of(sqlite3* handle, int which) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(handle, "main", which, static_cast<void*>(&file));
  return file != nullptr && file->pMethods != nullptr ? file : nullptr;
}

// Only these are given as they are: the first 16 bytes of the file, and any of the log that are not
// exactly a page.
template <std::size_t Size>
std::optional<crypto::ByteArray<Size>> raw_bytes(sqlite3_file* file, std::int64_t offset) {
  crypto::ByteArray<Size> bytes{};
  if (file == nullptr ||
      file->pMethods->xRead(file, bytes.data(), static_cast<int>(Size), offset) != SQLITE_OK) {
    return std::nullopt;
  }
  return bytes;
}

// Page size 4096, WAL for writing and for reading, 64 bytes of seal, three constants of SQLite's.
constexpr crypto::ByteArray<8> clear_header{0x10, 0, 2, 2, nonce_and_tag_bytes, 64, 32, 32};
constexpr std::int64_t clear_header_offset = 16;

// As SQLite took it from the header.
int page_size_found(sqlite3* handle) {
  int found = 0;
  const auto note = [](void* out, int, char** values, char**) {
    *static_cast<int*>(out) = std::atoi(values[0]);
    return 0;
  };
  sqlite3_exec(handle, "PRAGMA page_size", note, &found, nullptr);
  return found;
}

// SQLite's log: magic (last bit: byte order of its checksums), format 3007000, page size 4096.
bool is_log_of_ours(const crypto::ByteArray<12>& start) {
  constexpr crypto::ByteArray<12> log{0x37, 0x7f, 0x06, 0x82, 0, 0x2d, 0xe2, 0x18, 0, 0, 0x10, 0};
  auto big_endian_or_not = start;
  big_endian_or_not[3] &= 0xfe;
  return big_endian_or_not == log;
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
  return Done{};
}

Result<Done> check_page_seal(sqlite3* handle) {
  int reserved = -1;  // asks, changes nothing
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
  if (reserved != nonce_and_tag_bytes) return not_as_built("page seal");
  return Done{};
}

bool mend_torn_header(sqlite3* handle) {
  auto* file = file_of(handle, SQLITE_FCNTL_FILE_POINTER);
  const auto log = raw_bytes<12>(file_of(handle, SQLITE_FCNTL_JOURNAL_POINTER), 0);
  if (file == nullptr || !log || !is_log_of_ours(*log) || page_size_found(handle) == page_bytes) {
    return false;
  }
  const int size = static_cast<int>(clear_header.size());
  return file->pMethods->xWrite(file, clear_header.data(), size, clear_header_offset) ==
             SQLITE_OK &&
         file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) == SQLITE_OK;
}

std::optional<std::int64_t> first_broken_page(sqlite3* handle) {
  auto* file = file_of(handle, SQLITE_FCNTL_FILE_POINTER);
  sqlite3_int64 bytes = 0;
  if (file == nullptr || file->pMethods->xFileSize(file, &bytes) != SQLITE_OK) return std::nullopt;
  std::vector<std::uint8_t> page(page_bytes);
  for (std::int64_t at = 0; at + page_bytes <= bytes; at += page_bytes) {
    const bool opens = file->pMethods->xRead(file, page.data(), page_bytes, at) == SQLITE_OK;
    crypto::wipe(page);
    if (!opens) return at / page_bytes + 1;
  }
  return std::nullopt;
}

Error where_damaged(sqlite3* handle, const Error& error) {
  const auto page = first_broken_page(handle);
  if (!page) return error;
  return {ErrorKind::corrupt,
          "The store is damaged: its page " + std::to_string(*page) +
              " was altered or cannot be read. Nothing was changed. Start this program again; if "
              "it says the same, stop using this computer for Throughgate, keep it as it is, and "
              "ring the central team."};
}

Error why_it_does_not_open(sqlite3* handle, const crypto::DatabaseKey& key) {
  const auto start = raw_bytes<16>(file_of(handle, SQLITE_FCNTL_FILE_POINTER), 0);
  if (!start || crypto::as_text(*start) == plain_header) {
    return {ErrorKind::invalid,
            "This file is not a Throughgate store. Nothing was changed. Choose another file."};
  }
  if (*start == label_of(key)) return where_damaged(handle, error_from_sqlite(SQLITE_NOTADB));
  return {ErrorKind::denied,
          "This key does not open this file: it is another store, or no store at all. Nothing was "
          "changed. Choose the file that belongs to this key."};
}

}  // namespace throughgate::sync::store
