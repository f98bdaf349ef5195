#include "node/accounts/accounts.h"

#include <filesystem>
#include <new>

namespace throughgate::node {
namespace {

using crypto::DatabaseKey;
using crypto::KeySlots;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr std::size_t slot_file_bytes_max = 64 << 10;  // 200 slots of 113 bytes, and room

Error wrong_name_or_password() {
  return {ErrorKind::denied, "The name or the password is wrong. Nothing was changed."};
}

Error named(const Error& error, const char* what) {
  return {error.kind, std::string(what) + ": " + error.message};
}

Error no_memory_to_check() {
  return {ErrorKind::unavailable,
          "This computer has too little free memory to check a password. Close other programs and "
          "try again."};
}

Error no_memory_to_set() {
  return {ErrorKind::unavailable,
          "This computer has too little free memory to set a password. Close other programs and "
          "try again. Nothing was changed."};
}

Error too_many_names() {
  return {ErrorKind::unavailable,
          "The password could not be set: this computer has 200 sign-in names already. Nothing was "
          "changed."};
}

Error cannot_add_key_file() {
  return {ErrorKind::unavailable,
          "The key file could not be made: this computer has 200 ways to open its store already. "
          "Nothing was changed."};
}

Error key_file_may_not_last() {
  return {ErrorKind::unavailable,
          "The key file is made and opens the store, but the disk did not say that this will last: "
          "after a power cut an older key file may open it again in its place. Keep both, check "
          "the disk, then make another."};
}

}  // namespace

Result<KeySlots> Accounts::read() const {
  auto bytes = read_private_file(folder_.keys(), slot_file_bytes_max);
  if (!bytes && bytes.error().kind == ErrorKind::not_found) {
    if (auto found = folder_.find_store(); !found) return found.error();
  }
  if (!bytes) return named(bytes.error(), "The file \"keys\"");
  auto slots = KeySlots::parse(*bytes);
  if (!slots) {
    return Error{ErrorKind::corrupt,
                 "The file \"keys\" in this folder is damaged, or was made by a newer version of "
                 "this program. Put it back from a backup. The records themselves are not "
                 "touched."};
  }
  return *std::move(slots);
}

Result<Done> Accounts::update(const std::function<Result<Done>(KeySlots&)>& change) {
  auto lock = FileLock::take(folder_.keys_lock(), FileLock::Wait::yes);
  if (!lock) return lock.error();
  auto slots = read();
  if (!slots) return slots.error();
  if (auto done = change(*slots); !done) return done;
  return replace_private_file(folder_.keys(), slots->serialize());
}

Result<Done> Accounts::put_password(KeySlots& slots, std::string_view typed_name,
                                    std::string_view typed, const DatabaseKey& key) {
  const auto name = sign_in_name(typed_name);
  if (!name) return name.error();
  const auto password = normal_password(typed);
  if (!password) return password.error();
  if (auto good = check_new_password(password->view(), *name); !good) return good;
  try {
    const bool is_set = slots.set_password(*name, password->view(), key, cost_, random_);
    return is_set ? Result<Done>(Done{}) : too_many_names();
  } catch (const std::bad_alloc&) {
    return no_memory_to_set();
  }
}

Result<Done> Accounts::create(const DatabaseKey& key, const crypto::BoxPublicKey& recovery_key,
                              std::string_view name, std::string_view password) {
  KeySlots slots = KeySlots::create(random_);
  if (!slots.set_recovery(recovery_key, key)) {
    return Error{ErrorKind::invalid, "The recovery sheet cannot be used. Make a new one."};
  }
  if (auto done = put_password(slots, name, password, key); !done) return done;
  const auto there = read_private_file(folder_.keys(), slot_file_bytes_max);
  if (there || there.error().kind != ErrorKind::not_found) {
    return Error{ErrorKind::invalid,
                 "This folder already holds a Throughgate store. Nothing was changed."};
  }
  // Whole under its name, or not there: whatever bears it is taken for the keys of a finished
  // store.
  auto made = replace_private_file(folder_.keys(), slots.serialize());
  std::error_code left;
  if (!made) std::filesystem::remove(folder_.keys(), left);
  return made;
}

Result<Done> Accounts::set_password(std::string_view name, std::string_view password,
                                    const DatabaseKey& key) {
  auto set = update([&](KeySlots& slots) { return put_password(slots, name, password, key); });
  if (!set) return set;
  // Whoever may set a password is not guessing one: nobody waits for the wrong ones before it.
  if (auto lifted = attempts_.forget(*sign_in_name(name)); !lifted) {
    return Error{lifted.error().kind,
                 "The password is changed, but the disk could not be written: whoever typed wrong "
                 "ones before may still have to wait."};
  }
  return Done{};
}

Result<Done> Accounts::remove_password(std::string_view typed_name) {
  const auto name = sign_in_name(typed_name);
  if (!name) return name.error();
  const auto there = has_password(*name);
  if (!there) return there.error();
  if (!*there) return Done{};
  return update([&](KeySlots& slots) -> Result<Done> {
    slots.remove_password(*name);
    return Done{};
  });
}

Result<bool> Accounts::has_password(std::string_view typed_name) const {
  const auto name = sign_in_name(typed_name);
  if (!name) return name.error();
  const auto slots = read();
  if (!slots) return slots.error();
  return slots->has_password(*name);
}

Result<crypto::Hash> Accounts::password_mark(std::string_view typed_name) const {
  const auto name = sign_in_name(typed_name);
  if (!name) return name.error();
  const auto slots = read();
  if (!slots) return slots.error();
  const auto mark = slots->password_mark(*name);
  if (!mark) return Error{ErrorKind::not_found, "This name has no password here."};
  return *mark;
}

Result<DatabaseKey> Accounts::sign_in(std::string_view typed_name, std::string_view typed,
                                      const Clock& clock) {
  if (auto there = read(); !there) return there.error();
  const auto name = sign_in_name(typed_name);
  const auto password = normal_password(typed);
  if (!name || !password) return wrong_name_or_password();
  std::optional<DatabaseKey> key;
  std::optional<Error> unread;
  const auto guess = [&] {
    const auto slots = read();  // anew: somebody's password may be gone since they began to wait
    if (slots) key = slots->open_with_password(*name, password->view());
    if (!slots) unread = slots.error();
    return key.has_value();
  };
  try {
    const auto right = attempts_.attempt(*name, clock, guess);
    if (!right) return right.error();
    if (unread) return *unread;
    if (!*right) return wrong_name_or_password();
    return *std::move(key);
  } catch (const std::bad_alloc&) {
    return no_memory_to_check();
  }
}

// The file before its slot: a power cut between leaves a file that opens nothing, where a slot
// first would have shut out the older key file, with no new one in its place.
Result<Done> Accounts::make_key_file(const std::string& path, const DatabaseKey& key) {
  const auto file_key = crypto::Secret<32>::random(random_);
  if (auto made = create_private_file(path, file_key.view()); !made) {
    return named(made.error(), "The key file");
  }
  bool is_set = false;
  auto kept = update([&](KeySlots& slots) -> Result<Done> {
    is_set = slots.set_key_file(file_key, key, random_);
    return is_set ? Result<Done>(Done{}) : cannot_add_key_file();
  });
  if (kept) return kept;
  if (is_set && may_open_with(file_key)) return key_file_may_not_last();
  std::error_code fault;
  std::filesystem::remove(path, fault);
  if (!fault) return kept;
  return Error{kept.error().kind,
               kept.error().message + " The key file that was begun opens nothing: delete it."};
}

bool Accounts::may_open_with(const crypto::Secret<32>& file_key) const {
  const auto slots = read();
  return !slots || slots->open_with_key_file(file_key).has_value();
}

Result<DatabaseKey> Accounts::open_with_key_file(const std::string& path) const {
  const auto slots = read();
  if (!slots) return slots.error();
  auto bytes = read_private_file(path, 32);
  if (!bytes) return named(bytes.error(), "The key file");
  if (bytes->size() != 32) return Error{ErrorKind::denied, "The key file: this is not one."};
  const crypto::Secret<32> file_key{std::span<const std::uint8_t, 32>(*bytes)};
  crypto::wipe(*bytes);
  auto key = slots->open_with_key_file(file_key);
  if (!key) {
    return Error{ErrorKind::denied,
                 "The key file does not open this store. Was a newer one made since?"};
  }
  return *std::move(key);
}

Result<DatabaseKey> Accounts::open_with_recovery(const crypto::BoxKey& recovery_key) const {
  const auto slots = read();
  if (!slots) return slots.error();
  auto key = slots->open_with_recovery(recovery_key);
  if (!key) {
    return Error{ErrorKind::denied, "This recovery sheet is not the one of this store."};
  }
  return *std::move(key);
}

}  // namespace throughgate::node
