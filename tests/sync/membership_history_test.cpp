#include "sync/membership_history.h"

#include <catch_amalgamated.hpp>

using namespace throughgate::sync;

namespace {

const OrganisationId prison{{1}};
const OrganisationId partner{{2}};
const OrganisationId desk{{3}};
const OrganisationId reader{{4}};
const OrganisationId stranger{{9}};

Hash named(std::uint8_t name) { return Hash{name}; }

Membership membership(std::uint32_t number, Hash previous, std::uint8_t key,
                      std::vector<Member> members) {
  return {number, previous, {}, Hash{key}, std::move(members)};
}

const std::vector<Member> all{{prison, Role::owner},
                              {partner, Role::receiver},
                              {desk, Role::central},
                              {reader, Role::reader}};
const std::vector<Member> without_partner{
    {prison, Role::owner}, {desk, Role::central}, {reader, Role::reader}};

// At dsn 1 everybody, key 1. At dsn 5 the partner is gone, key 2. At dsn 9 it is back, key 2.
MembershipHistory history() {
  MembershipHistory out;
  out.append({1, named(11), membership(1, {}, 1, all)});
  out.append({5, named(15), membership(2, named(11), 2, without_partner)});
  out.append({9, named(19), membership(3, named(15), 2, all)});
  return out;
}

EpochId epoch(std::uint8_t key) { return {{key}}; }

}  // namespace

TEST_CASE("a membership takes effect only as the next of the one in force", "[membership]") {
  const auto now = history();
  CHECK(now.takes_effect(membership(4, named(19), 2, all), prison));
  CHECK_FALSE(now.takes_effect(membership(3, named(19), 2, all), prison));
  CHECK_FALSE(now.takes_effect(membership(5, named(19), 2, all), prison));
  CHECK_FALSE(now.takes_effect(membership(4, named(15), 2, all), prison));
  CHECK_FALSE(now.takes_effect(membership(4, {}, 2, all), prison));
}

TEST_CASE("who was a member at any time since an epoch began may hold its key", "[membership]") {
  const auto now = history();
  CHECK(now.may_hold_key(partner, epoch(1)));
  CHECK(now.may_hold_key(partner, epoch(2)));  // it came back
  CHECK_FALSE(now.may_hold_key(stranger, epoch(1)));
  CHECK_FALSE(now.may_hold_key(prison, epoch(3)));  // of which nothing is known
  MembershipHistory removed;
  removed.append({1, named(11), membership(1, {}, 1, all)});
  removed.append({5, named(15), membership(2, named(11), 2, without_partner)});
  CHECK(removed.may_hold_key(partner, epoch(1)));
  CHECK_FALSE(removed.may_hold_key(partner, epoch(2)));
}

TEST_CASE("only the owner, and the desk where it is a member, change a membership",
          "[membership]") {
  auto now = history();
  const auto next = membership(4, named(19), 2, all);
  CHECK(now.takes_effect(next, prison));
  CHECK(now.takes_effect(next, desk));
  CHECK_FALSE(now.takes_effect(next, partner));
  CHECK_FALSE(now.takes_effect(next, reader));
  CHECK_FALSE(now.takes_effect(next, stranger));

  const std::vector<Member> no_desk{{prison, Role::owner}, {partner, Role::receiver}};
  now.append({10, named(20), membership(4, named(19), 2, no_desk)});
  CHECK_FALSE(now.takes_effect(membership(5, named(20), 2, all), desk));  // not even to come back
}

TEST_CASE("whoever is owner now decides, not who was", "[membership]") {
  auto now = history();
  const std::vector<Member> moved{{prison, Role::contributor}, {partner, Role::owner}};
  now.append({10, named(20), membership(4, named(19), 2, moved)});
  CHECK(now.takes_effect(membership(5, named(20), 2, all), partner));
  CHECK_FALSE(now.takes_effect(membership(5, named(20), 2, all), prison));
}

TEST_CASE("the first membership needs no predecessor", "[membership]") {
  const MembershipHistory empty;
  CHECK(empty.takes_effect(membership(1, {}, 1, all), prison));
  CHECK_FALSE(empty.takes_effect(membership(2, named(11), 1, all), prison));
  CHECK(empty.current() == nullptr);
  CHECK(empty.at(7) == nullptr);
  CHECK(empty.number_at(7) == 0);
  CHECK_FALSE(empty.epoch_at(7));
  CHECK_FALSE(empty.role_now(prison));
  CHECK(empty.served_to(prison, 0) == 0);
}

TEST_CASE("the membership at a place is the last one that took effect there or before",
          "[membership]") {
  const auto now = history();
  CHECK(now.at(0) == nullptr);
  CHECK(now.number_at(1) == 1);
  CHECK(now.number_at(4) == 1);
  CHECK(now.number_at(5) == 2);
  CHECK(now.number_at(8) == 2);
  CHECK(now.number_at(100) == 3);
  CHECK(now.epoch_at(4) == epoch(1));
  CHECK(now.epoch_at(5) == epoch(2));
}

TEST_CASE("an entry is written in the role of the place before it", "[membership]") {
  const auto now = history();
  CHECK(now.role_for_entry_at(1, prison) == Role::owner);  // the first entry: its own
  CHECK(now.role_for_entry_at(5, partner) == Role::receiver);
  CHECK_FALSE(now.role_for_entry_at(6, partner));
  CHECK_FALSE(now.role_for_entry_at(9, partner));  // the entry that brings it back
  CHECK(now.role_for_entry_at(10, partner) == Role::receiver);
  CHECK_FALSE(now.role_for_entry_at(10, stranger));
}

TEST_CASE("who was ever a member is remembered", "[membership]") {
  auto now = history();
  now.append({10, named(20), membership(4, named(19), 2, without_partner)});
  CHECK_FALSE(now.role_now(partner));
  CHECK(now.was_ever_member(partner));
  CHECK_FALSE(now.was_ever_member(stranger));
}

TEST_CASE("an epoch is usable where it is in force at the base or has begun since",
          "[membership]") {
  const auto now = history();
  CHECK(now.epoch_usable(epoch(1), 4));
  CHECK(now.epoch_usable(epoch(2), 4));
  CHECK_FALSE(now.epoch_usable(epoch(1), 5));  // it has ended
  CHECK(now.epoch_usable(epoch(2), 8));
  CHECK_FALSE(now.epoch_usable(epoch(3), 1));
  CHECK(now.epoch_known(epoch(1)));
  CHECK_FALSE(now.epoch_known(epoch(3)));
  CHECK(now.epoch_began(epoch(2)) == 5);
  CHECK(now.key_commitment(epoch(2)) == Hash{2});
  CHECK_FALSE(now.key_commitment(epoch(3)));
}

TEST_CASE("a member is served to the end, one removed to the entry that removed it",
          "[membership]") {
  auto now = history();
  CHECK(now.served_to(prison, 30) == 30);
  CHECK(now.served_to(partner, 30) == 30);
  CHECK(now.served_to(stranger, 30) == 0);
  now.append({20, named(20), membership(4, named(19), 3, without_partner)});
  CHECK(now.served_to(partner, 30) == 20);
  now.append({25, named(25), membership(5, named(20), 3, without_partner)});
  CHECK(now.served_to(partner, 30) == 20);
}
