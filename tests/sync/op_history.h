// A made-up history of one field's ops, drawn from bytes, so that rapidcheck and libFuzzer both
// find their way to every corner: copies, contradictions, redactions, originals that arrive late.
#pragma once

#include <vector>

#include "sync/merge.h"

namespace throughgate::sync::testing {

struct OpHistory {
  FieldPolicy policy;            // of one field of test_records.proto's Card
  std::vector<OpInContext> ops;  // accepted ones in their order, then provisional ones
};

// Any bytes give a history; about eight bytes make one op. At most 40 ops.
OpHistory op_history(ByteView choices);

// The policies of Card's fields that have one, by field number.
const std::vector<FieldPolicy>& card_policies();

}  // namespace throughgate::sync::testing
