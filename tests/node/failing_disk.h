// Where it was: the failing disk is shared by the tests of both programs now.
#pragma once

#include "tests/disk_faults/failing_disk.h"
