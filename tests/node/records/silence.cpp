#include "tests/node/records/silence.h"

#include <algorithm>
#include <map>
#include <set>

#include "node/records/catalogue.h"

namespace throughgate::node {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using schema::FieldRule;
using schema::ValueRule;

constexpr std::uint32_t bytes_limit = 4000;

class Faults {
 public:
  explicit Faults(std::string where) : where_(std::move(where)) {}
  void add_if(bool wrong, const std::string& what) {
    if (wrong) found_.push_back(where_ + ": " + what);
  }
  void take(std::vector<std::string> more) {
    found_.insert(found_.end(), more.begin(), more.end());
  }
  std::vector<std::string> found() && { return std::move(found_); }

 private:
  std::string where_;
  std::vector<std::string> found_;
};

// One letter a role: owner, receiver, contributor, desk.
std::string roles_in(FieldRule::By by) {
  switch (by) {
    case FieldRule::OWNER:
      return "o";
    case FieldRule::RECEIVER:
      return "r";
    case FieldRule::OWNER_AND_RECEIVER:
      return "or";
    case FieldRule::CENTRAL:
      return "d";
    case FieldRule::ANY:
      return "orcd";
    case FieldRule::OWNER_AND_CENTRAL:
      return "od";
    default:
      return "";
  }
}

bool within(FieldRule::By inner, FieldRule::By outer) {
  const std::string allowed = roles_in(outer);
  const std::string asked = roles_in(inner);
  return std::all_of(asked.begin(), asked.end(),
                     [&](char role) { return allowed.find(role) != std::string::npos; });
}

// The states that can be reached from the value 0.
std::set<std::string> reachable(const EnumDescriptor& states) {
  std::set<std::string> reached = {states.FindValueByNumber(0)->name()};
  for (int round = 0; round < states.value_count(); ++round) {
    for (int i = 0; i < states.value_count(); ++i) {
      for (const auto& step : rule_of(*states.value(i)).enter()) {
        if (reached.contains(step.from())) reached.insert(states.value(i)->name());
      }
    }
  }
  return reached;
}

std::vector<std::string> faults_of_states(const FieldDescriptor& field) {
  const EnumDescriptor& states = *field.enum_type();
  const auto reached = reachable(states);
  std::vector<std::string> found;
  for (int i = 0; i < states.value_count(); ++i) {
    const EnumValueDescriptor& state = *states.value(i);
    Faults faults(state.full_name());
    faults.add_if(!reached.contains(state.name()), "cannot be reached");
    std::set<std::string> from;
    for (const auto& step : rule_of(state).enter()) {
      faults.add_if(states.FindValueByName(step.from()) == nullptr, "entered from no known state");
      faults.add_if(step.from() == state.name(), "entered from itself");
      faults.add_if(!from.insert(step.from()).second, "entered twice from one state");
      faults.add_if(roles_in(step.by()).empty(), "entered by nobody");
      faults.add_if(!within(step.by(), rule_of(field).writers()),
                    "entered by somebody who does not write the field");
    }
    for (auto& fault : std::move(faults).found()) found.push_back(std::move(fault));
  }
  return found;
}

std::vector<std::string> faults_of_severities(const EnumDescriptor& type) {
  Faults faults(type.full_name());
  std::set<std::uint32_t> seen;
  for (int i = 0; i < type.value_count(); ++i) {
    const std::uint32_t severity = rule_of(*type.value(i)).severity();
    faults.add_if(severity == 0, "a value without severity");
    faults.add_if(severity != 0 && !seen.insert(severity).second, "two values of one severity");
  }
  return std::move(faults).found();
}

std::vector<std::string> faults_of_enum(const FieldDescriptor& field) {
  const EnumDescriptor& type = *field.enum_type();
  const auto policy = rule_of(field).policy();
  Faults faults(type.full_name());
  for (int i = 0; i < type.value_count(); ++i) {
    const ValueRule& value = rule_of(*type.value(i));
    faults.add_if(value.label().empty(), "a value without label");
    faults.add_if(policy != FieldRule::LIFECYCLE && value.enter_size() > 0,
                  "transitions, and no LIFECYCLE");
    faults.add_if(policy != FieldRule::STRICTEST && value.severity() > 0,
                  "severities, and not STRICTEST");
  }
  if (policy == FieldRule::STRICTEST) faults.take(faults_of_severities(type));
  if (policy == FieldRule::LIFECYCLE) faults.take(faults_of_states(field));
  return std::move(faults).found();
}

// Does the format belong to this kind of value?
bool fits(const FieldDescriptor& field) {
  const bool text = field.type() == FieldDescriptor::TYPE_STRING;
  const bool bytes = field.type() == FieldDescriptor::TYPE_BYTES;
  const std::uint32_t limit = rule_of(field).bytes_max();
  switch (rule_of(field).format()) {
    case FieldRule::PLAIN:
      return true;
    case FieldRule::DOSSIER_ID:
    case FieldRule::ORGANISATION_ID:
      return bytes && limit == 16;
    case FieldRule::RECORD_ID:
      return bytes && limit == 8;
    case FieldRule::MONEY_PENCE:
    case FieldRule::MINUTES:
      return field.type() == FieldDescriptor::TYPE_UINT32;
    case FieldRule::DATE_TIME:
      return field.type() == FieldDescriptor::TYPE_UINT64;
    default:
      return text;
  }
}

bool is_date(const FieldDescriptor* field) {
  return field && rule_of(*field).format() == FieldRule::DATE;
}

std::vector<std::string> faults_of_dates(const FieldDescriptor& field) {
  const FieldRule& rule = rule_of(field);
  const bool ruled = rule.past() || !rule.not_before().empty() || rule.years_ago_min() > 0;
  Faults faults(field.containing_type()->name() + "." + field.name());
  faults.add_if(ruled && !is_date(&field), "a rule for dates, and no date");
  faults.add_if(!rule.not_before().empty() &&
                    !is_date(field.containing_type()->FindFieldByName(rule.not_before())),
                "comes not before what is no date of this record");
  return std::move(faults).found();
}

bool has_length(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING ||
         field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

std::vector<std::string> faults_of_field(const FieldDescriptor& field) {
  const FieldRule& rule = rule_of(field);
  const bool several = rule.policy() == FieldRule::SET || rule.policy() == FieldRule::APPEND;
  const bool strictest = rule.policy() == FieldRule::STRICTEST;
  const bool is_enum = field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM;
  const bool review = rule.conflict() == FieldRule::REVIEW;

  Faults faults(field.containing_type()->name() + "." + field.name());
  faults.add_if(rule.label().empty(), "no label");
  faults.add_if(rule.policy() == FieldRule::POLICY_UNSPECIFIED, "no policy");
  faults.add_if(roles_in(rule.writers()).empty(), "no writers");
  faults.add_if(rule.sensitivity() == FieldRule::SENSITIVITY_UNSPECIFIED, "no sensitivity");
  faults.add_if(has_length(field) && rule.bytes_max() == 0, "no bytes_max");
  faults.add_if(rule.bytes_max() > bytes_limit, "bytes_max above the limit");
  faults.add_if(!has_length(field) && rule.bytes_max() > 0, "bytes_max of a number");
  faults.add_if(several && !field.is_repeated(), "SET or APPEND, and not repeated");
  faults.add_if(!several && field.is_repeated(), "repeated, and neither SET nor APPEND");
  faults.add_if(strictest && !is_enum, "STRICTEST, and no enum");
  faults.add_if(strictest && roles_in(rule.lower_by()).empty(), "STRICTEST without lower_by");
  faults.add_if(!strictest && rule.lower_by() != FieldRule::BY_UNSPECIFIED,
                "lower_by, and not STRICTEST");
  faults.add_if(rule.policy() == FieldRule::LIFECYCLE && !is_enum, "LIFECYCLE, and no enum");
  faults.add_if(review && (several || rule.policy() == FieldRule::LIFECYCLE),
                "REVIEW of a field that cannot conflict");
  faults.add_if(!within(rule.shown(), rule.writers()), "shown by somebody who does not write it");
  faults.add_if(!fits(field), "format of another kind of value");
  faults.add_if(!rule.codes().empty() && field.type() != FieldDescriptor::TYPE_STRING,
                "codes, and no text");
  faults.take(faults_of_dates(field));
  if (is_enum) faults.take(faults_of_enum(field));
  return std::move(faults).found();
}

}  // namespace

std::vector<std::string> faults_in(const Descriptor& message) {
  const auto& rule = rule_of(message);
  Faults faults(message.name());
  faults.add_if(rule.type() == 0, "no number");
  faults.add_if(rule.dossier() == schema::DOSSIER_KIND_UNSPECIFIED, "no dossier");
  faults.add_if(rule.label().empty() || rule.plural().empty(), "no label or plural");
  faults.add_if(message.field_count() == 0, "no fields");
  for (int i = 0; i < message.field_count(); ++i) faults.take(faults_of_field(*message.field(i)));
  return std::move(faults).found();
}

std::vector<std::string> faults_between(const Messages& messages) {
  std::map<std::uint32_t, int> uses;
  std::map<schema::DossierKind, int> roots;
  for (const Descriptor* message : messages) {
    ++uses[rule_of(*message).type()];
    roots[rule_of(*message).dossier()] += rule_of(*message).root() ? 1 : 0;
  }
  Faults faults("records");
  for (const auto& [number, count] : uses) {
    faults.add_if(count > 1, "number " + std::to_string(number) + " used twice");
  }
  for (const auto& [dossier, count] : roots) {
    faults.add_if(count != 1, schema::DossierKind_Name(dossier) + " has not one root");
  }
  return std::move(faults).found();
}

std::vector<std::string> missing_lists(const Messages& messages, const CodeLists& codes) {
  std::vector<std::string> missing;
  for (const FieldDescriptor* field : fields_of(messages)) {
    const std::string& list = rule_of(*field).codes();
    if (!list.empty() && codes.list(list) == nullptr) missing.push_back(list);
  }
  return missing;
}

std::vector<const FieldDescriptor*> fields_of(const Messages& messages) {
  std::vector<const FieldDescriptor*> fields;
  for (const Descriptor* message : messages) {
    for (int i = 0; i < message->field_count(); ++i) fields.push_back(message->field(i));
  }
  return fields;
}

}  // namespace throughgate::node
