// What a record shows in a field, as text that can be typed into another record of the same kind.
#pragma once

#include <string>

#include "node/records/codes.h"
#include "sync/store/record_reader.h"

namespace throughgate::node {

// Of a list, one a line. Empty when nothing is shown, or where a code is no longer offered.
std::string copied_text(const sync::store::RecordView& record,
                        const google::protobuf::FieldDescriptor& field, const CodeLists& codes);

}  // namespace throughgate::node
