// A file of volunteers, read: what each row would become, and what stands in its way. Nothing is
// stored here; the caller imports the rows whose verdict is `make`, in one transaction, each with
// its key, and writes `mend_csv` (see report.h) for the rest.
#pragma once

#include <string>
#include <vector>

#include "crypto/bytes.h"
#include "node/intake/matching.h"
#include "node/intake/row_reader.h"
#include "node/intake/text_encoding.h"

namespace throughgate::node {

// The volunteers recorded already, as intake needs to know them.
class ExistingVolunteers {
 public:
  struct Known {
    std::string shown;  // how the person importing will recognise the record: "Ann Jones (V-0042)"
    Identity identity;
  };

  virtual ~ExistingVolunteers() = default;
  // Whether a row with this key was imported before, from whatever file.
  virtual bool imported(const RowKey& key) const = 0;
  // Everyone who has at least one of these keys, made by match_keys(). More may be given.
  virtual std::vector<Known> find(const std::vector<std::string>& keys) const = 0;
};

enum class Verdict {
  make,          // import it
  mend,          // has a problem
  duplicate,     // looks like an earlier row of the file that is made or was
  here_already,  // looks like a volunteer recorded already
  done_before,   // this very row was imported, or stands earlier in the file: nothing to do
};

struct IntakeRow {
  std::size_t row;   // as Excel counts: the first row of the file is 1
  std::size_t line;  // as a text editor counts
  Verdict verdict;
  Candidate candidate;
  RowKey key;  // only for rows without a problem; zeros otherwise
  std::vector<Finding> findings;
  std::vector<std::string> cells;  // as they stand in the file
};

struct Intake {
  TextEncoding encoding;
  char separator;
  Headings headings;
  std::vector<std::size_t> unheaded;  // columns (from 0) with content and without a heading
  std::vector<IntakeRow> rows;        // empty ones are left out

  std::size_t count(Verdict verdict) const;
};

// What rows are judged by, besides the file.
struct IntakeSetting {
  Date today;
  const EstablishmentList& establishments;
  const ExistingVolunteers& existing;
};

// Rows are judged in their order. Refused: what cannot be read as a table of volunteers at all; the
// limits are those of decode_text() and parse_csv().
Read<Intake> read_volunteers(crypto::ByteView file, const IntakeSetting& setting);

}  // namespace throughgate::node
