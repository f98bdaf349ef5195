// Are the rows kept of a dossier those that its entries come to? Compared table by table with the
// same dossier made anew; what is missing, too much or different is told with its place.
#pragma once

#include "sync/store/fault.h"
#include "sync/store/replica.h"

namespace throughgate::sync::store {

inline constexpr const char* no_history = "A field is shown that has no history.";

// Both lie in open units. Reads only. What is shown of types of which the dossier has no change at
// all is not looked at here.
void compare(const StoredDossier& kept, const StoredDossier& anew, DossierFaults& faults);

}  // namespace throughgate::sync::store
