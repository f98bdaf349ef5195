// What a record type, field or enum value should say about itself and does not.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "node/records/codes.h"

namespace throughgate::node {

using Messages = std::vector<const google::protobuf::Descriptor*>;

// "Person.date_of_birth: no label", one a fault, in the order of the messages.
std::vector<std::string> faults_in(const google::protobuf::Descriptor& message);
// Record numbers used twice, dossiers without one root.
std::vector<std::string> faults_between(const Messages& messages);
// Fields whose `codes` names no list.
std::vector<std::string> missing_lists(const Messages& messages, const CodeLists& codes);

// Every field of every message.
std::vector<const google::protobuf::FieldDescriptor*> fields_of(const Messages& messages);

}  // namespace throughgate::node
