// The stages of a LIFECYCLE field, in words.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>

#include "sync/policy.h"

namespace throughgate::node {

// "Ready to send".
std::string stage_label(const google::protobuf::FieldDescriptor& field, std::uint32_t state);
// "From here your organisation can move it to: Accepted, Declined." Never empty.
std::string ways_on(const google::protobuf::FieldDescriptor& field, const sync::FieldPolicy& policy,
                    std::uint32_t from, sync::Role role);
// "It cannot go from \"Draft\" to \"Shared\" that way. ..."
std::string no_way(const google::protobuf::FieldDescriptor& field, const sync::FieldPolicy& policy,
                   std::uint32_t from, std::uint32_t to, sync::Role role);

}  // namespace throughgate::node
