// What is wrong with what was typed into one field, or with the record as a whole.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>

#include "node/records/catalogue.h"
#include "sync/result.h"

namespace throughgate::node {

struct FieldProblem {
  std::string field;  // as in the .proto; empty: the whole
  sync::Error error;
};

// The sentence, after the field's label.
inline sync::Error refused(const google::protobuf::FieldDescriptor& field,
                           const std::string& sentence,
                           sync::ErrorKind kind = sync::ErrorKind::invalid) {
  return {kind, rule_of(field).label() + ": " + sentence};
}

}  // namespace throughgate::node
