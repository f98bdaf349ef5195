#include "node/desk/openings.h"

#include <algorithm>

#include "node/desk/desk.h"
#include "node/dossier_kinds.h"
#include "node/records/catalogue.h"
#include "schema/directory.pb.h"
#include "sync/store/record_reader.h"
#include "sync/wire_values.h"

namespace throughgate::node {

using sync::Done;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::UnitOfWork;

namespace {

constexpr std::size_t opened_at_once_max = 10'000;  // in one version of the list

Result<std::vector<DossierId>> unanswered(OpenNode& node) {
  std::vector<DossierId> out;
  UnitOfWork work(node.database(), sync::store::Purpose::reading);
  work.each(
      "SELECT dossier FROM dossier WHERE length > 0 AND proof IS NOT NULL AND (confirmed IS NULL "
      "OR confirmed <> ?)",
      sync::store::bound(node.directory().hub_instance().view()),
      [&](const sync::store::Statement& row) {
        if (const auto id = DossierId::from(row.view(0))) out.push_back(*id);
      });
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

}  // namespace

Result<std::vector<WaitingRecord>> waiting_at_exchange(OpenNode& node) {
  if (auto fresh = node.refresh_directory(); !fresh) return fresh.error();
  const auto ids = unanswered(node);
  if (!ids) return ids.error();
  const auto context = node.context();
  const sync::store::RecordReader reader(node.database(), context);
  std::vector<WaitingRecord> out;
  for (const auto& id : *ids) {
    WaitingRecord record{id, {}, {}};
    const auto held = reader.dossier(id);
    const auto* type = held ? record_type(held->root_type) : nullptr;
    if (type) record.kind = rule_of(*type->descriptor).label();
    for (const auto& member : held ? held->members : std::vector<sync::Member>{}) {
      if (member.role == sync::Role::owner) {
        record.owner = organisation_name(node, member.organisation);
      }
    }
    out.push_back(std::move(record));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.owner < b.owner; });
  return out;
}

std::vector<std::string> meaning_of_opening() {
  return {
      "The exchange has begun anew and waits until every computer of every organisation that takes "
      "part in a record has given back what it holds, or seven days are over. Work goes on "
      "meanwhile, and waits to be sent.",
      "Ending the wait lets work on a record be sent at once. What somebody gives back later comes "
      "in as new changes: nothing of it is lost, and some of it may have to be looked at.",
      "Do it where a record is needed now and the computers that are still missing cannot be "
      "switched on in time."};
}

Result<Done> Desk::open_at_exchange(const std::vector<DossierId>& dossiers) {
  if (dossiers.size() > opened_at_once_max) {
    return Error{ErrorKind::invalid,
                 "These are too many to be named one by one. Open all of them. Nothing was "
                 "changed."};
  }
  return on_the_newest_list([&] {
    schema::DirectoryBody body;
    auto& opening = *body.mutable_opening();
    opening.set_instance(sync::to_wire(node_.directory().hub_instance().view()));
    for (const auto& id : dossiers) opening.add_dossiers(sync::to_wire(id.view()));
    return sign_next(body);
  });
}

}  // namespace throughgate::node
