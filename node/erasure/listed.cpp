#include "node/erasure/listed.h"

#include "node/days.h"
#include "sync/policy.h"

namespace throughgate::node {

using sync::store::RecordView;

sync::Result<std::vector<sync::DossierId>> dossiers_of(const RecordService& records,
                                                       const RecordType& type) {
  std::vector<sync::DossierId> out;
  sync::store::ListQuery query;
  query.type = type.number;
  query.limit = 500;
  do {
    const auto page = records.whole().list(query);
    if (!page) return page.error();
    for (const auto& row : page->rows) {
      if (row.name.record == sync::RecordId{}) out.push_back(row.name.dossier);
    }
    query.after = page->next;
  } while (!query.after.empty());
  return out;
}

namespace {

const sync::store::OpView* shown_op(const RecordView& record, int field) {
  const auto* view = record.field(static_cast<std::uint32_t>(field));
  return view ? view->shown() : nullptr;
}

}  // namespace

std::string shown_in(const RecordView& record, int field) {
  const auto* op = shown_op(record, field);
  return op ? std::string(crypto::as_text(op->value)) : std::string();
}

std::uint64_t number_shown_in(const RecordView& record, int field) {
  const auto* op = shown_op(record, field);
  return op ? sync::decode_number(op->value).value_or(0) : 0;
}

std::uint32_t state_in(const RecordView& record, int field) {
  const auto* view = record.field(static_cast<std::uint32_t>(field));
  return view ? view->state : 0;
}

std::vector<sync::Bytes> listed_in(const RecordView& record, int field) {
  std::vector<sync::Bytes> out;
  const auto* view = record.field(static_cast<std::uint32_t>(field));
  if (!view) return out;
  for (const auto* op : view->listed()) out.push_back(op->value);
  return out;
}

std::string reached_on(const RecordView& record, int field) {
  const auto* step = shown_op(record, field);
  return step ? iso_day(step->effective_ms) : std::string();
}

bool holds_a_value(const sync::store::OpView& op) {
  return !op.removed && !op.value.empty() && op.standing != sync::store::OpStanding::refused;
}

bool is_removable(const google::protobuf::FieldDescriptor& field) {
  const auto& rule = rule_of(field);
  return rule.policy() != schema::FieldRule::STRICTEST &&
         rule.policy() != schema::FieldRule::LIFECYCLE &&
         rule.format() != schema::FieldRule::DOSSIER_ID;
}

}  // namespace throughgate::node
