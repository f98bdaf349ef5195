#include "node/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int descriptor() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

bool write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0;
}

}  // namespace

Result<crypto::Bytes> read_file(const std::string& path, std::size_t bytes_max) {
  const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat facts {};
  if (!file.is_open() || ::fstat(file.descriptor(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
    return Error{ErrorKind::not_found, "There is no such file, or it cannot be opened."};
  }
  if (static_cast<std::uint64_t>(facts.st_size) > bytes_max) {
    return Error{ErrorKind::invalid,
                 "This file is too large: at most " + std::to_string(bytes_max >> 20) + " MiB."};
  }
  crypto::Bytes out(static_cast<std::size_t>(facts.st_size));
  std::size_t at = 0;
  while (at < out.size()) {
    const ssize_t count = ::read(file.descriptor(), out.data() + at, out.size() - at);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return Error{ErrorKind::unavailable, "This file cannot be read to its end."};
    at += static_cast<std::size_t>(count);
  }
  return out;
}

Result<Done> write_private_file(const std::string& path, std::string_view content) {
  const int descriptor =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (descriptor < 0 && errno == EEXIST) {
    return Error{ErrorKind::invalid, "There is a file of this name already."};
  }
  const OpenFile file(descriptor);
  if (file.is_open() && write_all(file.descriptor(), content)) return Done{};
  if (file.is_open()) ::unlink(path.c_str());
  return Error{ErrorKind::unavailable, "The file cannot be written here."};
}

}  // namespace throughgate::node
