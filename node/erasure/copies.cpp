#include "node/erasure/copies.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <tuple>

#include "node/erasure/holds.h"
#include "node/erasure/listed.h"
#include "node/erasure/removal.h"
#include "node/handovers/copied_facts.h"
#include "records/case.pb.h"
#include "records/handover.pb.h"
#include "records/person.pb.h"
#include "sync/store/mentions.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::OpId;
using sync::Result;
using sync::store::OpView;
using sync::store::RecordName;

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

using Sources = std::set<sync::DossierId>;

// The ops of a record, the oldest first, as its history has them.
Result<std::vector<OpView>> oldest_first(const RecordService& records, const RecordName& record) {
  auto ops = records.whole().ops(record);
  if (!ops) return ops;
  std::sort(ops->begin(), ops->end(), [](const OpView& a, const OpView& b) {
    return std::tuple(a.effective_ms, a.id) < std::tuple(b.effective_ms, b.id);
  });
  return ops;
}

// Which record each change copied from: the one that was named in the same save, else the one
// before it, else the first that was ever named here.
class SourcesOf {
 public:
  SourcesOf(const std::vector<OpView>& ops, std::uint32_t field) {
    for (const auto& op : ops) {
      const auto source = op.field == field ? sync::DossierId::from(op.value) : std::nullopt;
      if (!source) continue;
      by_entry_[op.id.entry] = *source;
      if (!first_) first_ = last_ = source;
    }
  }
  // For each change in turn, the oldest first.
  std::optional<sync::DossierId> of(const OpView& op) {
    const auto same_save = by_entry_.find(op.id.entry);
    if (same_save != by_entry_.end()) last_ = same_save->second;
    return last_;
  }

 private:
  std::map<sync::Hash, sync::DossierId> by_entry_;
  std::optional<sync::DossierId> first_, last_;
};

// Older values are in the history, and so count.
void add_values(const CopiesTo& place, const RecordType& type, const std::vector<OpView>& ops,
                const Sources& wanted, std::map<sync::DossierId, CopiedFacts>& out) {
  std::set<std::uint32_t> facts;
  for (const auto fact : place.facts) facts.insert(number_of(type, fact));
  SourcesOf sources(ops, number_of(type, place.source));
  for (const auto& op : ops) {
    const auto source = sources.of(op);
    if (!source || !wanted.contains(*source)) continue;
    if (!facts.contains(op.field) || !holds_a_value(op)) continue;
    auto& copies = out[*source];
    copies.values.push_back(op.id);
    copies.not_confirmed += op.dsn ? 0 : 1;
  }
}

using BySource = std::map<sync::DossierId, CopiedFacts>;

Result<Done> add_found(const RecordService& records, const RecordName& record, BySource&& found,
                       std::vector<CopiedFacts>& out) {
  const auto held = records.whole().dossier(record.dossier);
  if (!held) return held.error();
  for (auto& [source, copies] : found) {
    copies.source = source;
    copies.record = record;
    copies.what = rule_of(*record_type(record.type)->descriptor).label();
    if (const auto* owner = held->member(sync::Role::owner)) copies.keeper = owner->organisation;
    copies.ours = held->own_role == sync::Role::owner;
    out.push_back(std::move(copies));
  }
  return Done{};
}

Result<Done> add_copies(const RecordService& records, const CopiesTo& place,
                        const RecordName& record, const Sources& wanted,
                        std::vector<CopiedFacts>& out) {
  const auto ops = oldest_first(records, record);
  if (!ops) return ops.error();
  BySource found;
  add_values(place, *record_type(*place.type), *ops, wanted, found);
  return add_found(records, record, std::move(found), out);
}

// ---- what a handover took over from the one that it replaces

// Only what was written when it was begun: what comes later somebody has typed. Each such save, and
// which handover it took over from.
using Begun = std::map<sync::Hash, sync::DossierId>;

Result<Begun> saves_begun_from(const RecordService& records, const RecordName& handover,
                               const Sources& wanted) {
  const auto ops = records.whole().ops(handover);
  if (!ops) return ops.error();
  Begun out;
  for (const auto& op : *ops) {
    if (op.field != schema::Handover::kReplacesFieldNumber) continue;
    const auto source = sync::DossierId::from(op.value);
    if (source && wanted.contains(*source)) out[op.id.entry] = *source;
  }
  return out;
}

// A fact that names a source of its own in the same save was copied from that.
bool has_own_source(const OpView& op, const std::vector<OpView>& ops,
                    const google::protobuf::Descriptor& type) {
  return std::any_of(places().begin(), places().end(), [&](const CopiesTo& place) {
    if (place.type != &type) return false;
    const auto source = number_of(*record_type(type), place.source);
    const bool is_its_fact = std::any_of(
        place.facts.begin(), place.facts.end(),
        [&](std::string_view fact) { return number_of(*record_type(type), fact) == op.field; });
    return is_its_fact && std::any_of(ops.begin(), ops.end(), [&](const OpView& each) {
             return each.field == source && each.id.entry == op.id.entry && !each.value.empty();
           });
  });
}

Result<Done> add_taken_over(const RecordService& records, const RecordName& record,
                            const FactsTakenOver& facts, const Begun& begun,
                            std::vector<CopiedFacts>& out) {
  const auto ops = records.whole().ops(record);
  if (!ops) return ops.error();
  BySource found;
  for (const auto& op : *ops) {
    const auto save = begun.find(op.id.entry);
    const bool is_fact = std::find(facts.fields.begin(), facts.fields.end(),
                                   static_cast<int>(op.field)) != facts.fields.end();
    if (save == begun.end() || !is_fact || !holds_a_value(op)) continue;
    if (!is_removable(*facts.type->FindFieldByNumber(static_cast<int>(op.field)))) continue;
    if (has_own_source(op, *ops, *facts.type)) continue;
    auto& copies = found[save->second];
    copies.values.push_back(op.id);
    copies.not_confirmed += op.dsn ? 0 : 1;
  }
  return add_found(records, record, std::move(found), out);
}

Result<Done> add_begun_again(const RecordService& records, const RecordName& handover,
                             const Sources& wanted, std::vector<CopiedFacts>& out) {
  const auto begun = saves_begun_from(records, handover, wanted);
  if (!begun) return begun.error();
  if (begun->empty()) return Done{};
  const auto inside = sync::store::records_in(records.node().database(), handover.dossier);
  if (!inside) return inside.error();
  for (const auto& record : *inside) {
    const auto* type = record_type(record.type);
    for (const auto& facts : facts_taken_over()) {
      if (!type || type->descriptor != facts.type) continue;
      auto added = add_taken_over(records, record, facts, *begun, out);
      if (!added && added.error().kind != ErrorKind::not_found) return added;
    }
  }
  return Done{};
}

// ---- all of it

Result<std::set<RecordName>> records_naming(const RecordService& records, const RecordType& type,
                                            std::string_view field, const Sources& wanted) {
  std::set<RecordName> out;
  const auto take = [&](const RecordName& record, sync::ByteView value) {
    const auto source = sync::DossierId::from(value);
    if (source && wanted.contains(*source)) out.insert(record);
  };
  auto walked =
      sync::store::each_value(records.node().database(), type.number, number_of(type, field), take);
  if (!walked) return walked.error();
  return out;
}

// By every source that was ever named, shown now or not.
Result<std::vector<CopiedFacts>> copies_from(const RecordService& records, const Sources& wanted) {
  std::vector<CopiedFacts> out;
  if (wanted.empty()) return out;
  for (const auto& place : places()) {
    const auto naming = records_naming(records, *record_type(*place.type), place.source, wanted);
    if (!naming) return naming.error();
    for (const auto& record : *naming) {
      const auto added = add_copies(records, place, record, wanted, out);
      if (!added && added.error().kind != ErrorKind::not_found) return added.error();
    }
  }
  const auto again =
      records_naming(records, *record_type(*schema::Handover::descriptor()), "replaces", wanted);
  if (!again) return again.error();
  for (const auto& handover : *again) {
    const auto added = add_begun_again(records, handover, wanted, out);
    if (!added && added.error().kind != ErrorKind::not_found) return added.error();
  }
  if (out.empty()) return out;
  const auto holds = all_holds(records);
  if (!holds) return holds.error();
  for (auto& copies : out) {
    copies.is_held = std::any_of(holds->begin(), holds->end(), [&](const Hold& hold) {
      return hold.in_force && hold.names(copies.record.dossier);
    });
  }
  return out;
}

}  // namespace

Result<std::vector<CopiedFacts>> copies_of(const RecordService& records,
                                           const sync::DossierId& source) {
  return copies_from(records, {source});
}

Result<std::vector<CopiedFacts>> copies_of_erased(const RecordService& records) {
  Sources erased;
  for (const auto& [source, version] : records.node().directory().erased()) erased.insert(source);
  return copies_from(records, erased);
}

Result<std::size_t> remove_copies(RecordService& records, const CopiedFacts& copies, const By& by) {
  if (auto may = records.viewer().check(Act::erase); !may) return may.error();
  if (!copies.ours) {
    return Error{ErrorKind::denied,
                 "Another organisation keeps the record where this stands, and removes it. Nothing "
                 "was changed."};
  }
  if (auto free = check_not_held(records, copies.record.dossier); !free) return free.error();
  return take_out(records, copies.record.dossier, copies.values, by);
}

}  // namespace throughgate::node
