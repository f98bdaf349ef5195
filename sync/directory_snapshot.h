// The directory as of one version, signed by the desk, so that a newcomer need not read every
// version from the first. It is believed by the root lists that it carries, from list 1 on; what
// follows it is linear as ever. Threads: values.
#pragma once

#include "sync/directory.h"

namespace throughgate::sync {

constexpr std::size_t snapshot_bytes_max = 1536 << 10;  // what one request carries beside all else

// Layout: format u16 · count u16 {length u16 · SignedRootList} · state_len u32 · state · signature
// 64 under a directory key of the last root list, over all before it. `root_lists`: each that was
// ever installed, from list 1. Only at the desk.
Bytes sign_snapshot(const Directory& directory, const std::vector<Bytes>& root_lists,
                    const crypto::SigningKey& directory_key);

// The directory in it. Fails with `rejected` when it is damaged, not signed under this root, or
// later than the list that the anchor tells of, with which it could not be compared then.
Result<Directory> read_snapshot(ByteView snapshot, const Anchor& anchor);

// The root lists that it carries, from list 1 on, each a SignedRootList: of one that
// read_snapshot() has read.
std::vector<Bytes> root_lists_in(ByteView snapshot);

}  // namespace throughgate::sync
