// A disk that writes files and gives them their names, but fails when a folder is to be flushed.
// One at a time, in tests of a single thread.
#pragma once

namespace throughgate::node::testing {

class FailingFolderSync {
 public:
  explicit FailingFolderSync(int good_before);  // so many are flushed, and the next is not
  ~FailingFolderSync();
  FailingFolderSync(const FailingFolderSync&) = delete;
  FailingFolderSync& operator=(const FailingFolderSync&) = delete;

  bool has_failed() const;
};

}  // namespace throughgate::node::testing
