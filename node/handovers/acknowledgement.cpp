#include "node/handovers/acknowledgement.h"

#include <algorithm>

#include "node/handovers/stop.h"
#include "schema/change_set.pb.h"
#include "sync/wire_values.h"

namespace throughgate::node {
namespace {

using schema::Handover;
using sync::Bytes;
using sync::Error;
using sync::ErrorKind;
using sync::OpId;
using sync::Result;
using sync::store::FieldView;
using sync::store::OpDraft;
using sync::store::OpStanding;
using sync::store::OpView;
using sync::store::RecordName;
using sync::store::RecordView;

Bytes receipt_for(const OpId& change) {
  schema::Receipt receipt;
  receipt.set_entry(sync::to_wire(sync::ByteView(change.entry)));
  receipt.set_index(change.index);
  const std::string text = receipt.SerializeAsString();
  return {text.begin(), text.end()};
}

bool is_stage(const RecordName& record, std::uint32_t field) {
  return record.type == record_type(*Handover::descriptor())->number &&
         field == static_cast<std::uint32_t>(Handover::kStateFieldNumber);
}

// Where the person has moved to, whoever goes to the gate must know it.
bool is_prison(const RecordName& record, std::uint32_t field) {
  return record.type == record_type(*Handover::descriptor())->number &&
         field == static_cast<std::uint32_t>(Handover::kEstablishmentFieldNumber);
}

// That it has stopped is for those between whom it was; the central team follows it otherwise.
bool reads_stops(std::optional<sync::Role> role) {
  return role == sync::Role::owner || role == sync::Role::receiver;
}

void add_unread(const RecordView& record, const OpenNode& node, const std::set<OpId>& read,
                std::vector<Unread>& out) {
  for (auto& op : to_be_read(record, node.policies())) {
    const bool others = op.organisation != node.identity().organisation;
    const bool for_us = !is_stage(record.name, op.field) || reads_stops(record.dossier.own_role);
    if (others && for_us && !read.contains(op.id)) out.push_back({record.name, std::move(op)});
  }
}

std::set<OpId> read_by(const FieldView& receipts, const sync::OrganisationId& organisation) {
  std::set<OpId> out;
  for (const auto* op : receipts.listed()) {
    const auto change = receipt_in(op->value);
    if (change && op->organisation == organisation) out.insert(*change);
  }
  return out;
}

}  // namespace

bool is_asked_to_read(sync::Role role) {
  return role != sync::Role::central && sync::may_write_entries(role);
}

std::vector<OpView> to_be_read(const RecordView& record, const sync::PolicyTable& policies) {
  std::vector<OpView> out;
  for (const auto& field : record.fields) {
    if (is_stage(record.name, field.field)) {
      if (const auto* stop = stop_in(field)) out.push_back(*stop);
      continue;
    }
    const auto* policy = policies.find(record.name.type, field.field);
    const bool moves = is_prison(record.name, field.field);
    if (!policy || (!policy->acknowledge && !moves)) continue;
    for (const auto& op : field.ops) {
      if (moves && op.replaces.empty()) continue;  // as it was begun
      const bool stands = op.standing == OpStanding::shown || op.standing == OpStanding::beside;
      if (stands && !goes_with_another(record, op)) out.push_back(op);
    }
  }
  return out;
}

Result<bool> stop_waits_to_be_read(const RecordService& records, const RecordName& handover) {
  const auto stage = records.glance().field(handover, Handover::kStateFieldNumber);
  if (!stage) return stage.error();
  const auto* stop = stop_in(*stage);
  if (!stop) return false;
  const auto receipts = records.glance().field(handover, Handover::kReceiptsFieldNumber);
  if (!receipts) return receipts.error();
  const auto dossier = records.glance().dossier(handover.dossier);
  if (!dossier) return dossier.error();
  if (!reads_stops(dossier->own_role)) return false;
  const auto us = records.node().identity().organisation;
  if (stop->organisation != us) return !read_by(*receipts, us).contains(stop->id);
  const auto* other = other_end(*dossier);
  if (!other || read_by(*receipts, other->organisation).contains(stop->id)) return false;
  const auto gate = records.glance().field(handover, Handover::kGateResultFieldNumber);
  if (!gate) return gate.error();
  const auto* result = gate->shown();
  return is_before_the_gate(*stop, result ? sync::decode_number(result->value).value_or(0) : 0);
}

const Unread* stop_among(const std::vector<Unread>& unread) {
  const auto found = std::find_if(unread.begin(), unread.end(), [](const Unread& each) {
    return is_stage(each.record, each.change.field);
  });
  return found == unread.end() ? nullptr : &*found;
}

std::set<OpId> read_by(const RecordView& root, const sync::OrganisationId& organisation) {
  const auto* receipts = root.field(Handover::kReceiptsFieldNumber);
  return receipts ? read_by(*receipts, organisation) : std::set<OpId>{};
}

bool goes_with_another(const RecordView& record, const OpView& change) {
  using schema::Flag;
  const auto kind = static_cast<std::uint32_t>(Flag::kKindFieldNumber);
  if (record.name.type != record_type(*Flag::descriptor())->number || change.field != kind)
    return false;
  const auto* instruction = record.field(Flag::kInstructionFieldNumber);
  return instruction &&
         std::any_of(instruction->ops.begin(), instruction->ops.end(),
                     [&](const OpView& other) { return other.id.entry == change.id.entry; });
}

std::optional<OpId> receipt_in(sync::ByteView value) {
  schema::Receipt receipt;
  if (!receipt.ParseFromArray(value.data(), static_cast<int>(value.size()))) return std::nullopt;
  const auto entry = crypto::to_array<32>(crypto::as_bytes(receipt.entry()));
  return entry ? std::optional(OpId{*entry, receipt.index()}) : std::nullopt;
}

Result<std::vector<Unread>> Acknowledgements::awaiting(const sync::DossierId& handover) const {
  const auto file = read_case(records_, handover);
  if (!file) return file.error();
  return awaiting(*file);
}

Result<std::vector<Unread>> Acknowledgements::awaiting(const CaseFile& file) const {
  const auto role = file.role();
  return !file.is_acted_on || (role && !is_asked_to_read(*role)) ? std::vector<Unread>()
                                                                 : unread(file);
}

Result<std::vector<Unread>> Acknowledgements::unread(const CaseFile& file) const {
  const auto read = read_by(file.root, records_.node().identity().organisation);
  std::vector<Unread> out;
  add_unread(file.root, records_.node(), read, out);
  for (const auto& flag : file.flags) {
    const auto record = records_.glance().read(flag.name);
    if (!record) return record.error();
    add_unread(*record, records_.node(), read, out);
  }
  return out;
}

Result<Saved> Acknowledgements::acknowledge(const sync::DossierId& handover,
                                            const std::vector<OpId>& changes, const By& by) {
  const auto file = read_case(records_, handover);
  if (!file) return file.error();
  const auto waiting = unread(*file);
  if (!waiting) return waiting.error();
  const RecordName root{handover, {}, record_type(*Handover::descriptor())->number};
  ChangePlan plan;
  for (const auto& change : std::set<OpId>(changes.begin(), changes.end())) {
    const bool waits = std::any_of(waiting->begin(), waiting->end(),
                                   [&](const Unread& each) { return each.change.id == change; });
    if (!waits) {
      return Error{ErrorKind::stale,
                   "One of these changes does not wait to be read any more. Look at the handover "
                   "again. Nothing was saved."};
    }
    plan.ops.push_back({root.field(Handover::kReceiptsFieldNumber),
                        sync::OpKind::append,
                        receipt_for(change),
                        {},
                        {}});
  }
  return records_.save(root, std::move(plan), by);
}

}  // namespace throughgate::node
