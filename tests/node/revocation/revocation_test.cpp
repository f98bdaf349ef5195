// What is refused of a computer that was withdrawn, and what the desk will not do.
#include "tests/node/revocation/stolen_world.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using sync::ErrorKind;

TEST_CASE("the exchange refuses a computer that was withdrawn, and tells it plainly", "[revoke]") {
  StolenWorld at;
  StolenWorld::record(*at.laptop, "Thief's Invention");
  at.revoke(at.id(*at.laptop));
  const auto refused = refusal(at.visit(*at.laptop));
  CHECK(refused.kind == ErrorKind::denied);
  CHECK(says(refused, "withdrawn"));
  must(at.visit(at.prison));
  CHECK(names_of(*at.prison.node).size() == 4);
}

TEST_CASE("a site that hears of it only by stick takes nothing more of a withdrawn computer",
          "[revoke]") {
  StolenWorld at;
  StolenWorld::record(*at.laptop, "Before They Heard");
  const auto early = unsent_of(*at.laptop->node);
  for (const auto& entry : early) must(at.prison.node->admission().receive_by_hand(entry));
  REQUIRE(names_of(*at.prison.node).size() == 5);  // shown, until they hear
  const auto accepted = digests_of(*at.prison.node);

  must(at.desk.desk().revoke(at.id(*at.laptop), RevocationReason::stolen, 0));
  UnitOfWork work(at.desk.node->database(), Purpose::reading);
  const auto steps = sync::store::DirectoryTable(work).after(at.prison.node->directory().version());
  must(work.commit());
  for (const auto& step : steps) must(at.prison.node->take_directory(step));

  CHECK(names_of(*at.prison.node).size() == 4);  // what had its place stays
  CHECK(digests_of(*at.prison.node) == accepted);
  StolenWorld::record(*at.laptop, "After They Heard");
  for (const auto& entry : unsent_of(*at.laptop->node)) {
    if (std::find(early.begin(), early.end(), entry) != early.end()) continue;
    const auto refused = refusal(at.prison.node->admission().receive_by_hand(entry));
    CHECK(refused.kind == ErrorKind::denied);
    CHECK(says(refused, "withdrawn"));
  }
  CHECK(names_of(*at.prison.node).size() == 4);
}

TEST_CASE("the desk withdraws no computer that it is working on", "[revoke]") {
  StolenWorld at;
  const auto version = at.desk.node->directory().version();
  const auto itself = refusal(at.desk.desk().revoke(at.id(at.desk), RevocationReason::retired, 0));
  CHECK(itself.kind == ErrorKind::denied);
  CHECK(says(itself, "root key holders"));
  CHECK(at.desk.node->directory().version() == version);
}

TEST_CASE("what cannot be withdrawn is refused, and nothing is signed", "[revoke]") {
  StolenWorld at;
  const auto version = at.desk.node->directory().version();
  const auto unknown = sync::NodeId::random(at.world.random);
  CHECK(refusal(at.desk.desk().revoke(unknown, RevocationReason::lost, 0)).kind ==
        ErrorKind::not_found);
  const auto laptop = at.id(*at.laptop);
  CHECK(
      refusal(at.desk.desk().revoke(laptop, RevocationReason::stolen, at.world.now_ms + 1)).kind ==
      ErrorKind::invalid);
  CHECK(refusal(Desk(*at.prison.node).revoke(laptop, RevocationReason::stolen, 0)).kind ==
        ErrorKind::denied);
  CHECK(at.desk.node->directory().version() == version);
  at.revoke(laptop);
  CHECK(refusal(at.desk.desk().revoke(laptop, RevocationReason::stolen, 0)).kind ==
        ErrorKind::denied);
  CHECK(at.desk.node->directory().version() == version + 1);
}

TEST_CASE("since when a computer was stolen may be said later, and is known wherever the list is",
          "[revoke]") {
  StolenWorld at;
  const auto laptop = at.id(*at.laptop);
  at.revoke(laptop);
  must(at.prison.sync(at.hub));
  CHECK(at.prison.node->directory().node(laptop)->suspect_since_ms == 0);
  at.revoke(laptop, at.world.now_ms - day_ms);
  must(at.prison.sync(at.hub));
  const auto* listed = at.prison.node->directory().node(laptop);
  CHECK(listed->suspect_since_ms == at.world.now_ms - day_ms);
  CHECK(listed->reason == RevocationReason::stolen);
  CHECK(listed->revoked_in == at.desk.node->directory().version() - 1);
}

TEST_CASE("the desk lists every computer, when it was heard of and whether it is withdrawn",
          "[revoke]") {
  StolenWorld at;
  at.revoke(at.id(*at.laptop));
  const auto listed = must(listed_computers(*at.desk.node));
  REQUIRE(listed.size() == 3);
  for (const auto& each : listed) {
    CHECK(each.is_this_one == (each.node.id == at.id(at.desk)));
    CHECK(each.node.revoked_in.has_value() == (each.node.id == at.id(*at.laptop)));
    CHECK_FALSE(each.organisation.empty());
  }
}

TEST_CASE("who withdraws a computer reads first what it means", "[revoke]") {
  StolenWorld at;
  const auto listed = must(listed_computers(*at.desk.node));
  for (const auto& each : listed) {
    const auto meaning = meaning_of_revoking(each, at.desk.node->directory());
    const bool is_only_one = each.organisation != at.prison.name;
    CHECK(meaning.size() == (is_only_one ? 5 : 4));
    CHECK(std::any_of(meaning.begin(), meaning.end(), [](const std::string& line) {
      return line.find("retire-check") != std::string::npos;
    }));
  }
}
