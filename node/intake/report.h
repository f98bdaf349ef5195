// What an intake found, for the person who brought the file.
#pragma once

#include <string>
#include <vector>

#include "node/intake/intake.h"

namespace throughgate::node {

enum class Made { no, yes };  // are the volunteers made, or was it only asked what would become?

// Line by line in plain text: how the file was read, each row and what has or would become of it,
// totals, what to do about suspected duplicates. Quotes cells, so it is for that person's screen
// only, never for a log.
std::vector<std::string> intake_report(const Intake& intake, Made made);

// The rows that need a person (mend, duplicate, here_already) under the file's own headings, with
// a column "What to mend", as UTF-8 with a byte order mark. It can be mended in a spreadsheet and
// imported as it is. Empty when there is nothing to mend.
std::string mend_csv(const Intake& intake);

}  // namespace throughgate::node
