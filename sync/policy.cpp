#include "sync/policy.h"

#include <google/protobuf/descriptor.h>

#include <limits>

#include "crypto/hash.h"
#include "schema/change_set.pb.h"
#include "schema/options.pb.h"
#include "sync/contexts.h"
#include "sync/layout.h"

namespace throughgate::sync {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using schema::FieldRule;

Roles roles_of(FieldRule::By by) {
  switch (by) {
    case FieldRule::OWNER:
      return {Role::owner};
    case FieldRule::RECEIVER:
      return {Role::receiver};
    case FieldRule::OWNER_AND_RECEIVER:
      return {Role::owner, Role::receiver};
    case FieldRule::CENTRAL:
      return {Role::central};
    case FieldRule::OWNER_AND_CENTRAL:
      return {Role::owner, Role::central};
    case FieldRule::ANY:
      return Roles::any_writer();
    default:
      return {};
  }
}

std::map<std::uint32_t, std::uint32_t> severities_of(const EnumDescriptor& type) {
  std::map<std::uint32_t, std::uint32_t> out;
  for (int i = 0; i < type.value_count(); ++i) {
    const auto& value = *type.value(i);
    out[static_cast<std::uint32_t>(value.number())] =
        value.options().GetExtension(schema::value).severity();
  }
  return out;
}

std::vector<TransitionRule> transitions_of(const EnumDescriptor& type) {
  std::vector<TransitionRule> out;
  for (int i = 0; i < type.value_count(); ++i) {
    const auto& to = *type.value(i);
    for (const auto& enter : to.options().GetExtension(schema::value).enter()) {
      if (const auto* from = type.FindValueByName(enter.from())) {
        out.push_back({static_cast<std::uint32_t>(from->number()),
                       static_cast<std::uint32_t>(to.number()), roles_of(enter.by())});
      }
    }
  }
  return out;
}

void write_policy(LayoutWriter& out, const FieldPolicy& policy) {
  out.u8(static_cast<std::uint8_t>(policy.policy))
      .u8(policy.writers.bits())
      .u8(policy.lower_by.bits())
      .u8(policy.shown.bits())
      .u8(policy.review ? 1 : 0)
      .u8(policy.acknowledge ? 1 : 0);
  out.u32(static_cast<std::uint32_t>(policy.severities.size()));
  for (const auto& [number, severity] : policy.severities) out.u32(number).u32(severity);
  out.u32(static_cast<std::uint32_t>(policy.transitions.size()));
  for (const auto& rule : policy.transitions) out.u32(rule.from).u32(rule.to).u8(rule.by.bits());
}

}  // namespace

std::uint64_t FieldPolicy::severity_of(OpKind kind, ByteView value) const {
  if (kind == OpKind::clear) return 0;
  constexpr auto strictest = std::numeric_limits<std::uint64_t>::max();
  const auto number = decode_number(value);
  if (!number || *number > std::numeric_limits<std::uint32_t>::max()) return strictest;
  const auto found = severities.find(static_cast<std::uint32_t>(*number));
  return found == severities.end() ? strictest : std::uint64_t{found->second} + 1;
}

bool FieldPolicy::allows(std::uint32_t from, std::uint32_t to, Role role) const {
  for (const auto& rule : transitions) {
    if (rule.from == from && rule.to == to && rule.by.has(role)) return true;
  }
  return false;
}

std::optional<FieldPolicy> policy_of(const FieldDescriptor& field) {
  if (!field.options().HasExtension(schema::field)) return std::nullopt;
  const FieldRule& rule = field.options().GetExtension(schema::field);
  FieldPolicy policy;
  policy.policy = static_cast<Policy>(rule.policy());
  policy.writers = roles_of(rule.writers());
  policy.lower_by = roles_of(rule.lower_by());
  policy.shown = roles_of(rule.shown());
  policy.review = rule.conflict() == FieldRule::REVIEW;
  policy.acknowledge = rule.acknowledge();
  if (rule.search() != FieldRule::NOT_SEARCHED) {
    policy.search_class = static_cast<std::uint8_t>(rule.sensitivity());
  }
  if (const auto* type = field.enum_type()) {
    if (policy.policy == Policy::strictest) policy.severities = severities_of(*type);
    if (policy.policy == Policy::lifecycle) policy.transitions = transitions_of(*type);
  }
  return policy;
}

std::optional<std::uint64_t> decode_number(ByteView value) {
  std::uint64_t number = 0;
  if (value.empty() || value.size() > 10) return std::nullopt;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool last = i + 1 == value.size();
    if ((value[i] & 0x80u) == 0 && !last) return std::nullopt;
    if ((value[i] & 0x80u) != 0 && last) return std::nullopt;
    if (i == 9 && value[i] > 1) return std::nullopt;
    number |= std::uint64_t{value[i] & 0x7fu} << (7 * i);
  }
  return number;
}

Bytes encode_number(std::uint64_t number) {
  Bytes out;
  while (number >= 0x80) {
    out.push_back(static_cast<std::uint8_t>(number | 0x80));
    number >>= 7;
  }
  out.push_back(static_cast<std::uint8_t>(number));
  return out;
}

std::optional<StateChange> decode_state_change(ByteView value) {
  schema::StateChange message;
  if (value.size() > 64 || !message.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return std::nullopt;
  }
  return StateChange{message.from(), message.to()};
}

Bytes encode_state_change(StateChange change) {
  schema::StateChange message;
  message.set_from(change.from);
  message.set_to(change.to);
  const std::string text = message.SerializeAsString();
  return {text.begin(), text.end()};
}

PolicyTable::PolicyTable(const std::vector<const Descriptor*>& record_types) {
  for (const Descriptor* type : record_types) {
    const auto& record = type->options().GetExtension(schema::record);
    const auto number = record.type();
    dossier_kinds_[number] = static_cast<std::uint32_t>(record.dossier());
    for (int i = 0; i < type->field_count(); ++i) {
      const auto& field = *type->field(i);
      if (auto policy = policy_of(field)) {
        policies_[{number, static_cast<std::uint32_t>(field.number())}] = std::move(*policy);
      }
    }
  }
  LayoutWriter all;
  for (const auto& [key, policy] : policies_) {
    all.u32(key.first).u32(key.second);
    write_policy(all, policy);
  }
  const Hash hash = crypto::hash(contexts::policy_version, {all.take()});
  std::copy_n(hash.begin(), version_.size(), version_.begin());
}

const FieldPolicy* PolicyTable::find(std::uint32_t record_type, std::uint32_t field) const {
  const auto found = policies_.find({record_type, field});
  return found == policies_.end() ? nullptr : &found->second;
}

std::uint32_t PolicyTable::dossier_kind(std::uint32_t record_type) const {
  const auto found = dossier_kinds_.find(record_type);
  return found == dossier_kinds_.end() ? 0 : found->second;
}

}  // namespace throughgate::sync
