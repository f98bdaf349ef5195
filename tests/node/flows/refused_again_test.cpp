// A change that could not be added as it stood, and was written again: what its author is told.
#include <catch_amalgamated.hpp>

#include "sync/store/placing.h"
#include "sync/store/reauthoring.h"
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

TEST_CASE("a removal that was written again is not written once more with each order given up",
          "[sync][again]") {
  WaitingChange at;
  at.world.sync_all(2);
  auto& node = *at.world.prison.node;
  const auto context = node.context();
  const auto removal =
      must(node.admission().redact(at.id, {{sync::entry_hash(at.waiting().header), 0}},
                                   at.world.prison.records->authorship(at.world.prison.by)));
  const auto before = must(at.world.prison.reader().dossier(at.id)).length;
  {
    sync::store::UnitOfWork work(node.database());
    sync::store::Replica replica(work, at.id, context);
    const sync::Ruling refused{sync::Outcome::rejected, sync::Reason::epoch};
    sync::store::take_final_verdict(replica, removal, refused, at.world.now_ms);
    REQUIRE(sync::store::retry_waiting(replica, at.world.now_ms, context));
    replica.finish();
    must(work.commit());
  }
  at.world.sync_all(2);
  REQUIRE(must(at.world.prison.reader().dossier(at.id)).length == before + 1);

  sync::store::UnitOfWork work(node.database());
  sync::store::Replica replica(work, at.id, context);
  sync::store::take_back_above(replica, before, at.world.now_ms);
  CHECK_FALSE(sync::store::retry_waiting(replica, at.world.now_ms, context));
  CHECK(replica.stored().unplaced(sync::store::Standing::outbox).size() == 1);
}

}  // namespace throughgate::node::testing
