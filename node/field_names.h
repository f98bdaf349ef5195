// Finding the field somebody means, and saying which there are.
#pragma once

#include <string>

#include "node/records/catalogue.h"
#include "sync/result.h"

namespace throughgate::node {

// `invalid` with the names that come nearest.
sync::Result<const google::protobuf::FieldDescriptor*> field_meant(const RecordType& type,
                                                                   std::string_view name);
// Descriptor of a number; nullptr for one that this program does not know.
const google::protobuf::FieldDescriptor* field_of(std::uint32_t type, std::uint32_t field);
// "Release date"; "field 77" for one that this program does not know.
std::string label_of(std::uint32_t type, std::uint32_t field);
// "release-date", as the command line says it.
std::string spoken_field(const google::protobuf::FieldDescriptor& field);

}  // namespace throughgate::node
