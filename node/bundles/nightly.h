// Where the exchange was not reached for a day, what this computer has not sent goes into files by
// itself, once a night: one set for the exchange, one for each organisation that it is shared with.
// So a computer that is lost takes a day's work with it and no more, and whoever comes by with a
// stick finds it ready. Each night's take the place of the last; what lies on a stick that is out
// by then goes when it is in again. Threads: those of the OpenNode.
#pragma once

#include "node/bundles/export.h"
#include "node/bundles/nightly_files.h"

namespace throughgate::node {

// Makes them where they are due; otherwise only removes what could not be removed before. On
// failure those of the night before stay. Fails as export_bundles().
sync::Result<sync::Done> make_nightly_files(OpenNode& node, const DataFolder& folder);

}  // namespace throughgate::node
