// Who works here: the list for everybody; for those who look after it, somebody new, roles, a
// forgotten password and leaving. And everybody's own password.
//
// Whatever sets a password asks for the person's own first: nobody does it at a screen that was
// left open, and no page needs the store's key.
#pragma once

#include "node/accounts/accounts.h"
#include "node/staff/staff.h"
#include "node/web/pages/site_pages.h"

namespace throughgate::node::web {

// Both must outlive the routes.
void add_staff_pages(SitePages& pages, Accounts& accounts, const DataFolder& folder);

// ---- what the files of these pages share

struct StaffDesk {
  Accounts& accounts;
  const DataFolder& folder;
};
using StaffHandler = Response (*)(PageContext&, const StaffDesk&);
// The handler, for those who look after the staff list; the others read who does.
SitePages::Handler for_staff(StaffHandler handler, const StaffDesk& desk);

// Of the route's ":id".
sync::Result<StaffEntry> member_in(const PageContext& context);
std::string staff_address(const StaffEntry& member, std::string_view page);
std::string role_words(const PageContext& context, const std::vector<std::string>& roles);

// "own_password", checked as at a sign-in, wrong ones counted.
//   denied, invalid  in words for beside the question
sync::Result<crypto::DatabaseKey> key_by_own_password(const PageContext& context,
                                                      const StaffDesk& desk);
Html own_password_question(const std::string& error);

struct StaffForm {
  std::string title;
  std::string caption;
  std::string address;
  std::string button;
  Html inside;
  std::vector<std::pair<std::string, std::string>> errors{};  // words, and the field's name
  bool may_be_left = true;  // else every other page leads back here
};
Response staff_form(const PageContext& context, const StaffForm& shown);

void add_staff_list(SitePages& pages);
void add_new_staff_page(SitePages& pages, const StaffDesk& desk);
void add_staff_change_pages(SitePages& pages, const StaffDesk& desk);
void add_own_password_page(SitePages& pages, const StaffDesk& desk);

}  // namespace throughgate::node::web
