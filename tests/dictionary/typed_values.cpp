#include "tests/dictionary/typed_values.h"

#include <array>

namespace throughgate::dictionary {
namespace {

using google::protobuf::FieldDescriptor;
using schema::FieldRule;
using Wordlist = std::array<const char*, 24>;

constexpr Wordlist given_names{"Ann",    "Bryn", "Carys", "Dev",   "Ellen", "Farah",
                               "George", "Hana", "Ivor",  "Joan",  "Kwame", "Lena",
                               "Mair",   "Nia",  "Owen",  "Priya", "Rhys",  "Sarah",
                               "Tomasz", "Uma",  "Vera",  "Wyn",   "Yusuf", "Zoe"};
constexpr Wordlist family_names{"Adeyemi", "Bevan",  "Carter",  "Davies",   "Evans", "Farrell",
                                "Green",   "Hughes", "Iqbal",   "Jones",    "Khan",  "Lewis",
                                "Morgan",  "Novak",  "Osborne", "Patel",    "Rees",  "Smith",
                                "Taylor",  "Usman",  "Vaughan", "Williams", "Young", "Zielinska"};
constexpr Wordlist streets{
    "High Street",   "Mill Lane",     "Church Road", "Station Road", "Park Avenue", "The Green",
    "School Lane",   "North Street",  "Kings Road",  "Queen Street", "Chapel Hill", "Bridge Street",
    "Victoria Road", "Market Place",  "Albert Road", "Manor Way",    "Springfield", "West End",
    "South View",    "Castle Street", "London Road", "New Road",     "Broadway",    "Grange Close"};
constexpr Wordlist towns{"Leeds",      "Cardiff",    "Bristol",    "Durham",   "Exeter",
                         "Lincoln",    "Norwich",    "Preston",    "Stoke",    "Swansea",
                         "Hull",       "Bedford",    "Winchester", "Usk",      "Wakefield",
                         "Doncaster",  "Dorset",     "Kent",       "Sussex",   "Liverpool",
                         "Manchester", "Nottingham", "Oxford",     "Leicester"};
constexpr Wordlist sentences{"Asked for a call back",
                             "Rang to confirm the time",
                             "Prefers to be met in the morning",
                             "Needs help with travel",
                             "Has somewhere to stay",
                             "No longer at this address",
                             "Waiting for the form",
                             "Spoke to the offender manager",
                             "Wrong number before",
                             "Agreed at the meeting",
                             "Will bring identification",
                             "Ask for the duty worker",
                             "Changed at their request",
                             "Typed wrongly",
                             "Checked with the prison",
                             "Main gate, by the car park",
                             "To be met by a volunteer",
                             "Needs an appointment with the GP",
                             "Would like support with work",
                             "Has a bank account",
                             "Medication for seven days",
                             "Speaks to family weekly",
                             "Not before the end of the week",
                             "Bus pass and a travel warrant"};

bool says(const FieldDescriptor& field, const char* part) {
  return field.name().find(part) != std::string::npos;
}

bool is_id(schema::FieldRule::Format format) {
  return format == FieldRule::DOSSIER_ID || format == FieldRule::ORGANISATION_ID ||
         format == FieldRule::RECORD_ID;
}

// Can a person type it? Ids are chosen, not typed, and stages move by steps.
bool is_typed(const FieldDescriptor& field) {
  const auto& rule = node::rule_of(field);
  return !is_id(rule.format()) && rule.policy() != FieldRule::LIFECYCLE &&
         field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE &&
         field.type() != FieldDescriptor::TYPE_BYTES;
}

std::string padded(std::uint64_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

}  // namespace

std::vector<node::FieldInput> TypedValues::inputs(const node::RecordType& type) {
  std::vector<const FieldDescriptor*> chosen;
  std::size_t others = 0;
  for (int i = 0; i < type.descriptor->field_count(); ++i) {
    const auto& field = *type.descriptor->field(i);
    if (!is_typed(field)) continue;
    // What comes first in a record is what is mostly filled in.
    const bool wanted = node::rule_of(field).required() || random_.chance(others < 9 ? 0.8 : 0.1);
    if (wanted) chosen.push_back(&field);
    others += wanted ? 1 : 0;
  }
  std::vector<node::FieldInput> out;
  for (const auto* field : chosen) out.push_back({field->name(), typed(*field)});
  return out;
}

node::FieldInput TypedValues::input(const node::RecordType& type) {
  for (;;) {
    const auto& field = *type.descriptor->field(static_cast<int>(
        random_.below(static_cast<std::uint64_t>(type.descriptor->field_count()))));
    if (!is_typed(field)) continue;
    if (node::rule_of(field).policy() == FieldRule::SET) {
      return {field.name(), typed(field), node::FieldInput::How::add};
    }
    return {field.name(), typed(field)};
  }
}

std::string TypedValues::person() {
  return std::string(one_of(given_names)) + " " + one_of(family_names);
}

std::string TypedValues::sentence() { return one_of(sentences); }

std::string TypedValues::staff_roles() {
  const auto& roles = codes_.list("staff-roles")->codes();
  const std::string first =
      random_.chance(0.5) ? "coordinator" : roles[random_.below(roles.size())].code;
  return random_.chance(0.3) ? first + "," + roles[random_.below(roles.size())].code : first;
}

std::string TypedValues::day() {
  return std::to_string(2025 + random_.below(3)) + "-" + padded(1 + random_.below(12), 2) + "-" +
         padded(1 + random_.below(28), 2);
}

std::string TypedValues::typed(const FieldDescriptor& field) {
  const auto& rule = node::rule_of(field);
  if (const auto* list = codes_.list(rule.codes())) {
    for (;;) {
      const auto& code = list->codes()[random_.below(list->codes().size())];
      if (code.offered() && code.fact("share") != "S0") return code.code;
    }
  }
  if (const auto* numbers = field.enum_type()) {
    const int at =
        static_cast<int>(random_.below(static_cast<std::uint64_t>(numbers->value_count())));
    return numbers->value(at)->name();
  }
  if (field.type() == FieldDescriptor::TYPE_BOOL) return random_.chance(0.5) ? "yes" : "no";
  return text(field);
}

std::string TypedValues::text(const FieldDescriptor& field) {
  switch (node::rule_of(field).format()) {
    case FieldRule::DATE:
      return says(field, "birth") ? std::to_string(1945 + random_.below(60)) + day().substr(4)
                                  : day();
    case FieldRule::TIME:
      return padded(8 + random_.below(11), 2) + ":" + padded(random_.below(12) * 5, 2);
    case FieldRule::DATE_TIME:
      return day() + " " + padded(8 + random_.below(11), 2) + ":" + padded(random_.below(60), 2);
    case FieldRule::EMAIL:
      return std::string(one_of(given_names)) + std::to_string(random_.below(1000)) +
             "@example.org";
    case FieldRule::TELEPHONE:
      return "07700 900" + padded(random_.below(1000), 3);
    case FieldRule::POSTCODE:
      return "LS" + std::to_string(1 + random_.below(9)) + " " + std::to_string(random_.below(10)) +
             "CM";
    case FieldRule::PRISON_NUMBER:
      return "A" + padded(random_.below(10'000), 4) + "ZZ";
    case FieldRule::MONEY_PENCE:
      return std::to_string(random_.below(60)) + "." + padded(random_.below(100), 2);
    case FieldRule::MINUTES:
      return std::to_string(15 * (1 + random_.below(12)));
    default:
      break;
  }
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING)
    return std::to_string(1 + random_.below(40));
  if (says(field, "given")) return one_of(given_names);
  if (says(field, "family") || says(field, "former") || says(field, "known_as"))
    return one_of(family_names);
  if (says(field, "name") || says(field, "_by") || says(field, "author")) return person();
  if (says(field, "address")) return std::to_string(1 + random_.below(180)) + " " + one_of(streets);
  if (says(field, "town") || says(field, "area") || says(field, "place")) return one_of(towns);
  if (says(field, "reference") || says(field, "code") || says(field, "crn"))
    return "V" + padded(random_.below(1'000'000), 6);
  return sentence();
}

}  // namespace throughgate::dictionary
