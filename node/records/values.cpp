#include "node/records/values.h"

#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "node/records/catalogue.h"
#include "node/records/formats.h"
#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

using crypto::Bytes;
using crypto::ByteView;
using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using schema::FieldRule;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr std::size_t bytes_max_default = 4000;  // a field whose bytes_max is 0
constexpr std::size_t json_bytes_max = 20'000;
constexpr std::size_t choices_max = 20;  // named in a refusal; a longer list only says its title

Error refused(const FieldDescriptor& field, const std::string& sentence) {
  return {ErrorKind::invalid, rule_of(field).label() + ": " + sentence};
}

Bytes varint(std::uint64_t number) {
  Bytes bytes;
  for (; number >= 0x80; number >>= 7) {
    bytes.push_back(static_cast<std::uint8_t>(number | 0x80));
  }
  bytes.push_back(static_cast<std::uint8_t>(number));
  return bytes;
}

// nullopt unless `bytes` are one whole varint.
std::optional<std::uint64_t> number_of(ByteView bytes) {
  if (bytes.empty() || bytes.size() > 10) return std::nullopt;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const bool last = i + 1 == bytes.size();
    if (last != (bytes[i] < 0x80) || (i == 9 && bytes[i] > 1)) return std::nullopt;
    number |= std::uint64_t{bytes[i] & 0x7FU} << (7 * i);
  }
  return number;
}

const std::string& label_of(const EnumValueDescriptor& value) { return rule_of(value).label(); }

// nullptr: no such value.
const EnumValueDescriptor* enum_value(const EnumDescriptor& type, ByteView bytes) {
  const auto number = number_of(bytes);
  if (!number || *number > 0x7FFFFFFF) return nullptr;
  return type.FindValueByNumber(static_cast<int>(*number));
}

Result<Bytes> truth_typed(const FieldDescriptor& field, std::string_view typed) {
  const std::string word = spoken_name(trimmed(typed));
  if (word == "yes" || word == "y" || word == "true") return varint(1);
  if (word == "no" || word == "n" || word == "false") return varint(0);
  return refused(field, "Type yes or no.");
}

Result<Bytes> enum_typed(const FieldDescriptor& field, std::string_view typed) {
  const std::string wanted = spoken_name(trimmed(typed));
  const EnumDescriptor& type = *field.enum_type();
  std::string choices;
  for (int i = 0; i < type.value_count(); ++i) {
    const EnumValueDescriptor& value = *type.value(i);
    if (wanted == spoken_name(value.name()) || wanted == spoken_name(label_of(value))) {
      return varint(static_cast<std::uint64_t>(value.number()));
    }
    choices += (choices.empty() ? "" : "; ") + label_of(value);
  }
  return refused(field, "Type one of these: " + choices + ".");
}

Result<Bytes> number_typed(const FieldDescriptor& field, std::string_view typed) {
  const auto number = stored_number(rule_of(field).format(), typed);
  if (!number) return refused(field, number.error().message);
  return varint(*number);
}

Result<Bytes> id_typed(const FieldDescriptor& field, std::string_view typed) {
  const auto bytes = crypto::from_hex(trimmed(typed));
  const std::size_t limit = rule_of(field).bytes_max();
  const bool any_length = rule_of(field).format() == FieldRule::PLAIN;
  if (!bytes || bytes->size() > limit || (!any_length && bytes->size() != limit)) {
    return refused(field, "Type " + std::string(any_length ? "up to " : "") +
                              std::to_string(2 * limit) + " hexadecimal digits (0 to 9, a to f).");
  }
  return *bytes;
}

std::string choices_in(const CodeList& list) {
  std::string choices;
  std::size_t offered = 0;
  for (const Code& code : list.codes()) {
    if (!code.offered()) continue;
    if (++offered > choices_max) {
      return "\"record codes " + list.name() + "\" prints what it offers.";
    }
    choices += (choices.empty() ? "" : "; ") + code.label;
  }
  return "Type one of these: " + choices + ".";
}

Result<Bytes> code_typed(const FieldDescriptor& field, std::string_view typed,
                         const CodeLists& codes) {
  const CodeList* list = codes.list(rule_of(field).codes());
  if (list == nullptr) {
    return refused(field, "Its code list is missing from this computer. Nothing was saved.");
  }
  const Code* code = list->find_typed(trimmed(typed));
  if (code == nullptr) return refused(field, "This is not in the list. " + choices_in(*list));
  if (!code->offered()) {
    return refused(field, "This code is no longer used. " + choices_in(*list));
  }
  if (!may_stand_in(field, *code)) {
    return refused(field,
                   "This alert never leaves the prison. It may stand only in the person's "
                   "own record.");
  }
  const ByteView bytes = crypto::as_bytes(code->code);
  return Bytes(bytes.begin(), bytes.end());
}

Result<Bytes> text_typed(const FieldDescriptor& field, std::string_view typed) {
  const auto stored = stored_text(rule_of(field).format(), typed);
  if (!stored) return refused(field, stored.error().message);
  const std::uint32_t declared = rule_of(field).bytes_max();
  const std::size_t limit = declared == 0 ? bytes_max_default : declared;
  if (stored->size() > limit) {
    return refused(field, "This is too long: at most " + std::to_string(limit) +
                              " letters (an accented letter counts as two).");
  }
  const ByteView bytes = crypto::as_bytes(*stored);
  return Bytes(bytes.begin(), bytes.end());
}

std::unique_ptr<Message> new_message(const Descriptor& type) {
  const Message* prototype = MessageFactory::generated_factory()->GetPrototype(&type);
  return std::unique_ptr<Message>(prototype->New());
}

Result<Bytes> message_typed(const FieldDescriptor& field, std::string_view typed) {
  const auto message = new_message(*field.message_type());
  if (typed.size() > json_bytes_max ||
      !google::protobuf::util::JsonStringToMessage(
           google::protobuf::StringPiece(typed.data(), typed.size()), message.get())
           .ok()) {
    return refused(field, "Type it as Protobuf JSON of " + field.message_type()->name() + ".");
  }
  const std::string bytes = message->SerializeAsString();
  const ByteView view = crypto::as_bytes(bytes);
  return Bytes(view.begin(), view.end());
}

// nullopt: not bytes of such a message.
std::optional<std::string> message_json(const FieldDescriptor& field, ByteView value) {
  const auto message = new_message(*field.message_type());
  if (value.size() > json_bytes_max ||
      !message->ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return std::nullopt;
  }
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(*message, &json).ok()) return std::nullopt;
  return json;
}

std::string json_string(std::string_view text) {
  std::string json = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') {
      json += '\\';
      json += letter;
    } else if (static_cast<unsigned char>(letter) < ' ' || letter == 0x7F) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(letter));
      json += escape.data();
    } else {
      json += letter;
    }
  }
  return json + '"';
}

std::string code_label(const FieldDescriptor& field, std::string_view code,
                       const CodeLists& codes) {
  const CodeList* list = codes.list(rule_of(field).codes());
  const Code* known = list == nullptr ? nullptr : list->find(code);
  return known == nullptr ? std::string(code) : known->label;
}

std::optional<std::string> readable(const FieldDescriptor& field, ByteView value,
                                    const CodeLists& codes) {
  const FieldRule& rule = rule_of(field);
  const std::string_view text = crypto::as_text(value);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.type() == FieldDescriptor::TYPE_BYTES) return crypto::to_hex(value);
      if (!is_utf8(text)) return std::nullopt;
      return rule.codes().empty() ? shown_text(rule.format(), text)
                                  : code_label(field, text, codes);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return message_json(field, value);
    default:
      break;
  }
  const auto number = number_of(value);
  if (!number) return std::nullopt;
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) return *number == 0 ? "No" : "Yes";
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_ENUM) {
    return shown_number(rule.format(), *number);
  }
  const EnumValueDescriptor* known = enum_value(*field.enum_type(), value);
  return known == nullptr ? "Code " + std::to_string(*number) : label_of(*known);
}

}  // namespace

bool may_stand_in(const FieldDescriptor& field, const Code& code) {
  const RecordType* type = record_type(*field.containing_type());
  return code.fact("share") != "S0" || (type != nullptr && type->dossier == schema::PERSON);
}

Result<Bytes> value_of(const FieldDescriptor& field, std::string_view all_typed,
                       const CodeLists& codes) {
  const std::string typed = without_hidden_signs(all_typed, ' ');
  if (is_blank(typed)) {
    return refused(field, "Nothing was typed. To empty a field, clear it.");
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return truth_typed(field, typed);
    case FieldDescriptor::CPPTYPE_ENUM:
      return enum_typed(field, typed);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return message_typed(field, typed);
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.type() == FieldDescriptor::TYPE_BYTES) return id_typed(field, typed);
      return rule_of(field).codes().empty() ? text_typed(field, all_typed)
                                            : code_typed(field, typed, codes);
    default:
      return number_typed(field, typed);
  }
}

std::string text_of(const FieldDescriptor& field, ByteView value, const CodeLists& codes) {
  return readable(field, value, codes).value_or("not readable");
}

std::string json_of(const FieldDescriptor& field, ByteView value) {
  constexpr const char* unreadable = "null";
  const std::string_view text = crypto::as_text(value);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.type() == FieldDescriptor::TYPE_BYTES) return json_string(crypto::to_hex(value));
      return is_utf8(text) ? json_string(text) : unreadable;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return message_json(field, value).value_or(unreadable);
    default:
      break;
  }
  const auto number = number_of(value);
  if (!number) return unreadable;
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) return *number == 0 ? "false" : "true";
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    const EnumValueDescriptor* known = enum_value(*field.enum_type(), value);
    if (known != nullptr) return json_string(known->name());
  }
  return std::to_string(*number);
}

}  // namespace throughgate::node
