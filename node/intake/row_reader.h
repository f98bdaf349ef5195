// One row of a file as a candidate, with everything that is wrong or doubtful about it.
#pragma once

#include <string>
#include <vector>

#include "node/intake/candidate.h"
#include "node/intake/establishments.h"
#include "node/intake/headers.h"

namespace throughgate::node {

struct Finding {
  enum class Kind { problem, warning };
  Kind kind;
  std::string column;  // heading in the file; empty when it concerns the whole row
  std::string text;    // "\"31/02/1980\" is not a day in the calendar"
};

struct RowReading {
  Candidate candidate{};
  std::vector<Finding> findings{};

  bool has_problem() const;
};

// Every cell is looked at, so that a person sees all that is to mend at once.
RowReading read_row(const Headings& headings, const CsvRow& row, Date today,
                    const EstablishmentList& establishments);

}  // namespace throughgate::node
