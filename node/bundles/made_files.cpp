#include "node/bundles/made_files.h"

#include "node/dossier_kinds.h"
#include "sync/store/unit_of_work.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::OrganisationId;
using sync::Result;
using sync::store::bound;
using sync::store::Purpose;
using sync::store::Statement;
using sync::store::UnitOfWork;
using sync::store::unsigned_column;

#define MADE_FILE                                                               \
  "SELECT id, organisation, made_by, made_at_ms, files, (SELECT count(*) FROM " \
  "made_file_record WHERE made_file = made_file.id), recalled_at_ms FROM made_file WHERE "

void read_file(UnitOfWork& work, const OpenNode& node, const Statement& row,
               std::vector<MadeFile>& out) {
  const auto organisation = OrganisationId::from(row.view(1));
  const auto made_by = row.unsigned_integer(2);
  if (!organisation || made_by > 1) return work.fail_as_damaged();
  out.push_back({row.unsigned_integer(0), *organisation, organisation_name(node, *organisation),
                 static_cast<MadeBy>(made_by), row.unsigned_integer(3), row.unsigned_integer(4),
                 row.unsigned_integer(5), row.unsigned_integer(6)});
}

void forget_records_without_file(UnitOfWork& work) {
  work.run("DELETE FROM made_file_record WHERE made_file NOT IN (SELECT id FROM made_file)");
}

}  // namespace

Result<Done> note_made(OpenNode& node, const OrganisationId& organisation,
                       const sync::BundleSet& set, std::uint64_t files,
                       const std::set<DossierId>& records, MadeBy made_by) {
  const auto by = static_cast<std::uint64_t>(made_by);
  UnitOfWork work(node.database());
  work.run(
      "INSERT INTO made_file (organisation, bundle_set, made_at_ms, files, made_by) VALUES (?, ?, "
      "?, ?, ?)",
      organisation.view(), set.view(), node.now_ms(), files, by);
  const auto number = work.first("SELECT id FROM made_file WHERE bundle_set = ?", bound(set.view()),
                                 unsigned_column)
                          .value_or(0);
  for (const auto& id : records) {
    work.run("INSERT INTO made_file_record (made_file, dossier) VALUES (?, ?)", number, id.view());
  }
  work.run(
      "DELETE FROM made_file WHERE made_by = ?1 AND id <= (SELECT id FROM made_file WHERE made_by "
      "= ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
      by, std::uint64_t{made_files_max});
  forget_records_without_file(work);
  return work.commit();
}

Result<Done> forget_made(OpenNode& node, const sync::BundleSet& set) {
  UnitOfWork work(node.database());
  work.run("DELETE FROM made_file WHERE bundle_set = ?", set.view());
  forget_records_without_file(work);
  return work.commit();
}

Result<std::vector<MadeFile>> made_files(OpenNode& node, MadeBy made_by, std::size_t limit) {
  UnitOfWork work(node.database(), Purpose::reading);
  std::vector<MadeFile> out;
  work.each(MADE_FILE "made_by = ? ORDER BY id DESC LIMIT ?",
            bound(static_cast<std::uint64_t>(made_by), std::uint64_t{limit}),
            [&](const Statement& row) { read_file(work, node, row, out); });
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

Result<MadeFile> made_file(OpenNode& node, std::uint64_t number) {
  UnitOfWork work(node.database(), Purpose::reading);
  std::vector<MadeFile> out;
  work.each(MADE_FILE "id = ?", bound(number),
            [&](const Statement& row) { read_file(work, node, row, out); });
  if (auto done = work.commit(); !done) return done.error();
  if (!out.empty()) return std::move(out.front());
  return Error{ErrorKind::not_found,
               "No file of that number is remembered here. \"bundle made\" lists them."};
}

Result<std::vector<DossierId>> records_of(OpenNode& node, std::uint64_t number) {
  UnitOfWork work(node.database(), Purpose::reading);
  std::vector<DossierId> out;
  work.each("SELECT dossier FROM made_file_record WHERE made_file = ? ORDER BY dossier",
            bound(number), [&](const Statement& row) {
              const auto id = DossierId::from(row.view(0));
              if (!id) return work.fail_as_damaged();
              out.push_back(*id);
            });
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

Result<Done> note_recalled(OpenNode& node, std::uint64_t number) {
  UnitOfWork work(node.database());
  work.run("UPDATE made_file SET recalled_at_ms = ? WHERE id = ? AND recalled_at_ms = 0",
           node.now_ms(), number);
  return work.commit();
}

}  // namespace throughgate::node
