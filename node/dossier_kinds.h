// Where each kind of record lives: who shares a new dossier, who may begin one, and of which there
// is only one.
#pragma once

#include <optional>
#include <vector>

#include "node/open_node.h"
#include "schema/options.pb.h"

namespace throughgate::node {

// The members of a new dossier of this kind, this organisation as owner.
//   denied  an organisation of this kind does not begin such a record
sync::Result<std::vector<sync::Member>> members_of_new(schema::DossierKind kind,
                                                       const OpenNode& node);

// The field that tells one dossier of its kind from another, where there may be only one for each
// value: a volunteer's file, a month's diary. Empty where any number may be.
std::string_view unique_field(schema::DossierKind kind);

// nullopt: this organisation is not in the directory held here.
std::optional<sync::OrganisationKind> own_kind(const OpenNode& node);
// The name in the directory. Where it is not there: of this organisation the name given at set-up,
// of others the id's first digits.
std::string organisation_name(const OpenNode& node, const sync::OrganisationId& id);
// "the owner", "the partner" ...: an organisation by its role in a dossier.
std::string_view role_in_words(sync::Role role);

}  // namespace throughgate::node
