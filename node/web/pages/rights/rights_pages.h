// What people may ask of whoever keeps their records, and how long these are kept.
#pragma once

#include "node/accounts/accounts.h"
#include "node/erasure/retention.h"
#include "node/web/pages/site_pages.h"

namespace throughgate::node::web {

// The schedule as its file has it now.
using RetentionSource = std::function<sync::Result<RetentionSchedule>()>;

struct RightsParts {  // all must outlive the routes
  Accounts& accounts;
  const DataFolder& folder;
  RetentionSource retention;
};
// All of the pages below.
void add_rights_pages(SitePages& pages, const RightsParts& parts);

// The ways from a volunteer's or handover's own page: as many as the person may go.
Html ways_for_record(const PageContext& context, const sync::DossierId& id);

// ---- by subject

// Where all of it begins.
void add_keeping_page(SitePages& pages);
// All that is kept of one person, as a file for them.
void add_subject_access_pages(SitePages& pages);
std::string subject_access_address(const sync::DossierId& person);
// Asking for a record to be erased, and how far that is.
void add_erase_pages(SitePages& pages);
std::string erase_address_of(const sync::DossierId& record);
// Legal holds.
void add_hold_pages(SitePages& pages);
std::string hold_address_of(const sync::DossierId& record);
// What has been kept as long as the rules say.
void add_due_pages(SitePages& pages, const RetentionSource& source);
Html schedule_part(const RetentionSchedule& schedule);  // how long each kind is kept
// A value that the person says is wrong: corrected, or kept with a note.
void add_correct_pages(SitePages& pages);
std::string correct_address_of(const sync::DossierId& record);
// One value out of a record, for everybody; facts copied from what was erased.
void add_removal_pages(SitePages& pages);
std::string removal_address_of(const sync::DossierId& record);
// What a lost computer or file could show.
void add_breach_pages(SitePages& pages);
std::string lost_computer_address(const sync::NodeId& id);
std::string lost_file_address(std::uint64_t number);
// At the central team: requests, signing, who has not erased.
void add_desk_erasure_pages(SitePages& pages);
// Backups, and whether what is kept here is sound.
void add_backup_pages(SitePages& pages, Accounts& accounts, const DataFolder& folder);

}  // namespace throughgate::node::web
