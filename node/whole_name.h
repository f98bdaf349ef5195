// What people call whom or what a dossier is about.
#pragma once

#include <string>

#include "node/record_service.h"

namespace throughgate::node {

// "Alex Example"; "HMP Made Up" for a site. Empty where none is recorded, or this kind of record
// has none.
sync::Result<std::string> whole_name(const RecordService& records,
                                     const sync::store::DossierView& dossier);
// The same; empty too where the dossier is not here, or nothing that was written of it itself
// counts.
sync::Result<std::string> name_if_known(const RecordService& records,
                                        const sync::DossierId& dossier);

}  // namespace throughgate::node
