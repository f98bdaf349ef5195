#include "node/web/pages/record_title.h"

#include "node/dossier_kinds.h"
#include "node/records/catalogue.h"
#include "node/shown_values.h"

namespace throughgate::node::web {
namespace {

std::string shown_text(const RecordService& records, const sync::store::RecordView& record,
                       const RecordType& type, std::string_view field_name) {
  const auto* field = field_named(type, field_name);
  const auto* view = field ? record.field(static_cast<std::uint32_t>(field->number())) : nullptr;
  return view ? joined(*field, shown_values(*view), records.codes()) : std::string();
}

std::string with_capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

}  // namespace

std::string record_title(const RecordService& records, const sync::store::DossierView& dossier) {
  const auto* type = record_type(dossier.root_type);
  if (!type) return "A record";
  std::string label = rule_of(*type->descriptor).label();
  if (!field_named(*type, "family_name")) return label;
  std::string name;
  if (const auto root = records.reader().read({dossier.id, {}, dossier.root_type})) {
    name = shown_text(records, *root, *type, "given_name");
    const std::string family = shown_text(records, *root, *type, "family_name");
    if (!name.empty() && !family.empty()) name += " ";
    name += family;
  }
  if (name.empty()) return label + ", name not recorded";
  return label + (type->dossier == schema::CASE ? " of " : " ") + name;
}

std::string kind_of_record(const sync::store::DossierView& dossier) {
  const auto* type = record_type(dossier.root_type);
  if (!type) return "record";
  std::string label = rule_of(*type->descriptor).label();
  if (label[0] >= 'A' && label[0] <= 'Z') label[0] = static_cast<char>(label[0] + 32);
  return label;
}

std::string place_name(const OpenNode& node, const sync::OrganisationId& organisation) {
  if (node.directory().central() == organisation) return "the central team";
  return organisation_name(node, organisation);
}

std::string place_name_first(const OpenNode& node, const sync::OrganisationId& organisation) {
  return with_capital(place_name(node, organisation));
}

std::string keeper_name(const OpenNode& node, const sync::store::DossierView& dossier) {
  const auto* owner = dossier.member(sync::Role::owner);
  return with_capital(owner ? place_name(node, owner->organisation)
                            : std::string(role_in_words(sync::Role::owner)));
}

}  // namespace throughgate::node::web
