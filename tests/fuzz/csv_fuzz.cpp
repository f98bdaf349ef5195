// Any bytes at all as a file of volunteers: read or refused, never worse; and what is written to
// mend is read back. Seeds: the awkward files of tests/node/intake/files.
#include <cstdlib>

#include "node/intake/report.h"
#include "node/text/unicode.h"
#include "tests/node/intake/people.h"

using namespace throughgate;
using namespace throughgate::node;

namespace {

void must(bool promise) {
  if (!promise) std::abort();
}

void check_round_trip(const Intake& intake) {
  std::string text;
  for (const IntakeRow& row : intake.rows) append_csv_row(text, row.cells, intake.separator);
  const auto parsed = parse_csv(text, intake.separator);
  const auto& rows = std::get<std::vector<CsvRow>>(parsed);
  must(rows.size() == intake.rows.size());
  for (std::size_t index = 0; index < rows.size(); ++index) {
    must(rows[index].cells == intake.rows[index].cells);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto read = read_on_a_day({bytes, size});
  const auto* intake = std::get_if<Intake>(&read);
  if (intake == nullptr) return 0;
  for (const std::string& line : intake_report(*intake, Made::no)) must(is_strict_utf8(line));
  must(is_strict_utf8(mend_csv(*intake)));
  check_round_trip(*intake);

  FakeVolunteers held;
  held.import(*intake);
  const auto again = std::get<Intake>(read_on_a_day({bytes, size}, held));
  must(again.count(Verdict::make) == 0);
  return 0;
}
