// Which keys a revoked computer may know, and whose it is to make new ones.
#include "sync/key_renewal.h"

#include <catch_amalgamated.hpp>

using namespace throughgate;
using namespace throughgate::sync;

namespace {

const OrganisationId prison{{1}}, partner{{2}}, desk{{3}};

Membership shared(std::uint8_t key, std::vector<Member> members) {
  Membership out;
  out.key_commitment = Hash{key};
  out.members = std::move(members);
  return out;
}

// The partner is a member from place 1 on, and the key in force is from there.
struct Shared {
  MembershipHistory history;
  std::uint64_t began_under = 4;
  std::set<NodeId> sealed;
  EnrolledNode node{NodeId{{9}}, partner, {}, {}, "", 2, std::uint64_t{7}, {}, 0};

  Shared() { history.append({1, {}, shared(1, {{prison, Role::owner}, {partner, Role::reader}})}); }
  bool may_know() const {
    return sync::may_know(
        node, {history, began_under, [&](const NodeId& id) { return sealed.contains(id); }});
  }
};

}  // namespace

TEST_CASE("a computer may know the key of a record that its organisation is a member of",
          "[renewal]") {
  Shared at;
  CHECK(at.may_know());
  SECTION("in any role, but not otherwise") {
    at.node.organisation = desk;
    CHECK_FALSE(at.may_know());
  }
  SECTION("also when its organisation has left since, under the same key") {
    at.history.append({2, {}, shared(1, {{prison, Role::owner}})});
    CHECK(at.may_know());
  }
  SECTION("but no key that was made once its organisation had left") {
    at.history.append({2, {}, shared(2, {{prison, Role::owner}})});
    CHECK_FALSE(at.may_know());
  }
}

TEST_CASE("a computer knows no key that was accepted once it was revoked", "[renewal]") {
  Shared at;
  at.began_under = 6;
  CHECK(at.may_know());
  at.began_under = 7;
  CHECK_FALSE(at.may_know());
  at.sealed.insert(at.node.id);  // by somebody who had not heard
  CHECK(at.may_know());
}

TEST_CASE("the desk makes new keys where it is a member, the owner elsewhere, nobody else",
          "[renewal]") {
  const auto alone = shared(1, {{prison, Role::owner}, {partner, Role::receiver}});
  CHECK(key_duty_of(prison, alone) == KeyDuty::ours);
  CHECK(key_duty_of(partner, alone) == KeyDuty::others);
  const auto with_desk =
      shared(1, {{prison, Role::owner}, {partner, Role::receiver}, {desk, Role::central}});
  CHECK(key_duty_of(prison, with_desk) == KeyDuty::ours_last);
  CHECK(key_duty_of(desk, with_desk) == KeyDuty::ours);
  CHECK(key_duty_of(partner, with_desk) == KeyDuty::others);
  CHECK(key_duty_of(desk, shared(1, {{desk, Role::owner}})) == KeyDuty::ours);
}
