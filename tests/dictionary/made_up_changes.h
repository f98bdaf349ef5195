// Change sets as the shipped program makes them, of made-up people: what the compression dictionary
// is trained on, and measured with. The same seed makes the same ones.
#pragma once

#include <vector>

#include "sync/change_set.h"
#include "tests/dictionary/typed_values.h"

namespace throughgate::dictionary {

struct MadeUpChanges {
  std::vector<sync::Bytes> begun;   // a new record, or one inside another: many fields at once
  std::vector<sync::Bytes> edited;  // one field of a record that is there
  std::size_t refused = 0;          // what the program would not save: nothing was made of it
};

// `volunteers`, half as many handovers and a quarter as many people in prison, with all that
// belongs to each.
MadeUpChanges make_up_changes(std::uint64_t seed, std::size_t volunteers, Words words);

}  // namespace throughgate::dictionary
