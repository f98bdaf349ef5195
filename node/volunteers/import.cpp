#include "node/volunteers/import.h"

#include <filesystem>

#include "node/dossier_kinds.h"
#include "node/private_file.h"
#include "node/volunteers/candidate_fields.h"
#include "node/volunteers/recorded.h"
#include "records/volunteer.pb.h"
#include "records/volunteer_file.pb.h"
#include "sync/store/import_table.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::RecordId;
using sync::Result;
using sync::store::OpDraft;

constexpr std::size_t mend_files_max = 99;  // beside one file

Date day_of(std::uint64_t ms) {
  const auto since = std::chrono::milliseconds(static_cast<std::int64_t>(ms));
  return std::chrono::year_month_day(
      std::chrono::sys_days(std::chrono::duration_cast<std::chrono::days>(since)));
}

EstablishmentList establishments_in(const CodeLists& codes) {
  EstablishmentList out;
  if (const auto* list = codes.list("establishments")) {
    for (const auto& code : list->codes()) {
      if (code.offered()) out.add(code.code, code.label);
    }
  }
  return out;
}

std::size_t left_for_a_person(const Intake& intake) {
  return intake.count(Verdict::mend) + intake.count(Verdict::duplicate) +
         intake.count(Verdict::here_already);
}

ImportReport report_of(const Intake& intake, Made made) {
  return {intake_report(intake, made),
          intake.count(Verdict::make),
          left_for_a_person(intake),
          intake.count(Verdict::done_before),
          {}};
}

// "volunteers.csv" -> "volunteers to mend.csv", then "volunteers to mend 2.csv" ...
Result<std::string> write_mend_file(const std::string& path, const std::string& content) {
  const std::filesystem::path file(path);
  for (std::size_t number = 1; number <= mend_files_max; ++number) {
    const std::string name = file.stem().string() + " to mend" +
                             (number == 1 ? "" : " " + std::to_string(number)) + ".csv";
    const std::string at = (file.parent_path() / name).string();
    const auto done = create_private_file(at, crypto::as_bytes(content));
    if (done) return at;
    if (done.error().kind != ErrorKind::invalid) return done.error();
  }
  return Error{ErrorKind::invalid,
               "There are too many files with rows to mend here. Delete those that are done with."};
}

}  // namespace

// A good row as what it becomes.
struct VolunteerImport::Planned {
  RowKey key{};
  std::vector<OpDraft> travelling;
  std::vector<OpDraft> file;  // without the field that names the volunteer; may be empty
};

Result<Intake> VolunteerImport::read(const std::string& path) {
  if (auto may = records_.viewer().check(Act::import_file); !may) return may.error();
  const auto bytes = read_file(path, file_bytes_max);
  if (!bytes) return bytes.error();
  const auto existing = RecordedVolunteers::read(records_);
  if (!existing) return existing.error();
  const auto establishments = establishments_in(records_.codes());
  auto intake =
      read_volunteers(*bytes, {day_of(records_.node().now_ms()), establishments, *existing});
  if (const auto* refusal = std::get_if<Refusal>(&intake)) {
    return Error{ErrorKind::invalid, refusal->why};
  }
  return std::get<Intake>(std::move(intake));
}

// Whether what others will read of it may stand; else it is for a person to look at.
bool VolunteerImport::look_through(IntakeRow& row, const std::vector<OpDraft>& travelling) const {
  const auto& type = *record_type(*schema::Volunteer::descriptor());
  const auto doubts = records_.doubts_in_new(type, travelling);
  for (const auto& doubt : doubts) {
    row.verdict = Verdict::mend;
    row.findings.push_back({Finding::Kind::problem,
                            {},
                            doubt.where + ": this looks like " + doubt.looks_like +
                                ", and others read it. Leave it out, or import the rows to mend "
                                "with --text-as-it-stands."});
  }
  return doubts.empty();
}

// A row that cannot stand in a record after all goes to those to mend, with the reason.
Result<std::vector<VolunteerImport::Planned>> VolunteerImport::plan(Intake& intake) {
  std::vector<Planned> out;
  const auto& policies = records_.node().policies();
  for (auto& row : intake.rows) {
    if (row.verdict != Verdict::make) continue;
    Planned planned;
    planned.key = row.key;
    const auto take = [&](const RecordType& type, const RecordId& id,
                          const std::vector<FieldInput>& inputs, std::vector<OpDraft>& ops) {
      auto plan = plan_new({type, id, sync::Role::owner, policies, records_.codes()}, inputs,
                           Required::none);
      if (plan) {
        ops.insert(ops.end(), plan->ops.begin(), plan->ops.end());
        return true;
      }
      row.verdict = Verdict::mend;
      row.findings.push_back({Finding::Kind::problem, {}, plan.error().message});
      return false;
    };
    bool fits = true;
    for (const auto& record : travelling_records(row.candidate)) {
      const auto id = record.type->root ? RecordId{} : RecordId::random(records_.node().random());
      fits = fits && take(*record.type, id, record.inputs, planned.travelling);
    }
    fits = fits && take(*record_type(*schema::VolunteerFile::descriptor()), {},
                        file_fields(row.candidate), planned.file);
    if (fits && !look_through(row, planned.travelling)) continue;
    if (fits) out.push_back(std::move(planned));
  }
  return out;
}

Result<Done> VolunteerImport::store(const std::vector<Planned>& rows, const By& by) {
  for (const auto& row : rows) {
    if (auto may = records_.check_written(row.travelling); !may) return may;
    if (auto may = records_.check_written(row.file); !may) return may;
  }
  const auto travelling = members_of_new(schema::VOLUNTEER, records_.node());
  const auto staying = members_of_new(schema::VOLUNTEER_FILE, records_.node());
  if (!travelling) return travelling.error();
  if (!staying) return staying.error();
  const auto& file_type = *record_type(*schema::VolunteerFile::descriptor());
  const auto authorship = records_.authorship(by);
  const auto context = records_.node().context();
  sync::store::Batch batch(records_.node().database(), context);
  sync::store::ImportTable imported(batch.work());
  for (const auto& row : rows) {
    const auto id = batch.create(*travelling, authorship, row.travelling);
    if (!id) return id.error();
    imported.add(row.key, *id);
    if (row.file.empty()) continue;
    std::vector<OpDraft> ops{{{{}, file_type.number, schema::VolunteerFile::kVolunteerFieldNumber},
                              sync::OpKind::set,
                              sync::Bytes(id->bytes.begin(), id->bytes.end()),
                              {},
                              {}}};
    ops.insert(ops.end(), row.file.begin(), row.file.end());
    const auto file = batch.create(*staying, authorship, std::move(ops));
    if (!file) return file.error();
  }
  return batch.commit();
}

Result<ImportReport> VolunteerImport::dry_run(const std::string& path) {
  auto intake = read(path);
  if (!intake) return intake.error();
  if (const auto planned = plan(*intake); !planned) return planned.error();
  return report_of(*intake, Made::no);
}

Result<ImportReport> VolunteerImport::run(const std::string& path, const By& by) {
  auto intake = read(path);
  if (!intake) return intake.error();
  const auto& type = *record_type(*schema::Volunteer::descriptor());
  if (auto fit = records_.check_text_of_new(type, by.reason); !fit) return fit.error();
  const auto planned = plan(*intake);
  if (!planned) return planned.error();
  ImportReport report = report_of(*intake, Made::yes);
  const std::string to_mend = mend_csv(*intake);
  if (!to_mend.empty()) {
    auto written = write_mend_file(path, to_mend);
    if (!written) return written.error();
    report.mend_path = std::move(*written);
  }
  if (auto done = store(*planned, by); !done) {
    std::error_code ignored;
    if (!report.mend_path.empty()) std::filesystem::remove(report.mend_path, ignored);
    return done.error();
  }
  return report;
}

}  // namespace throughgate::node
