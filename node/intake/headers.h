// Which column holds what: the many spellings of headings, mapped to the fields we know.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/intake/csv.h"
#include "node/intake/refusal.h"

namespace throughgate::node {

enum class Field {
  full_name,
  forename,
  middle_names,
  surname,
  known_as,
  former_names,
  date_of_birth,
  email,
  mobile,
  telephone,
  address,
  address_line_1,
  address_line_2,
  address_line_3,
  town,
  county,
  postcode,
  roles,
  status,
  establishment,
  vetting_level,
  vetting_outcome,
  vetting_applied_on,
  vetting_granted_on,
  vetting_expires_on,
  vetting_reference,
  dbs_level,
  dbs_issued_on,
  dbs_expires_on,
  dbs_reference,
  started_on,
  left_on,
  agreement_signed,
  notes,
};

// As people read it: "Date of birth".
std::string_view label_of(Field field);

struct Column {
  std::string heading;             // as it stands in the file, on one line
  std::optional<Field> field;      // none: not taken
  std::string left_out_because{};  // for a known heading that is left out on purpose
  bool is_loose = false;           // known only without what stands in brackets, or in parts
};

struct Headings {
  std::size_t row;  // index of the row of headings among the rows of the file
  std::vector<Column> columns;

  // Index of the column that holds `field`.
  std::optional<std::size_t> column_of(Field field) const;
};

// Finds the row of headings among the first ten rows: lists often have a title above.
// Refused: no such row, no column with a name, two columns that claim the same field.
Read<Headings> find_headings(const std::vector<CsvRow>& rows);

// The separator with which most headings are recognised; the one the file declares, if it does.
char detect_separator(std::string_view text);

// The column that the "to mend" file adds; it is passed over when that file is read again.
constexpr std::string_view what_to_mend_heading = "What to mend";
// Over the cells that stand beyond the headings, in that file: a row that fills one is still to
// mend.
constexpr std::string_view beyond_headings_heading = "Beyond the headings";
bool is_beyond_headings(const Column& column);

}  // namespace throughgate::node
