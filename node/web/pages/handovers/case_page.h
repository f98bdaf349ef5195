// What the pages of one handover share: how it is found, named and addressed.
#pragma once

#include <functional>
#include <string>

#include "node/handovers/case_file.h"
#include "node/web/components/messages.h"
#include "node/web/pages/site_pages.h"

namespace throughgate::node::web {

// A handler of a page about the handover that the route's ":id" names; what is not here, or cannot
// be opened yet, gets a page that says so.
using CaseHandler = std::function<Response(PageContext&, const CaseFile&)>;
SitePages::Handler on_case(CaseHandler handler);
// The same, for recording what has happened: of one that is closed to reading the handler is given
// no more than its name and where it stands.
SitePages::Handler on_case_to_record(CaseHandler handler);

// "/handovers/2a...", and "/handovers/2a.../accept".
std::string case_address(const CaseFile& file);
std::string case_address(const CaseFile& file, std::string_view page);

// "Alex Example"; "Name not recorded".
std::string person_name(const CaseFile& file);
std::string stage_words(schema::Handover::State state);
Html stage_tag(schema::Handover::State state);
// A day of release stands in it, and its stage says so too: a step that did not apply leaves the
// day it named.
bool was_released(const CaseFile& file);
// "released 4 December 2026", "release 4 December 2026", "release date not known".
std::string release_words(const CaseFile& file);

// "4 December 2026" of an ISO day; other text as it is.
std::string day_words(const std::string& iso);

// The name of an organisation as people here say it; their own is "your organisation".
std::string organisation_words(const PageContext& context, const sync::OrganisationId& id);

// Did it stop, and was it this organisation's, so that another one may take its place?
bool may_begin_again(const CaseFile& file);

}  // namespace throughgate::node::web
