#include "node/web/pages/handovers/step_links.h"

#include <algorithm>
#include <array>

#include "node/web/pages/handovers/case_page.h"

namespace throughgate::node::web {
namespace {

using schema::Handover;

constexpr std::array links{
    StepLink{Step::basis, "basis", "Record the ground for sharing"},
    StepLink{Step::share, "share", "Share with a partner"},
    StepLink{Step::accept, "accept", "Accept this handover"},
    StepLink{Step::more_info, "more-info", "Ask the prison for more"},
    StepLink{Step::decline, "decline", "Decline this handover"},
    StepLink{Step::code, "code", "Make a handover code"},
    StepLink{Step::confirm_code, "confirm-code", "Enter the partner's code"},
    StepLink{Step::plan, "plan", "Plan the meeting and the gate"},
    StepLink{Step::release, "release", "Confirm the release"},
    StepLink{Step::gate, "gate", "Say how it went at the gate"},
    StepLink{Step::found, "found", "The person was found"},
    StepLink{Step::lost, "lost", "The person was not found"},
    StepLink{Step::support, "support", "Support has begun"},
    StepLink{Step::close, "close", "Close this handover"},
    StepLink{Step::stop, "stop", "Hold or stop this handover"},
    StepLink{Step::add_partner, "add-partner", "Let somebody else take part"},
    StepLink{Step::remove_partner, "remove-partner", "Stop sharing with somebody"},
    StepLink{Step::backup, "backup", "Name a backup partner"},
    StepLink{Step::use_backup, "use-backup", "Hand it to the backup partner"},
    StepLink{Step::move_to, "move-to", "The person is in another prison"},
};

std::string page_of(const std::string& action, Handover::State state) {
  if (action == "acknowledge") return "read";
  if (action == "set") return state == Handover::PLANNED ? "plan" : "change/notes";
  if (action == "review") return "change/notes";
  if (action == "date") return "change/release";
  if (action == "wait" || action == "ring" || action == "complete" || action == "new") return {};
  return action;
}

}  // namespace

const StepLink& link_of(Step step) {
  return *std::find_if(links.begin(), links.end(),
                       [&](const StepLink& each) { return each.step == step; });
}

std::optional<Url> way_to(const NextStep& step, const CaseFile& file) {
  if (step.action == "complete") return Url("#missing");
  if (step.action == "new") return Url(case_address(file, "again"));
  const std::string page = page_of(step.action, file.state);
  return page.empty() ? std::nullopt : std::optional(Url(case_address(file, page)));
}

}  // namespace throughgate::node::web
