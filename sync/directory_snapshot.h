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

// Of somebody who holds no version yet: the snapshot, and the steps that came with it. A key that
// the root key holders have replaced could sign a state that the list never had, with its true
// head. So whoever was told of a list believes a snapshot for that list alone: it must follow, with
// no root list in between, and be signed by a key that the snapshot's own root list names. Fails
// with `stale` where it does not follow so; also as read_snapshot() and Directory::apply().
Result<Directory> begin_with(ByteView snapshot, const std::vector<DirectoryStep>& steps,
                             const Anchor& anchor);
// Whether these steps, the first of them behind `version`, lead so to the version `told`; 0: any
// do.
bool leads_to(std::uint64_t told, std::uint64_t version, const std::vector<DirectoryStep>& steps);

// The root lists that it carries, from list 1 on, each a SignedRootList: of one that
// read_snapshot() has read.
std::vector<Bytes> root_lists_in(ByteView snapshot);

}  // namespace throughgate::sync
