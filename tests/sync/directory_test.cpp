#include "sync/directory.h"

#include <catch_amalgamated.hpp>

#include "schema/directory.pb.h"
#include "tests/sync/every_bit.h"
#include "tests/sync/seeded_random.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

namespace {

std::string text(ByteView bytes) { return std::string(crypto::as_text(bytes)); }

struct Desk {
  SeededRandom random{1};
  crypto::SigningKey key = crypto::SigningKey::generate(random);
  OrganisationId prison = OrganisationId::random(random);
  OrganisationId partner = OrganisationId::random(random);
  OrganisationId central = OrganisationId::random(random);
  NodeId node = NodeId::random(random);
  Directory directory;

  void add_organisation(schema::DirectoryBody& body, const OrganisationId& id,
                        schema::DirectoryOrganisation::Kind kind) {
    auto& out = *body.add_organisations();
    out.set_id(text(id.bytes));
    out.set_name("Organisation");
    out.set_kind(kind);
    out.set_recovery_key(text(random.bytes<32>()));
  }
  void add_node(schema::DirectoryBody& body, const NodeId& id, const OrganisationId& organisation) {
    auto& out = *body.add_nodes();
    out.set_id(text(id.bytes));
    out.set_organisation(text(organisation.bytes));
    out.set_verify_key(text(random.bytes<32>()));
    out.set_box_key(text(random.bytes<32>()));
    out.set_label("Reception PC");
  }
  void add_agreement(schema::DirectoryBody& body) {
    auto& out = *body.add_agreements();
    out.set_id(std::string(16, 'a'));
    out.set_from(text(prison.bytes));
    out.set_to(text(partner.bytes));
    out.add_dossier_kinds(10);
    out.set_expires_at_ms(5000);
  }
  schema::DirectoryBody first_body() {
    schema::DirectoryBody body;
    add_organisation(body, prison, schema::DirectoryOrganisation::PRISON);
    add_organisation(body, partner, schema::DirectoryOrganisation::PARTNER);
    add_organisation(body, central, schema::DirectoryOrganisation::CENTRAL);
    add_node(body, node, prison);
    return body;
  }
  DirectoryStep step(const schema::DirectoryBody& body) {
    return directory.sign_next(body, 1000, 9000, key);
  }
  Result<Done> apply(const DirectoryStep& step) { return directory.apply(step, key.verify_key()); }
  void begin() { REQUIRE(apply(step(first_body()))); }
  ErrorKind refusal(const schema::DirectoryBody& body) {
    const auto before = directory.version();
    const auto done = apply(step(body));
    REQUIRE_FALSE(done);
    CHECK(directory.version() == before);
    return done.error().kind;
  }
};

}  // namespace

TEST_CASE("a directory learns organisations and nodes step by step", "[directory]") {
  Desk desk;
  desk.begin();
  CHECK(desk.directory.version() == 1);
  CHECK(desk.directory.expires_at_ms() == 9000);
  REQUIRE(desk.directory.node(desk.node) != nullptr);
  CHECK(desk.directory.node(desk.node)->organisation == desk.prison);
  CHECK(desk.directory.central() == desk.central);
  CHECK(desk.directory.active_nodes(desk.prison).size() == 1);
  CHECK(desk.directory.organisation(desk.prison)->kind == OrganisationKind::prison);
  CHECK(desk.directory.organisation(OrganisationId{{1}}) == nullptr);
}

TEST_CASE("an older step, the same step again and one too new are stale", "[directory]") {
  Desk desk;
  const auto first = desk.step(desk.first_body());
  REQUIRE(desk.apply(first));
  const auto second = desk.step({});
  REQUIRE(desk.apply(second));
  for (const auto& replayed : {first, second}) {
    const auto done = desk.apply(replayed);
    REQUIRE_FALSE(done);
    CHECK(done.error().kind == ErrorKind::stale);
  }
  Directory fresh;
  CHECK(fresh.apply(second, desk.key.verify_key()).error().kind == ErrorKind::stale);
}

TEST_CASE("a step that follows another past is refused", "[directory]") {
  Desk desk;
  Desk other;
  desk.begin();
  auto body = other.first_body();
  body.mutable_organisations(0)->set_name("Another past");
  REQUIRE(other.apply(other.step(body)));
  const auto done = desk.apply(other.step({}));  // version 2, of the same key
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == ErrorKind::rejected);
  CHECK(desk.directory.version() == 1);
}

TEST_CASE("a step signed by anybody else is refused", "[directory]") {
  Desk desk;
  const auto forger = crypto::SigningKey::generate(desk.random);
  const auto done = desk.apply(desk.directory.sign_next(desk.first_body(), 1, 2, forger));
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == ErrorKind::rejected);
  CHECK(desk.directory.version() == 0);
}

TEST_CASE("every bit of a step is checked", "[directory]") {
  Desk desk;
  DirectoryStep step = desk.step(desk.first_body());
  CHECK(step.header.size() == 94);
  const auto applies = [&] {
    Directory fresh;
    return fresh.apply(step, desk.key.verify_key()).has_value();
  };
  check_every_bit(step.header, applies);
  check_every_bit(step.body, applies);
  check_every_bit(step.signature, applies);
  CHECK(desk.apply(step));
}

TEST_CASE("a step cut short or longer is refused", "[directory]") {
  Desk desk;
  const DirectoryStep good = desk.step(desk.first_body());
  for (std::size_t size = 0; size < good.header.size(); ++size) {
    DirectoryStep step = good;
    step.header.resize(size);
    CHECK_FALSE(desk.apply(step));
  }
  DirectoryStep step = good;
  step.header.push_back(0);
  CHECK_FALSE(desk.apply(step));
  step = good;
  step.body.pop_back();
  CHECK_FALSE(desk.apply(step));
}

TEST_CASE("a body that does not hold together is refused whole", "[directory]") {
  Desk desk;
  desk.begin();
  schema::DirectoryBody body;
  desk.add_organisation(body, OrganisationId::random(desk.random),
                        schema::DirectoryOrganisation::PRISON);
  SECTION("an organisation without a key") { body.mutable_organisations(0)->clear_recovery_key(); }
  SECTION("an organisation without a kind") { body.mutable_organisations(0)->clear_kind(); }
  SECTION("an organisation of a kind unknown") {
    body.mutable_organisations(0)->set_kind(static_cast<schema::DirectoryOrganisation::Kind>(4));
  }
  SECTION("an organisation without a name") { body.mutable_organisations(0)->clear_name(); }
  SECTION("an organisation with an endless name") {
    body.mutable_organisations(0)->set_name(std::string(201, 'x'));
  }
  SECTION("an organisation id of zeros") {
    body.mutable_organisations(0)->set_id(std::string(16, '\0'));
  }
  SECTION("an organisation id of 15 bytes") {
    body.mutable_organisations(0)->set_id(std::string(15, 'x'));
  }
  SECTION("a second central team") {
    body.mutable_organisations(0)->set_kind(schema::DirectoryOrganisation::CENTRAL);
  }
  SECTION("an organisation that becomes one of another kind") {
    body.mutable_organisations(0)->set_id(text(desk.partner.bytes));
  }
  SECTION("an organisation twice, of two kinds") {
    *body.add_organisations() = body.organisations(0);
    body.mutable_organisations(1)->set_kind(schema::DirectoryOrganisation::PARTNER);
  }
  SECTION("an organisation twice, with two keys") {
    *body.add_organisations() = body.organisations(0);
    body.mutable_organisations(1)->set_recovery_key(text(desk.random.bytes<32>()));
  }
  SECTION("an organisation twice, word for word") {
    *body.add_organisations() = body.organisations(0);
  }
  SECTION("a listed organisation twice, with two names") {
    body.mutable_organisations(0)->set_id(text(desk.prison.bytes));
    *body.add_organisations() = body.organisations(0);
    body.mutable_organisations(1)->set_name("Another");
  }
  SECTION("a node twice, with two keys") {
    const auto id = NodeId::random(desk.random);
    desk.add_node(body, id, desk.prison);
    desk.add_node(body, id, desk.prison);
  }
  SECTION("a node of an organisation that is not listed") {
    desk.add_node(body, NodeId::random(desk.random), OrganisationId{{1}});
  }
  SECTION("a node again, with other keys") { desk.add_node(body, desk.node, desk.prison); }
  SECTION("a node with a short key") {
    desk.add_node(body, NodeId::random(desk.random), desk.prison);
    body.mutable_nodes(0)->set_verify_key("short");
  }
  SECTION("a revoked node that is not listed") { body.add_revoked_nodes(std::string(16, 'x')); }
  SECTION("an agreement without its id") { body.add_agreements(); }
  SECTION("an erased id of 17 bytes") { body.add_erased_dossiers(std::string(17, 'x')); }
  SECTION("a node revoked twice") {
    body.add_revoked_nodes(text(desk.node.bytes));
    body.add_revoked_nodes(text(desk.node.bytes));
  }
  SECTION("why of a node that is not revoked") {
    body.add_revocations()->set_node(text(desk.node.bytes));
  }
  SECTION("why of a node, twice") {
    body.add_revoked_nodes(text(desk.node.bytes));
    for (int i = 0; i < 2; ++i) body.add_revocations()->set_node(text(desk.node.bytes));
  }
  SECTION("a node suspect since a time that no store can hold") {
    body.add_revoked_nodes(text(desk.node.bytes));
    auto& why = *body.add_revocations();
    why.set_node(text(desk.node.bytes));
    why.set_suspect_since_ms(~std::uint64_t{0});
  }
  SECTION("an agreement twice, word for word") {
    desk.add_agreement(body);
    *body.add_agreements() = body.agreements(0);
  }
  SECTION("an agreement twice, with two last days") {
    desk.add_agreement(body);
    *body.add_agreements() = body.agreements(0);
    body.mutable_agreements(1)->set_expires_at_ms(6000);
  }
  SECTION("a record erased twice") {
    body.add_erased_dossiers(std::string(16, 'x'));
    body.add_erased_dossiers(std::string(16, 'x'));
  }
  SECTION("a hub without a key") { body.mutable_hub()->set_instance(std::string(16, 'x')); }
  CHECK(desk.refusal(body) == ErrorKind::rejected);
  CHECK(desk.directory.organisations().size() == 3);
}

TEST_CASE("a first body with two central teams is refused, and one team may be listed anew",
          "[directory]") {
  Desk desk;
  auto body = desk.first_body();
  desk.add_organisation(body, OrganisationId::random(desk.random),
                        schema::DirectoryOrganisation::CENTRAL);
  CHECK(desk.refusal(body) == ErrorKind::rejected);
  desk.begin();
  schema::DirectoryBody again;
  desk.add_organisation(again, desk.central, schema::DirectoryOrganisation::CENTRAL);
  const auto& sheet = desk.directory.organisation(desk.central)->recovery_key;
  again.mutable_organisations(0)->set_recovery_key(text(sheet));
  CHECK(desk.apply(desk.step(again)));
  CHECK(desk.directory.central() == desk.central);
}

TEST_CASE("a body over 1 MiB is refused", "[directory]") {
  Desk desk;
  schema::DirectoryBody body;
  for (int i = 0; i < 70'000; ++i) body.add_erased_dossiers(text(desk.random.bytes<16>()));
  CHECK(desk.refusal(body) == ErrorKind::rejected);
}

TEST_CASE("a node counts from the version that enrolled it to before the one that revoked it",
          "[directory]") {
  Desk desk;
  REQUIRE(desk.apply(desk.step({})));
  desk.begin();  // version 2
  REQUIRE(desk.apply(desk.step({})));
  schema::DirectoryBody body;
  body.add_revoked_nodes(text(desk.node.bytes));
  REQUIRE(desk.apply(desk.step(body)));  // version 4
  REQUIRE(desk.apply(desk.step(body)));  // again, at version 5: the first time counts

  CHECK_FALSE(desk.directory.standing(desk.node, 1));
  REQUIRE(desk.directory.standing(desk.node, 2));
  CHECK_FALSE(desk.directory.standing(desk.node, 2)->revoked);
  CHECK_FALSE(desk.directory.standing(desk.node, 3)->revoked);
  CHECK(desk.directory.standing(desk.node, 4)->revoked);
  CHECK(desk.directory.standing(desk.node, 5)->revoked);
  CHECK(desk.directory.standing(desk.node, 3)->organisation == desk.prison);
  CHECK_FALSE(desk.directory.standing(NodeId{{1}}, 5));
  CHECK(desk.directory.active_nodes(desk.prison).empty());
}

TEST_CASE("why a node was revoked, and since when it is suspect, may be said again later",
          "[directory]") {
  Desk desk;
  REQUIRE(desk.apply(desk.step({})));
  desk.begin();
  schema::DirectoryBody body;
  body.add_revoked_nodes(text(desk.node.bytes));
  REQUIRE(desk.apply(desk.step(body)));
  CHECK(desk.directory.node(desk.node)->reason == RevocationReason::unsaid);
  const auto revoked_in = desk.directory.node(desk.node)->revoked_in;
  CHECK(desk.directory.last_revocation() == revoked_in);
  schema::DirectoryBody why;
  auto& said = *why.add_revocations();
  said.set_node(text(desk.node.bytes));
  said.set_reason(schema::NodeRevocation::STOLEN);
  said.set_suspect_since_ms(500);
  REQUIRE(desk.apply(desk.step(why)));
  CHECK(desk.directory.node(desk.node)->reason == RevocationReason::stolen);
  CHECK(desk.directory.node(desk.node)->suspect_since_ms == 500);
  CHECK(desk.directory.node(desk.node)->revoked_in == revoked_in);
  CHECK(desk.directory.last_revocation() == revoked_in);
}

TEST_CASE("a node may be listed and revoked in one step", "[directory]") {
  Desk desk;
  auto body = desk.first_body();
  body.add_revoked_nodes(text(desk.node.bytes));
  REQUIRE(desk.apply(desk.step(body)));
  CHECK(desk.directory.standing(desk.node, 1)->revoked);
}

TEST_CASE("sharing needs a current agreement from one, to the other, of that kind", "[directory]") {
  Desk desk;
  desk.begin();
  schema::DirectoryBody body;
  desk.add_agreement(body);
  auto& agreement = *body.mutable_agreements(0);
  REQUIRE(desk.apply(desk.step(body)));
  const auto& d = desk.directory;
  CHECK(d.may_share(desk.prison, desk.partner, 10, 4999));
  CHECK_FALSE(d.may_share(desk.prison, desk.partner, 10, 5000));
  CHECK_FALSE(d.may_share(desk.prison, desk.partner, 4, 4999));
  CHECK_FALSE(d.may_share(desk.partner, desk.prison, 10, 4999));
  CHECK_FALSE(d.may_share(desk.prison, desk.central, 10, 4999));

  agreement.set_expires_at_ms(0);  // ended early, under the same id
  REQUIRE(desk.apply(desk.step(body)));
  CHECK_FALSE(d.may_share(desk.prison, desk.partner, 10, 4999));
}

TEST_CASE("an accident is of a node that is listed, and an opening of an instance", "[directory]") {
  Desk desk;
  desk.begin();
  const auto refused = [&](const schema::DirectoryBody& body) {
    return desk.refusal(body) == ErrorKind::rejected;
  };
  schema::DirectoryBody body;
  auto& accident = *body.add_accidents();
  accident.set_node(text(NodeId::random(desk.random).bytes));
  accident.set_entry(std::string(32, 'e'));
  CHECK(refused(body));
  accident.set_node(text(desk.node.bytes));
  accident.set_entry("short");
  CHECK(refused(body));
  accident.set_entry(std::string(32, 'e'));
  body.mutable_opening()->set_instance("short");
  CHECK(refused(body));
  body.mutable_opening()->set_instance(std::string(16, 'i'));
  body.mutable_opening()->add_dossiers("short");
  CHECK(refused(body));
  body.mutable_opening()->set_dossiers(0, std::string(16, 'd'));
  REQUIRE(desk.apply(desk.step(body)));
}

TEST_CASE("an erased dossier stays erased", "[directory]") {
  Desk desk;
  desk.begin();
  const auto dossier = DossierId::random(desk.random);
  schema::DirectoryBody body;
  body.add_erased_dossiers(text(dossier.bytes));
  REQUIRE(desk.apply(desk.step(body)));
  REQUIRE(desk.apply(desk.step({})));
  CHECK(desk.directory.is_erased(dossier));
  CHECK_FALSE(desk.directory.is_erased(DossierId{{1}}));
}

TEST_CASE("the hub and the policy change only where a step says so", "[directory]") {
  Desk desk;
  desk.begin();
  CHECK(desk.directory.volunteers_shared_with_desk());  // the default
  schema::DirectoryBody body;
  body.mutable_policy()->set_volunteers_shared_with_desk(false);
  body.mutable_hub()->set_verify_key(std::string(32, 'k'));
  body.mutable_hub()->set_instance(std::string(16, 'i'));
  REQUIRE(desk.apply(desk.step(body)));
  REQUIRE(desk.apply(desk.step({})));
  CHECK_FALSE(desk.directory.volunteers_shared_with_desk());
  CHECK(desk.directory.hub_key()[0] == 'k');
  CHECK(desk.directory.hub_instance().bytes[0] == 'i');

  body.mutable_hub()->set_instance(std::string(16, 'j'));
  const auto before = desk.directory.former_hub_keys();
  REQUIRE(desk.apply(desk.step(body)));
  CHECK(desk.directory.former_hub_keys() == before);  // the same hub
  body.mutable_hub()->set_verify_key(std::string(32, 'l'));
  REQUIRE(desk.apply(desk.step(body)));
  REQUIRE(desk.directory.former_hub_keys().size() == before.size() + 1);
  CHECK(desk.directory.former_hub_keys().back()[0] == 'k');
}
