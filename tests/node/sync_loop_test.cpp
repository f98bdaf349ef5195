#include "node/sync_loop.h"

#include <catch_amalgamated.hpp>
#include <thread>

#include "node/hub_visit.h"
#include "node/status.h"
#include "tests/node/test_sites.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;

namespace {

// The test's hub, lent for a visit.
class Lent final : public HubClient {
 public:
  explicit Lent(TestHub& hub) : hub_(hub) {}
  sync::Result<crypto::Bytes> call(Endpoint endpoint, crypto::ByteView request) override {
    return hub_.call(endpoint, request);
  }

 private:
  TestHub& hub_;
};

constexpr std::chrono::seconds patience{60};

enum class Store : std::uint8_t { open, closed };

struct Looped {
  World world;
  TestHub hub{world};
  TestDesk desk{world, hub};
  TestSite site{world, "HMP Example", sync::OrganisationKind::prison, "LEI"};
  crypto::SystemRandom random;
  StorePool pool{site.folder.store(), random, world.clock};
  SyncLoop loop{pool,
                [this](OpenNode&) -> sync::Result<std::unique_ptr<HubClient>> {
                  return std::unique_ptr<HubClient>(std::make_unique<Lent>(hub));
                },
                site.folder, std::chrono::seconds(0)};

  explicit Looped(Store store = Store::open) {
    desk.enrol(site, hub);
    pool.tell_when_open([this] { loop.note_opened(); });
    if (store == Store::closed) return;
    open();
    loop.start();
  }

  void open() {
    auto key = site.accounts.sign_in("jo", good_password, world.now_ms);
    REQUIRE(key);
    REQUIRE(pool.open(*key));
  }

  // As after an update of the program.
  void make_all_stale() {
    sync::store::UnitOfWork work(site.node->database());
    work.run("UPDATE dossier SET stale = 1");
    REQUIRE(work.commit());
    REQUIRE(to_read_again() > 0);
  }

  std::uint64_t to_read_again() {
    const auto now = status_of(*site.node);
    REQUIRE(now);
    return now->to_read_again;
  }

  bool all_is_read_again() {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (to_read_again() > 0 && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return to_read_again() == 0;
  }
};

}  // namespace

TEST_CASE("asked to, the loop visits the hub and notes when", "[sync_loop][threads]") {
  Looped at;
  CHECK(at.loop.state().tried_at_ms == 0);
  CHECK_FALSE(at.loop.state().is_online());
  REQUIRE(at.loop.visit_now(patience));
  CHECK(at.loop.state().problem.empty());
  CHECK(at.loop.state().is_online());
  const auto contact = last_contact(*at.site.node);
  REQUIRE(contact);
  CHECK(contact->at_ms == at.world.now_ms);
}

TEST_CASE("while the hub is down the loop says so, and goes on when it is back",
          "[sync_loop][threads]") {
  Looped at;
  at.hub.is_down = true;
  REQUIRE(at.loop.visit_now(patience));
  CHECK_FALSE(at.loop.state().is_online());
  CHECK_FALSE(at.loop.state().problem.empty());
  CHECK(last_contact(*at.site.node)->at_ms == 0);
  at.hub.is_down = false;
  REQUIRE(at.loop.visit_now(patience));
  CHECK(at.loop.state().is_online());
}

TEST_CASE("a visit while another program is at it is put off, not lost", "[sync_loop][threads]") {
  Looped at;
  {
    auto taken = FileLock::take(at.site.folder.sync_lock(), FileLock::Wait::no);
    REQUIRE(taken);
    REQUIRE(at.loop.visit_now(patience));
    CHECK(at.loop.state().problem.find("Another program is syncing") == 0);
  }
  REQUIRE(at.loop.visit_now(patience));
  CHECK(at.loop.state().is_online());
}

TEST_CASE("a loop that is stopped lets nobody wait", "[sync_loop][threads]") {
  Looped at;
  at.loop.stop();
  CHECK(at.loop.visit_now(patience));
  CHECK(at.loop.state().tried_at_ms == 0);
}

TEST_CASE("what an earlier program read is read again without anybody asking",
          "[sync_loop][threads]") {
  Looped at(Store::closed);
  at.make_all_stale();
  SECTION("when the store was open from the start") {
    at.open();
    at.loop.start();
  }
  SECTION("when somebody signs in later") {
    at.loop.start();
    at.open();
  }
  CHECK(at.all_is_read_again());
  CHECK(at.loop.state().tried_at_ms == 0);  // no visit was needed
}

TEST_CASE("whoever opens the store has the hub visited at once", "[sync_loop][threads]") {
  Looped at(Store::closed);
  SyncLoop hourly(
      at.pool,
      [&at](OpenNode&) -> sync::Result<std::unique_ptr<HubClient>> {
        return std::unique_ptr<HubClient>(std::make_unique<Lent>(at.hub));
      },
      at.site.folder, std::chrono::hours(1));
  at.pool.tell_when_open([&hourly] { hourly.note_opened(); });
  hourly.start();
  at.open();
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!hourly.state().is_online() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  CHECK(hourly.state().is_online());
}

TEST_CASE("a clock's difference is said from where one stands", "[hub_visit]") {
  CHECK(clock_difference(0) == "right");
  CHECK(clock_difference(-59'999) == "right");
  CHECK(clock_difference(60'000) == "1 minute behind");
  CHECK(clock_difference(-300'000) == "5 minutes ahead");
}
