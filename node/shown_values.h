// What a record shows, in words: for pages and commands alike.
#pragma once

#include <string>
#include <vector>

#include "node/records/values.h"
#include "sync/store/record_reader.h"

namespace throughgate::node {

// What a field shows, one value or those of a list.
std::vector<crypto::Bytes> shown_values(const sync::store::FieldView& field);
std::string joined(const google::protobuf::FieldDescriptor& field,
                   const std::vector<crypto::Bytes>& values, const CodeLists& codes);
// The value of one change: "removed" where it is gone, "cleared" where it took the value away,
// the stage it moved to.
std::string value_in_words(const sync::store::RecordName& record, const sync::store::OpView& op,
                           const CodeLists& codes);
// "replaced", "refused": what has become of a change.
std::string standing_in_words(sync::store::OpStanding standing);
// "changed in two places, not sent yet"; empty for most.
std::string notes_on(const sync::store::FieldView& field);

}  // namespace throughgate::node
