// Bundles as files on a stick or beside an e-mail: named so that a name says nothing, written whole
// or not at all, read without following links. POSIX. Both programs use it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "crypto/random.h"
#include "sync/result.h"

namespace throughgate::sync::store {

// Writes each bundle under a fresh name of its own ("throughgate-abcdefgh.tgb", or
// "throughgate-abcdefgh-1-of-3.tgb") into the folder and returns the names. Durable when it
// returns; on failure none of them is there. Nothing is ever overwritten.
//   not_found    there is no such folder
//   unavailable  the disk or stick is full, or cannot be written
// `before` hears the names before anything stands under them; where it fails, nothing does. A power
// cut may leave files under them, or under them and ".part".
using OnNames = std::function<Result<Done>(const std::vector<std::string>& names)>;
Result<std::vector<std::string>> write_bundles(const std::string& folder,
                                               const std::vector<crypto::Bytes>& bundles,
                                               crypto::Random& random, const OnNames& before = {});

// The whole file.
//   not_found    there is none, it is a link, or something else than a file
//   invalid      larger than a bundle can be
//   unavailable  it cannot be read to its end
Result<crypto::Bytes> read_bundle_file(const std::string& path);

}  // namespace throughgate::sync::store
