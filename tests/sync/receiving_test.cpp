// Which records count at a node, kind by kind.
#include "sync/receiving.h"

#include <catch_amalgamated.hpp>

#include "schema/directory.pb.h"
#include "schema/options.pb.h"
#include "tests/sync/seeded_random.h"

using namespace throughgate;
using namespace throughgate::sync;
using throughgate::sync::testing::SeededRandom;

namespace {

constexpr std::uint64_t now_ms = 5000;

template <class Bytes>
std::string text(const Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

struct Organisations {
  SeededRandom random{1};
  crypto::SigningKey key = crypto::SigningKey::generate(random);
  OrganisationId prison = OrganisationId::random(random);
  OrganisationId other_prison = OrganisationId::random(random);
  OrganisationId partner = OrganisationId::random(random);
  OrganisationId desk = OrganisationId::random(random);
  Directory directory;

  Organisations() {
    schema::DirectoryBody body;
    using Listed = schema::DirectoryOrganisation;
    list(body, prison, Listed::PRISON);
    list(body, other_prison, Listed::PRISON);
    list(body, partner, Listed::PARTNER);
    list(body, desk, Listed::CENTRAL);
    publish(body);
  }

  void list(schema::DirectoryBody& body, const OrganisationId& id,
            schema::DirectoryOrganisation::Kind kind) {
    auto& out = *body.add_organisations();
    out.set_id(text(id.bytes));
    out.set_name("Organisation");
    out.set_kind(kind);
    out.set_recovery_key(text(random.bytes<32>()));
  }
  void publish(const schema::DirectoryBody& body) {
    const auto step = directory.sign_next(body, now_ms, 2 * now_ms, key);
    REQUIRE(directory.apply(step, key.verify_key()));
  }
  void agree(const OrganisationId& from, const OrganisationId& to, schema::DossierKind kind,
             std::uint64_t until_ms = now_ms + 1) {
    schema::DirectoryBody body;
    auto& agreement = *body.add_agreements();
    agreement.set_id(text(random.bytes<16>()));
    agreement.set_from(text(from.bytes));
    agreement.set_to(text(to.bytes));
    agreement.add_dossier_kinds(kind);
    agreement.set_expires_at_ms(until_ms);
    publish(body);
  }
};

using Members = std::vector<Member>;

std::vector<DatedMembership> history(const std::vector<Members>& members) {
  std::vector<DatedMembership> out;
  for (const auto& each : members) {
    Membership membership;
    membership.number = static_cast<std::uint32_t>(out.size() + 1);
    membership.members = each;
    out.push_back({membership, now_ms});
  }
  return out;
}

const std::vector<schema::DossierKind> own_kinds = {schema::SITE,           schema::DIARY,
                                                    schema::VOLUNTEER_FILE, schema::VETTING_NOTES,
                                                    schema::DIVERSITY,      schema::PERSON};
const std::vector<schema::DossierKind> shared_kinds = {schema::INCIDENT, schema::VOLUNTEER,
                                                       schema::CASE};

}  // namespace

TEST_CASE("a kind that is its organisation's own counts only where nobody else ever had a part",
          "[receiving]") {
  Organisations at;
  const Member us{at.prison, Role::owner};
  for (const auto kind : own_kinds) {
    CAPTURE(kind);
    at.agree(at.desk, at.prison, kind);  // no agreement helps
    const auto made = [&](const std::vector<Members>& members) {
      return receive(kind, history(members), at.prison, at.directory);
    };
    CHECK(made({{us}}) == Receiving::counts);
    CHECK(made({{us}, {us}}) == Receiving::counts);  // a new key
    // Begun by another, whatever became of it.
    CHECK(made({{{at.desk, Role::owner}, {at.prison, Role::contributor}}}) == Receiving::set_aside);
    CHECK(made({{{at.desk, Role::owner}}, {us, {at.desk, Role::contributor}}, {us}}) ==
          Receiving::set_aside);
    CHECK(made({{{at.desk, Role::owner}}, {us}}) == Receiving::set_aside);
    // Ours, and shared.
    CHECK(made({{us}, {us, {at.desk, Role::reader}}, {us}}) == Receiving::set_aside);
    CHECK(made({{{at.desk, Role::owner}}}) == Receiving::unknown);
    CHECK_FALSE(goes_on_counting(kind));
    CHECK_FALSE(may_be_agreed(kind, history({{us}}), at.prison, at.directory));
  }
}

TEST_CASE(
    "requests to erase and legal holds count at the desk, and holds that it knows of wherever they "
    "are shared",
    "[receiving]") {
  Organisations at;
  const Member desk{at.desk, Role::central};
  const auto seen = [&](schema::DossierKind kind, const Members& members,
                        const OrganisationId& own) {
    return receive(kind, history({members}), own, at.directory);
  };
  for (const auto kind : {schema::ERASURE, schema::HOLD}) {
    CAPTURE(kind);
    CHECK(seen(kind, {{at.prison, Role::owner}, desk}, at.desk) == Receiving::counts);
    CHECK(seen(kind, {{at.prison, Role::owner}, desk}, at.prison) == Receiving::counts);
    CHECK(seen(kind, {{at.prison, Role::owner}, {at.desk, Role::reader}}, at.desk) ==
          Receiving::set_aside);
    CHECK(seen(kind, {{at.prison, Role::owner}, {at.partner, Role::reader}}, at.partner) ==
          Receiving::set_aside);  // the desk knows of none
  }
  const Members shared{{at.prison, Role::owner}, desk, {at.partner, Role::reader}};
  CHECK(seen(schema::HOLD, shared, at.partner) == Receiving::counts);
  CHECK(seen(schema::ERASURE, shared, at.partner) == Receiving::set_aside);
  const Members from_desk{{at.desk, Role::owner}, {at.prison, Role::reader}};
  CHECK(seen(schema::HOLD, from_desk, at.prison) == Receiving::counts);
  CHECK(seen(schema::ERASURE, from_desk, at.prison) == Receiving::set_aside);
}

TEST_CASE("what another organisation shares counts by an agreement with whoever let us in",
          "[receiving]") {
  for (const auto kind : shared_kinds) {
    CAPTURE(kind);
    Organisations at;
    const auto made = [&](const std::vector<Members>& members) {
      return receive(kind, history(members), at.partner, at.directory);
    };
    const Member giver{at.prison, Role::owner};
    const Member us{at.partner, Role::receiver};
    const std::vector<Members> given{{giver}, {giver, us}};
    CHECK(made(given) == Receiving::set_aside);
    at.agree(at.partner, at.prison, kind);  // the other way
    at.agree(at.prison, at.partner, schema::LINK);
    at.agree(at.other_prison, at.partner, kind);
    CHECK(made(given) == Receiving::set_aside);
    at.agree(at.prison, at.partner, kind, now_ms);  // it ended just then
    CHECK(made(given) == Receiving::set_aside);
    CHECK(may_be_agreed(kind, history(given), at.partner, at.directory));
    at.agree(at.prison, at.partner, kind);
    CHECK(made(given) == Receiving::counts);
    CHECK(goes_on_counting(kind));

    // Nobody gets round it by making a trusted organisation the owner, or us.
    Organisations of;
    of.agree(of.other_prison, of.partner, kind);
    const Member trusted{of.other_prison, Role::owner};
    const Member planter{of.prison, Role::contributor};
    const auto planted = [&](const std::vector<Members>& members) {
      return receive(kind, history(members), of.partner, of.directory);
    };
    CHECK(planted({{{of.prison, Role::owner}}, {trusted, planter, {of.partner, Role::reader}}}) ==
          Receiving::set_aside);
    CHECK(planted({{{of.prison, Role::owner}}, {{of.partner, Role::owner}, planter}}) ==
          Receiving::set_aside);
    // It lets us in itself: that is its agreement.
    CHECK(planted({{{of.prison, Role::owner}},
                   {trusted, planter},
                   {trusted, planter, {of.partner, Role::reader}}}) == Receiving::counts);
  }
}

TEST_CASE("a handover begins at a prison, a link at the central organisation", "[receiving]") {
  Organisations at;
  at.agree(at.partner, at.prison, schema::CASE);
  at.agree(at.desk, at.prison, schema::CASE);
  at.agree(at.partner, at.prison, schema::LINK);
  at.agree(at.desk, at.prison, schema::LINK);
  const auto from = [&](const OrganisationId& owner, schema::DossierKind kind) {
    return receive(kind, history({{{owner, Role::owner}, {at.prison, Role::receiver}}}), at.prison,
                   at.directory);
  };
  CHECK(from(at.partner, schema::CASE) == Receiving::set_aside);
  CHECK(from(at.desk, schema::CASE) == Receiving::set_aside);
  CHECK(from(at.partner, schema::LINK) == Receiving::set_aside);
  CHECK(from(at.desk, schema::LINK) == Receiving::counts);
  CHECK(receive(schema::CASE, history({{{at.prison, Role::owner}}}), at.prison, at.directory) ==
        Receiving::counts);
  CHECK(receive(schema::CASE, history({{{at.partner, Role::owner}}}), at.partner, at.directory) ==
        Receiving::set_aside);
  // Not in the directory yet: it may record at once.
  CHECK(receive(schema::CASE, history({{{at.prison, Role::owner}}}), at.prison, Directory()) ==
        Receiving::counts);
}

TEST_CASE("what an organisation began and shared is its own to see", "[receiving]") {
  Organisations at;
  const Member us{at.prison, Role::owner};
  const Member them{at.partner, Role::reader};
  for (const auto kind : shared_kinds) {
    CHECK(receive(kind, history({{us}, {us, them}}), at.prison, at.directory) == Receiving::counts);
    CHECK(receive(kind,
                  history({{us}, {{at.partner, Role::owner}, {at.prison, Role::contributor}}}),
                  at.prison, at.directory) == Receiving::counts);
  }
}

TEST_CASE("the desk has its part in handovers, and in volunteers where the policy says so",
          "[receiving]") {
  Organisations at;
  const auto at_desk = [&](schema::DossierKind kind, Role role) {
    return receive(kind, history({{{at.prison, Role::owner}, {at.desk, role}}}), at.desk,
                   at.directory);
  };
  CHECK(at_desk(schema::CASE, Role::central) == Receiving::counts);
  CHECK(at_desk(schema::CASE, Role::contributor) == Receiving::set_aside);
  CHECK(at_desk(schema::VOLUNTEER, Role::central) == Receiving::counts);
  CHECK(at_desk(schema::INCIDENT, Role::central) == Receiving::set_aside);
  schema::DirectoryBody body;
  body.mutable_policy()->set_volunteers_shared_with_desk(false);
  at.publish(body);
  CHECK(at_desk(schema::VOLUNTEER, Role::central) == Receiving::set_aside);
  // Nobody becomes the desk by being called so.
  CHECK(receive(schema::CASE, history({{{at.prison, Role::owner}, {at.partner, Role::central}}}),
                at.partner, at.directory) == Receiving::set_aside);
}
