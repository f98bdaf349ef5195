#include "node/refusal_words.h"

namespace throughgate::node {

using sync::Reason;

std::string why_refused(Reason reason, const std::string& own, const std::string& kind) {
  switch (reason) {
    case Reason::revoked:
      return "this computer had been shut out by the central team";
    case Reason::not_a_member:
    case Reason::not_yet_a_member:
      return own + " was no longer part of this " + kind;
    case Reason::reader:
      return own + " may read this " + kind + ", but not change it";
    case Reason::stream_closed:
      return "an earlier change of this computer could not be added either";
    case Reason::membership_version:
      return "who shares this " + kind + " had been changed by somebody else first";
    case Reason::epoch:
    case Reason::key_kept_after_removal:
      return "somebody had been taken out of this " + kind + " just before";
    case Reason::redact_role:
      return own + " may not remove values from this " + kind;
    case Reason::redact_target:
      return "the value that it removes is not there";
    case Reason::expired:
      return "it had waited for more than 14 days";
    case Reason::erased:
      return "this " + kind + " has been erased";
    case Reason::dependency:
    case Reason::dependency_missing:
      return "a change that it builds on could not be added";
    default:
      return "it no longer fitted what the central exchange holds";
  }
}

}  // namespace throughgate::node
