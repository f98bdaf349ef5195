#include "node/volunteers/identity_in.h"

#include "node/field_names.h"
#include "node/records/values.h"
#include "records/volunteer.pb.h"

namespace throughgate::node {
namespace {

using schema::Volunteer;
using sync::store::RecordRow;

std::string text_at(const RecordRow& row, int field) {
  const auto found = row.fields.find(static_cast<std::uint32_t>(field));
  return found == row.fields.end() ? std::string()
                                   : std::string(crypto::as_text(found->second.value));
}

std::optional<Date> date_at(const RecordRow& row, int field) {
  const auto reading = read_date(text_at(row, field), DateKind::past,
                                 std::chrono::year(2199) / std::chrono::December / 31);
  return reading.value;
}

}  // namespace

std::vector<std::uint32_t> identity_fields() {
  return {Volunteer::kGivenNameFieldNumber,   Volunteer::kFamilyNameFieldNumber,
          Volunteer::kKnownAsFieldNumber,     Volunteer::kFormerNamesFieldNumber,
          Volunteer::kDateOfBirthFieldNumber, Volunteer::kEmailFieldNumber,
          Volunteer::kMobileFieldNumber};
}

Identity identity_in(const RecordRow& row) {
  Identity out;
  out.name = {text_at(row, Volunteer::kGivenNameFieldNumber),
              text_at(row, Volunteer::kFamilyNameFieldNumber),
              text_at(row, Volunteer::kKnownAsFieldNumber),
              {}};
  const auto former = row.fields.find(Volunteer::kFormerNamesFieldNumber);
  if (former != row.fields.end()) {
    for (const auto& name : sync::store::listed_values(former->second.value)) {
      out.name.former_names.emplace_back(crypto::as_text(name));
    }
  }
  out.date_of_birth = date_at(row, Volunteer::kDateOfBirthFieldNumber);
  out.email = text_at(row, Volunteer::kEmailFieldNumber);
  out.mobile = text_at(row, Volunteer::kMobileFieldNumber);
  return out;
}

Identity identity_in(const std::vector<FieldInput>& inputs, const CodeLists& codes) {
  const auto& type = *record_type(*Volunteer::descriptor());
  RecordRow row;
  for (const auto& input : inputs) {
    const auto field = field_meant(type, input.field);
    if (!field || (*field)->is_repeated()) continue;
    auto value = value_of(**field, input.text, codes);
    if (value) row.fields[static_cast<std::uint32_t>((*field)->number())].value = *std::move(value);
  }
  return identity_in(row);
}

}  // namespace throughgate::node
