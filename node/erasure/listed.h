// What requests and holds read of records: short ways to values and lists.
#pragma once

#include <string>
#include <vector>

#include "node/record_service.h"

namespace throughgate::node {

// Every dossier whose root record is of this type, in the order they came here.
sync::Result<std::vector<sync::DossierId>> dossiers_of(const RecordService& records,
                                                       const RecordType& type);
std::string shown_in(const sync::store::RecordView& record, int field);  // a text; empty: none
std::uint64_t number_shown_in(const sync::store::RecordView& record, int field);  // 0: none
std::uint32_t state_in(const sync::store::RecordView& record, int field);  // of a LIFECYCLE field
std::vector<sync::Bytes> listed_in(const sync::store::RecordView& record, int field);
// The day on which the stage was reached that a LIFECYCLE field shows; empty: none was.
std::string reached_on(const sync::store::RecordView& record, int field);

// A change that still says something, shown or in its history.
bool holds_a_value(const sync::store::OpView& op);
// May values of it be taken out? Strictest values are corrected, and never removed; a record's
// number says nothing by itself.
bool is_removable(const google::protobuf::FieldDescriptor& field);

}  // namespace throughgate::node
