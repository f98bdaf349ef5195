// The central list ends the wait of a hub that has begun anew.
#include <catch_amalgamated.hpp>
#include <optional>

#include "hub/wire.h"
#include "tests/hub/made_up.h"

namespace {

using namespace throughgate;
using namespace throughgate::hub;
using namespace throughgate::hub::testing;
using sync::Outcome;
using sync::Reason;
using sync::Ruling;

constexpr Ruling recovering{Outcome::hold, Reason::hub_recovering};

// Two dossiers at a hub that has begun anew, and an entry of each that waits.
struct Waiting {
  World world;
  TestDossier dossier{world}, another{world};
  std::optional<sync::VerifiedEntry> entry, other;

  Waiting() {
    Stream stream = dossier.begin();
    Stream anothers = another.begin();
    world.declare_restore();
    world.start();
    entry = dossier.write(world.prison_a, stream);
    other = another.write(world.prison_a, anothers);
  }
  Ruling ruling(const std::optional<sync::VerifiedEntry>& of) {
    return ruling_of(world, world.sync(world.prison_a, with({*of})));
  }
  void open(const InstanceId& instance, const std::vector<DossierId>& dossiers) {
    world.sign([&](schema::DirectoryBody& body) {
      auto& opening = *body.mutable_opening();
      opening.set_instance(wire::text(instance.bytes));
      for (const auto& id : dossiers) opening.add_dossiers(wire::text(id.bytes));
    });
    world.hand_over();
  }
  InstanceId instance() { return world.sequencer().state().instance; }
};

}  // namespace

TEST_CASE("the central list opens the records that it names, in the life that it names",
          "[recovery]") {
  Waiting at;
  CHECK(at.ruling(at.entry) == recovering);
  SECTION("one, then all") {
    at.open(at.instance(), {at.dossier.id});
    CHECK(at.ruling(at.entry) == accepted);
    CHECK(at.ruling(at.other) == recovering);
    at.open(at.instance(), {});
    CHECK(at.ruling(at.other) == accepted);
  }
  SECTION("a restart forgets nothing of it") {
    at.open(at.instance(), {});
    at.world.start();
    CHECK(at.ruling(at.entry) == accepted);
    CHECK(at.ruling(at.other) == accepted);
  }
  SECTION("another life, or a record that is not here, opens nothing") {
    at.open(InstanceId::random(at.world.random), {});
    at.open(at.instance(), {DossierId::random(at.world.random)});
    CHECK(at.ruling(at.entry) == recovering);
    CHECK(at.ruling(at.other) == recovering);
  }
  SECTION("it is not heeded again by a later life") {
    at.open(at.instance(), {});
    at.world.declare_restore();
    at.world.start();
    CHECK(at.ruling(at.entry) == recovering);
  }
}
