// What the pages about keeping and erasing share.
#pragma once

#include "node/erasure/holds.h"
#include "node/web/components/messages.h"
#include "node/web/components/page.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/site_pages.h"

namespace throughgate::node::web {

constexpr char keeping_address[] = "/keeping";

// A page of one column, with a way back to `back`.
struct KeepingPage {
  std::string title;
  std::string caption{};
  Html main{};
  std::string error{};  // of the question `error_field`
  std::string error_field = "reason";
  std::vector<std::pair<std::string, std::string>> more_errors{};  // each with its field
  std::string back = keeping_address;
  std::string back_words = "Keeping and erasing";
};
Response keeping_page(const PageContext& context, const KeepingPage& page);

// What was typed cannot be saved as it stands: the form is shown again with it, and says why.
template <class T>
bool is_to_be_changed(const sync::Result<T>& saved) {
  return !saved && saved.error().kind == sync::ErrorKind::invalid;
}

// A form with one question: why. Nobody is named in the answer, as it is kept.
struct ReasonForm {
  std::string action;
  std::string question;
  std::string hint = "Do not name the person: this is kept";
  std::string button;
  bool is_warning = false;  // what it does cannot be taken back
  std::string error{};
  Html more{};  // other questions, before it
};
Html reason_form(const PageContext& context, const ReasonForm& form);

std::string names_of(const OpenNode& node, const std::vector<sync::OrganisationId>& organisations);
std::string when_text(std::uint64_t ms);  // "4 December 2026 at 8:30am"; "never" for 0

// The record of the route's ":id" as it may be read here; whoever may ask sees at least its kind.
//   not_found
sync::Result<std::string> title_of_record(const PageContext& context, const sync::DossierId& id);
// The page of the volunteer or handover; the list of these pages for any other.
std::string page_of_record(const PageContext& context, const sync::DossierId& id);

// Every detail in which something stands, as the person sees it, by record: links to `begin` with
// the field behind it, as addresses.h writes fields.
sync::Result<Html> list_of_fields(const PageContext& context, const sync::DossierId& id,
                                  const std::string& begin);
std::string field_address(const std::string& begin, const FieldAddress& at);

// A handler for the record of the route's ":id".
using OfRecord = Response (*)(PageContext&, const sync::DossierId&);
SitePages::Handler of_record(Act act, OfRecord page);

}  // namespace throughgate::node::web
