// Bundles brought to this computer: looked at without opening them, and taken in.
// Threads: those of the OpenNode.
#pragma once

#include <optional>
#include <string>

#include "node/bundles/passing_on.h"
#include "node/data_folder.h"
#include "node/open_node.h"
#include "sync/bundle.h"
#include "sync/store/unpacking.h"

namespace throughgate::node {

// What stands on a bundle, with the names that the central list held here gives.
struct BundleFacts {
  sync::BundleLabel label;
  std::string made_by;                 // organisation and computer; empty: nobody in the list
  std::vector<std::string> meant_for;  // likewise; "the central exchange"
  bool opens_here = false;
  std::uint64_t bytes = 0;
};

// Checks that it is whole and signed, and opens nothing. Fails as read_bundle_file(), and with
// error_of() each fault of a file.
sync::Result<BundleFacts> inspect_bundle(const OpenNode& node, const std::string& path);
// The same of the bytes of a file.
sync::Result<BundleFacts> inspect_bundle(const OpenNode& node, crypto::ByteView file);

// Takes in what is for this computer; brought in again it changes nothing. Fails as
// inspect_bundle(), with error_of() each fault of what is inside, and with
//   denied    it is not for this computer, this computer is not enrolled, or the computer that made
//             it was withdrawn or has a program too old for the list
//   newer     the list in it asks for a newer program than this one; the list was taken in
//   rejected  whoever made it is not who it says, or another central team signed the list in it
//   stale     whoever made it is in no central list, neither held here nor in it
// It waits for a visit to the hub that is under way. A store that is closed after a restore takes
// them too, and is opened by one of them: see note_list_brought().
sync::Result<sync::store::UnpackedCounts> import_bundle(OpenNode& node, const DataFolder& folder,
                                                        const std::string& path);
sync::Result<sync::store::UnpackedCounts> import_bundle(OpenNode& node, const DataFolder& folder,
                                                        crypto::ByteView file);
// The same of the bytes of a file, without a lock.
sync::Result<sync::store::UnpackedCounts> take_bundle(OpenNode& node, crypto::ByteView file);

// What became of a file that was brought: taken in, or kept to be passed on to the exchange.
struct Brought {
  std::optional<sync::store::UnpackedCounts> taken_in;
  std::optional<ToPassOn> kept;
};
// Whichever of the two it is for. Fails as import_bundle() and keep_to_pass_on().
sync::Result<Brought> bring_in(OpenNode& node, const DataFolder& folder, const std::string& path);
sync::Result<Brought> bring_in(OpenNode& node, const DataFolder& folder, crypto::ByteView file);

}  // namespace throughgate::node
