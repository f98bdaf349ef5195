#include "node/intake/report.h"

#include <algorithm>

#include "node/intake/cell_text.h"
#include "node/intake/codes.h"

namespace throughgate::node {
namespace {

std::string_view name_of_separator(char separator) {
  if (separator == ';') return "semicolons";
  return separator == '\t' ? "tabs" : "commas";
}

std::string_view added(Made made) { return made == Made::yes ? "added" : "would be added"; }

std::string outcome_of(const IntakeRow& row, Made made) {
  switch (row.verdict) {
    case Verdict::make:
      return std::string(added(made)) + ": " + shown(row.candidate);
    case Verdict::mend:
      return "to mend";
    case Verdict::duplicate:
      return "looks like a duplicate: " + shown(row.candidate);
    case Verdict::here_already:
      return "looks recorded already: " + shown(row.candidate);
    case Verdict::done_before:
      return "nothing to do";
  }
  return {};
}

std::string in_words(const Finding& finding) {
  return finding.column.empty() ? finding.text : finding.column + ": " + finding.text;
}

std::string heading_of_row(const IntakeRow& row) {
  const bool lines_differ = row.line != row.row;
  return "Row " + std::to_string(row.row) +
         (lines_differ ? " (line " + std::to_string(row.line) + ")" : "");
}

void add_columns(std::vector<std::string>& lines, const Intake& intake) {
  for (const Column& column : intake.headings.columns) {
    if (column.field || column.heading.empty() || is_beyond_headings(column)) continue;
    if (plain_key(column.heading) == plain_key(what_to_mend_heading)) continue;
    lines.push_back(
        "Column \"" + column.heading + "\" is left out: " +
        (column.left_out_because.empty() ? "its heading is not known" : column.left_out_because) +
        ".");
  }
  for (const std::size_t column : intake.unheaded) {
    lines.push_back("Column " + std::to_string(column + 1) + " is left out: it has no heading.");
  }
}

// Said once for the file: of a row with an empty cell the row itself says so.
void add_stage(std::vector<std::string>& lines, const Intake& intake) {
  if (intake.headings.column_of(Field::status) || intake.count(Verdict::make) == 0) return;
  lines.push_back("No column holds the status: everybody is added as \"" + status_label("ENQUIRY") +
                  "\". To change that, add a column \"Status\" before you import.");
}

void add_row(std::vector<std::string>& lines, const IntakeRow& row, Made made) {
  lines.push_back(heading_of_row(row) + ": " + outcome_of(row, made));
  for (const Finding& finding : row.findings) {
    const bool problem = finding.kind == Finding::Kind::problem;
    lines.push_back((problem ? "  mend: " : "  note: ") + in_words(finding));
  }
}

std::string totals(const Intake& intake, Made made) {
  const auto part = [&](Verdict verdict, const char* one, const char* several) {
    const auto count = intake.count(verdict);
    return std::to_string(count) + (count == 1 ? one : several);
  };
  const auto rows = intake.rows.size();
  return std::to_string(rows) + (rows == 1 ? " row: " : " rows: ") +
         std::to_string(intake.count(Verdict::make)) + " " + std::string(added(made)) + ", " +
         part(Verdict::mend, " to mend, ", " to mend, ") +
         part(Verdict::duplicate, " looks like a duplicate, ", " look like duplicates, ") +
         part(Verdict::here_already, " looks recorded already, ", " look recorded already, ") +
         part(Verdict::done_before, " done before.", " done before.");
}

bool needs_a_person(const IntakeRow& row) {
  return row.verdict != Verdict::make && row.verdict != Verdict::done_before;
}

std::string what_to_mend(const IntakeRow& row) {
  std::string text;
  for (const Finding& finding : row.findings) {
    if (row.verdict == Verdict::mend && finding.kind == Finding::Kind::warning) continue;
    text += (text.empty() ? "" : "; ") + in_words(finding);
  }
  return text;
}

}  // namespace

std::vector<std::string> intake_report(const Intake& intake, Made made) {
  std::vector<std::string> lines{"Read as " + name_of(intake.encoding) + ", columns between " +
                                 std::string(name_of_separator(intake.separator)) +
                                 ", headings in row " + std::to_string(intake.headings.row + 1) +
                                 "."};
  add_columns(lines, intake);
  add_stage(lines, intake);
  for (const IntakeRow& row : intake.rows) add_row(lines, row, made);
  lines.push_back(totals(intake, made));
  if (intake.count(Verdict::duplicate) + intake.count(Verdict::here_already) > 0) {
    lines.emplace_back(
        "Rows that look like somebody are not added. If one of them is somebody else, add that "
        "person by hand: on the page \"Volunteers\", or with \"record new volunteer\".");
  }
  return lines;
}

std::string mend_csv(const Intake& intake) {
  if (std::none_of(intake.rows.begin(), intake.rows.end(), needs_a_person)) return {};
  // A file that was to mend before has the column already: it is written anew.
  const auto& columns = intake.headings.columns;
  const auto is_old_note = [&](std::size_t column) {
    return column < columns.size() &&
           plain_key(columns[column].heading) == plain_key(what_to_mend_heading);
  };
  const auto width =
      std::max_element(intake.rows.begin(), intake.rows.end(), [](const auto& a, const auto& b) {
        return a.cells.size() < b.cells.size();
      })->cells.size();
  const auto without_old_note = [&](auto cell_at) {
    std::vector<std::string> cells;
    for (std::size_t column = 0; column < std::max(width, columns.size()); ++column) {
      if (!is_old_note(column)) cells.push_back(cell_at(column));
    }
    return cells;
  };

  std::string out = "\xEF\xBB\xBF";
  auto headings = without_old_note([&](std::size_t column) {
    return column < columns.size() ? columns[column].heading : std::string(beyond_headings_heading);
  });
  headings.emplace_back(what_to_mend_heading);
  append_csv_row(out, headings);
  for (const IntakeRow& row : intake.rows) {
    if (!needs_a_person(row)) continue;
    auto cells = without_old_note([&](std::size_t column) {
      return column < row.cells.size() ? row.cells[column] : std::string();
    });
    cells.push_back(what_to_mend(row));
    append_csv_row(out, cells);
  }
  return out;
}

}  // namespace throughgate::node
