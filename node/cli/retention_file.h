// The schedule that commands go by.
#pragma once

#include "node/cli/program.h"
#include "node/erasure/retention.h"

namespace throughgate::node::cli {

// From the settings; beside the code lists where --codes names those.
sync::Result<RetentionSchedule> retention_schedule(const Command& command);

}  // namespace throughgate::node::cli
