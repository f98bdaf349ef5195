// A file gets its name without taking another's. POSIX.
#pragma once

#include <string>

namespace throughgate::sync::store {

// As rename(), within the folder that this descriptor is open on (or AT_FDCWD). False, with errno
// set, where something of that name is there already, or the disk did not do as asked; then the
// file has its old name still. Sticks that cannot refuse a taken name by themselves (exFAT, NTFS)
// are asked to make an empty file of the name first: that every one refuses.
bool rename_to_free_name(int folder, const std::string& from, const std::string& to);

}  // namespace throughgate::sync::store
