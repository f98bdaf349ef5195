// Steps of the directory between messages and our own type.
#pragma once

#include <optional>

#include "sync/directory.h"
#include "sync/wire_values.h"

namespace throughgate::sync {

inline schema::DirectoryStep to_wire(const DirectoryStep& step) {
  schema::DirectoryStep out;
  out.set_header(to_wire(ByteView(step.header)));
  out.set_body(to_wire(ByteView(step.body)));
  out.set_signature(to_wire(ByteView(step.signature)));
  return out;
}

inline std::optional<DirectoryStep> from_wire(const schema::DirectoryStep& step) {
  const auto signature = crypto::to_array<64>(crypto::as_bytes(step.signature()));
  if (!signature) return std::nullopt;
  return DirectoryStep{from_wire(step.header()), from_wire(step.body()), *signature};
}

}  // namespace throughgate::sync
