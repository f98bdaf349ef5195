#include "node/data_folder.h"

#include <filesystem>

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

bool is_there(const std::string& path) {
  std::error_code fault;
  return std::filesystem::symlink_status(path, fault).type() !=
         std::filesystem::file_type::not_found;
}

Error missing(DataFolder::Holds held) {
  switch (held) {
    case DataFolder::Holds::store_without_keys:
      return {ErrorKind::not_found,
              "This folder holds a store (store.db), but its file \"keys\" is missing, and nothing "
              "else opens it. Nothing was changed. Put \"keys\" back from where the folder was "
              "copied, or ring the central team."};
    case DataFolder::Holds::keys_without_store:
      return {ErrorKind::not_found,
              "This folder holds the file \"keys\", but the store that it opens (store.db) is "
              "missing. Nothing was changed. Put store.db back from where the folder was copied, "
              "or ring the central team."};
    default:
      return {
          ErrorKind::not_found,
          "There is no Throughgate store in this folder. Set this computer up with init, or by the "
          "pages of serve, or name another folder with --data."};
  }
}

}  // namespace

std::optional<DataFolder> DataFolder::around(const std::string& store) {
  const std::filesystem::path path(store);
  DataFolder folder(path.has_parent_path() ? path.parent_path().string() : ".");
  return path.filename() == std::filesystem::path(folder.store()).filename()
             ? std::optional(std::move(folder))
             : std::nullopt;
}

DataFolder::Holds DataFolder::holds() const {
  const bool has_keys = is_there(keys());
  // The log of a store is part of it, and would spoil another one of its name.
  if (is_there(store()) || is_there(store() + "-wal")) {
    return has_keys && is_there(store()) ? Holds::store
           : has_keys                    ? Holds::keys_without_store
                                         : Holds::store_without_keys;
  }
  if (!has_keys) return Holds::nothing;
  return is_there(new_store()) ? Holds::cut_off_init : Holds::keys_without_store;
}

Result<Done> DataFolder::find_store() const {
  auto held = holds();
  if (held == Holds::cut_off_init) {
    auto lock = FileLock::take(keys_lock(), FileLock::Wait::yes);
    if (!lock) return lock.error();
    held = holds();  // the init may only have been slow
    if (held == Holds::cut_off_init) return keep_new_store();
  }
  if (held == Holds::store) return Done{};
  return missing(held);
}

Result<Done> DataFolder::keep_new_store() const { return move_file(new_store(), store()); }

Result<FileLock> DataFolder::share_store() const {
  auto lock = FileLock::take(store_lock(), FileLock::Wait::no, FileLock::Held::together);
  if (lock) return lock;
  return Error{ErrorKind::unavailable,
               "The store is being made anew just now, or its folder cannot be written to, as when "
               "the disk is full. Nothing was changed. Try again when \"rebuild\" has ended, and "
               "check that there is room."};
}

Result<FileLock> DataFolder::have_store_alone() const {
  auto lock = FileLock::take(store_lock(), FileLock::Wait::no);
  if (lock) return lock;
  return Error{
      ErrorKind::unavailable,
      "Another program has the store open, or its folder cannot be written to, as when the disk is "
      "full. Nothing was changed. End \"serve\" and what else works with this folder, check that "
      "there is room, then try again."};
}

Result<Done> DataFolder::remove_unfinished() const {
  for (const auto& left : {new_store(), new_store() + "-wal", new_store() + "-shm", unpacked()}) {
    std::error_code fault;
    std::filesystem::remove_all(left, fault);
    if (fault) {
      return Error{ErrorKind::unavailable,
                   "What an interrupted init or restore left in this folder could not be removed. "
                   "Check that you may write to the folder, then try again."};
    }
  }
  return Done{};
}

}  // namespace throughgate::node
