// How a dossier's id was made. Whoever does not hold the dossier can work the id out again from it,
// and so knows which organisation began it. Part of a UnitOfWork.
#pragma once

#include <optional>

#include "sync/clear_part.h"
#include "sync/store/unit_of_work.h"

namespace throughgate::sync::store {

struct Origin {
  OrganisationId owner;  // when it was begun
  NodeId author;
  ByteArray<16> dossier_random{};
};

// nullopt: its first entry is not here.
std::optional<Origin> origin_of(UnitOfWork& work, const DossierId& dossier);

}  // namespace throughgate::sync::store
