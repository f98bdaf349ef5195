#include "sync/clear_part.h"

#include <catch_amalgamated.hpp>
#include <set>

#include "tests/sync/test_dossier.h"

using namespace throughgate;
using namespace throughgate::sync;
using throughgate::sync::testing::TestDossier;

namespace {

Member* member_in(Membership& membership, Role role) {
  for (auto& member : membership.members) {
    if (member.role == role) return &member;
  }
  return nullptr;
}

void check_refused(const Membership& membership) {
  CHECK_FALSE(decode_membership(membership.encode()));
}

}  // namespace

TEST_CASE("a membership says the same after encoding and decoding", "[clear_part]") {
  const Membership first = TestDossier().first_membership;
  CHECK(first.encode().size() == 85 + 17 * first.members.size());
  CHECK(decode_membership(first.encode()) == first);
  CHECK(first.epoch().hex() == crypto::to_hex(first.key_commitment).substr(0, 32));
}

TEST_CASE("a membership of any other length is refused", "[clear_part]") {
  const Bytes whole = TestDossier().first_membership.encode();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK_FALSE(decode_membership(ByteView(whole).first(size)));
  }
  Bytes longer = whole;
  longer.push_back(0);
  CHECK_FALSE(decode_membership(longer));
}

TEST_CASE("a membership has exactly one owner, and at most one receiver and one desk",
          "[clear_part]") {
  Membership membership = TestDossier().first_membership;
  SECTION("no owner") { member_in(membership, Role::owner)->role = Role::contributor; }
  SECTION("two owners") { member_in(membership, Role::contributor)->role = Role::owner; }
  SECTION("two receivers") { member_in(membership, Role::contributor)->role = Role::receiver; }
  SECTION("two desks") { member_in(membership, Role::contributor)->role = Role::central; }
  SECTION("nobody") { membership.members.clear(); }
  check_refused(membership);
}

TEST_CASE("members are sorted and each stands once", "[clear_part]") {
  Membership membership = TestDossier().first_membership;
  SECTION("out of order") { std::swap(membership.members[1], membership.members[2]); }
  SECTION("twice") { membership.members[1].organisation = membership.members[2].organisation; }
  check_refused(membership);
}

TEST_CASE("a role that does not exist is refused", "[clear_part]") {
  Bytes bytes = TestDossier().first_membership.encode();
  for (const int role : {0, 6, 255}) {
    bytes.back() = static_cast<std::uint8_t>(role);
    CHECK_FALSE(decode_membership(bytes));
  }
}

TEST_CASE("at most 32 members share a dossier", "[clear_part]") {
  Membership membership = TestDossier().first_membership;
  membership.members.clear();
  for (std::uint8_t i = 1; i <= 32; ++i)
    membership.members.push_back({OrganisationId{{i}}, Role::reader});
  membership.members[0].role = Role::owner;
  CHECK(decode_membership(membership.encode()));
  membership.members.push_back({OrganisationId{{33}}, Role::reader});
  check_refused(membership);
}

TEST_CASE("only the first membership has no predecessor, and only it makes the dossier's id",
          "[clear_part]") {
  Membership membership = TestDossier().first_membership;
  SECTION("the first with a predecessor") { membership.previous[0] = 1; }
  SECTION("a later one without") {
    membership.number = 2;
    membership.dossier_random = {};
  }
  SECTION("a later one with the dossier's random bytes") {
    membership.number = 2;
    membership.previous[0] = 1;
  }
  SECTION("number 0") { membership.number = 0; }
  check_refused(membership);
}

TEST_CASE("a redaction is exactly a place and an entry", "[clear_part]") {
  const Redaction redaction{5, Hash{1}};
  CHECK(redaction.encode().size() == 40);
  CHECK(decode_redaction(redaction.encode()) == redaction);
  CHECK_FALSE(decode_redaction(Redaction{0, Hash{1}}.encode()));
  Bytes longer = redaction.encode();
  longer.push_back(0);
  CHECK_FALSE(decode_redaction(longer));
  longer.resize(39);
  CHECK_FALSE(decode_redaction(longer));
}

TEST_CASE("a dossier's id is another for another owner, author or random bytes", "[clear_part]") {
  const OrganisationId owner{{1}};
  const crypto::VerifyKey author{2};
  const ByteArray<16> random{3};
  const std::set<DossierId> ids{
      make_dossier_id(owner, author, random), make_dossier_id({{9}}, author, random),
      make_dossier_id(owner, {9}, random), make_dossier_id(owner, author, {9})};
  CHECK(ids.size() == 4);
}
