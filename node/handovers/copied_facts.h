// Which fields a new handover copies: from the person's own record when it is begun from it, from
// another handover when it goes on where that stopped.
#pragma once

#include <google/protobuf/descriptor.h>

#include <span>
#include <vector>

namespace throughgate::node {

std::span<const char* const> facts_copied_from_person();  // as in the .proto, of both records

struct FactsTakenOver {
  const google::protobuf::Descriptor* type;
  std::vector<int> fields;  // by number, of both records
};
// For each type of record in a handover, those that one takes over from the one it replaces.
const std::vector<FactsTakenOver>& facts_taken_over();

}  // namespace throughgate::node
