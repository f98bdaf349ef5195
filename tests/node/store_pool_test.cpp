#include "node/store_pool.h"

#include <atomic>
#include <catch_amalgamated.hpp>
#include <thread>

#include "node/staff/staff.h"
#include "tests/node/test_sites.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;

namespace {

struct Pooled {
  World world;
  TestHub hub{world};
  TestDesk desk{world, hub};
  TestSite site{world, "HMP Example", sync::OrganisationKind::prison, "LEI"};
  crypto::SystemRandom random;
  StorePool pool{site.folder.store(), random, world.clock};

  crypto::DatabaseKey key() {
    auto key = site.accounts.sign_in("jo", good_password, world.clock);
    REQUIRE(key);
    return *std::move(key);
  }
};

std::size_t staff_at(OpenNode& node) {
  const auto list = Staff(node).list();
  REQUIRE(list);
  return list->size();
}

}  // namespace

TEST_CASE("a pool lends nothing before somebody brings the key", "[store_pool]") {
  Pooled at;
  CHECK_FALSE(at.pool.is_open());
  const auto refused = at.pool.borrow();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == sync::ErrorKind::unavailable);
  CHECK_FALSE(at.pool.open(crypto::DatabaseKey::random(at.random)));  // another store's key
  CHECK_FALSE(at.pool.is_open());
  CHECK_FALSE(at.pool.borrow());

  REQUIRE(at.pool.open(at.key()));
  CHECK(at.pool.is_open());
  CHECK(at.pool.borrow());
}

TEST_CASE("who borrows sees what other programs have done meanwhile", "[store_pool]") {
  Pooled at;
  REQUIRE(at.pool.open(at.key()));
  {
    const auto before = at.pool.borrow();
    REQUIRE(before);
    CHECK_FALSE((*before)->is_enrolled());
  }
  at.desk.enrol(at.site, at.hub);
  REQUIRE(at.site.sync(at.hub));
  const auto after = at.pool.borrow();
  REQUIRE(after);
  CHECK((*after)->is_enrolled());
  CHECK((*after)->directory().version() == at.site.node->directory().version());
}

TEST_CASE("a store that was closed lends nothing until the key is brought again", "[store_pool]") {
  Pooled at;
  int opened = 0, closed = 0;
  at.pool.tell_when_open([&opened] { ++opened; });
  at.pool.tell_when_closed([&closed] { ++closed; });
  at.pool.close();  // is so already
  CHECK(closed == 0);
  REQUIRE(at.pool.open(at.key()));
  {
    const auto lent = at.pool.borrow();
    REQUIRE(lent);
    at.pool.close();
    CHECK(staff_at(**lent) == 1);  // whoever is at work finishes
    CHECK_FALSE(at.pool.is_open());
    CHECK(at.pool.borrow().error().kind == sync::ErrorKind::unavailable);
  }
  at.pool.close();
  CHECK(closed == 1);
  REQUIRE(at.pool.open(at.key()));
  CHECK(opened == 2);
  CHECK(at.pool.borrow());
}

TEST_CASE("that the keys of a closed store are wiped is told once nothing holds one any more",
          "[store_pool]") {
  Pooled at;
  int closed = 0, wiped = 0;
  at.pool.tell_when_closed([&closed] { ++closed; });
  at.pool.tell_when_wiped([&wiped] { ++wiped; });
  REQUIRE(at.pool.open(at.key()));
  {
    const auto first = at.pool.borrow();
    {
      const auto second = at.pool.borrow();
      at.pool.close();
    }
    CHECK(closed == 1);  // so that whoever is at work may end it
    CHECK(wiped == 0);
  }
  CHECK(wiped == 1);
  REQUIRE(at.pool.open(at.key()));
  at.pool.close();
  CHECK(wiped == 2);
  REQUIRE(at.pool.open(at.key()));
  {
    const auto lent = at.pool.borrow();
    at.pool.close();
    REQUIRE(at.pool.open(at.key()));
  }
  CHECK(wiped == 2);  // it is open
}

TEST_CASE("when all are lent the next one waits, and gets what is given back",
          "[store_pool][threads]") {
  Pooled at;
  REQUIRE(at.pool.open(at.key()));
  std::vector<StorePool::Loan> lent;
  for (int i = 0; i < 6; ++i) {
    auto loan = at.pool.borrow();
    REQUIRE(loan);
    lent.push_back(*std::move(loan));
  }
  std::atomic<bool> served = false;
  std::thread waiting([&] { served = at.pool.borrow().has_value(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  CHECK_FALSE(served);
  lent.pop_back();
  waiting.join();
  CHECK(served);
}

TEST_CASE("many threads write at once and nothing is lost", "[store_pool][threads]") {
  Pooled at;
  REQUIRE(at.pool.open(at.key()));
  const auto actor = at.site.actor();
  const auto before = staff_at(*at.site.node);
  constexpr std::size_t threads = 8, each = 5;
  std::atomic<std::size_t> failed = 0;
  std::vector<std::thread> writers;
  for (std::size_t writer = 0; writer < threads; ++writer) {
    writers.emplace_back([&, writer] {
      for (std::size_t i = 0; i < each; ++i) {
        auto store = at.pool.borrow();
        const auto name = "Robin " + std::to_string(writer) + " " + std::to_string(i);
        if (!store || !Staff(**store).add(name, {"coordinator"}, actor)) ++failed;
      }
    });
  }
  for (auto& writer : writers) writer.join();
  CHECK(failed == 0);
  CHECK(staff_at(*at.site.node) == before + threads * each);
}
