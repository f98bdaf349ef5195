#include "node/shown_values.h"

#include <algorithm>

#include "node/field_names.h"

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
  return op.kind == sync::OpKind::clear ? "cleared" : text_of(*field, op.value, codes);
}

std::string notes_on(const sync::store::FieldView& field) {
  std::string out;
  if (field.in_review) out += "changed in two places";
  const auto provisional = std::any_of(field.ops.begin(), field.ops.end(),
                                       [](const auto& op) { return op.is_provisional(); });
  if (provisional) out += out.empty() ? "not sent yet" : ", not sent yet";
  return out;
}

}  // namespace throughgate::node
