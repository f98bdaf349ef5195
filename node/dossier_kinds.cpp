#include "node/dossier_kinds.h"

namespace throughgate::node {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Member;
using sync::OrganisationKind;
using sync::Role;

bool desk_takes_part(schema::DossierKind kind, const OpenNode& node) {
  if (kind == schema::CASE || kind == schema::ERASURE || kind == schema::HOLD) return true;
  return kind == schema::VOLUNTEER && node.directory().volunteers_shared_with_desk();
}

}  // namespace

std::optional<OrganisationKind> own_kind(const OpenNode& node) {
  const auto* own = node.directory().organisation(node.identity().organisation);
  return own ? std::optional(own->kind) : std::nullopt;
}

sync::Result<std::vector<Member>> members_of_new(schema::DossierKind kind, const OpenNode& node) {
  const auto organisation = own_kind(node);  // none yet: it may record at once
  const bool of_prison = kind == schema::PERSON || kind == schema::CASE;
  if (of_prison && organisation && *organisation != OrganisationKind::prison) {
    return Error{ErrorKind::denied,
                 "Only a prison begins a record of a person in prison or a handover. Nothing was "
                 "saved."};
  }
  if (kind == schema::LINK && organisation != OrganisationKind::central) {
    return Error{ErrorKind::denied, "Only the central team links records. Nothing was saved."};
  }
  std::vector<Member> out{{node.identity().organisation, Role::owner}};
  const auto central = node.directory().central();
  if (central && *central != node.identity().organisation && desk_takes_part(kind, node)) {
    out.push_back({*central, Role::central});
  }
  return out;
}

std::string_view unique_field(schema::DossierKind kind) {
  switch (kind) {
    case schema::VOLUNTEER_FILE:
    case schema::VETTING_NOTES:
    case schema::DIVERSITY:
      return "volunteer";
    case schema::DIARY:
      return "month";
    default:
      return {};
  }
}

std::string organisation_name(const OpenNode& node, const sync::OrganisationId& id) {
  if (const auto* organisation = node.directory().organisation(id)) return organisation->name;
  if (id == node.identity().organisation) {
    return node.name_at_setup().empty() ? "your organisation" : node.name_at_setup();
  }
  return "organisation " + id.hex().substr(0, 8);
}

std::string_view role_in_words(Role role) {
  switch (role) {
    case Role::owner:
      return "the organisation that keeps this record";
    case Role::receiver:
      return "the partner it is handed to";
    case Role::contributor:
      return "an organisation that adds to it";
    case Role::reader:
      return "an organisation that only reads it";
    case Role::central:
      return "the central team";
  }
  return "nobody";
}

}  // namespace throughgate::node
