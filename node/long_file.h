// Files too long for memory, piece by piece: what a backup is written to and read from. They may
// lie on a stick or a share, whose files everybody may read. POSIX. Errors speak of "the file"; the
// caller's words say which one it is.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "node/posix_file.h"

namespace throughgate::node {

// A new file. Until keep() it has another name, with ".part" behind it; what is not kept goes.
class NewLongFile {
 public:
  // What an earlier program that was cut off left under the other name is removed.
  //   invalid      there is a file of this name already
  //   unavailable  it cannot be made
  static sync::Result<NewLongFile> create(const std::string& path);
  NewLongFile(NewLongFile&& other) noexcept;
  NewLongFile& operator=(NewLongFile&&) = delete;
  NewLongFile(const NewLongFile&) = delete;
  NewLongFile& operator=(const NewLongFile&) = delete;
  ~NewLongFile();

  // Fails with `unavailable`: disk full or failing.
  sync::Result<sync::Done> append(crypto::ByteView bytes);
  // Over what was appended first.
  sync::Result<sync::Done> write_at_start(crypto::ByteView bytes);
  // All of it is on the disk, under its name until then, and is read from there from now on.
  sync::Result<sync::Done> flush();
  // Gives it its name, never in another one's place. Durable when it returns; else there is none.
  sync::Result<sync::Done> keep();
  const std::string& name_until_kept() const { return part_; }

 private:
  NewLongFile(std::string path, std::string part, Descriptor file);

  std::string path_;
  std::string part_;  // empty: kept, or moved away
  Descriptor file_;
};

class LongFile {
 public:
  // Fails with `not_found`: no such file, or not a plain one.
  static sync::Result<LongFile> open(const std::string& path);
  std::uint64_t size() const { return size_; }
  // The next bytes. Fails with `unavailable` where they cannot be read, or the file ends before.
  sync::Result<sync::Done> read(std::span<std::uint8_t> bytes);

 private:
  LongFile(Descriptor file, std::uint64_t size) : file_(std::move(file)), size_(size) {}

  Descriptor file_;
  std::uint64_t size_;
};

}  // namespace throughgate::node
