// Who may be listed as a computer of an organisation: whom its recovery sheet has vouched for.
#include "sync/vouch.h"

#include <algorithm>
#include <catch_amalgamated.hpp>

#include "crypto/recovery_key.h"
#include "schema/directory.pb.h"
#include "sync/directory.h"
#include "tests/sync/seeded_random.h"

using namespace throughgate;
using namespace throughgate::sync;

namespace {

template <class Bytes>
std::string text(const Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

// A central list by a key that may be in a thief's hands, and a prison with a sheet in its safe.
struct List {
  testing::SeededRandom random{7};
  crypto::SigningKey key = crypto::SigningKey::generate(random);
  crypto::BoxKey sheet = crypto::BoxKey::generate(random);
  crypto::SigningKey sheet_key = crypto::sheet_signing_key(sheet);
  OrganisationId prison = OrganisationId::random(random);
  Directory directory;

  VouchedFor computer() {
    return {prison, NodeId::random(random), random.bytes<32>(), random.bytes<32>()};
  }
  schema::DirectoryOrganisation organisation() {
    schema::DirectoryOrganisation out;
    out.set_id(text(prison.bytes));
    out.set_name("HMP Made Up");
    out.set_kind(schema::DirectoryOrganisation::PRISON);
    out.set_recovery_key(text(sheet.public_key()));
    out.set_sheet_key(text(sheet_key.verify_key()));
    return out;
  }
  schema::DirectoryBody with(const VouchedFor& computer, const Vouch& vouch) {
    schema::DirectoryBody body;
    auto& out = *body.add_nodes();
    out.set_id(text(computer.node.bytes));
    out.set_organisation(text(computer.organisation.bytes));
    out.set_verify_key(text(computer.verify_key));
    out.set_box_key(text(computer.box_key));
    if (vouch.is_there()) out.set_vouch(text(vouch.signature));
    return body;
  }
  schema::DirectoryBody with(const schema::DirectoryOrganisation& organisation) {
    schema::DirectoryBody body;
    *body.add_organisations() = organisation;
    return body;
  }
  bool takes(const schema::DirectoryBody& body) {
    return directory.apply(directory.sign_next(body, 1000, 9000, key), key.verify_key())
        .has_value();
  }
  void begin() {
    const auto first = computer();
    auto body = with(first, vouch(first, sheet_key));
    *body.add_organisations() = organisation();
    REQUIRE(takes(body));
  }
};

}  // namespace

TEST_CASE("whoever signs the list can list no computer of their own as a site's", "[vouch]") {
  List list;
  list.begin();
  const auto computer = list.computer();
  CHECK_FALSE(list.takes(list.with(computer, {})));
  const auto stranger = crypto::sheet_signing_key(crypto::BoxKey::generate(list.random));
  CHECK_FALSE(list.takes(list.with(computer, vouch(computer, stranger))));
  const auto genuine = vouch(computer, list.sheet_key);
  auto with_other_keys = computer;
  with_other_keys.box_key[0] ^= 1;
  CHECK_FALSE(list.takes(list.with(with_other_keys, genuine)));
  with_other_keys = computer;
  with_other_keys.verify_key[0] ^= 1;
  CHECK_FALSE(list.takes(list.with(with_other_keys, genuine)));
  with_other_keys = computer;
  with_other_keys.node = NodeId::random(list.random);
  CHECK_FALSE(list.takes(list.with(with_other_keys, genuine)));

  auto in_one_step = list.with(computer, {});  // with an organisation that brings the sheet's key
  auto other = list.organisation();
  const auto partner = OrganisationId::random(list.random);
  other.set_id(text(partner.bytes));
  in_one_step.mutable_nodes(0)->set_organisation(other.id());
  *in_one_step.add_organisations() = other;
  CHECK_FALSE(list.takes(in_one_step));
  in_one_step.mutable_nodes(0)->set_vouch(text(genuine.signature));  // for the prison, not for them
  CHECK_FALSE(list.takes(in_one_step));

  CHECK(list.takes(list.with(computer, genuine)));
  CHECK(list.directory.nodes().size() == 2);
}

TEST_CASE("no list gives an organisation another recovery sheet", "[vouch]") {
  List list;
  list.begin();
  auto organisation = list.organisation();
  organisation.set_name("HMP Made Up, renamed");
  REQUIRE(list.takes(list.with(organisation)));
  const auto other = crypto::BoxKey::generate(list.random);
  SECTION("another recovery key") { organisation.set_recovery_key(text(other.public_key())); }
  SECTION("another sheet's key") {
    organisation.set_sheet_key(text(crypto::sheet_signing_key(other).verify_key()));
  }
  SECTION("none") { organisation.clear_sheet_key(); }
  SECTION("one that is too short") { organisation.set_sheet_key("short"); }
  CHECK_FALSE(list.takes(list.with(organisation)));
}

TEST_CASE("an organisation from before there were sheets' keys never gets one", "[vouch]") {
  List list;
  auto organisation = list.organisation();
  organisation.clear_sheet_key();
  REQUIRE(list.takes(list.with(organisation)));
  CHECK(list.takes(list.with(list.computer(), {})));
  CHECK_FALSE(list.takes(list.with(list.organisation())));
}

TEST_CASE("a state of the list keeps who was vouched for, and is no way round it", "[vouch]") {
  List list;
  list.begin();
  schema::DirectoryBody revocation;
  revocation.add_revoked_nodes(text(list.directory.nodes().begin()->first.bytes));
  auto& why = *revocation.add_revocations();
  why.set_node(revocation.revoked_nodes(0));
  why.set_reason(schema::NodeRevocation::LOST);
  SECTION("nothing is said of a computer that was withdrawn") {}
  SECTION("something is") { REQUIRE(list.takes(revocation)); }
  const auto state = list.directory.state();
  const auto read = Directory::from_state(state, std::nullopt);
  REQUIRE(read);
  CHECK(read->state() == state);
  const auto& [id, node] = *list.directory.nodes().begin();
  REQUIRE(read->node(id));
  CHECK(read->node(id)->vouch == node.vouch);
  CHECK(read->organisation(list.prison)->sheet_key == list.sheet_key.verify_key());

  const auto place_of = [&](ByteView part) {
    const auto found = std::search(state.begin(), state.end(), part.begin(), part.end());
    REQUIRE(found != state.end());
    return static_cast<std::size_t>(found - state.begin());
  };
  for (const auto place : {place_of(node.box_key), place_of(node.verify_key), place_of(node.vouch),
                           place_of(list.sheet_key.verify_key())}) {
    auto altered = state;
    altered[place] ^= 1;
    CHECK_FALSE(Directory::from_state(altered, std::nullopt));
  }
  for (std::size_t size = 0; size < state.size(); ++size) {
    CHECK_FALSE(Directory::from_state(ByteView(state).first(size), std::nullopt));
  }
}
