// A record to be read: its fields one a row in cards, as everybody sees them. A value that has not
// left this computer, that two sites changed, or that was removed is marked as such.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "crypto/bytes.h"
#include "node/disputes.h"
#include "node/records/codes.h"
#include "node/web/components/summary_list.h"
#include "sync/store/record_reader.h"

namespace throughgate::node::web {

struct RecordCard {
  std::string title;
  std::vector<std::string> fields;  // as in the .proto; those in which nothing stands are left out
  std::vector<ActionLink> actions{};
  std::vector<std::string> always{};         // of `fields`, those that say "Not recorded" instead
  const DisputedFields* disputed = nullptr;  // what is said to be wrong: stands beside the value
};
// One line that says so where nothing stands in any of its fields. Where nothing of it has left
// this computer, the card says so once.
Html record_card(const sync::store::RecordView& record, const RecordCard& card,
                 const CodeLists& codes);

// What stands in one field, with its marks; "Not recorded" where nothing does.
Html shown_field(const sync::store::RecordView& record,
                 const google::protobuf::FieldDescriptor& field, const CodeLists& codes);
// The same as one line of plain text without marks; empty where nothing stands.
std::string shown_line(const sync::store::RecordView& record, std::string_view field,
                       const CodeLists& codes);

// What the boxes of a form start with: what is shown, and nothing of what was removed.
std::vector<crypto::Bytes> values_in_boxes(const sync::store::FieldView& field);
// "Changed in two places", with the way to decide it, or to see both where this role does not.
Html in_review_remark(const sync::store::RecordName& record, std::uint32_t field,
                      std::optional<sync::Role> role);

}  // namespace throughgate::node::web
