// How much still fits into the request being made, counted as it travels. Nodes stop before the
// limit, whatever the form of what they send.
#pragma once

#include <algorithm>
#include <cstddef>

#include "sync/limits.h"
#include "sync/wire_form.h"

namespace throughgate::sync::store {

// A field's tag and length, before a message or bytes of less than 2 MiB.
constexpr std::size_t framing_bytes = 4;

class RequestRoom {
 public:
  // Of the hub's larger limit for a whole request the rest is for digests and the credential.
  explicit RequestRoom(std::size_t bytes) : bytes_(std::min(bytes, batch_bytes_max)) {}

  // Takes so many bytes if there is room. The first are always taken: a request gets somewhere.
  bool take(std::size_t bytes);
  // Adds the entry, for which so many bytes must go beside it, to a group of the request. False,
  // and nothing is added, where there is no room.
  bool add(const VerifiedEntry& entry, WireForm form, std::size_t beside,
           schema::EntryGroup& group);
  bool is_full() const { return full_; }

 private:
  std::size_t bytes_;
  int entries_ = 0;
  bool empty_ = true;
  bool full_ = false;
};

}  // namespace throughgate::sync::store
