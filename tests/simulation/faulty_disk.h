// A disk in memory that fails as real disks do, for as many machines as a test likes: one
// FaultyDisk a machine, each a SQLite VFS of its own name.
//
// Every file has what programs see now and what is durable. A write waits until a sync of its file
// makes it durable; a created, deleted or replaced name waits for a sync of that file or a delete
// that asks for it. When the power goes, each waiting write is lost, kept or torn: sector by sector
// old, new or garbage, never outside the bytes written (power-safe overwrite, which SQLite
// assumes). Each waiting name takes effect or not.
//
// The same seed and the same calls give the same faults. The ciphertext differs from run to run
// (its nonces come from the operating system); no decision here looks at it.
//
// Threads: none. File and shared-memory locks work between the connections of one process. After
// cut_power() or kill_process() every open connection only fails; close it before or after
// power_on(). Lifetime: connections must be closed before their disk goes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"

namespace throughgate::simulation {

constexpr std::size_t sector_bytes = 512;  // what is written whole or not at all

enum class Fault { io_error, full };

struct DiskFile;  // faulty_disk_file.h
class FaultyVfs;  // faulty_vfs.h

class FaultyDisk {
 public:
  using Image = std::map<std::string, crypto::Bytes>;  // the files of a disk, by name

  explicit FaultyDisk(std::uint64_t seed);
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  [[nodiscard]] const std::string& vfs_name() const { return vfs_name_; }  // "fault-1", ...

  // Faults. Changes are writes, truncations, syncs, deletions and new names; n counts from here, 1
  // is the next one.
  void cut_power_at(std::uint64_t n);  // during the nth change
  void cut_power();                    // now
  void power_on();                     // decides what survived; all files as found after start-up
  void kill_process();                 // every connection dies; the system and its cache live on
  void kill_process_at(std::uint64_t n);       // just before the nth change
  void fail_at(std::uint64_t n, Fault fault);  // the nth change fails, once
  void fill_up_at(std::uint64_t n);            // from the nth that needs room on none finds it
  void fail_read_at(std::uint64_t n);          // the nth reading fails, once
  void lie_about_sync(bool lie) { lies_ = lie; }
  void disarm();  // forgets planned faults
  [[nodiscard]] bool powered() const { return powered_; }
  [[nodiscard]] bool armed() const {
    return cut_at_ || kill_at_ || fail_at_ || fail_read_at_ || (full_from_ && !is_full_);
  }                                                                 // not struck yet
  [[nodiscard]] std::uint64_t changes() const { return changes_; }  // so far
  // Of these, writes, truncations and new names.
  [[nodiscard]] std::uint64_t needing_room() const { return needing_room_; }

  // The files, as a program would see them. read() and image() need no power.
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] std::optional<crypto::Bytes> read(const std::string& name) const;
  void write(const std::string& name, crypto::Bytes contents);  // durable at once
  void remove(const std::string& name);                         // durable at once
  // As a program that flushes the folder after it: one change, whole or not at all.
  void rename(const std::string& from, const std::string& to);
  [[nodiscard]] Image image() const;  // a raw copy, as of now, even while connections are open
  void load(const Image& image);      // replaces everything, durably; kills the process
  void make_durable();                // as after a long quiet time

  // The scan for plaintext: from record() on, every write is kept, also of files since deleted.
  void record() { recording_ = true; }
  [[nodiscard]] std::size_t recorded_bytes() const;
  // How many writes, present files and shared memories hold `marker`.
  [[nodiscard]] std::size_t count_holding(std::string_view marker) const;

 private:
  friend class FaultyVfs;
  enum class Outcome { done, failed };
  using Directory = std::map<std::string, std::shared_ptr<DiskFile>>;

  // What the VFS asks for.
  enum class Change { needs_room, other };
  bool strikes(Change change);  // counts a change; true: it must fail
  bool read_strikes();          // counts a reading
  Outcome write(DiskFile& file, std::uint64_t offset, crypto::ByteView bytes);
  Outcome truncate(DiskFile& file, std::uint64_t size);
  Outcome sync(const std::string& name, const std::shared_ptr<DiskFile>& file);
  Outcome erase(const std::string& name, bool sync_directory);
  std::shared_ptr<DiskFile> find(const std::string& name) const;
  std::shared_ptr<DiskFile> make(const std::string& name);  // null when it failed

  bool coin() { return (random_() & 1) != 0; }
  void survive_names();
  void survive_contents(DiskFile& file);
  void apply_torn(DiskFile& file, std::uint64_t offset, crypto::ByteView bytes);
  void start_new_life();

  std::mt19937_64 random_;
  std::string vfs_name_;
  std::unique_ptr<FaultyVfs> vfs_;
  Directory now_, durable_;
  std::uint64_t life_ = 1;  // counts power cuts, kills and loads
  std::uint64_t changes_ = 0, needing_room_ = 0, readings_ = 0;
  std::optional<std::uint64_t> cut_at_, kill_at_, fail_at_, fail_read_at_, full_from_;
  bool is_full_ = false;
  Fault fault_ = Fault::io_error;
  bool powered_ = true, lies_ = false, recording_ = false;
  std::vector<crypto::Bytes> recorded_;
};

}  // namespace throughgate::simulation
