#include "node/erasure/copies.h"

#include <algorithm>
#include <map>
#include <span>

#include "node/handovers/copied_facts.h"
#include "records/case.pb.h"
#include "records/handover.pb.h"
#include "records/person.pb.h"

namespace throughgate::node {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::OpId;
using sync::Result;
using sync::store::OpView;
using sync::store::RecordName;

constexpr std::size_t history_page = 200;

// Where facts are copied to: the field that names their source, and those that hold them.
struct CopiesTo {
  const google::protobuf::Descriptor* type;
  std::string_view source;
  std::vector<std::string_view> facts;
};

const std::vector<CopiesTo>& places() {
  const auto of_person = facts_copied_from_person();
  static const std::vector<CopiesTo> all{
      {schema::Handover::descriptor(), "person_source", {of_person.begin(), of_person.end()}},
      {schema::Flag::descriptor(), "source_dossier", {"kind", "code", "instruction"}},
      {schema::ContactMade::descriptor(), "volunteer_source", {"by_name"}},
      {schema::Assignment::descriptor(),
       "volunteer_source",
       {"volunteer_name", "volunteer_telephone"}},
      {schema::NoContact::descriptor(), "volunteer", {"with"}}};
  return all;
}

std::uint32_t number_of(const RecordType& type, std::string_view field) {
  return static_cast<std::uint32_t>(field_named(type, field)->number());
}

bool holds_a_value(const OpView& op) {
  return !op.removed && !op.value.empty() && op.standing != sync::store::OpStanding::refused;
}

// Older values are in the history, and so count.
Result<bool> add_values(const RecordService& records, const RecordName& record, std::uint32_t field,
                        CopiedFacts& out) {
  for (std::size_t offset = 0;; offset += history_page) {
    const auto ops = records.whole().history(record, field, offset, history_page);
    if (!ops) return ops.error();
    for (const auto& op : *ops) {
      if (!holds_a_value(op)) continue;
      out.values.push_back(op.id);
      out.not_confirmed += op.dsn ? 0 : 1;
    }
    if (ops->size() < history_page) return true;
  }
}

Result<bool> add_copies(const RecordService& records, const CopiesTo& place,
                        const sync::DossierId& source, std::vector<CopiedFacts>& out) {
  const auto& type = *record_type(*place.type);
  const auto found =
      records.whole().find(type.number, number_of(type, place.source), source.view());
  if (!found) return found.error();
  for (const auto& record : *found) {
    CopiedFacts copies{source, record, rule_of(*place.type).label(), {}, false, {}, 0};
    const auto held = records.whole().dossier(record.dossier);
    if (!held) return held.error();
    if (const auto* owner = held->member(sync::Role::owner)) copies.keeper = owner->organisation;
    copies.ours = held->own_role == sync::Role::owner;
    for (const auto fact : place.facts) {
      const auto added = add_values(records, record, number_of(type, fact), copies);
      if (!added) return added.error();
    }
    if (!copies.values.empty()) out.push_back(std::move(copies));
  }
  return true;
}

}  // namespace

Result<std::vector<CopiedFacts>> copies_of(const RecordService& records,
                                           const sync::DossierId& source) {
  std::vector<CopiedFacts> out;
  for (const auto& place : places()) {
    const auto added = add_copies(records, place, source, out);
    if (!added) return added.error();
  }
  return out;
}

Result<std::vector<CopiedFacts>> copies_of_erased(const RecordService& records) {
  std::vector<CopiedFacts> out;
  for (const auto& [source, version] : records.node().directory().erased()) {
    auto copies = copies_of(records, source);
    if (!copies) return copies;
    std::move(copies->begin(), copies->end(), std::back_inserter(out));
  }
  return out;
}

Result<std::size_t> remove_copies(RecordService& records, const CopiedFacts& copies, const By& by) {
  if (auto may = records.viewer().check(Act::erase); !may) return may.error();
  if (!copies.ours) {
    return Error{ErrorKind::denied,
                 "Another organisation keeps the record where this stands, and removes it. Nothing "
                 "was changed."};
  }
  std::map<sync::Hash, std::vector<OpId>> by_entry;
  for (const auto& op : copies.values) by_entry[op.entry].push_back(op);
  for (const auto& [entry, ops] : by_entry) {
    const auto removed =
        records.node().admission().redact(copies.record.dossier, ops, records.authorship(by));
    if (!removed) return removed.error();
  }
  return copies.values.size();
}

}  // namespace throughgate::node
