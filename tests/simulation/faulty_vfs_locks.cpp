// Locks between the connections of one process, as SQLite's documentation of xLock and xShmLock
// has them.
#include <algorithm>

#include "tests/simulation/faulty_disk_file.h"
#include "tests/simulation/faulty_vfs.h"

namespace throughgate::simulation {
namespace {

int highest_of_others(const OpenFile& handle) {
  int highest = SQLITE_LOCK_NONE;
  for (const auto* other : handle.file->handles) {
    if (other != &handle) highest = std::max(highest, other->lock);
  }
  return highest;
}

}  // namespace

int lock_file(OpenFile& handle, int level) {
  if (handle.lock >= level) return SQLITE_OK;
  const int others = highest_of_others(handle);
  if (level == SQLITE_LOCK_SHARED) {
    if (others >= SQLITE_LOCK_PENDING) return SQLITE_BUSY;
  } else {
    if (others >= SQLITE_LOCK_RESERVED) return SQLITE_BUSY;
    if (level == SQLITE_LOCK_EXCLUSIVE && others >= SQLITE_LOCK_SHARED) {
      handle.lock = SQLITE_LOCK_PENDING;  // no new readers meanwhile
      return SQLITE_BUSY;
    }
  }
  handle.lock = level;
  return SQLITE_OK;
}

int unlock_file(OpenFile& handle, int level) {
  handle.lock = std::min(handle.lock, level);
  return SQLITE_OK;
}

bool is_reserved(const OpenFile& handle) {
  return std::max(handle.lock, highest_of_others(handle)) >= SQLITE_LOCK_RESERVED;
}

int map_shared_memory(OpenFile& handle, int region, int size, bool extend, void volatile** out) {
  auto& regions = handle.file->shared_memory;
  handle.maps_shared_memory = true;
  *out = nullptr;
  const auto wanted = static_cast<std::size_t>(region);
  while (regions.size() <= wanted) {
    if (!extend) return SQLITE_OK;
    regions.push_back(std::make_unique<crypto::Bytes>(static_cast<std::size_t>(size)));
  }
  *out = regions[wanted]->data();
  return SQLITE_OK;
}

int lock_shared_memory(OpenFile& handle, int first, int count, int flags) {
  const unsigned slots = ((1U << static_cast<unsigned>(count)) - 1) << static_cast<unsigned>(first);
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    handle.shared_slots &= ~slots;
    handle.exclusive_slots &= ~slots;
    return SQLITE_OK;
  }
  const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  for (const auto* other : handle.file->handles) {
    if (other == &handle) continue;
    const unsigned taken = other->exclusive_slots | (exclusive ? other->shared_slots : 0U);
    if ((taken & slots) != 0) return SQLITE_BUSY;
  }
  (exclusive ? handle.exclusive_slots : handle.shared_slots) |= slots;
  return SQLITE_OK;
}

void unmap_shared_memory(OpenFile& handle) {
  handle.maps_shared_memory = false;
  handle.shared_slots = handle.exclusive_slots = 0;
  const auto& handles = handle.file->handles;
  const bool used = std::any_of(handles.begin(), handles.end(),
                                [](const auto* each) { return each->maps_shared_memory; });
  if (!used) handle.file->shared_memory.clear();
}

}  // namespace throughgate::simulation
