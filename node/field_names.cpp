#include "node/field_names.h"

#include <algorithm>
#include <vector>

namespace throughgate::node {
namespace {

using google::protobuf::FieldDescriptor;

constexpr std::size_t name_bytes_max = 60;
constexpr std::size_t offered_max = 3;

// How many letters must be changed, added or taken away.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row[b.size()];
}

std::string nearest(const RecordType& type, std::string_view name) {
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (int i = 0; i < type.descriptor->field_count(); ++i) {
    const std::string spoken = spoken_field(*type.descriptor->field(i));
    const bool part = spoken.find(name) != std::string::npos;
    ranked.emplace_back(part ? 0 : distance(spoken, name), spoken);
  }
  std::sort(ranked.begin(), ranked.end());
  std::string out;
  for (std::size_t i = 0; i < std::min(offered_max, ranked.size()); ++i) {
    out += (out.empty() ? "" : ", ") + ranked[i].second;
  }
  return out;
}

}  // namespace

std::string spoken_field(const FieldDescriptor& field) { return spoken_name(field.name()); }

sync::Result<const FieldDescriptor*> field_meant(const RecordType& type, std::string_view name) {
  const auto* field = name.size() > name_bytes_max ? nullptr : field_named(type, name);
  if (field) return field;
  return sync::Error{
      sync::ErrorKind::invalid,
      "A " + rule_of(*type.descriptor).label() + " has no field of that name. " +
          "Nearest are: " + nearest(type, spoken_name(name.substr(0, name_bytes_max))) + "."};
}

const FieldDescriptor* field_of(std::uint32_t type, std::uint32_t field) {
  const auto* found = record_type(type);
  return found ? found->descriptor->FindFieldByNumber(static_cast<int>(field)) : nullptr;
}

std::string label_of(std::uint32_t type, std::uint32_t field) {
  const auto* found = field_of(type, field);
  return found ? rule_of(*found).label() : "field " + std::to_string(field);
}

}  // namespace throughgate::node
