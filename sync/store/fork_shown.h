// Whether the hub's word that an entry forked is borne out.
#pragma once

#include <string>

#include "sync/directory.h"
#include "sync/store/stored_dossier.h"

namespace throughgate::sync::store {

// That an author has lied, or works on two computers as one, is believed on that author's own two
// signatures, never on the hub's word. Of an entry held here, and the other header with its
// signature.
bool shows_fork(const StoredDossier& stored, const Hash& entry, const std::string& other_header,
                const std::string& other_signature, const Directory& directory);

}  // namespace throughgate::sync::store
