// A change that could not be added as it stood, and was written again: what its author is told.
#include <catch_amalgamated.hpp>

#include "tests/node/flows/waiting_change.h"

namespace throughgate::node::testing {
namespace {

using sync::store::NoticeKind;

}  // namespace

TEST_CASE("what was refused and then written again is told once, as written again",
          "[sync][again]") {
  WaitingChange at;
  at.say({sync::Outcome::rejected, sync::Reason::expired});
  CHECK(at.world.sync(at.world.prison).counts.refused == 1);

  at.world.listener = nullptr;
  at.world.sync_all(2);
  CHECK(at.told(NoticeKind::written_again) == 1);
  CHECK(at.told(NoticeKind::refused) == 0);
  const auto held = must(read_case(*at.world.partner.records, at.id));
  CHECK(held.text(schema::Handover::kSenderNameFieldNumber) == "Sam Changed");
}

// The order that it says it judged by is asked for, and holds the change.
TEST_CASE("what a hub refused that had accepted it stands, and nobody is told otherwise",
          "[sync][again]") {
  WaitingChange at;
  at.say({sync::Outcome::rejected, sync::Reason::epoch});
  CHECK(at.world.sync(at.world.prison).counts.refused == 1);

  at.world.listener = nullptr;
  at.world.sync_all(2);
  CHECK(at.told(NoticeKind::written_again) == 0);
  CHECK(at.told(NoticeKind::refused) == 0);
  CHECK(at.name_at(at.world.prison) == "Sam Changed");
  CHECK(at.name_at(at.world.partner) == "Sam Changed");
}

}  // namespace throughgate::node::testing
