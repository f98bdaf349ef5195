#include "node/volunteers/alike.h"

#include "node/field_names.h"
#include "node/intake/matching.h"
#include "node/records/values.h"
#include "node/search.h"
#include "node/volunteers/identity_in.h"
#include "records/volunteer.pb.h"

namespace throughgate::node {
namespace {

using schema::Volunteer;
using sync::Result;
using sync::store::RecordRow;

constexpr std::size_t looked_at_max = 200;

const RecordType& volunteer_type() { return *record_type(*Volunteer::descriptor()); }

Identity identity_typed(const RecordService& records, const std::vector<FieldInput>& inputs) {
  RecordRow row;
  for (const auto& input : inputs) {
    const auto field = field_meant(volunteer_type(), input.field);
    if (!field || (*field)->is_repeated()) continue;
    auto value = value_of(**field, input.text, records.codes());
    if (value) row.fields[static_cast<std::uint32_t>((*field)->number())].value = *std::move(value);
  }
  return identity_in(row);
}

}  // namespace

Result<std::vector<AlikeVolunteer>> alike_volunteers(const RecordService& records,
                                                     const std::vector<FieldInput>& inputs) {
  const Identity typed = identity_typed(records, inputs);
  std::vector<AlikeVolunteer> out;
  sync::store::SearchQuery search;
  search.text = typed.name.surname;
  search.class_max = every_class;
  search.types = {volunteer_type().number};
  search.limit = looked_at_max;
  const auto found = records.reader().search(search);
  if (!found && found.error().kind == sync::ErrorKind::invalid) return out;  // no word to look for
  if (!found) return found.error();
  for (const auto& hit : found->hits) {
    sync::store::ListQuery query;
    query.type = volunteer_type().number;
    query.fields = identity_fields();
    query.dossier = hit.dossier;
    query.limit = 1;
    const auto page = records.reader().list(query);
    if (!page) return page.error();
    for (const auto& row : page->rows) {
      const Identity held = identity_in(row);
      auto comparison = compare(match_parts(typed), match_parts(held));
      if (comparison.likeness == Likeness::different) continue;
      out.push_back({hit.dossier, shown_name(held.name), std::move(comparison.because)});
    }
  }
  return out;
}

}  // namespace throughgate::node
