// Between what people type or read and the value bytes that an op carries, by the field's own line
// in its .proto.
//
// Value bytes: text and bytes as they are; numbers, enums and truth values as one varint; messages
// serialised. In a LIFECYCLE field the value here is the state meant, as a varint; the caller makes
// the change of state. In SET and APPEND fields it is one element.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "node/records/codes.h"
#include "sync/result.h"

namespace throughgate::node {

// The value bytes of what was typed. Takes the words people read ("4 December 2026", an enum's or a
// code's label, in any case) and the stored forms; ids in hexadecimal; messages as Protobuf JSON.
// Signs that nobody sees (hidden_sign()) go first.
// Fails with `invalid`: the field's label, what was wrong and what to type, never what was typed.
// New values only: a retired or unknown code is refused, and so is a code that never leaves the
// prison (share S0) anywhere but in a person's own record.
sync::Result<crypto::Bytes> value_of(const google::protobuf::FieldDescriptor& field,
                                     std::string_view typed, const CodeLists& codes);

// May this code stand in this field's record? Intelligence and the like (share S0) stay in the
// person's own record.
bool may_stand_in(const google::protobuf::FieldDescriptor& field, const Code& code);

// What people read. Bytes that do not fit the field, from a newer or a faulty program, show as
// "not readable"; unknown codes and enum numbers show as themselves.
std::string text_of(const google::protobuf::FieldDescriptor& field, crypto::ByteView value,
                    const CodeLists& codes);

// One JSON value: enums by name (by number when unknown), ids in hexadecimal, messages as Protobuf
// JSON; null for bytes that do not fit the field.
std::string json_of(const google::protobuf::FieldDescriptor& field, crypto::ByteView value);

}  // namespace throughgate::node
