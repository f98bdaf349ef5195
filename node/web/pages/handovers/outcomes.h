// What was done just now, as the page of a handover says it.
#pragma once

#include <array>
#include <span>

#include "node/web/pages/site_pages.h"

namespace throughgate::node::web {

inline std::span<const Outcome> handover_outcomes() {
  static constexpr std::array outcomes{
      Outcome{"begun", "The draft was begun."},
      Outcome{"begun-in-part",
              "The draft was begun. Some of what the person's own record says was not copied, "
              "because it stays in the prison, or was copied and looks as if it should not be "
              "shared: read the draft, and look there for what the partner must know."},
      Outcome{"begun-again",
              "The draft was begun. Look through it: what is known may have changed."},
      Outcome{"saved", "Saved."},
      Outcome{"unchanged", "Nothing was changed."},
      Outcome{"saved-beside",
              "Saved. The stricter value stays in force until an organisation that may lower it "
              "agrees."},
      Outcome{"basis", "The ground for sharing is recorded."},
      Outcome{"shared", "The handover is shared. It is sent when this computer is next online."},
      Outcome{"accepted", "You have accepted this handover."},
      Outcome{"declined", "You have declined this handover."},
      Outcome{"asked", "Your question is recorded. The prison sees it once it has arrived."},
      Outcome{"read", "You have said that you read this."},
      Outcome{"confirmed-by-code",
              "The code fits. The partner has this handover, with the same release day, meeting "
              "place and meeting time."},
      Outcome{"planned", "The plan is saved."},
      Outcome{"planned-in-part",
              "Saved. The handover counts as planned once the meeting place and the meeting time "
              "are given."},
      Outcome{"released", "The release is recorded."},
      Outcome{"gate", "The gate result is recorded."},
      Outcome{"found", "The person is recorded as found."},
      Outcome{"lost", "The person is recorded as not found."},
      Outcome{"support", "Support is recorded as begun."},
      Outcome{"closed", "The handover is closed."},
      Outcome{"stopped", "The handover is stopped."},
      Outcome{"held", "The handover is on hold."},
      Outcome{"removed",
              "Sharing with them ends once this has been sent. Their computers delete their copies "
              "when they are next online."},
      Outcome{"added", "They take part. They see it once this has been sent."},
      Outcome{"backup", "The backup partner is saved."},
      Outcome{"handed-on",
              "The handover goes to the backup partner. The partner before no longer takes part."},
      Outcome{"moved",
              "The other prison keeps this handover once this has been sent. You can still read "
              "it."},
  };
  return outcomes;
}

}  // namespace throughgate::node::web
