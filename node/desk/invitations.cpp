#include "node/desk/invitations.h"

namespace throughgate::node {

sync::Result<sync::Done> check_not_let_in(const std::optional<std::uint64_t>& approved_in) {
  if (!approved_in) return sync::Done{};
  return sync::Error{sync::ErrorKind::denied,
                     "This computer has been let in already. Nothing was changed."};
}

std::vector<std::string> meaning_of_taking_back(const Invited& invited) {
  const auto& name = invited.invitation.name;
  std::vector<std::string> out{
      "The code lets nobody in from then on, whoever has it, and the invitation is listed here no "
      "more. Nobody has read a record by it: a code lets a computer ask, and no more.",
      "There is no way back. To let " + name +
          " in after all, invite them again, with a new code."};
  if (invited.applicant) {
    out.push_back("The computer \"" + invited.applicant->label + "\" of " +
                  invited.applicant->name +
                  " has asked with it, and is not told: it goes on waiting. Ring them.");
  }
  return out;
}

}  // namespace throughgate::node
