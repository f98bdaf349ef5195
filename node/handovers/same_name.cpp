#include "node/handovers/same_name.h"

#include "node/handovers/handover_list.h"
#include "node/intake/cell_text.h"
#include "records/person.pb.h"

namespace throughgate::node {
namespace {

using schema::Handover;
using sync::ErrorKind;
using sync::Result;

bool are_alike(const std::string& one, const std::string& other) {
  return plain_key(one) == plain_key(other);
}

}  // namespace

Result<std::vector<CaseFile>> under_way_of_name(RecordService& records,
                                                const std::string& given_name,
                                                const std::string& family_name) {
  HandoverFilter filter;
  filter.words = family_name;
  auto found = list_handovers(records, filter, {});
  // A name of which nothing can be searched for, or of more words than a search takes.
  if (!found && found.error().kind == ErrorKind::invalid) return std::vector<CaseFile>{};
  if (!found) return found.error();
  std::vector<CaseFile> out;
  for (auto& each : found->rows) {
    const auto given = each.file.text(Handover::kGivenNameFieldNumber);
    const bool named = are_alike(each.file.text(Handover::kFamilyNameFieldNumber), family_name) &&
                       (given.empty() || given_name.empty() || are_alike(given, given_name));
    const bool ours = each.file.role() == sync::Role::owner;
    if (named && ours) out.push_back(std::move(each.file));
  }
  return out;
}

Result<std::vector<CaseFile>> under_way_of_person(RecordService& records,
                                                  const sync::DossierId& person) {
  using schema::Person;
  const auto root = records.reader().read({person, {}, record_type(*Person::descriptor())->number});
  if (!root) return root.error();
  const auto text = [&](int number) {
    const auto* field = root->field(static_cast<std::uint32_t>(number));
    const auto* shown = field ? field->shown() : nullptr;
    return shown ? std::string(crypto::as_text(shown->value)) : std::string();
  };
  return under_way_of_name(records, text(Person::kGivenNameFieldNumber),
                           text(Person::kFamilyNameFieldNumber));
}

}  // namespace throughgate::node
