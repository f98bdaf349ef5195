// What somebody might type into the fields of a record: made up, and plausible by what the field
// says of itself. Two sets of words: what is measured must not have been trained on.
#pragma once

#include <string>
#include <vector>

#include "node/record_service.h"
#include "tests/simulation/seeded_random.h"

namespace throughgate::dictionary {

enum class Words { to_train, to_measure };

class TypedValues {
 public:
  // Both must outlive it.
  TypedValues(simulation::SeededRandom& random, const node::CodeLists& codes, Words words)
      : random_(random), codes_(codes), words_(words) {}

  // A dozen fields or so: all that the type requires, and some of the others.
  std::vector<node::FieldInput> inputs(const node::RecordType& type);
  node::FieldInput input(const node::RecordType& type);  // of one field

  std::string person();
  std::string sentence();
  std::string staff_roles();  // as the account of a member of staff joins them

 private:
  std::string typed(const google::protobuf::FieldDescriptor& field);
  std::string text(const google::protobuf::FieldDescriptor& field);
  std::string day();
  template <class List>
  const auto& one_of(const List& list) {
    const std::size_t kept_back = list.size() / 3;
    return words_ == Words::to_train ? list[random_.below(list.size() - kept_back)]
                                     : list[list.size() - 1 - random_.below(kept_back)];
  }

  simulation::SeededRandom& random_;
  const node::CodeLists& codes_;
  const Words words_;
};

}  // namespace throughgate::dictionary
