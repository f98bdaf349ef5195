// What a ground for sharing names, and what goes by it.
#include <catch_amalgamated.hpp>

#include "node/handovers/data_classes.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using Catch::Matchers::ContainsSubstring;

struct Ground {
  World world;
  sync::DossierId id = ready_handover(world);
  Handovers flow{*world.prison.records};

  std::vector<std::string> held() { return classes_held(must(flow.read(id))); }
  sync::Result<Saved> share() {
    return flow.share(id, world.partner.organisation, world.prison.by);
  }
  void set(const std::string& field, const std::string& value) {
    const auto form = must(
        world.prison.records->open({id, {}, record_type(*schema::Handover::descriptor())->number}));
    must(world.prison.records->set_fields(form, {{field, value}}, world.prison.by));
  }
};

}  // namespace

TEST_CASE("what a handover holds follows from what stands in it", "[handover][basis]") {
  Ground at;
  const auto before = at.held();
  CHECK(before == std::vector<std::string>{"IDENTITY", "CONTACT", "RELEASE", "RISK_LEVELS",
                                           "LICENCE", "NEEDS", "HEALTH"});
  at.set("property-note", "one bag");
  at.set("risk-summary", "");
  must(at.world.prison.records->new_record_in(at.id, *record_type("flag"),
                                              {{"kind", "Do not"}, {"instruction", "go alone"}},
                                              at.world.prison.by));
  CHECK(at.held() == std::vector<std::string>{"IDENTITY", "CONTACT", "RELEASE", "RISK_FLAGS",
                                              "RISK_LEVELS", "LICENCE", "NEEDS", "HEALTH",
                                              "GATE_PLAN"});
}

TEST_CASE("nothing is shared that no ground in force names", "[handover][basis]") {
  Ground at;
  at.set("first-night-address", "1 Made-Up Street");
  const auto refused = at.share();
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().message, ContainsSubstring("Not named: Plan for the gate. Record a "
                                                        "ground that names that too"));
  CHECK_FALSE(at.flow.ready(at.id, at.world.prison.by));
  CHECK(must(at.flow.read(at.id)).state == schema::Handover::DRAFT);
  auto more = example_basis(at.world);
  more.classes = {"Plan for the gate"};  // with the other ground it names all
  must(at.flow.record_basis(at.id, more, at.world.prison.by));
  CHECK(at.share());
}

TEST_CASE("a ground that has run out names nothing any more", "[handover][basis]") {
  Ground at;
  at.set("first-night-address", "1 Made-Up Street");
  auto more = example_basis(at.world);
  more.classes = {"GATE_PLAN"};
  more.expires_on = "2026-09-21";  // today
  must(at.flow.record_basis(at.id, more, at.world.prison.by));
  at.world.now_ms += 24ull * 60 * 60 * 1000;
  const auto refused = at.share();
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().message, ContainsSubstring("Not named: Plan for the gate"));
}

}  // namespace throughgate::node::testing
