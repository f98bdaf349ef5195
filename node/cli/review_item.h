// How the command line names a field that was changed in two places, and one of the changes.
#pragma once

#include <string>

#include "crypto/bytes.h"
#include "sync/ids.h"

namespace throughgate::node::cli {

// The first 16 digits: other ones as soon as something else stands against something.
inline std::string item_digits(const sync::Hash& item) {
  return crypto::to_hex(sync::ByteView(item).first(8));
}

// "3fa91c02-0": the first digits of the entry, and which op of it.
inline std::string change_digits(const sync::OpId& change) {
  return crypto::to_hex(sync::ByteView(change.entry).first(4)) + "-" + std::to_string(change.index);
}

}  // namespace throughgate::node::cli
