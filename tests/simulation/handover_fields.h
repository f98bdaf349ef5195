// What people in a simulated world write: fields of a handover, and who they are.
#pragma once

#include <string>
#include <vector>

#include "sync/store/authoring.h"
#include "tests/simulation/machines.h"

namespace throughgate::simulation {

sync::FieldKey field_key(const char* name);
// One or two of each policy.
const std::vector<sync::FieldKey>& fields();
sync::Bytes text(const std::string& value);
// One of two members of staff at this machine's organisation.
sync::Actor actor_at(const NodeMachine& machine, std::uint64_t which);

}  // namespace throughgate::simulation
