#include "node/web/session.h"

#include <catch_amalgamated.hpp>

using namespace throughgate;
using namespace throughgate::node::web;

namespace {

constexpr std::int64_t minute = 60'000;

struct Sessions {
  crypto::SystemRandom random;
  SessionTable table{random};
  std::string alex = table.open({"1", "alex", "Alex"}, 0);

  SessionState state(std::int64_t now_ms) { return table.find(alex, now_ms).state; }
};

}  // namespace

TEST_CASE("a session lives while it is used, and locks after 5 minutes without use", "[session]") {
  Sessions s;
  CHECK(s.state(4 * minute) == SessionState::active);
  CHECK(s.state(9 * minute - 1) == SessionState::active);
  CHECK(s.state(14 * minute - 1) == SessionState::locked);
  CHECK(s.state(14 * minute) == SessionState::locked);
  CHECK(s.table.find(s.alex, 15 * minute).person.sign_in_name == "alex");
}

TEST_CASE("a session ends after ten hours, however much it is used", "[session]") {
  Sessions s;
  for (std::int64_t i = 1; i < 150; ++i) REQUIRE(s.state(i * (4 * minute)) == SessionState::active);
  CHECK(s.state(600 * minute) == SessionState::none);
}

TEST_CASE("ids are random, 256 bits, and only the table's own open anything", "[session]") {
  Sessions s;
  CHECK(SessionTable::is_well_formed(s.alex));
  CHECK(s.table.open({"1", "alex", "Alex"}, 0) != s.alex);
  CHECK(s.table.find(s.table.new_visitor_id(), 0).state == SessionState::none);
  CHECK(s.table.find("", 0).state == SessionState::none);
  CHECK_FALSE(SessionTable::is_well_formed(std::string(64, 'G')));
  CHECK_FALSE(SessionTable::is_well_formed(std::string(63, 'a')));
}

TEST_CASE("a closed session is gone, and so are all of a person's at once", "[session]") {
  Sessions s;
  const auto second = s.table.open({"1", "alex", "Alex"}, 0);
  const auto other = s.table.open({"2", "sam", "Sam"}, 0);
  s.table.close(s.alex);
  CHECK(s.state(1) == SessionState::none);
  s.table.close_all_of("1");
  CHECK(s.table.find(second, 1).state == SessionState::none);
  CHECK(s.table.find(other, 1).state == SessionState::active);
}

TEST_CASE("too many sessions end the longest idle one, a person's own first", "[session]") {
  crypto::SystemRandom random;
  SessionTable table(random, {.sessions_max = 4, .sessions_per_person_max = 2});
  const auto first = table.open({"1", "a", "A"}, 0);
  const auto other = table.open({"2", "b", "B"}, 1);
  const auto second = table.open({"1", "a", "A"}, 2);
  const auto third = table.open({"1", "a", "A"}, 3);
  CHECK(table.find(first, 4).state == SessionState::none);
  CHECK(table.find(other, 4).state == SessionState::active);
  for (int i = 0; i < 20; ++i) table.open({std::to_string(10 + i), "x", "X"}, 5);
  CHECK(table.size() == 4);
}

TEST_CASE("locking all hides the pages of everybody", "[session]") {
  Sessions s;
  s.table.lock_all();
  CHECK(s.state(1) == SessionState::locked);
}

TEST_CASE("a form's token fits its own session, in this run of the program, only", "[session]") {
  Sessions s;
  const auto token = s.table.csrf_token(s.alex);
  const auto other = s.table.open({"2", "sam", "Sam"}, 0);
  CHECK(s.table.csrf_token_fits(s.alex, token));
  CHECK_FALSE(s.table.csrf_token_fits(other, token));
  CHECK_FALSE(s.table.csrf_token_fits(s.alex, ""));
  CHECK_FALSE(s.table.csrf_token_fits(s.alex, token.substr(1)));
  CHECK_FALSE(s.table.csrf_token_fits("", s.table.csrf_token("")));
  CHECK_FALSE(SessionTable(s.random).csrf_token_fits(s.alex, token));
  CHECK(token.find(s.alex.substr(0, 16)) == std::string::npos);
}

TEST_CASE("the cookie is for this host alone, and out of scripts' reach", "[session]") {
  CHECK(session_cookie("x") == "__Host-sid=x; Path=/; HttpOnly; Secure; SameSite=Strict");
}
