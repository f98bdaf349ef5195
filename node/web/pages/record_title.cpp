#include "node/web/pages/record_title.h"

#include "node/dossier_kinds.h"
#include "node/records/catalogue.h"
#include "node/whole_name.h"

namespace throughgate::node::web {
namespace {

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
  const auto name = whole_name(records, dossier);
  if (!name || name->empty()) return label + ", name not recorded";
  return label + (type->dossier == schema::CASE ? " of " : " ") + *name;
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
