// Whose data a field holds, for answering somebody who asks what is kept of them: the person's own,
// or that of somebody else, who has rights too. What no line here names is judged by its format,
// and text that nobody can judge by its field is looked at by a person first.
#pragma once

#include <google/protobuf/descriptor.h>

namespace throughgate::node {

enum class Whose {
  theirs,        // goes into the answer
  staff,         // a member of staff: shown as such, without name or number
  others,        // somebody else: left out
  to_be_looked,  // may name others, or may be kept back by law: somebody decides each
};

// How the record came to be among those of the person.
enum class Found {
  their_own,   // it stands in a record about them
  names_them,  // it stands in another's record, and holds their number
  in_words,    // it stands in another's record, and holds their name
};

Whose whose(const google::protobuf::FieldDescriptor& field, Found found, bool is_volunteer);

}  // namespace throughgate::node
