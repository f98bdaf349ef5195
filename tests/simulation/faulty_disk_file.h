// Inside the faulty disk only: one file, its unsynced changes, its locks and its shared memory.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <vector>

#include "crypto/bytes.h"

namespace throughgate::simulation {

struct Waiting {  // a change that no sync has made durable
  std::uint64_t offset;
  crypto::Bytes bytes;
  bool truncates = false;  // to `offset` bytes
};

struct OpenFile;  // one handle

struct DiskFile {
  crypto::Bytes now;      // what programs read
  crypto::Bytes durable;  // what is there after a power cut, before waiting changes
  std::vector<Waiting> waiting;
  bool was_synced = false;  // then its name is durable too
  std::set<OpenFile*> handles;
  std::vector<std::unique_ptr<crypto::Bytes>> shared_memory;  // regions, addresses stable
};

inline void apply_change(crypto::Bytes& contents, const Waiting& change) {
  if (change.truncates) {
    contents.resize(std::min<std::size_t>(contents.size(), change.offset));
    return;
  }
  contents.resize(std::max<std::size_t>(contents.size(), change.offset + change.bytes.size()));
  std::copy(change.bytes.begin(), change.bytes.end(),
            contents.begin() + static_cast<std::ptrdiff_t>(change.offset));
}

}  // namespace throughgate::simulation
