#include "node/desk/forks.h"

#include <algorithm>
#include <set>

#include "node/desk/desk.h"
#include "node/dossier_kinds.h"
#include "node/records/catalogue.h"
#include "schema/directory.pb.h"
#include "sync/list_orders.h"
#include "sync/store/directory_table.h"
#include "sync/store/forks.h"
#include "sync/store/record_reader.h"
#include "sync/wire_values.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::HeldFork;
using sync::store::Purpose;
using sync::store::UnitOfWork;

std::set<sync::Hash> decided_accidents(UnitOfWork& work) {
  std::set<sync::Hash> out;
  for (const auto& step : sync::store::DirectoryTable(work).carried().steps) {
    for (const auto& each : sync::accidents_in(step)) out.insert(each.entry);
  }
  return out;
}

std::string kind_of_record(OpenNode& node, const sync::DossierId& id) {
  const auto held = sync::store::RecordReader(node.database(), node.context()).dossier(id);
  const auto* type = held ? record_type(held->root_type) : nullptr;
  return type ? rule_of(*type->descriptor).label() : std::string();
}

ListedFork listed(OpenNode& node, const HeldFork& held, bool is_accident) {
  const auto& computer = *node.directory().node(held.author);
  ListedFork out;
  out.entry = held.entry;
  out.dossier = held.dossier;
  out.node = held.author;
  out.computer = computer.label;
  out.organisation = organisation_name(node, computer.organisation);
  out.record = kind_of_record(node, held.dossier);
  out.one_counts = held.other_placed;
  out.seen_at_ms = held.arrived_at_ms;
  if (is_accident) out.standing = ListedFork::Standing::accident;
  if (computer.revoked_in) out.standing = ListedFork::Standing::withdrawn;
  return out;
}

}  // namespace

Result<std::vector<ListedFork>> listed_forks(OpenNode& node) {
  if (auto fresh = node.refresh_directory(); !fresh) return fresh.error();
  UnitOfWork work(node.database(), Purpose::reading);
  const auto held = sync::store::held_forks(work, node.directory());
  const auto accidents = held.empty() ? std::set<sync::Hash>() : decided_accidents(work);
  if (auto done = work.commit(); !done) return done.error();
  std::vector<ListedFork> out;
  out.reserve(held.size());
  for (const auto& each : held) out.push_back(listed(node, each, accidents.contains(each.entry)));
  std::stable_sort(out.begin(), out.end(), [](const ListedFork& a, const ListedFork& b) {
    return a.is_open() && !b.is_open();
  });
  return out;
}

std::string in_words(const ListedFork& fork) {
  return "Two different versions of what " + fork.computer + " of " + fork.organisation + " wrote" +
         (fork.record.empty() ? std::string() : ", in a record of the kind: " + fork.record);
}

std::string standing_in_words(const ListedFork& fork) {
  switch (fork.standing) {
    case ListedFork::Standing::open:
      return "to be decided";
    case ListedFork::Standing::accident:
      return "an accident";
    case ListedFork::Standing::withdrawn:
      break;
  }
  return "the computer is withdrawn";
}

std::vector<std::string> meaning_of_accident() {
  return {
      "What has its place in the record stands, and stays. The other version is kept, and its "
      "author's program writes it again where nothing speaks against it.",
      "Once the computer hears of it, it writes on under new numbers in every record, so that the "
      "two never again write at one place.",
      "Have the site find out why: most often a disk was copied and both computers are in use. One "
      "of the two must stop, and be set up anew as another computer."};
}

Result<Done> Desk::decide_accident(const sync::Hash& entry) {
  return on_the_newest_list([&]() -> Result<Done> {
    if (auto desk = is_desk(); !desk) return desk;
    const auto all = listed_forks(node_);
    if (!all) return all.error();
    const auto meant = std::find_if(all->begin(), all->end(),
                                    [&](const ListedFork& each) { return each.entry == entry; });
    if (meant == all->end()) {
      return Error{ErrorKind::not_found, "There is no such case here. Nothing was changed."};
    }
    if (!meant->is_open()) {
      return Error{ErrorKind::denied, "This is decided already: " + standing_in_words(*meant) +
                                          ". Nothing was changed."};
    }
    schema::DirectoryBody body;
    for (const auto& each : *all) {
      if (!each.is_open() || each.node != meant->node) continue;
      auto& said = *body.add_accidents();
      said.set_node(sync::to_wire(each.node.view()));
      said.set_entry(sync::to_wire(sync::ByteView(each.entry)));
    }
    return sign_next(body);
  });
}

}  // namespace throughgate::node
