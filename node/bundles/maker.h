// Who made a bundle, by a central list.
#pragma once

#include <string>

#include "sync/bundle.h"
#include "sync/directory.h"

namespace throughgate::node {

// "HMP Leeds, Reception PC"; empty where the list does not know it.
std::string computer_name(const sync::Directory& directory, const sync::NodeId& id);

// Whether the list says that the maker is who the bundle names, and may still speak. Fails with
//   stale     the list does not know the maker
//   rejected  its key is another
//   denied    it was withdrawn
sync::Result<sync::Done> check_maker(const sync::BundleLabel& label,
                                     const sync::Directory& directory);

}  // namespace throughgate::node
