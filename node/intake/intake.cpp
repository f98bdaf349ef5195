#include "node/intake/intake.h"

#include <algorithm>
#include <map>
#include <set>

#include "node/intake/cell_text.h"

namespace throughgate::node {
namespace {

bool is_blank(const std::string& cell) {
  return cell.empty() || (!clean_line(cell).value && clean_line(cell).problem.empty());
}

bool is_empty(const CsvRow& row) {
  return std::all_of(row.cells.begin(), row.cells.end(), is_blank);
}

// Judges rows one after the other: each against what is recorded, and against those before it.
class Judge {
 public:
  Judge(const Headings& headings, const IntakeSetting& setting)
      : headings_(headings), setting_(setting) {}

  IntakeRow judge(CsvRow row, std::size_t number) {
    auto reading = read_row(headings_, row, setting_.today, setting_.establishments);
    const bool sound = !reading.has_problem();
    IntakeRow out{number,
                  row.line,
                  Verdict::mend,
                  std::move(reading.candidate),
                  {},
                  std::move(reading.findings),
                  std::move(row.cells)};
    if (!sound) return out;
    out.key = row_key(out.candidate);
    const MatchParts parts = match_parts(out.candidate.identity);
    out.verdict = verdict(out, parts);
    if (out.verdict == Verdict::make || out.verdict == Verdict::done_before) {
      taken_.add(out.row, parts);
    }
    row_of_key_.emplace(out.key, out.row);
    return out;
  }

 private:
  Verdict verdict(IntakeRow& row, const MatchParts& parts) {
    if (setting_.existing.imported(row.key)) {
      note(row, "was imported before");
      return Verdict::done_before;
    }
    if (const auto twin = row_of_key_.find(row.key); twin != row_of_key_.end()) {
      note(row, "repeats row " + std::to_string(twin->second) + " word for word");
      return Verdict::done_before;
    }
    if (matches_existing(row, parts)) return Verdict::here_already;
    return matches_earlier(row, parts) ? Verdict::duplicate : Verdict::make;
  }

  bool matches_existing(IntakeRow& row, const MatchParts& parts) {
    for (const auto& known : setting_.existing.find(match_keys(parts))) {
      const auto comparison = compare(match_parts(known.identity), parts);
      if (comparison.likeness == Likeness::different) continue;
      const bool same = comparison.likeness == Likeness::same;
      note(row, (same ? "looks like " : "compare with ") + known.shown + ": " + comparison.because);
      if (same) return true;
    }
    return false;
  }

  bool matches_earlier(IntakeRow& row, const MatchParts& parts) {
    for (const auto& found : taken_.find(parts)) {
      const bool same = found.comparison.likeness == Likeness::same;
      note(row, (same ? "looks like row " : "compare with row ") + std::to_string(found.id) + ": " +
                    found.comparison.because);
      return same;  // the likest stands first, and one is enough to look at
    }
    return false;
  }

  static void note(IntakeRow& row, std::string text) {
    row.findings.push_back({Finding::Kind::warning, {}, std::move(text)});
  }

  const Headings& headings_;
  const IntakeSetting& setting_;
  IdentityIndex taken_;
  std::map<RowKey, std::size_t> row_of_key_;
};

std::vector<std::size_t> unheaded_columns(const Headings& headings,
                                          const std::vector<CsvRow>& rows) {
  std::set<std::size_t> filled;
  for (std::size_t index = headings.row + 1; index < rows.size(); ++index) {
    const auto& cells = rows[index].cells;
    for (std::size_t column = 0; column < std::min(cells.size(), headings.columns.size());
         ++column) {
      if (headings.columns[column].heading.empty() && !is_blank(cells[column]))
        filled.insert(column);
    }
  }
  return {filled.begin(), filled.end()};
}

}  // namespace

std::size_t Intake::count(Verdict verdict) const {
  return static_cast<std::size_t>(std::count_if(
      rows.begin(), rows.end(), [&](const IntakeRow& row) { return row.verdict == verdict; }));
}

Read<Intake> read_volunteers(crypto::ByteView file, const IntakeSetting& setting) {
  const auto decoded = decode_text(file);
  if (const auto* refusal = std::get_if<Refusal>(&decoded)) return *refusal;
  const auto& [text, encoding] = std::get<DecodedText>(decoded);

  const char separator = detect_separator(text);
  auto parsed = parse_csv(text, separator);
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) return *refusal;
  auto& rows = std::get<std::vector<CsvRow>>(parsed);

  const auto headings = find_headings(rows);
  if (const auto* refusal = std::get_if<Refusal>(&headings)) return *refusal;

  Intake intake{encoding, separator, std::get<Headings>(headings), {}, {}};
  intake.unheaded = unheaded_columns(intake.headings, rows);
  Judge judge(intake.headings, setting);
  for (std::size_t index = intake.headings.row + 1; index < rows.size(); ++index) {
    if (is_empty(rows[index])) continue;
    intake.rows.push_back(judge.judge(std::move(rows[index]), index + 1));
  }
  return intake;
}

}  // namespace throughgate::node
