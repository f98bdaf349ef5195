// The key of the hub's store, in a file that only its owner may read. POSIX.
#pragma once

#include <string>

#include "crypto/key_slots.h"
#include "sync/result.h"

namespace throughgate::hub {

// A fresh key, durable when this returns. `invalid` when there is a file of this name already.
sync::Result<sync::Done> create_key_file(const std::string& path, crypto::Random& random);

// `not_found`; `denied` when others than its owner may read or change it, or it is somebody else's;
// `invalid` when it is not a key file.
sync::Result<crypto::DatabaseKey> read_key_file(const std::string& path);

}  // namespace throughgate::hub
