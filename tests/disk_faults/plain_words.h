// What a message about a disk that failed must be: plain English that says what to do next.
#pragma once

#include <string>

#include "tests/disk_faults/failing_disk.h"

namespace throughgate::testing {

// What is wrong with it; empty: nothing.
std::string fault_in_words(const std::string& message, Fault fault);

}  // namespace throughgate::testing
