#include "tests/simulation/faulty_vfs.h"

#include <algorithm>
#include <cassert>

#include "tests/simulation/faulty_disk.h"
#include "tests/simulation/faulty_disk_file.h"

namespace throughgate::simulation {
namespace {

struct SqliteFile {  // allocated by SQLite
  sqlite3_file base;
  OpenFile* handle;
};

OpenFile& of(sqlite3_file* file) { return *reinterpret_cast<SqliteFile*>(file)->handle; }
FaultyDisk& of(sqlite3_vfs* vfs) { return *static_cast<FaultyDisk*>(vfs->pAppData); }

int x_close(sqlite3_file* file) {
  FaultyVfs::close(of(file));
  delete &of(file);
  return SQLITE_OK;
}
int x_read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  return FaultyVfs::read(of(file), out, size, offset);
}
int x_write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  return FaultyVfs::write(of(file), bytes, size, offset);
}
int x_truncate(sqlite3_file* file, sqlite3_int64 size) {
  return FaultyVfs::truncate(of(file), size);
}
int x_sync(sqlite3_file* file, int) { return FaultyVfs::sync(of(file)); }
int x_file_size(sqlite3_file* file, sqlite3_int64* size) {
  if (!FaultyVfs::alive(of(file))) return SQLITE_IOERR_FSTAT;
  *size = static_cast<sqlite3_int64>(of(file).file->now.size());
  return SQLITE_OK;
}
int x_lock(sqlite3_file* file, int level) {
  return FaultyVfs::alive(of(file)) ? lock_file(of(file), level) : SQLITE_IOERR_LOCK;
}
int x_unlock(sqlite3_file* file, int level) { return unlock_file(of(file), level); }
int x_check_reserved(sqlite3_file* file, int* out) {
  *out = is_reserved(of(file)) ? 1 : 0;
  return SQLITE_OK;
}
int x_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int x_sector_size(sqlite3_file*) { return 4096; }  // as SQLite assumes on Unix
int x_characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }
int x_shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  if (!FaultyVfs::alive(of(file))) return SQLITE_IOERR_SHMMAP;
  return map_shared_memory(of(file), region, size, extend != 0, out);
}
int x_shm_lock(sqlite3_file* file, int first, int count, int flags) {
  if (!FaultyVfs::alive(of(file))) return SQLITE_IOERR_SHMLOCK;
  return lock_shared_memory(of(file), first, count, flags);
}
void x_shm_barrier(sqlite3_file*) {}
int x_shm_unmap(sqlite3_file* file, int) {
  unmap_shared_memory(of(file));
  return SQLITE_OK;
}

const sqlite3_io_methods methods = {
    2,
    x_close,
    x_read,
    x_write,
    x_truncate,
    x_sync,
    x_file_size,
    x_lock,
    x_unlock,
    x_check_reserved,
    x_control,
    x_sector_size,
    x_characteristics,
    x_shm_map,
    x_shm_lock,
    x_shm_barrier,
    x_shm_unmap,
    nullptr,
    nullptr,
};

int x_open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  auto handle = FaultyVfs::open(of(vfs), name, flags);
  if (handle == nullptr) return SQLITE_CANTOPEN;
  reinterpret_cast<SqliteFile*>(file)->handle = handle.release();
  file->pMethods = &methods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}
int x_delete(sqlite3_vfs* vfs, const char* name, int sync_directory) {
  return FaultyVfs::erase(of(vfs), name, sync_directory != 0);
}
int x_access(sqlite3_vfs* vfs, const char* name, int, int* out) {
  *out = FaultyVfs::exists(of(vfs), name) ? 1 : 0;
  return SQLITE_OK;
}
int x_full_path(sqlite3_vfs*, const char* name, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}
int x_randomness(sqlite3_vfs* vfs, int size, char* out) {
  FaultyVfs::randomness(of(vfs), size, out);
  return size;
}
int x_sleep(sqlite3_vfs*, int microseconds) { return microseconds; }  // no time passes
int x_time_int64(sqlite3_vfs*, sqlite3_int64* out) {
  *out = 2460000 * 86400000LL + 43200000LL;  // some day in 2023; nothing of ours asks SQLite
  return SQLITE_OK;
}
int x_time(sqlite3_vfs*, double* out) {
  *out = 2460000.5;
  return SQLITE_OK;
}
int x_last_error(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

FaultyVfs::FaultyVfs(FaultyDisk& disk) : name_(disk.vfs_name()) {
  sqlite3_initialize();
  vfs_.iVersion = 2;
  vfs_.szOsFile = sizeof(SqliteFile);
  vfs_.mxPathname = 512;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = &disk;
  vfs_.xOpen = x_open;
  vfs_.xDelete = x_delete;
  vfs_.xAccess = x_access;
  vfs_.xFullPathname = x_full_path;
  vfs_.xRandomness = x_randomness;
  vfs_.xSleep = x_sleep;
  vfs_.xCurrentTime = x_time;
  vfs_.xGetLastError = x_last_error;
  vfs_.xCurrentTimeInt64 = x_time_int64;
  sqlite3_vfs_register(&vfs_, 0);
}

FaultyVfs::~FaultyVfs() {
  sqlite3mc_vfs_destroy(("multipleciphers-" + name_).c_str());
  sqlite3_vfs_unregister(&vfs_);
}

std::unique_ptr<OpenFile> FaultyVfs::open(FaultyDisk& disk, const char* name, int flags) {
  if (!disk.powered_) return nullptr;
  static std::uint64_t temporary_files = 0;
  const std::string full =
      name != nullptr ? name : "temporary-" + std::to_string(++temporary_files);
  auto file = disk.find(full);
  if (file == nullptr && (flags & SQLITE_OPEN_CREATE) != 0) file = disk.make(full);
  if (file == nullptr) return nullptr;
  const bool delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  auto handle =
      std::make_unique<OpenFile>(OpenFile{&disk, full, file, disk.life_, delete_on_close});
  file->handles.insert(handle.get());
  return handle;
}

void FaultyVfs::close(OpenFile& handle) {
  unmap_shared_memory(handle);
  handle.file->handles.erase(&handle);
  if (handle.delete_on_close && alive(handle)) handle.disk->remove(handle.name);
}

bool FaultyVfs::alive(const OpenFile& handle) {
  return handle.disk->powered_ && handle.life == handle.disk->life_;
}

int FaultyVfs::read(OpenFile& handle, void* out, int size, std::int64_t offset) {
  if (!alive(handle) || handle.disk->read_strikes()) return SQLITE_IOERR_READ;
  const auto& bytes = handle.file->now;
  const auto wanted = static_cast<std::size_t>(size);
  const auto start = std::min(bytes.size(), static_cast<std::size_t>(offset));
  const auto got = std::min(wanted, bytes.size() - start);
  auto* to = static_cast<std::uint8_t*>(out);
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(start), got, to);
  std::fill(to + got, to + wanted, std::uint8_t{0});
  return got < wanted ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

int FaultyVfs::write(OpenFile& handle, const void* bytes, int size, std::int64_t offset) {
  if (!alive(handle)) return SQLITE_IOERR_WRITE;
  const crypto::ByteView view(static_cast<const std::uint8_t*>(bytes),
                              static_cast<std::size_t>(size));
  const auto outcome = handle.disk->write(*handle.file, static_cast<std::uint64_t>(offset), view);
  if (outcome == FaultyDisk::Outcome::done) return SQLITE_OK;
  return handle.disk->fault_ == Fault::full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

int FaultyVfs::truncate(OpenFile& handle, std::int64_t size) {
  if (!alive(handle)) return SQLITE_IOERR_TRUNCATE;
  const auto outcome = handle.disk->truncate(*handle.file, static_cast<std::uint64_t>(size));
  return outcome == FaultyDisk::Outcome::done ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

int FaultyVfs::sync(OpenFile& handle) {
  if (!alive(handle)) return SQLITE_IOERR_FSYNC;
  const auto outcome = handle.disk->sync(handle.name, handle.file);
  return outcome == FaultyDisk::Outcome::done ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

int FaultyVfs::erase(FaultyDisk& disk, const char* name, bool sync_directory) {
  if (!disk.powered_) return SQLITE_IOERR_DELETE;
  if (disk.find(name) == nullptr) return SQLITE_IOERR_DELETE_NOENT;
  const auto outcome = disk.erase(name, sync_directory);
  return outcome == FaultyDisk::Outcome::done ? SQLITE_OK : SQLITE_IOERR_DELETE;
}

bool FaultyVfs::exists(const FaultyDisk& disk, const char* name) {
  return disk.find(name) != nullptr;
}

void FaultyVfs::randomness(FaultyDisk& disk, int size, char* out) {
  std::generate_n(out, size, [&] { return static_cast<char>(disk.random_()); });
}

}  // namespace throughgate::simulation
