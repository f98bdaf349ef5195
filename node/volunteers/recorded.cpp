#include "node/volunteers/recorded.h"

#include "node/volunteers/identity_in.h"
#include "records/volunteer.pb.h"
#include "sync/store/import_table.h"

namespace throughgate::node {
namespace {

using sync::Result;
using sync::store::RecordRow;

constexpr std::size_t looked_at_for_each_key_max = 50;  // a mailbox shared by all costs little

}  // namespace

Result<RecordedVolunteers> RecordedVolunteers::read(RecordService& records) {
  RecordedVolunteers out;
  sync::store::UnitOfWork work(records.node().database(), sync::store::Purpose::reading);
  out.keys_ = sync::store::ImportTable(work).keys();
  if (auto done = work.commit(); !done) return done.error();

  sync::store::ListQuery query;
  query.type = record_type(*schema::Volunteer::descriptor())->number;
  query.fields = identity_fields();
  query.limit = 500;
  for (;;) {
    const auto page = records.glance().list(query);
    if (!page) return page.error();
    for (const auto& row : page->rows) out.add(row);
    if (page->next.empty()) return out;
    query.after = page->next;
  }
}

void RecordedVolunteers::add(const RecordRow& row) {
  const Identity identity = identity_in(row);
  for (const auto& key : match_keys(match_parts(identity))) {
    auto& bucket = by_key_[key];
    if (bucket.size() < looked_at_for_each_key_max) bucket.push_back(known_.size());
  }
  ids_.push_back(row.name.dossier);
  known_.push_back(
      {shown_name(identity.name) + " (" + row.name.dossier.hex().substr(0, 8) + ")", identity});
}

std::set<std::size_t> RecordedVolunteers::places_of(const std::vector<std::string>& keys) const {
  std::set<std::size_t> places;
  for (const auto& key : keys) {
    const auto bucket = by_key_.find(key);
    if (bucket != by_key_.end()) places.insert(bucket->second.begin(), bucket->second.end());
  }
  return places;
}

std::vector<ExistingVolunteers::Known> RecordedVolunteers::find(
    const std::vector<std::string>& keys) const {
  std::vector<Known> out;
  for (const std::size_t place : places_of(keys)) out.push_back(known_[place]);
  return out;
}

std::vector<RecordedVolunteers::Alike> RecordedVolunteers::alike(const Identity& identity) const {
  const auto parts = match_parts(identity);
  std::vector<Alike> out;
  for (const std::size_t place : places_of(match_keys(parts))) {
    const auto& held = known_[place].identity;
    auto comparison = compare(parts, match_parts(held));
    if (comparison.likeness == Likeness::different) continue;
    out.push_back({ids_[place], shown_name(held.name), std::move(comparison.because)});
  }
  return out;
}

}  // namespace throughgate::node
