// What a page calls a record and an organisation.
#pragma once

#include <string>

#include "node/record_service.h"

namespace throughgate::node::web {

// "Handover of Alex Example", "Volunteer Amara O'Brien"; "Handover, name not recorded", "Site
// settings" for what has no name.
std::string record_title(const RecordService& records, const sync::store::DossierView& dossier);
// "handover", "volunteer"; "record" for what this program does not know.
std::string kind_of_record(const sync::store::DossierView& dossier);

// An organisation's name in the central list; "the central team" for the one that keeps that list.
std::string place_name(const OpenNode& node, const sync::OrganisationId& organisation);
// The same to begin a sentence with.
std::string place_name_first(const OpenNode& node, const sync::OrganisationId& organisation);
// Who keeps a record, to begin a sentence with.
std::string keeper_name(const OpenNode& node, const sync::store::DossierView& dossier);

}  // namespace throughgate::node::web
