// The pages on which one step is taken: a few questions and a button. An error shows them again
// with all that was typed; a step that does not fit any more says what happened meanwhile.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "node/handovers/handovers.h"
#include "node/handovers/offered_steps.h"
#include "node/web/pages/handovers/case_page.h"
#include "node/web/pages/handovers/step_questions.h"

namespace throughgate::node::web {

struct StepPage {
  Step step;
  std::string title;   // and <h1>
  std::string button;  // what the button says
  bool is_warning = false;
  // Above the questions; may be empty.
  std::function<Html(const PageContext&, const CaseFile&)> before{};
  std::function<std::vector<StepQuestion>(const PageContext&, const CaseFile&)> questions{};
  // What one answer asks of another.
  std::function<void(StepQuestions&)> check{};
  std::function<sync::Result<Saved>(PageContext&, const CaseFile&, const StepAnswers&)> take;
  // Of the banner on the page that comes after; see outcomes.h.
  std::function<std::string(const StepAnswers&)> outcome;
};
// GET and POST at the step's address; see step_links.h.
void add_step_page(SitePages& pages, const StepPage& step);

}  // namespace throughgate::node::web
