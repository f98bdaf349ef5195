// A release on the day on which it became known: nobody who says so types today's date as well.
#pragma once

#include <vector>

#include "node/record_service.h"

namespace throughgate::node {

// Of a new handover, as typed: where it is a same-day release and neither a date is given nor why
// there is none, the release is today's.
void add_day_of_same_day(std::vector<FieldInput>& inputs, const RecordService& records);

}  // namespace throughgate::node
