#include "tests/simulation/faulty_disk.h"

#include <malloc.h>

#include <cassert>

#include "tests/simulation/faulty_disk_file.h"
#include "tests/simulation/faulty_vfs.h"

namespace throughgate::simulation {
namespace {

int disks_made = 0;

bool holds(crypto::ByteView bytes, std::string_view marker) {
  return crypto::as_text(bytes).find(marker) != std::string_view::npos;
}

bool reached(std::optional<std::uint64_t>& planned, std::uint64_t now) {
  if (!planned || now < *planned) return false;
  planned.reset();
  return true;
}

// Whole files are copied thousands of times a second; giving each copy back to the system and
// asking for it again would take six times as long.
void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

}  // namespace

FaultyDisk::FaultyDisk(std::uint64_t seed)
    : random_(seed),
      vfs_name_("fault-" + std::to_string(++disks_made)),
      vfs_(std::make_unique<FaultyVfs>(*this)) {
  keep_freed_memory();
}

FaultyDisk::~FaultyDisk() = default;

void FaultyDisk::cut_power_at(std::uint64_t n) { cut_at_ = changes_ + n; }
void FaultyDisk::kill_process_at(std::uint64_t n) { kill_at_ = changes_ + n; }
void FaultyDisk::fail_read_at(std::uint64_t n) { fail_read_at_ = readings_ + n; }
void FaultyDisk::fail_at(std::uint64_t n, Fault fault) {
  fail_at_ = changes_ + n;
  fault_ = fault;
}

void FaultyDisk::fill_up_at(std::uint64_t n) {
  full_from_ = needing_room_ + n;
  is_full_ = false;
}

void FaultyDisk::disarm() {
  full_from_.reset();
  is_full_ = false;
  cut_at_.reset();
  kill_at_.reset();
  fail_at_.reset();
  fail_read_at_.reset();
}

bool FaultyDisk::strikes(Change change) {
  if (!powered_) return true;
  ++changes_;
  if (change == Change::needs_room) ++needing_room_;
  if (reached(cut_at_, changes_)) {
    powered_ = false;
    return true;
  }
  if (reached(kill_at_, changes_)) {
    start_new_life();
    return true;
  }
  if (full_from_ && change == Change::needs_room && needing_room_ >= *full_from_) {
    is_full_ = true;
    fault_ = Fault::full;
    return true;
  }
  return reached(fail_at_, changes_);
}

bool FaultyDisk::read_strikes() {
  ++readings_;
  return !powered_ || reached(fail_read_at_, readings_);
}

FaultyDisk::Outcome FaultyDisk::write(DiskFile& file, std::uint64_t offset,
                                      crypto::ByteView bytes) {
  const bool was_powered = powered_;
  const bool struck = strikes(Change::needs_room);
  // A write that the power cut interrupts is torn like any other that waits; one that fails leaves
  // only some whole sectors behind.
  auto written = bytes;
  if (struck && powered_)
    written = bytes.first(random_() % (bytes.size() / sector_bytes + 1) * sector_bytes);
  if (was_powered && !written.empty()) {
    if (recording_) recorded_.emplace_back(written.begin(), written.end());
    file.waiting.push_back({offset, {written.begin(), written.end()}});
    apply_change(file.now, file.waiting.back());
  }
  return struck ? Outcome::failed : Outcome::done;
}

FaultyDisk::Outcome FaultyDisk::truncate(DiskFile& file, std::uint64_t size) {
  if (strikes(Change::needs_room)) return Outcome::failed;
  file.waiting.push_back({size, {}, true});
  apply_change(file.now, file.waiting.back());
  return Outcome::done;
}

FaultyDisk::Outcome FaultyDisk::sync(const std::string& name,
                                     const std::shared_ptr<DiskFile>& file) {
  if (strikes(Change::other)) {
    // As Linux does: what a failed sync could not write is no longer waiting, and no later sync
    // will say so.
    if (powered_) std::erase_if(file->waiting, [&](const Waiting&) { return coin(); });
    return Outcome::failed;
  }
  if (lies_) return Outcome::done;
  for (const auto& change : file->waiting) apply_change(file->durable, change);
  file->waiting.clear();
  file->was_synced = true;
  if (find(name) == file) durable_[name] = file;
  return Outcome::done;
}

FaultyDisk::Outcome FaultyDisk::erase(const std::string& name, bool sync_directory) {
  if (strikes(Change::other)) {
    if (!powered_ && coin()) now_.erase(name);
    return Outcome::failed;
  }
  now_.erase(name);
  if (sync_directory && !lies_) durable_.erase(name);
  return Outcome::done;
}

std::shared_ptr<DiskFile> FaultyDisk::find(const std::string& name) const {
  const auto found = now_.find(name);
  return found == now_.end() ? nullptr : found->second;
}

std::shared_ptr<DiskFile> FaultyDisk::make(const std::string& name) {
  if (strikes(Change::needs_room)) return nullptr;
  return now_[name] = std::make_shared<DiskFile>();
}

void FaultyDisk::cut_power() { powered_ = false; }

void FaultyDisk::power_on() {
  assert(!powered_);
  survive_names();
  for (auto& [name, file] : now_) survive_contents(*file);
  durable_ = now_;
  powered_ = true;
  disarm();
  start_new_life();
}

void FaultyDisk::survive_names() {
  auto survivors = durable_;
  for (const auto& [name, file] : now_) {
    const auto before = durable_.find(name);
    if (before != durable_.end() && before->second == file) continue;
    if (coin()) survivors[name] = file;
  }
  for (const auto& [name, file] : durable_) {
    if (now_.find(name) == now_.end() && coin()) survivors.erase(name);
  }
  now_ = std::move(survivors);
}

void FaultyDisk::survive_contents(DiskFile& file) {
  for (const auto& change : file.waiting) {
    switch (random_() % 4) {
      case 0:
        break;  // lost
      case 1:
        if (!change.truncates) {
          apply_torn(file, change.offset, change.bytes);
          break;
        }
        [[fallthrough]];
      default:
        apply_change(file.durable, change);
    }
  }
  file.waiting.clear();
  file.now = file.durable;
}

void FaultyDisk::apply_torn(DiskFile& file, std::uint64_t offset, crypto::ByteView bytes) {
  while (!bytes.empty()) {
    const auto size = std::min(bytes.size(), sector_bytes - offset % sector_bytes);
    Waiting part{offset, {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}};
    const auto fate = random_() % 3;
    if (fate == 0) {
      for (auto& byte : part.bytes) byte = static_cast<std::uint8_t>(random_());
    }
    if (fate != 1) apply_change(file.durable, part);
    bytes = bytes.subspan(size);
    offset += size;
  }
}

void FaultyDisk::kill_process() {
  disarm();
  start_new_life();
}

// The files go on as new ones, so that no old handle, lock or shared memory has to do with them.
void FaultyDisk::start_new_life() {
  ++life_;
  std::map<DiskFile*, std::shared_ptr<DiskFile>> reborn;
  for (auto* directory : {&now_, &durable_}) {
    for (auto& [name, file] : *directory) {
      auto& next = reborn[file.get()];
      if (next == nullptr) {
        next = std::make_shared<DiskFile>();
        next->now = file->now;
        next->durable = file->durable;
        next->waiting = file->waiting;
        next->was_synced = file->was_synced;
      }
      file = next;
    }
  }
}

std::vector<std::string> FaultyDisk::names() const {
  std::vector<std::string> all;
  for (const auto& [name, file] : now_) all.push_back(name);
  return all;
}

std::optional<crypto::Bytes> FaultyDisk::read(const std::string& name) const {
  const auto file = find(name);
  if (file == nullptr) return std::nullopt;
  return file->now;
}

void FaultyDisk::write(const std::string& name, crypto::Bytes contents) {
  auto& file = now_[name];
  if (file == nullptr) file = std::make_shared<DiskFile>();
  if (recording_) recorded_.push_back(contents);
  file->now = file->durable = std::move(contents);
  file->waiting.clear();
  durable_[name] = file;
}

void FaultyDisk::remove(const std::string& name) {
  now_.erase(name);
  durable_.erase(name);
}

void FaultyDisk::rename(const std::string& from, const std::string& to) {
  const auto file = find(from);
  if (file == nullptr || (strikes(Change::other) && (powered_ || !coin()))) return;
  for (auto* directory : {&now_, &durable_}) {
    directory->erase(from);
    (*directory)[to] = file;
  }
}

FaultyDisk::Image FaultyDisk::image() const {
  Image copy;
  for (const auto& [name, file] : now_) copy[name] = file->now;
  return copy;
}

void FaultyDisk::load(const Image& image) {
  now_.clear();
  durable_.clear();
  powered_ = true;
  kill_process();
  for (const auto& [name, contents] : image) write(name, contents);
}

void FaultyDisk::make_durable() {
  for (auto& [name, file] : now_) {
    file->durable = file->now;
    file->waiting.clear();
  }
  durable_ = now_;
}

std::size_t FaultyDisk::recorded_bytes() const {
  std::size_t total = 0;
  for (const auto& written : recorded_) total += written.size();
  return total;
}

std::size_t FaultyDisk::count_holding(std::string_view marker) const {
  std::size_t found = 0;
  for (const auto& written : recorded_) found += holds(written, marker) ? 1 : 0;
  for (const auto& [name, file] : now_) {
    found += holds(file->now, marker) ? 1 : 0;
    for (const auto& region : file->shared_memory) found += holds(*region, marker) ? 1 : 0;
  }
  return found;
}

}  // namespace throughgate::simulation
