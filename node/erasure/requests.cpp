#include "node/erasure/requests.h"

#include <algorithm>

#include "node/erasure/listed.h"
#include "sync/layout.h"

namespace throughgate::node {
namespace {

using schema::ErasureRequest;
using sync::Done;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::Role;

const RecordType& request_type() { return *record_type(*ErasureRequest::descriptor()); }

Error needs_reason() { return {ErrorKind::invalid, "Say why. Nothing was changed."}; }

// By what its id can be worked out from again.
Result<NamedRecord> named(const RecordService& records, const DossierId& id) {
  sync::store::UnitOfWork work(records.node().database(), sync::store::Purpose::reading);
  const auto origin = sync::store::origin_of(work, id);
  if (auto done = work.commit(); !done) return done.error();
  if (!origin) {
    return Error{ErrorKind::stale,
                 "The beginning of this record has not come to this computer yet. Sync, then try "
                 "again."};
  }
  return NamedRecord{id, origin->author, origin->dossier_random};
}

// The version by which every one of them is erased.
std::optional<std::uint64_t> erased_in(const std::vector<NamedRecord>& records,
                                       const sync::Directory& directory) {
  std::uint64_t version = 0;
  for (const auto& record : records) {
    const auto found = directory.erased().find(record.id);
    if (found == directory.erased().end()) return std::nullopt;
    version = std::max(version, found->second);
  }
  return records.empty() ? std::nullopt : std::optional(version);
}

// What another than the present owner named, before it made somebody else the owner, counts for
// nothing: it would be asked for in that organisation's name.
void take_records(const sync::store::RecordView& record, ErasureAsked& out) {
  const auto* field = record.field(ErasureRequest::kRecordsFieldNumber);
  if (!field) return;
  for (const auto* op : field->listed()) {
    const auto named = decode_named_record(op->value);
    if (named && op->organisation == out.by && out.records.size() < named_records_max) {
      out.records.push_back(*named);
    } else {
      ++out.unreadable;
    }
  }
}

}  // namespace

crypto::Bytes NamedRecord::encode() const {
  return sync::LayoutWriter().bytes(id.bytes).bytes(author.bytes).bytes(dossier_random).take();
}

std::optional<NamedRecord> decode_named_record(crypto::ByteView bytes) {
  sync::LayoutReader in(bytes);
  NamedRecord out;
  out.id = in.id<DossierId>();
  out.author = in.id<sync::NodeId>();
  out.dossier_random = in.array<16>();
  return in.finished() ? std::optional(out) : std::nullopt;
}

// ---- asking

Result<Done> ErasureRequests::may_be_asked(const ErasurePlan& plan) const {
  if (plan.going.size() > named_records_max) {
    return Error{ErrorKind::invalid, "Too many records go with this one. Nothing was asked for."};
  }
  if (!plan.holds.empty()) {
    return Error{ErrorKind::denied, "A legal hold keeps this record: " +
                                        in_words(plan.holds.front(), records_.node()) +
                                        ". Nothing is erased until it is lifted; \"hold list\" "
                                        "shows it."};
  }
  const auto known = all_requests(records_);
  if (!known) return known.error();
  for (const auto& asked : *known) {
    const bool same = std::any_of(asked.records.begin(), asked.records.end(), [&](const auto& r) {
      return std::any_of(plan.going.begin(), plan.going.end(),
                         [&](const GoingRecord& going) { return going.id == r.id; });
    });
    if (same && asked.is_open()) {
      return Error{ErrorKind::invalid,
                   "This has been asked for already: \"erase list\" shows it as " +
                       asked.id.hex().substr(0, 8) + ". Nothing was asked for."};
    }
  }
  return Done{};
}

Result<Saved> ErasureRequests::ask(const ErasurePlan& plan, const Ground& ground, const By& by) {
  if (auto may = records_.viewer().check(Act::erase); !may) return may.error();
  if (is_blank(ground.reason)) return needs_reason();
  if (auto may = may_be_asked(plan); !may) return may.error();
  std::string numbers;
  for (const auto& going : plan.going) {
    const auto record = named(records_, going.id);
    if (!record) return record.error();
    numbers += crypto::to_hex(record->encode()) + "\n";
  }
  std::vector<FieldInput> inputs{{"kind", plan.going.front().kind},
                                 {"records", numbers},
                                 {"ground", ErasureRequest::Ground_Name(ground.ground)},
                                 {"reason", ground.reason}};
  if (!ground.rule.empty()) inputs.push_back({"rule", ground.rule});
  if (!ground.due_on.empty()) inputs.push_back({"due-on", ground.due_on});
  return records_.new_record(request_type(), inputs, by);
}

Result<Saved> ErasureRequests::take_back(const DossierId& request, const std::string& reason,
                                         const By& by) {
  if (auto may = records_.viewer().check(Act::erase); !may) return may.error();
  if (is_blank(reason)) return needs_reason();
  const auto asked = read_request(records_, request);
  if (!asked) return asked.error();
  if (asked->by != records_.node().identity().organisation) {
    return Error{ErrorKind::denied, "Another organisation asked for this. Nothing was changed."};
  }
  if (!asked->is_open()) {
    return Error{ErrorKind::invalid, "This request is not open any more: " +
                                         state_in_words(*asked) + ". Nothing was changed."};
  }
  const auto form = records_.open({request, {}, request_type().number});
  if (!form) return form.error();
  return records_.set_fields(*form, {{"state", "WITHDRAWN"}}, {by.actor, reason});
}

// ---- reading

Result<ErasureAsked> read_request(const RecordService& records, const DossierId& id) {
  const auto record = records.whole().read({id, {}, request_type().number});
  if (!record && record.error().kind == ErrorKind::not_found) {
    return Error{ErrorKind::not_found,
                 "There is no such request here. \"erase list\", at the desk \"desk erasures\", "
                 "shows them."};
  }
  if (!record) return record.error();
  ErasureAsked out;
  out.id = id;
  out.state =
      static_cast<ErasureRequest::State>(state_in(*record, ErasureRequest::kStateFieldNumber));
  out.kind = shown_in(*record, ErasureRequest::kKindFieldNumber);
  out.ground = static_cast<ErasureRequest::Ground>(
      number_shown_in(*record, ErasureRequest::kGroundFieldNumber));
  out.reason = shown_in(*record, ErasureRequest::kReasonFieldNumber);
  out.rule = shown_in(*record, ErasureRequest::kRuleFieldNumber);
  out.due_on = shown_in(*record, ErasureRequest::kDueOnFieldNumber);
  out.answer = shown_in(*record, ErasureRequest::kAnswerFieldNumber);
  if (const auto* owner = record->dossier.member(Role::owner)) out.by = owner->organisation;
  take_records(*record, out);
  if (const auto* reason = record->field(ErasureRequest::kReasonFieldNumber)) {
    if (const auto* op = reason->shown()) {
      out.by_name = op->actor_name;
      out.at_ms = op->effective_ms;
    }
  }
  out.erased_in = erased_in(out.records, records.node().directory());
  return out;
}

Result<std::vector<ErasureAsked>> all_requests(const RecordService& records) {
  const auto ids = dossiers_of(records, request_type());
  if (!ids) return ids.error();
  std::vector<ErasureAsked> out;
  for (const auto& id : *ids) {
    auto asked = read_request(records, id);
    if (!asked) return asked.error();
    out.push_back(*std::move(asked));
  }
  return out;
}

std::string state_in_words(const ErasureAsked& asked) {
  if (asked.erased_in) return "Erased";
  const auto* value = ErasureRequest::State_descriptor()->FindValueByNumber(asked.state);
  return value ? rule_of(*value).label() : "Unknown";
}

}  // namespace throughgate::node
