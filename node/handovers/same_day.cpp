#include "node/handovers/same_day.h"

#include <algorithm>

#include "node/days.h"
#include "node/field_names.h"
#include "node/records/values.h"
#include "node/text/unicode.h"
#include "records/handover.pb.h"

namespace throughgate::node {
namespace {

using schema::Handover;

bool is_same_day(const FieldInput& input, const CodeLists& codes) {
  if (spoken_name(input.field) != "same-day") return false;
  const auto& field = *Handover::descriptor()->FindFieldByNumber(Handover::kSameDayFieldNumber);
  const auto value = value_of(field, input.text, codes);
  return value && sync::decode_number(*value).value_or(0) != 0;
}

bool speaks_of_date(const FieldInput& input) {
  const std::string name = spoken_name(input.field);
  return (name == "release-date" || name == "release-date-unknown-because") &&
         !is_blank(input.text);
}

}  // namespace

void add_day_of_same_day(std::vector<FieldInput>& inputs, const RecordService& records) {
  const bool applies =
      std::any_of(inputs.begin(), inputs.end(),
                  [&](const FieldInput& each) { return is_same_day(each, records.codes()); }) &&
      std::none_of(inputs.begin(), inputs.end(), speaks_of_date);
  if (!applies) return;
  inputs.push_back({"release-date", iso_day(records.node().now_ms()), FieldInput::How::set});
}

}  // namespace throughgate::node
