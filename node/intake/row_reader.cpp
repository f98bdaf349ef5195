#include "node/intake/row_reader.h"

#include <algorithm>

#include "node/intake/cell_text.h"
#include "node/intake/codes.h"
#include "node/intake/contact.h"
#include "node/intake/telephone.h"
#include "node/text/spoken_telephone.h"

namespace throughgate::node {
namespace {

constexpr std::size_t line_bytes_max = 500;      // a line of an address, a reference
constexpr std::size_t notes_bytes_max = 10'000;  // what a form takes too

bool is_name(Field field) {
  return field == Field::full_name || field == Field::forename || field == Field::middle_names ||
         field == Field::surname || field == Field::known_as || field == Field::former_names;
}

// What people type where they have nothing to type. "Na" and "Nil" may be somebody's name.
bool says_nothing(Field field, std::string_view line) {
  const std::string key = plain_key(line);
  if (key.empty()) return true;
  if (is_name(field)) return false;
  return is_among(key, "na none nil unknown notknown tbc tba notprovided blank");
}

class RowReader {
 public:
  RowReader(const Headings& headings, const CsvRow& row, Date today,
            const EstablishmentList& establishments)
      : headings_(headings), row_(row), today_(today), establishments_(establishments) {}

  RowReading read() {
    read_names();
    read_contact();
    read_address();
    read_standing();
    read_clearances();
    check_order_of_dates();
    check_width();
    return std::move(out_);
  }

 private:
  std::string_view raw(Field field) const {
    const auto column = headings_.column_of(field);
    return column && *column < row_.cells.size() ? std::string_view(row_.cells[*column])
                                                 : std::string_view();
  }

  bool is_blank_cell(Field field) const { return says_nothing(field, raw(field)); }

  std::string line_of(Field field) {
    auto line = take(field, clean_line(raw(field)));
    if (!line || says_nothing(field, *line)) return {};
    if (line->size() > line_bytes_max) {
      problem(field, "is longer than " + std::to_string(line_bytes_max) + " bytes");
      return {};
    }
    return *line;
  }

  // Several lines as one text, with plain line breaks.
  std::string lines_of(Field field, std::size_t bytes_max) {
    std::string text;
    const auto lines = take(field, clean_lines(raw(field)));
    for (const auto& line : lines.value_or(std::vector<std::string>())) {
      text += (text.empty() ? "" : "\n") + line;
    }
    if (text.size() <= bytes_max) return says_nothing(field, text) ? std::string() : text;
    problem(field, "is longer than " + std::to_string(bytes_max) + " bytes");
    return {};
  }

  // Notes down what a reading complains of, and hands on its value.
  template <class T>
  std::optional<T> take(Field field, Reading<T> reading) {
    if (!reading.problem.empty()) problem(field, reading.problem);
    if (!reading.warning.empty()) warning(field, reading.warning);
    return std::move(reading.value);
  }

  std::string code(Field field, Reading<std::string> (*parse)(std::string_view)) {
    return take(field, parse(line_of(field))).value_or(std::string());
  }
  std::optional<Date> date(Field field, DateKind kind) {
    return take(field, read_date(line_of(field), kind, today_));
  }

  void problem(Field field, std::string text) {
    find(Finding::Kind::problem, field, std::move(text));
  }
  void warning(Field field, std::string text) {
    find(Finding::Kind::warning, field, std::move(text));
  }
  void find(Finding::Kind kind, Field field, std::string text) {
    const auto column = headings_.column_of(field);
    out_.findings.push_back(
        {kind, column ? headings_.columns[*column].heading : std::string(), std::move(text)});
  }
  void find_in_row(Finding::Kind kind, std::string text) {
    out_.findings.push_back({kind, {}, std::move(text)});
  }

  void read_names() {
    PersonName& name = out_.candidate.identity.name;
    if (auto whole = take(Field::full_name, read_full_name(line_of(Field::full_name)))) {
      name = std::move(*whole);
    }
    if (auto forenames = take(Field::forename, read_forenames(line_of(Field::forename)))) {
      name.forenames = std::move(forenames->forenames);
      if (!forenames->known_as.empty()) name.known_as = std::move(forenames->known_as);
    }
    if (auto surname = take(Field::surname, read_surname(line_of(Field::surname)))) {
      name.surname = std::move(surname->surname);
      name.former_names = std::move(surname->former_names);
    }
    if (const auto middle = code(Field::middle_names, read_name_part); !middle.empty()) {
      name.forenames += (name.forenames.empty() ? "" : " ") + middle;
    }
    if (auto known_as = code(Field::known_as, read_name_part); !known_as.empty()) {
      name.known_as = std::move(known_as);
    }
    if (auto former = take(Field::former_names, read_former_names(line_of(Field::former_names)))) {
      for (std::string& each : *former) {
        auto& held = name.former_names;
        if (std::find(held.begin(), held.end(), each) == held.end())
          held.push_back(std::move(each));
      }
    }
    settle_single_name(name);
  }

  void settle_single_name(PersonName& name) {
    if (name.surname.empty()) std::swap(name.surname, name.forenames);
    if (name.surname.empty()) {
      if (!out_.has_problem()) find_in_row(Finding::Kind::problem, "there is no name");
    } else if (name.forenames.empty() && !out_.has_problem()) {
      find_in_row(Finding::Kind::warning, "only one name was given");
    }
  }

  void read_contact() {
    Identity& identity = out_.candidate.identity;
    identity.date_of_birth = date(Field::date_of_birth, DateKind::birth);
    if (identity.date_of_birth && *identity.date_of_birth > today_ - std::chrono::years(18)) {
      warning(Field::date_of_birth, "the volunteer is younger than 18");
    }
    identity.email = code(Field::email, read_email);
    identity.mobile = code(Field::mobile, read_telephone);
    out_.candidate.telephone = code(Field::telephone, read_telephone);
    settle_telephones(identity.mobile, out_.candidate.telephone);
  }

  void settle_telephones(std::string& mobile, std::string& telephone) {
    if (mobile.empty() && is_uk_mobile(telephone)) std::swap(mobile, telephone);
    if (!mobile.starts_with("+44") || is_uk_mobile(mobile)) return;
    warning(Field::mobile, "\"" + spoken_telephone(mobile) + "\" is not a mobile number" +
                               (telephone.empty() ? "; kept as telephone" : "; left out"));
    if (telephone.empty()) telephone = mobile;
    mobile.clear();
  }

  void read_address() {
    auto& lines = out_.candidate.address_lines;
    const std::string whole = lines_of(Field::address, line_bytes_max);
    lines = split(whole, whole.find('\n') == std::string::npos ? "," : "\n");
    for (const Field field : {Field::address_line_1, Field::address_line_2, Field::address_line_3,
                              Field::town, Field::county}) {
      if (auto line = line_of(field); !line.empty()) lines.push_back(std::move(line));
    }
    for (std::string& line : lines) {
      if (line.ends_with(',')) line.pop_back();
    }
    std::erase_if(lines,
                  [](const std::string& line) { return says_nothing(Field::address, line); });
    out_.candidate.postcode = code(Field::postcode, read_postcode);
    take_postcode_from(lines);
  }

  // Where there is no postcode column, it is often the last line of the address.
  void take_postcode_from(std::vector<std::string>& lines) {
    if (lines.empty() || !raw(Field::postcode).empty()) return;
    const auto last = read_postcode(lines.back());
    if (!last.value || !last.warning.empty()) return;
    out_.candidate.postcode = *last.value;
    lines.pop_back();
  }

  void read_standing() {
    Candidate& candidate = out_.candidate;
    candidate.roles = take(Field::roles, read_roles(lines_of(Field::roles, line_bytes_max)))
                          .value_or(std::vector<std::string>());
    candidate.status = code(Field::status, read_status);
    if (headings_.column_of(Field::status) && is_blank_cell(Field::status)) {
      warning(Field::status, "is empty; added as \"" + status_label("ENQUIRY") + "\"");
    }
    candidate.establishment =
        take(Field::establishment, establishments_.read(line_of(Field::establishment)))
            .value_or(std::string());
    candidate.started_on = date(Field::started_on, DateKind::past);
    candidate.left_on = date(Field::left_on, DateKind::past);
    candidate.agreement_signed =
        take(Field::agreement_signed, read_yes_no(line_of(Field::agreement_signed)));
    read_notes();
  }

  void read_notes() {
    std::string& notes = out_.candidate.notes;
    notes = lines_of(Field::notes, notes_bytes_max);
    if (mentions_prison_number(notes)) {
      warning(Field::notes,
              "seem to name somebody in prison by number, which does not belong here");
    }
  }

  void read_clearances() {
    CandidateClearance vetting{code(Field::vetting_level, read_vetting_level),
                               code(Field::vetting_outcome, read_vetting_outcome),
                               {},
                               date(Field::vetting_applied_on, DateKind::past),
                               date(Field::vetting_granted_on, DateKind::past),
                               date(Field::vetting_expires_on, DateKind::expiry),
                               line_of(Field::vetting_reference)};
    CandidateClearance dbs{code(Field::dbs_level, read_dbs_level),
                           {},
                           {},
                           {},
                           date(Field::dbs_issued_on, DateKind::past),
                           date(Field::dbs_expires_on, DateKind::expiry),
                           line_of(Field::dbs_reference)};
    refuse_before(vetting.granted_on, Field::vetting_granted_on, vetting.applied_on,
                  Field::vetting_applied_on);
    refuse_before(vetting.expires_on, Field::vetting_expires_on, vetting.granted_on,
                  Field::vetting_granted_on);
    refuse_before(dbs.expires_on, Field::dbs_expires_on, dbs.granted_on, Field::dbs_issued_on);
    warn_if_over(vetting.expires_on, Field::vetting_expires_on);
    warn_if_over(dbs.expires_on, Field::dbs_expires_on);
    if (vetting != CandidateClearance{}) {
      vetting.setting = out_.candidate.establishment;
      out_.candidate.clearances.push_back(std::move(vetting));
    }
    if (dbs != CandidateClearance{}) out_.candidate.clearances.push_back(std::move(dbs));
  }

  void refuse_before(const std::optional<Date>& later, Field later_field,
                     const std::optional<Date>& earlier, Field earlier_field) {
    if (!later || !earlier || *later >= *earlier) return;
    problem(later_field, spoken_date(*later) + " is before \"" +
                             std::string(label_of(earlier_field)) + "\", " + spoken_date(*earlier));
  }

  void warn_if_over(const std::optional<Date>& expiry, Field field) {
    if (expiry && *expiry < today_) warning(field, "ran out on " + spoken_date(*expiry));
  }

  void check_order_of_dates() {
    const Candidate& candidate = out_.candidate;
    refuse_before(candidate.left_on, Field::left_on, candidate.started_on, Field::started_on);
    refuse_before(candidate.started_on, Field::started_on, candidate.identity.date_of_birth,
                  Field::date_of_birth);
    if (candidate.left_on && candidate.status == "ACTIVE") {
      warning(Field::status, "is active although there is a date of leaving");
    }
  }

  void check_width() {
    const auto& columns = headings_.columns;
    bool filled = false;
    for (std::size_t i = 0; i < row_.cells.size(); ++i) {
      const bool beyond = i >= columns.size() || is_beyond_headings(columns[i]);
      filled |= beyond && clean_line(row_.cells[i]).value.has_value();
    }
    if (filled) {
      find_in_row(Finding::Kind::problem,
                  "there are more cells than headings: a separator inside a cell needs quotation "
                  "marks around the cell");
    }
  }

  const Headings& headings_;
  const CsvRow& row_;
  Date today_;
  const EstablishmentList& establishments_;
  RowReading out_;
};

}  // namespace

bool RowReading::has_problem() const {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.kind == Finding::Kind::problem; });
}

RowReading read_row(const Headings& headings, const CsvRow& row, Date today,
                    const EstablishmentList& establishments) {
  return RowReader(headings, row, today, establishments).read();
}

}  // namespace throughgate::node
