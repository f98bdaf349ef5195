// What a ground for sharing names, and what goes by it.
#include <catch_amalgamated.hpp>

#include "node/handovers/basis.h"
#include "node/handovers/data_classes.h"
#include "schema/directory.pb.h"
#include "schema/options.pb.h"
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

TEST_CASE("with a partner whose ground was ended, or is disputed, nothing is shared on another",
          "[handover][basis]") {
  const char* standing = GENERATE("Ended", "Disputed");
  INFO(standing);
  Ground at;
  const auto file = must(at.flow.read(at.id));
  REQUIRE(file.disclosures.size() == 1);
  must(at.flow.record_basis(at.id, example_basis(at.world), at.world.prison.by));  // in force
  auto& records = *at.world.prison.records;
  must(records.set_fields(must(records.open(file.disclosures[0].name)), {{"standing", standing}},
                          at.world.prison.by));
  const auto refused = at.share();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == sync::ErrorKind::denied);
  CHECK_THAT(refused.error().message, ContainsSubstring("has ended or is disputed"));
}

TEST_CASE("under a list that has run out nothing is shared with anybody new, and recording goes on",
          "[handover][basis]") {
  Ground at;
  constexpr std::uint64_t year_ms = 365ull * 24 * 60 * 60 * 1000;
  schema::DirectoryBody body;  // the agreement itself holds on
  auto& agreement = *body.add_agreements();
  agreement.set_id(std::string(16, 'a'));
  agreement.set_from(std::string(crypto::as_text(at.world.prison.organisation.view())));
  agreement.set_to(std::string(crypto::as_text(at.world.partner.organisation.view())));
  agreement.add_dossier_kinds(schema::CASE);
  agreement.set_expires_at_ms(at.world.now_ms + 2 * year_ms);
  at.world.publish(body);
  at.world.pass(year_ms);
  const auto may_share = [&] {
    return check_basis(must(at.flow.read(at.id)), at.world.partner.organisation,
                       *at.world.prison.node, at.world.codes);
  };
  const auto refused = may_share();
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().message, ContainsSubstring("central list held here has run out"));
  at.set("first-night-address", "1 Made-Up Street");
  at.world.sync_all();
  at.world.publish({});  // the desk renews it
  const auto after = may_share();
  CHECK((after || after.error().message.find("central list held here") == std::string::npos));
}

}  // namespace throughgate::node::testing
