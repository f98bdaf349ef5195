// handover list --waiting: what the partner has not confirmed yet.
#pragma once

#include "node/cli/program.h"
#include "node/record_service.h"

namespace throughgate::node::cli {

sync::Result<sync::Done> print_unconfirmed(RecordService& records, int days_before,
                                           Command& command);

}  // namespace throughgate::node::cli
