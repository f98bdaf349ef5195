// What the pages of one volunteer share: which record an address means, what it is called, and in
// which cards and forms its fields stand.
#pragma once

#include <string>
#include <vector>

#include "node/volunteers/where_they_stand.h"
#include "node/web/pages/record_editor.h"

namespace throughgate::node::web::volunteers {

// The volunteer of the route's ":id".
struct Place {
  sync::DossierId id;
  sync::store::RecordView record;  // the part that travels
  std::string name;                // "Amara O'Brien"
  std::string address;             // "/volunteers/..."

  // May this organisation write anything in it?
  bool is_written_here() const;
  WhereTheyStand where_they_stand() const;
};
//   not_found  no such volunteer is here
sync::Result<Place> place_in(const PageContext& context);

// The volunteer whose part that travels, or whose file, a dossier is. nullopt: a file of somebody
// who is not here.
sync::Result<std::optional<sync::DossierId>> volunteer_of(const PageContext& context,
                                                          const sync::DossierId& dossier);
// The record types of both.
std::vector<std::uint32_t> types_of_volunteers();

// The part that stays with the site. nullopt: this site has none.
sync::Result<std::optional<sync::store::RecordName>> file_of(const PageContext& context,
                                                             const sync::DossierId& volunteer);

// The record of ":type" and ":record", of the part that travels or of the file.
//   not_found  there is none, or it is none of this volunteer's
sync::Result<sync::store::RecordName> record_in(const PageContext& context, const Place& place);
std::string record_address(const Place& place, const sync::store::RecordName& name);

// The kinds of record that may be added to a volunteer, and to the file, by filling in a form.
std::vector<const RecordType*> added_to(schema::DossierKind dossier);

std::vector<FieldSection> sections_of(const RecordType& type);
RecordForm form_of(const PageContext& context, const RecordType& type, sync::Role own_role);
// What tells one clearance, training or note from another: its first needed detail that people can
// read.
std::string title_of(const PageContext& context, const sync::store::RecordView& record);
// "Training passed" as it stands within a sentence: "training passed".
std::string in_sentence(const RecordType& type);

}  // namespace throughgate::node::web::volunteers
