#include "node/bundles/recall.h"

#include <algorithm>

#include "node/audit.h"
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
using sync::Role;
using sync::store::bound;
using sync::store::DossierView;
using sync::store::Purpose;
using sync::store::UnitOfWork;
using sync::store::unsigned_column;

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

// Who takes part was changed here and the exchange has not got that yet: as change_members() asks.
bool waits(UnitOfWork& work, const DossierId& id, const sync::store::NodeContext& context) {
  if (!sync::store::StoredDossier::exists(work, id)) return false;
  const sync::store::Replica replica(work, id, context);
  const auto latest = replica.latest_membership();
  return latest && latest->provisional && replica.stored().length() > 0;
}

const sync::Member* member_of(const DossierView& dossier, const OrganisationId& organisation) {
  const auto found = std::ranges::find(dossier.members, organisation, &sync::Member::organisation);
  return found == dossier.members.end() ? nullptr : &*found;
}

bool is_ours_to_end(const DossierView& dossier, Role theirs) {
  return record_type(*schema::Handover::descriptor())->number == dossier.root_type &&
         sync::leads(dossier.own_role) && theirs != Role::owner && theirs != Role::central;
}

Result<RecordInFile> record_in_file(const RecordService& records, const DossierId& id,
                                    const OrganisationId& organisation) {
  RecordInFile out{id, CanBeTakenBack::ended_before, false};
  const auto dossier = records.whole().dossier(id);
  if (!dossier && dossier.error().kind != ErrorKind::not_found) return dossier.error();
  const auto* theirs = dossier ? member_of(*dossier, organisation) : nullptr;
  OpenNode& node = records.node();
  const auto context = node.context();
  UnitOfWork work(node.database(), Purpose::reading);
  out.held_there = is_held_by(work, id, organisation, context.directory);
  if (theirs && !is_ours_to_end(*dossier, theirs->role)) {
    out.can = CanBeTakenBack::not_ours;
  } else if (theirs) {
    out.can = waits(work, id, context) ? CanBeTakenBack::not_yet : CanBeTakenBack::yes;
  }
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

// Who does not lead a handover cannot say who takes part in it: that one is left as it is. One that
// is refused for now is counted, and those behind it are tried all the same.
Result<Done> take_back(RecordService& records, const DossierId& id,
                       const OrganisationId& organisation, const By& by, Recalled& out) {
  const auto before = record_in_file(records, id, organisation);
  if (!before) return before.error();
  if (before->can == CanBeTakenBack::ended_before) {
    ++out.ended_before;
    return Done{};
  }
  if (before->can == CanBeTakenBack::not_ours) {
    ++out.left;
    return Done{};
  }
  const auto saved = Handovers(records).remove_partner(id, organisation, by);
  if (saved) {
    out.taken_back.push_back(id);
    if (before->held_there) ++out.held_there;
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
  out.not_yet.push_back(id);
  return Done{};
}

Result<std::vector<DossierId>> records_meant(OpenNode& node, std::uint64_t number,
                                             const std::optional<std::set<DossierId>>& which) {
  auto in_file = records_of(node, number);
  if (!in_file || !which) return in_file;
  const std::set<DossierId> all(in_file->begin(), in_file->end());
  if (which->empty() || !std::ranges::includes(all, *which)) {
    return Error{ErrorKind::invalid,
                 which->empty() ? "Say which records are to be taken back. Nothing was changed."
                                : "One of these records is not in that file. Nothing was changed."};
  }
  return std::vector<DossierId>(which->begin(), which->end());
}

// Before any is taken back: the same reason stands in each.
Result<Done> check_reason(RecordService& records, const std::vector<DossierId>& ids,
                          const std::string& reason) {
  if (is_blank(reason)) return Error{ErrorKind::invalid, "Say why. Nothing was changed."};
  for (const auto& id : ids) {
    const auto fits = records.check_text(id, {}, reason);
    if (!fits && fits.error().kind != ErrorKind::not_found) return fits.error();
  }
  return Done{};
}

Result<Done> note_if_nothing_is_left(RecordService& records, const MadeFile& file) {
  const auto in_file = records_in_file(records, file);
  if (!in_file) return in_file.error();
  const bool some_left = std::ranges::any_of(*in_file, [](const RecordInFile& each) {
    return each.can == CanBeTakenBack::yes || each.can == CanBeTakenBack::not_yet;
  });
  return some_left ? Result<Done>(Done{}) : note_recalled(records.node(), file.number);
}

std::string counted(std::uint64_t count) {
  return with_thousands(count) + (count == 1 ? " record" : " records");
}

}  // namespace

Result<std::vector<RecordInFile>> records_in_file(const RecordService& records,
                                                  const MadeFile& file) {
  const auto ids = records_of(records.node(), file.number);
  if (!ids) return ids.error();
  std::vector<RecordInFile> out;
  for (const auto& id : *ids) {
    auto record = record_in_file(records, id, file.organisation);
    if (!record) return record.error();
    out.push_back(*record);
  }
  return out;
}

std::vector<std::string> meaning_of_recall(const MadeFile& file) {
  std::vector<std::string> out;
  out.push_back(file.name +
                " will take part no more in what you recall. Each record gets a new key, which "
                "they never get, and nothing written from now on reaches them.");
  out.emplace_back(
      "What has not reached them by the exchange will not: once the exchange has heard of this, it "
      "gives them no key. So exchange what is new at once.");
  out.emplace_back(
      "What they have opened stays opened: nobody can make them forget what they have read.");
  out.emplace_back(
      "The file itself cannot be called back. Whoever has it and one of their computers can open "
      "it. Ring them, get the stick or the e-mail back, and destroy it.");
  out.emplace_back(
      "A computer of theirs that has heard of this takes nothing from the file. One that brought "
      "it in before deletes what it had once it hears, and you are told so.");
  return out;
}

std::string what_happens_to(const RecordInFile& record, const MadeFile& file) {
  switch (record.can) {
    case CanBeTakenBack::yes:
      return record.held_there ? "Their computers hold it already: take it that somebody has read "
                                 "it. They delete "
                                 "it once they hear"
                               : "As far as is known here, it has not reached their computers";
    case CanBeTakenBack::not_yet:
      return "Who can see it was changed here, and the exchange does not know that yet. Exchange "
             "what is new, or have a file for the exchange brought there, then recall it";
    case CanBeTakenBack::not_ours:
      return "It is not this organisation's to take back. Ask whoever keeps it";
    case CanBeTakenBack::ended_before:
      break;
  }
  return file.name + " can see it no more";
}

Result<Recalled> recall_file(RecordService& records, std::uint64_t number,
                             const std::optional<std::set<DossierId>>& which, const By& by) {
  OpenNode& node = records.node();
  if (auto may = records.viewer().check(Act::share); !may) return may.error();
  const auto file = made_file(node, number);
  if (!file) return file.error();
  if (file->organisation == node.directory().central()) {
    return Error{
        ErrorKind::denied,
        "This file was for the central team, who take part in every handover. It cannot be "
        "recalled. Nothing was changed."};
  }
  const auto ids = records_meant(node, number, which);
  if (!ids) return ids.error();
  if (auto fits = check_reason(records, *ids, by.reason); !fits) return fits.error();
  Recalled out;
  std::optional<Error> fault;  // of the store, in one of them
  for (const auto& id : *ids) {
    const auto done = take_back(records, id, file->organisation, by, out);
    if (!done && !fault) fault = done.error();
  }
  if (fault && !out.taken_back.empty()) {
    fault->message +=
        " " + counted(out.taken_back.size()) +
        " in it had been taken back all the same. Recall the file once more for the others.";
  }
  if (fault) return *fault;
  if (auto noted = note_if_nothing_is_left(records, *file); !noted) return noted.error();
  return out;
}

std::vector<std::string> in_words(const Recalled& recalled) {
  const auto taken_back = recalled.taken_back.size();
  std::vector<std::string> out{taken_back == 0
                                   ? std::string("Nothing was taken back.")
                                   : counted(taken_back) + (taken_back == 1 ? " was" : " were") +
                                         " taken back."};
  if (!recalled.not_yet.empty()) {
    out.push_back(
        counted(recalled.not_yet.size()) +
        " could not be taken back yet, as the exchange does not know the last change of who can "
        "see it. Exchange what is new, or have a file for the exchange brought there, then recall "
        "this file again.");
  }
  if (recalled.ended_before > 0) {
    out.push_back(counted(recalled.ended_before) + " in it had been taken back before, or erased.");
  }
  if (recalled.left > 0) {
    out.push_back(counted(recalled.left) +
                  " in it cannot be taken back by this organisation. Ask whoever keeps them.");
  }
  if (recalled.held_there > 0) {
    out.push_back(counted(recalled.held_there) +
                  " had reached their computers already: take it that somebody has read them. "
                  "Whoever looks after data protection has to know.");
  }
  return out;
}

}  // namespace throughgate::node
