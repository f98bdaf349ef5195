// The shipped program and one that is newer, for worlds in which machines are updated. For programs
// that link newer_program.
#pragma once

#include "tests/simulation/machines.h"

namespace throughgate::simulation {

const TwoPrograms& two_programs();

}  // namespace throughgate::simulation
