#include "hub/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace throughgate::hub {
namespace {

using sync::Done;
using sync::ErrorKind;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

}  // namespace

sync::Result<Done> create_key_file(const std::string& path, crypto::Random& random) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.is_open()) {
    if (errno == EEXIST) return {ErrorKind::invalid, "There is a key file here already."};
    return {ErrorKind::unavailable, "The key file " + path +
                                        " could not be made. Check that its folder is there, that "
                                        "you may write to it, and that the disk is "
                                        "not full."};
  }
  const auto key = crypto::Secret<32>::random(random);
  const auto written = write(file.number(), key.view().data(), key.view().size());
  if (written != 32 || fsync(file.number()) != 0) {
    unlink(path.c_str());
    return {
        ErrorKind::unavailable,
        "The key file could not be written. Check that the disk is not full, then run init again."};
  }
  return Done{};
}

sync::Result<crypto::DatabaseKey> read_key_file(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.is_open()) {
    if (errno == ENOENT) return {ErrorKind::not_found, "There is no key file. Run init first."};
    return {ErrorKind::denied, "The key file may not be read by this user."};
  }
  struct stat status {};
  if (fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return {ErrorKind::invalid, "This is not a key file."};
  }
  if (status.st_uid != geteuid() || (status.st_mode & 077) != 0) {
    return {ErrorKind::denied,
            "The key file must belong to the user of this program, and nobody else may read it. "
            "Set its permissions to 600."};
  }
  crypto::DatabaseKey key;
  if (status.st_size != 32 || read(file.number(), key.writable().data(), 32) != 32) {
    return {ErrorKind::invalid, "This is not a key file."};
  }
  return key;
}

}  // namespace throughgate::hub
