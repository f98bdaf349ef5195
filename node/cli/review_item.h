// How the command line names a field that was changed in two places, and one of the changes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "sync/ids.h"
#include "sync/store/record_reader.h"

namespace throughgate::node::cli {

// The first 16 digits: other ones as soon as something else stands against something.
inline std::string item_digits(const sync::Hash& item) {
  return crypto::to_hex(sync::ByteView(item).first(8));
}

// "3fa91c02-0": the first digits of the entry, and which op of it.
inline std::string change_digits(const sync::OpId& change) {
  return crypto::to_hex(sync::ByteView(change.entry).first(4)) + "-" + std::to_string(change.index);
}

// The change whose digits these are, in any case; else the one whose digits begin so, at least
// four. nullptr: none, or several.
const sync::store::OpView* change_meant(const std::vector<sync::store::OpView>& changes,
                                        std::string_view typed);

}  // namespace throughgate::node::cli
