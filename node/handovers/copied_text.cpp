#include "node/handovers/copied_text.h"

#include "node/records/catalogue.h"
#include "sync/policy.h"

namespace throughgate::node {
namespace {

using google::protobuf::FieldDescriptor;

std::string one_text(const FieldDescriptor& field, sync::ByteView value) {
  const auto number = sync::decode_number(value).value_or(0);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return number != 0 ? "Yes" : "No";
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* known = field.enum_type()->FindValueByNumber(static_cast<int>(number));
      return known ? known->name() : std::string();
    }
    default:
      break;
  }
  return field.type() == FieldDescriptor::TYPE_BYTES ? crypto::to_hex(value)
                                                     : std::string(crypto::as_text(value));
}

}  // namespace

std::string copied_text(const sync::store::RecordView& record, const FieldDescriptor& field,
                        const CodeLists& codes) {
  const auto* view = record.field(static_cast<std::uint32_t>(field.number()));
  if (!view) return {};
  const auto* list = codes.list(rule_of(field).codes());
  std::string out;
  for (const auto* op : view->listed()) {
    if (op->kind == sync::OpKind::clear || op->removed) continue;
    const std::string text = one_text(field, op->value);
    const auto* code = list ? list->find(text) : nullptr;
    if (list && (!code || !code->offered())) continue;
    out += (out.empty() ? "" : "\n") + text;
  }
  return out;
}

}  // namespace throughgate::node
