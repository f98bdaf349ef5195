// The parts of the page that shows one handover.
#pragma once

#include "node/disputes.h"
#include "node/handovers/completeness.h"
#include "node/handovers/events.h"
#include "node/handovers/next_steps.h"
#include "node/web/pages/handovers/case_page.h"

namespace throughgate::node::web {

// What to do next and by when, and the steps that may be taken now.
Html next_steps_part(const PageContext& context, const CaseFile& file,
                     const std::vector<NextStep>& steps);
// What is still missing before it can be shared, each with the way to where it is written.
Html missing_part(const PageContext& context, const CaseFile& file, const Completeness& complete);

// Do's and don'ts, the facts in sections, needs.
Html flags_part(const PageContext& context, const CaseFile& file);
Html facts_part(const PageContext& context, const CaseFile& file, const DisputedFields& disputed);
// What the person says is wrong, wherever in the handover it stands.
Html disputes_part(const DisputedFields& disputed);
Html needs_part(const PageContext& context, const CaseFile& file);
Html grounds_part(const PageContext& context, const CaseFile& file);
sync::Result<Html> members_part(const PageContext& context, const CaseFile& file);

// Each detail that was changed in two places, with all its values and who said which.
sync::Result<Html> two_places_part(const PageContext& context, const CaseFile& file);

Html history_part(const std::vector<HandoverEvent>& events);

}  // namespace throughgate::node::web
