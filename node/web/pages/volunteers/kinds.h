// The records of one kind that a volunteer, or the file of one, has: clearances, training ...
#pragma once

#include "node/web/pages/volunteers/place.h"

namespace throughgate::node::web::volunteers {

// The first of them under their heading, with the way to add another and to all the others.
sync::Result<Html> kind_in(const PageContext& context, const Place& place,
                           const sync::store::RecordView& root, const RecordType& type);

// May this organisation write in the dossier of this record?
bool is_written_here(const sync::store::RecordView& record);

}  // namespace throughgate::node::web::volunteers
