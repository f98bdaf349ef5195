#include "node/bundles/made_files.h"

#include "node/audit.h"
#include "node/dossier_kinds.h"
#include "node/handovers/handovers.h"
#include "node/text/numbers.h"
#include "node/text/unicode.h"
#include "sync/store/replica.h"

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
using sync::store::UnitOfWork;
using sync::store::unsigned_column;

std::vector<DossierId> records_of(UnitOfWork& work, std::uint64_t number) {
  std::vector<DossierId> out;
  work.each("SELECT dossier FROM made_file_record WHERE made_file = ? ORDER BY dossier",
            bound(number), [&](const auto& row) {
              const auto id = DossierId::from(row.view(0));
              if (!id) return work.fail_as_damaged();
              out.push_back(*id);
            });
  return out;
}

// A computer of theirs has written in it, or said how far it holds it.
bool is_held_by(UnitOfWork& work, const DossierId& dossier, const OrganisationId& organisation,
                const sync::Directory& directory) {
  for (const auto& [id, node] : directory.nodes()) {
    if (node.organisation != organisation) continue;
    const auto seen = work.first(
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM digest WHERE dossier = ?1 AND node = ?2) OR EXISTS "
        "(SELECT 1 FROM entry e JOIN author a ON a.id = e.author JOIN dossier d ON d.id = "
        "e.dossier WHERE d.dossier = ?1 AND a.node = ?2)",
        bound(dossier.view(), id.view()), unsigned_column);
    if (seen) return true;
  }
  return false;
}

bool takes_part(UnitOfWork& work, const DossierId& dossier, const OrganisationId& organisation,
                const sync::store::NodeContext& context) {
  if (!sync::store::StoredDossier::exists(work, dossier)) return false;
  return sync::store::Replica(work, dossier, context).role_now(organisation).has_value();
}

void count_standing(UnitOfWork& work, const sync::store::NodeContext& context, MadeFile& file) {
  for (const auto& id : records_of(work, file.number)) {
    ++file.records;
    if (!takes_part(work, id, file.organisation, context)) continue;
    ++file.shared;
    if (is_held_by(work, id, file.organisation, context.directory)) ++file.held_there;
  }
}

struct Standing {
  bool is_shared = false;
  bool is_held_there = false;
};

Result<Standing> standing_of(OpenNode& node, const DossierId& id,
                             const OrganisationId& organisation) {
  UnitOfWork work(node.database(), Purpose::reading);
  const Standing out{takes_part(work, id, organisation, node.context()),
                     is_held_by(work, id, organisation, node.directory())};
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

// Who does not lead a handover cannot say who takes part in it: that one is left as it is. One that
// is refused for now is counted, and those behind it are tried all the same.
Result<Done> take_back(RecordService& records, const DossierId& id,
                       const OrganisationId& organisation, const By& by, Recalled& out) {
  const auto standing = standing_of(records.node(), id, organisation);
  if (!standing) return standing.error();
  if (!standing->is_shared) {
    ++out.ended_before;
    return Done{};
  }
  const auto saved = Handovers(records).remove_partner(id, organisation, by);
  if (saved) {
    ++out.taken_back;
    if (standing->is_held_there) ++out.held_there;
    return Audit(records.node()).note_recall({id, {}, 0}, records.viewer(), by.reason);
  }
  switch (saved.error().kind) {
    case ErrorKind::denied:
    case ErrorKind::not_found:
      ++out.left;
      return Done{};
    case ErrorKind::unavailable:
    case ErrorKind::corrupt:
      return saved.error();
    case ErrorKind::stale:
    case ErrorKind::rejected:
    case ErrorKind::invalid:
    case ErrorKind::newer:
      break;
  }
  ++out.not_yet;
  return Done{};
}

Result<Done> note_recalled(OpenNode& node, std::uint64_t number) {
  UnitOfWork work(node.database());
  work.run("UPDATE made_file SET recalled_at_ms = ? WHERE id = ? AND recalled_at_ms = 0",
           node.now_ms(), number);
  return work.commit();
}

std::string counted(std::uint64_t count) {
  return with_thousands(count) + (count == 1 ? " record" : " records");
}

}  // namespace

Result<Done> note_made(OpenNode& node, const OrganisationId& organisation,
                       const sync::BundleSet& set, std::uint64_t files,
                       const std::set<DossierId>& records) {
  UnitOfWork work(node.database());
  work.run(
      "INSERT INTO made_file (organisation, bundle_set, made_at_ms, files) VALUES (?, ?, ?, ?)",
      organisation.view(), set.view(), node.now_ms(), files);
  const auto number = work.first("SELECT id FROM made_file WHERE bundle_set = ?", bound(set.view()),
                                 unsigned_column)
                          .value_or(0);
  for (const auto& id : records) {
    work.run("INSERT INTO made_file_record (made_file, dossier) VALUES (?, ?)", number, id.view());
  }
  work.run("DELETE FROM made_file WHERE id <= ? - ?", number, std::uint64_t{made_files_max});
  work.run("DELETE FROM made_file_record WHERE made_file NOT IN (SELECT id FROM made_file)");
  return work.commit();
}

Result<Done> forget_made(OpenNode& node, const sync::BundleSet& set) {
  UnitOfWork work(node.database());
  work.run("DELETE FROM made_file WHERE bundle_set = ?", set.view());
  work.run("DELETE FROM made_file_record WHERE made_file NOT IN (SELECT id FROM made_file)");
  return work.commit();
}

Result<std::vector<MadeFile>> made_files(OpenNode& node) {
  UnitOfWork work(node.database(), Purpose::reading);
  const auto context = node.context();
  std::vector<MadeFile> out;
  work.each(
      "SELECT id, organisation, made_at_ms, files, recalled_at_ms FROM made_file ORDER BY id DESC",
      bound(), [&](const auto& row) {
        const auto organisation = OrganisationId::from(row.view(1));
        if (!organisation) return work.fail_as_damaged();
        auto& file = out.emplace_back();
        file.number = row.unsigned_integer(0);
        file.organisation = *organisation;
        file.name = organisation_name(node, *organisation);
        file.made_at_ms = row.unsigned_integer(2);
        file.files = row.unsigned_integer(3);
        file.recalled_at_ms = row.unsigned_integer(4);
      });
  for (auto& file : out) count_standing(work, context, file);
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

Result<MadeFile> made_file(OpenNode& node, std::uint64_t number) {
  auto all = made_files(node);
  if (!all) return all.error();
  for (auto& each : *all) {
    if (each.number == number) return std::move(each);
  }
  return Error{ErrorKind::not_found,
               "No file of that number is remembered here. \"bundle made\" lists them."};
}

std::vector<std::string> meaning_of_recall(const MadeFile& file) {
  std::vector<std::string> out{
      file.name +
          " takes part no more in what is in it and is yours to share: " + counted(file.shared) +
          ". Each gets a new key, which they never get, and nothing written from now on reaches "
          "them.",
      "What has not reached them by the exchange does not: once it has heard of this, it gives "
      "them no key. So exchange what is new at once.",
      "The file itself cannot be called back. Whoever has it and one of their computers can open "
      "it. Ring them, get the stick or the e-mail back, and destroy it.",
      "A computer of theirs that has heard of this takes nothing from the file. One that has "
      "brought it in before deletes what it had once it hears, and you are told so."};
  if (file.held_there > 0) {
    out.push_back("Their computers hold " + counted(file.held_there) +
                  " of it already: take it that somebody has read what stands there.");
  }
  return out;
}

Result<Recalled> recall_file(RecordService& records, std::uint64_t number, const By& by) {
  OpenNode& node = records.node();
  if (auto may = records.viewer().check(Act::share); !may) return may.error();
  const auto file = made_file(node, number);
  if (!file) return file.error();
  if (is_blank(by.reason)) return Error{ErrorKind::invalid, "Say why. Nothing was changed."};
  if (file->organisation == node.directory().central()) {
    return Error{
        ErrorKind::denied,
        "This file was for the central team, who take part in every handover. It cannot be "
        "recalled. Nothing was changed."};
  }
  Recalled out;
  UnitOfWork reading(node.database(), Purpose::reading);
  const auto ids = records_of(reading, number);
  if (auto done = reading.commit(); !done) return done.error();
  std::optional<Error> fault;  // of the store, in one of them
  for (const auto& id : ids) {
    const auto done = take_back(records, id, file->organisation, by, out);
    if (!done && !fault) fault = done.error();
  }
  if (fault) return *fault;
  if (out.not_yet > 0) return out;
  if (auto noted = note_recalled(node, number); !noted) return noted.error();
  return out;
}

std::vector<std::string> in_words(const Recalled& recalled) {
  std::vector<std::string> out{counted(recalled.taken_back) + " taken back."};
  if (recalled.not_yet > 0) {
    out.push_back(counted(recalled.not_yet) +
                  " could not be taken back yet: exchange what is new, then recall once more.");
  }
  if (recalled.ended_before > 0) {
    out.push_back(counted(recalled.ended_before) + " in it had been taken back before, or erased.");
  }
  if (recalled.left > 0) {
    out.push_back(counted(recalled.left) +
                  " in it are not this organisation's to take back. Ask whoever keeps them.");
  }
  if (recalled.held_there > 0) {
    out.push_back(counted(recalled.held_there) +
                  " had reached their computers already: take it that somebody has read them. "
                  "Whoever looks after data protection has to know.");
  }
  return out;
}

}  // namespace throughgate::node
