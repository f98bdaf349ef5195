#include "node/search.h"

#include "node/field_names.h"
#include "node/shown_values.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Result;
using sync::store::RecordName;

// Adds nothing where the words no longer stand.
Result<Done> add_field(const RecordService& records, const RecordName& name, std::uint32_t number,
                       FoundDossier& found) {
  const auto record = records.reader().read(name);
  if (!record) return record.error();
  const auto* view = record->field(number);
  const auto* field = field_of(name.type, number);
  if (!view || !field) return Done{};
  found.fields.push_back(
      {name, label_of(name.type, number), joined(*field, shown_values(*view), records.codes())});
  return Done{};
}

}  // namespace

Result<FoundRecords> search_records(const RecordService& records, const std::string& text,
                                    const std::vector<std::uint32_t>& types, std::size_t limit) {
  sync::store::SearchQuery query;
  query.text = text;
  query.class_max = every_class;
  query.types = types;
  query.limit = limit;
  const auto result = records.reader().search(query);
  if (!result) return result.error();
  FoundRecords out;
  out.more = result->more;
  for (const auto& hit : result->hits) {
    FoundDossier found{hit.dossier, {}};
    for (const auto& [name, number] : hit.fields) {
      if (auto done = add_field(records, name, number, found); !done) return done.error();
    }
    if (!found.fields.empty()) out.dossiers.push_back(std::move(found));
  }
  return out;
}

}  // namespace throughgate::node
