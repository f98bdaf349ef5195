#include "node/handovers/case_file.h"

#include <algorithm>

#include "sync/store/record_table.h"

namespace throughgate::node {
namespace {

using schema::Handover;
using sync::Result;
using sync::store::OpStanding;
using sync::store::OpView;
using sync::store::RecordRow;

// All of one kind inside the dossier, with every field they have.
Result<std::vector<RecordRow>> rows_of(const PermittedReader& reader,
                                       const sync::DossierId& dossier,
                                       const google::protobuf::Descriptor& descriptor) {
  sync::store::ListQuery query;
  query.type = record_type(descriptor)->number;
  query.dossier = dossier;
  query.limit = 500;
  for (int i = 0; i < descriptor.field_count(); ++i) {
    query.fields.push_back(static_cast<std::uint32_t>(descriptor.field(i)->number()));
  }
  auto page = reader.list(query);
  if (!page) return page.error();
  return std::move(page->rows);
}

bool has_step_not_applied(const sync::store::FieldView& stage) {
  return std::any_of(stage.ops.begin(), stage.ops.end(),
                     [](const OpView& op) { return op.standing == OpStanding::not_applied; });
}

Result<std::vector<OpView>> steps_applied(const PermittedReader& reader,
                                          const sync::store::RecordName& root) {
  auto ops = reader.ops(root);
  if (!ops) return ops.error();
  std::erase_if(*ops, [](const OpView& op) {
    const bool applied = op.standing == OpStanding::shown || op.standing == OpStanding::superseded;
    return op.field != static_cast<std::uint32_t>(Handover::kStateFieldNumber) || !applied;
  });
  return ops;
}

PermittedReader reader_for(Look look, const RecordService& records) {
  switch (look) {
    case Look::judged:
      return records.glance();
    case Look::recording:
      return records.to_record();
    case Look::shown:
      break;
  }
  return records.reader();
}

const sync::Bytes* shown_in(const RecordRow& row, int field) {
  const auto found = row.fields.find(static_cast<std::uint32_t>(field));
  return found == row.fields.end() ? nullptr : &found->second.value;
}

}  // namespace

sync::Bytes CaseFile::value(int field) const {
  const auto* view = root.field(static_cast<std::uint32_t>(field));
  const auto* shown = view ? view->shown() : nullptr;
  return shown ? shown->value : sync::Bytes{};
}

std::string CaseFile::text(int field) const { return std::string(crypto::as_text(value(field))); }

std::uint64_t CaseFile::number(int field) const {
  return sync::decode_number(value(field)).value_or(0);
}

std::vector<std::string> CaseFile::texts(int field) const {
  std::vector<std::string> out;
  const auto* view = root.field(static_cast<std::uint32_t>(field));
  if (!view) return out;
  for (const auto* op : view->listed()) out.emplace_back(crypto::as_text(op->value));
  return out;
}

std::string text_in(const RecordRow& row, int field) {
  const auto* value = shown_in(row, field);
  return value ? std::string(crypto::as_text(*value)) : std::string();
}

std::uint64_t number_in(const RecordRow& row, int field) {
  const auto* value = shown_in(row, field);
  return value ? sync::decode_number(*value).value_or(0) : 0;
}

std::vector<std::string> texts_in(const RecordRow& row, int field) {
  std::vector<std::string> out;
  const auto* value = shown_in(row, field);
  if (!value) return out;
  for (const auto& each : sync::store::listed_values(*value)) {
    out.emplace_back(crypto::as_text(each));
  }
  return out;
}

Result<CaseFile> read_case(const RecordService& records, const sync::DossierId& handover,
                           Look look) {
  const std::uint32_t type = record_type(*Handover::descriptor())->number;
  const auto reader = reader_for(look, records);
  auto root = reader.read({handover, {}, type});
  if (!root) return root.error();
  CaseFile out{std::move(*root), Handover::DRAFT, {}, {}, {}, {}};
  out.is_acted_on = records.viewer().writes(type, Handover::kStateFieldNumber);
  if (const auto* state = out.root.field(Handover::kStateFieldNumber)) {
    if (has_step_not_applied(*state)) {
      auto steps = steps_applied(reader, out.root.name);
      if (!steps) return steps.error();
      out.steps_applied = std::move(*steps);
    }
    if (Handover::State_IsValid(static_cast<int>(state->state))) {
      out.state = static_cast<Handover::State>(state->state);
    }
  }
  auto disclosures = rows_of(reader, handover, *schema::Disclosure::descriptor());
  auto needs = rows_of(reader, handover, *schema::Need::descriptor());
  auto flags = rows_of(reader, handover, *schema::Flag::descriptor());
  if (!disclosures) return disclosures.error();
  if (!needs) return needs.error();
  if (!flags) return flags.error();
  out.disclosures = std::move(*disclosures);
  out.needs = std::move(*needs);
  out.flags = std::move(*flags);
  return out;
}

Result<CaseFile> title_of_case(const RecordService& records, const sync::DossierId& handover) {
  auto root = records.reader().title({handover, {}, record_type(*Handover::descriptor())->number});
  if (!root) return root.error();
  return CaseFile{std::move(*root), Handover::DRAFT, {}, {}, {}, {}, false, true};
}

bool is_over(Handover::State state) {
  switch (state) {
    case Handover::CLOSED:
    case Handover::WITHDRAWN:
    case Handover::BASIS_ENDED:
    case Handover::RECALLED:
    case Handover::DIED:
    case Handover::EXPIRED:
    case Handover::SUPERSEDED:
      return true;
    default:
      return false;
  }
}

}  // namespace throughgate::node
