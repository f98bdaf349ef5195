#include "node/stages.h"

#include "node/records/catalogue.h"

namespace throughgate::node {

using google::protobuf::FieldDescriptor;

std::string stage_label(const FieldDescriptor& field, std::uint32_t state) {
  const auto* value = field.enum_type()->FindValueByNumber(static_cast<int>(state));
  return value ? rule_of(*value).label() : "stage " + std::to_string(state);
}

std::string ways_on(const FieldDescriptor& field, const sync::FieldPolicy& policy,
                    std::uint32_t from, sync::Role role) {
  std::string out;
  for (const auto& rule : policy.transitions) {
    if (rule.from != from || !rule.by.has(role)) continue;
    out += (out.empty() ? "" : ", ") + stage_label(field, rule.to);
  }
  return out.empty() ? "Your organisation cannot move it on from here."
                     : "From here your organisation can move it to: " + out + ".";
}

std::string no_way(const FieldDescriptor& field, const sync::FieldPolicy& policy,
                   std::uint32_t from, std::uint32_t to, sync::Role role) {
  return "It cannot go from \"" + stage_label(field, from) + "\" to \"" + stage_label(field, to) +
         "\" that way. " + ways_on(field, policy, from, role);
}

}  // namespace throughgate::node
