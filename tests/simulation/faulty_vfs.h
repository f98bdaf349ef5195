// Inside the faulty disk only: what SQLite sees of it.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>

namespace throughgate::simulation {

class FaultyDisk;
struct DiskFile;

// One handle on a file, with the locks it holds. Handles of an earlier life only fail.
struct OpenFile {
  FaultyDisk* disk;
  std::string name;
  std::shared_ptr<DiskFile> file;
  std::uint64_t life;
  bool delete_on_close;
  int lock = SQLITE_LOCK_NONE;
  unsigned shared_slots = 0, exclusive_slots = 0;  // of the shared memory, one bit each
  bool maps_shared_memory = false;
};

class FaultyVfs {
 public:
  explicit FaultyVfs(FaultyDisk& disk);  // registers it under disk.vfs_name()
  ~FaultyVfs();
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;

  // What the disk lets its VFS do.
  static std::unique_ptr<OpenFile> open(FaultyDisk& disk, const char* name, int flags);
  static void close(OpenFile& handle);
  static int read(OpenFile& handle, void* out, int size, std::int64_t offset);
  static int write(OpenFile& handle, const void* bytes, int size, std::int64_t offset);
  static int truncate(OpenFile& handle, std::int64_t size);
  static int sync(OpenFile& handle);
  static int erase(FaultyDisk& disk, const char* name, bool sync_directory);
  static bool exists(const FaultyDisk& disk, const char* name);
  static bool alive(const OpenFile& handle);
  static void randomness(FaultyDisk& disk, int size, char* out);

 private:
  sqlite3_vfs vfs_{};
  std::string name_;
};

// faulty_vfs_locks.cpp: the locking half of sqlite3_io_methods.
int lock_file(OpenFile& handle, int level);
int unlock_file(OpenFile& handle, int level);
bool is_reserved(const OpenFile& handle);
int map_shared_memory(OpenFile& handle, int region, int size, bool extend, void volatile** out);
int lock_shared_memory(OpenFile& handle, int first, int count, int flags);
void unmap_shared_memory(OpenFile& handle);

}  // namespace throughgate::simulation
