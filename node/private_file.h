// Files and folders that only their owner may read, and locks between processes. POSIX: with
// node/long_file and node/cli/prompt the only place in node/ that knows more than C++ does.
// Errors speak of "the file"; the caller's words say which one it is.
#pragma once

#include <string>

#include "crypto/bytes.h"
#include "sync/result.h"

namespace throughgate::node {

// What this process makes from now on, only its owner may read. Call it before threads start.
void keep_new_files_private();

// Makes the folder (0700) when it is missing; its parent must be there.
//   denied       it is somebody else's, or others may look into it
//   unavailable  it cannot be made
sync::Result<sync::Done> make_private_folder(const std::string& path);

// The whole of a file that somebody gave us, whoever may read it; at most `bytes_max`.
//   not_found    no such file, or it is not a plain one
//   invalid      larger than that
//   unavailable  it cannot be read
sync::Result<crypto::Bytes> read_file(const std::string& path, std::size_t bytes_max);

// The whole file.
//   not_found    there is none
//   denied       it is somebody else's, a link, or others may read or change it
//   invalid      larger than `bytes_max`
//   unavailable  the disk cannot read it
sync::Result<crypto::Bytes> read_private_file(const std::string& path, std::size_t bytes_max);

// After a crash at any moment the file holds the old bytes or the new ones, whole. Durable when it
// returns. Fails with `unavailable`: disk full or failing; the old file is as it was, unless all
// that failed was to make the new one's name durable.
sync::Result<sync::Done> replace_private_file(const std::string& path, crypto::ByteView bytes);

// The same for a file that must not be there yet. Fails with `invalid` when it is; after any other
// failure there is none.
sync::Result<sync::Done> create_private_file(const std::string& path, crypto::ByteView bytes);

// Gives a file another name in its folder. Durable when it returns. Fails with `unavailable`.
sync::Result<sync::Done> move_file(const std::string& from, const std::string& to);

// Held from take() to its end, by one process (and one FileLock in it) at a time, or by many that
// share it; freed by the system if the process dies. The file itself stays, empty.
class FileLock {
 public:
  enum class Wait { no, yes };
  enum class Held { alone, together };
  // Fails with `unavailable` when somebody else holds it and we do not wait.
  static sync::Result<FileLock> take(const std::string& path, Wait wait, Held held = Held::alone);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace throughgate::node
