#include "node/shown_values.h"

#include <algorithm>

#include "node/field_names.h"
#include "node/stages.h"

namespace throughgate::node {

using google::protobuf::FieldDescriptor;
using sync::store::RecordName;

std::vector<crypto::Bytes> shown_values(const sync::store::FieldView& field) {
  if (field.policy == sync::Policy::lifecycle) return {sync::encode_number(field.state)};
  std::vector<crypto::Bytes> out;
  if (field.policy == sync::Policy::set || field.policy == sync::Policy::append) {
    for (const auto* op : field.listed()) out.push_back(op->value);
  } else if (const auto* shown = field.shown()) {
    out.push_back(shown->value);
  }
  return out;
}

std::string joined(const FieldDescriptor& field, const std::vector<crypto::Bytes>& values,
                   const CodeLists& codes) {
  std::string out;
  for (const auto& value : values) out += (out.empty() ? "" : "; ") + text_of(field, value, codes);
  return out;
}

std::string value_in_words(const RecordName& record, const sync::store::OpView& op,
                           const CodeLists& codes) {
  const auto* field = field_of(record.type, op.field);
  if (op.removed || !field) return "removed";
  if (op.kind == sync::OpKind::clear) return "cleared";
  const auto step =
      op.kind == sync::OpKind::transition ? sync::decode_state_change(op.value) : std::nullopt;
  return step ? stage_label(*field, step->to) : text_of(*field, op.value, codes);
}

std::string standing_in_words(sync::store::OpStanding standing) {
  using sync::store::OpStanding;
  switch (standing) {
    case OpStanding::shown:
      return "shown";
    case OpStanding::beside:
      return "stands beside";
    case OpStanding::superseded:
      return "replaced";
    case OpStanding::not_counted:
      return "not theirs to change";
    case OpStanding::not_applied:
      return "this step did not apply";
    case OpStanding::refused:
      break;
  }
  return "refused";
}

std::string notes_on(const sync::store::FieldView& field) {
  std::string out;
  if (field.in_review) out += "changed in two places";
  const auto* shown = field.shown();
  if (shown && shown->removed) out += out.empty() ? "removed" : ", removed";
  const auto provisional = std::any_of(field.ops.begin(), field.ops.end(),
                                       [](const auto& op) { return op.is_provisional(); });
  if (provisional) out += out.empty() ? "not sent yet" : ", not sent yet";
  const auto suspect =
      std::any_of(field.ops.begin(), field.ops.end(), [](const auto& op) { return op.is_suspect; });
  if (suspect) out += std::string(out.empty() ? "" : ", ") + "made on a computer that was stolen";
  return out;
}

}  // namespace throughgate::node
