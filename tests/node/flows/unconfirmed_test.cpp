#include "node/handovers/unconfirmed.h"

#include <catch_amalgamated.hpp>

#include "node/days.h"
#include "node/handovers/acknowledgement.h"
#include "schema/directory.pb.h"
#include "sync/wire_values.h"
#include "tests/node/flows/example_handover.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using schema::Handover;

namespace {

constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;

struct Sent {
  World world;
  sync::DossierId handover = shared_handover(world);

  // So many days before the release.
  void come_to(int days) {
    const auto file = must(read_case(*world.prison.records, handover));
    const auto release = file.text(Handover::kReleaseDateFieldNumber);
    const auto day = *day_after(release, -days);
    while (iso_day(world.now_ms) < day) world.pass(day_ms);
    while (iso_day(world.now_ms) > day) world.now_ms -= day_ms;
    world.sync_all();
  }
  std::vector<Unconfirmed> waiting(Site& site) {
    return must(unconfirmed_handovers(*site.records));
  }
};

}  // namespace

TEST_CASE("a handover that the partner has not confirmed two weeks before the release is listed",
          "[handover]") {
  Sent at;
  at.come_to(confirm_days_before + 2);
  CHECK(at.waiting(at.world.prison).empty());
  at.come_to(confirm_days_before - 1);
  auto waiting = at.waiting(at.world.prison);
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].is_unanswered);
  CHECK(waiting[0].unread > 0);
  CHECK(at.waiting(at.world.partner).empty());  // it is the prison's to ring

  must(Handovers(*at.world.partner.records)
           .accept(at.handover, "Kim, 07700 900111", at.world.partner.by));
  at.world.sync_all();
  waiting = at.waiting(at.world.prison);
  REQUIRE(waiting.size() == 1);  // accepted, and not all of it is read
  CHECK_FALSE(waiting[0].is_unanswered);
  Acknowledgements reading(*at.world.partner.records);
  std::vector<sync::OpId> changes;
  for (const auto& each : must(reading.awaiting(at.handover))) changes.push_back(each.change.id);
  must(reading.acknowledge(at.handover, changes, at.world.partner.by));
  at.world.sync_all();
  CHECK(at.waiting(at.world.prison).empty());
}

TEST_CASE("who else might be asked is a partner under an agreement that takes no part yet",
          "[handover]") {
  Sent at;
  at.come_to(confirm_days_before - 1);
  const auto own = at.world.prison.organisation;
  const auto suggested = [&] { return at.waiting(at.world.prison).at(0).backups; };
  const auto stranger =
      *at.world.prison.node->directory().organisation(at.world.stranger.organisation);
  REQUIRE(stranger.kind == sync::OrganisationKind::partner);
  CHECK(suggested().empty());
  schema::DirectoryBody body;
  auto& agreement = *body.add_agreements();
  agreement.set_id(std::string(16, '\7'));
  agreement.set_from(sync::to_wire(own.view()));
  agreement.set_to(sync::to_wire(stranger.id.view()));
  agreement.add_dossier_kinds(schema::CASE);
  agreement.set_expires_at_ms(at.world.now_ms + 90 * day_ms);
  at.world.publish(body);
  CHECK(suggested() == std::vector<std::string>{stranger.name});
}
