// Why somebody changes a record, in their words: asked on every form that changes one, kept with
// the change. No field of a record has this name.
#pragma once

#include "node/web/pages/site_pages.h"

namespace throughgate::node::web {

struct ReasonQuestion {
  std::string label = "Why you are changing this (optional)";
  std::string hint = "Kept in the history";
};
// With what was typed, where the form is shown again.
Html reason_question(const PageContext& context, const ReasonQuestion& question = {});

// Who is signed in, with the reason that the form sent.
By by_with_reason(const PageContext& context);

}  // namespace throughgate::node::web
