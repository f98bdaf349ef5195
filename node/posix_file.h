// Inside private_file, long_file and update/programs_folder only: what they ask of the system.
// POSIX.
#pragma once

#include <string>

#include "crypto/bytes.h"
#include "sync/result.h"

namespace throughgate::node {

// An open file, closed at the end. Below 0: it could not be opened.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&&) = delete;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

sync::Error disk_failed();
sync::Error such_a_file_already();
bool write_all(int file, crypto::ByteView bytes);
// False as well where the file ends too early.
bool read_all(int file, std::span<std::uint8_t> bytes);
// The name itself is on disk once its folder is.
bool flush_folder_of(const std::string& path);

}  // namespace throughgate::node
