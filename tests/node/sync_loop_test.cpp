#include "node/sync_loop.h"

#include <atomic>
#include <catch_amalgamated.hpp>
#include <future>
#include <thread>

#include "node/bundles/nightly_files.h"
#include "node/hub_visit.h"
#include "node/staff/staff.h"
#include "node/status.h"
#include "schema/wire.pb.h"
#include "sync/store/checker.h"
#include "tests/node/test_sites.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;

namespace {

// The test's hub, lent for a visit.
class Lent final : public HubClient {
 public:
  Lent(TestHub& hub, const bool& spoils, std::vector<Endpoint>& calls,
       const std::function<void()>& on_call, std::string address)
      : hub_(hub),
        spoils_(spoils),
        calls_(calls),
        on_call_(on_call),
        address_(std::move(address)) {}
  std::string address() const override { return address_; }
  sync::Result<crypto::Bytes> call(Endpoint endpoint, crypto::ByteView request) override {
    calls_.push_back(endpoint);
    if (on_call_) on_call_();
    auto answer = hub_.call(endpoint, request);
    if (answer && endpoint == Endpoint::fetch && spoils_) spoil(*answer);
    return answer;
  }

 private:
  static void spoil(crypto::Bytes& answer) {
    schema::FetchReply reply;
    REQUIRE(reply.ParseFromArray(answer.data(), static_cast<int>(answer.size())));
    if (reply.pages_size() == 0) return;
    auto& entry = *reply.mutable_pages(0)->mutable_entries()->mutable_entries(0);
    (*entry.mutable_signature())[0] ^= 1;
    REQUIRE(reply.SerializeToArray(answer.data(), static_cast<int>(answer.size())));
  }

  TestHub& hub_;
  const bool& spoils_;
  std::vector<Endpoint>& calls_;
  const std::function<void()>& on_call_;
  const std::string address_;
};

constexpr std::chrono::seconds patience{60};

enum class Store : std::uint8_t { open, closed };

struct Looped {
  World world;
  TestHub hub{world};
  bool spoils = false;  // the first page of each answer
  std::vector<HubClient::Endpoint> calls;
  std::function<void()> on_call;  // on the loop's thread; may be empty
  std::string address = "https://exchange.example.org";
  TestDesk desk{world, hub};
  TestSite site{world, "HMP Example", sync::OrganisationKind::prison, "LEI"};
  crypto::SystemRandom random;
  StorePool pool{site.folder.store(), random, world.clock};
  SyncLoop loop{pool,
                [this](OpenNode&) -> sync::Result<std::unique_ptr<HubClient>> { return lend(); },
                site.folder, std::chrono::seconds(0)};

  explicit Looped(Store store = Store::open) {
    desk.enrol(site, hub);
    pool.tell_when_open([this] { loop.note_opened(); });
    if (store == Store::closed) return;
    open();
    loop.start();
  }

  std::unique_ptr<HubClient> lend() {
    return std::make_unique<Lent>(hub, spoils, calls, on_call, address);
  }

  // What one visit asks of the hub.
  std::vector<HubClient::Endpoint> visited() {
    calls.clear();
    REQUIRE(loop.visit_now(patience));
    CHECK(loop.state().problem.empty());
    return calls;
  }

  void open() {
    auto key = site.accounts.sign_in("jo", good_password, world.clock);
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

TEST_CASE("a visit with nothing new is one request while the token lives, and two after",
          "[sync_loop][threads]") {
  using enum HubClient::Endpoint;
  Looped at;
  at.visited();
  const std::vector<HubClient::Endpoint> one{HubClient::Endpoint::sync};
  CHECK(at.visited() == one);
  CHECK(at.visited() == one);
  SECTION("the token has become too old") {
    at.world.now_ms += 16 * 60'000;
    CHECK(at.visited() == std::vector{HubClient::Endpoint::sync, hello, HubClient::Endpoint::sync});
    CHECK(at.visited() == one);
  }
  SECTION("another hub is shown nothing that this one gave") {
    at.address = "https://other.example.org";
    CHECK(at.visited() == std::vector{hello, HubClient::Endpoint::sync});
  }
}

TEST_CASE("what does not hold is said, and the visit has ended well all the same",
          "[sync_loop][threads]") {
  Looped at;
  at.spoils = true;
  REQUIRE(at.loop.visit_now(patience));
  CHECK(at.loop.state().is_online());
  CHECK(at.loop.state().warning.find("Tell the central team") != std::string::npos);
  CHECK(last_contact(*at.site.node)->at_ms == at.world.now_ms);
  at.spoils = false;
  REQUIRE(at.loop.visit_now(patience));
  CHECK(at.loop.state().is_online());
  CHECK(at.loop.state().warning.empty());
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

TEST_CASE(
    "people save while a visit is under way: nobody waits for the hub, and nothing is left out",
    "[sync_loop][store_pool][threads]") {
  constexpr std::size_t people = 3, saves_max = 200;
  Looped at;
  const auto actor = at.site.actor();
  std::atomic<std::size_t> saved = 0, answers = 0, kept_waiting = 0, failed = 0, saving = people;
  std::atomic<bool> visited = false;
  at.on_call = [&] {  // the hub takes as long over each answer as somebody over a save
    const auto before = saved.load();
    const auto end = std::chrono::steady_clock::now() + patience;
    while (saved == before && saving > 0 && std::chrono::steady_clock::now() < end) {
      std::this_thread::yield();
    }
    ++answers;
    if (saved == before && saving > 0) ++kept_waiting;
  };
  std::vector<std::thread> threads;
  for (std::size_t who = 0; who < people; ++who) {
    threads.emplace_back([&, who] {
      for (std::size_t i = 0; i < saves_max && !visited; ++i) {
        const auto node = at.pool.borrow();
        const std::string name = "Invented " + std::to_string(who) + " " + std::to_string(i);
        ++(node && Staff(**node).add(name, {"gate_meeter"}, actor) ? saved : failed);
        at.loop.note_saved();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));  // people are no faster
      }
      --saving;
    });
  }
  for (int visit = 0; visit < 3; ++visit) {
    if (!at.loop.visit_now(patience)) ++failed;
  }
  visited = true;
  for (auto& thread : threads) thread.join();
  CHECK(failed == 0);
  CHECK(answers >= 3);
  CHECK(kept_waiting == 0);

  at.on_call = {};
  REQUIRE(at.loop.visit_now(patience));
  CHECK(at.loop.state().problem.empty());
  const auto now = status_of(*at.site.node);
  REQUIRE(now);
  CHECK(now->unsent == 0);
  CHECK(Staff(*at.site.node).list()->size() == 1 + saved);
  const auto report = sync::store::check_store(at.site.node->database(), at.site.node->context());
  REQUIRE(report);
  CHECK(report->faults.empty());
}

TEST_CASE("a loop that is stopped lets nobody wait", "[sync_loop][threads]") {
  Looped at;
  at.loop.stop();
  CHECK(at.loop.visit_now(patience));
  CHECK(at.loop.state().tried_at_ms == 0);
}

TEST_CASE("a loop that is stopped cuts its visit between two requests", "[sync_loop][threads]") {
  Looped at;
  std::promise<void> called;
  at.on_call = [&] {
    called.set_value();
    while (!at.loop.is_stopping()) std::this_thread::yield();
  };
  auto visited = std::async(std::launch::async, [&] { return at.loop.visit_now(patience); });
  called.get_future().wait();
  at.loop.stop();
  CHECK(visited.get());
  CHECK(at.calls.size() == 1);
  CHECK(at.loop.state().problem.find("The rest follows next time") != std::string::npos);
}

TEST_CASE("what a library throws during a visit ends the visit and not the loop",
          "[sync_loop][threads]") {
  Looped at;
  at.on_call = [] { throw std::bad_alloc(); };
  REQUIRE(at.loop.visit_now(patience));
  CHECK_FALSE(at.loop.state().is_online());
  at.on_call = {};
  REQUIRE(at.loop.visit_now(patience));
  CHECK(at.loop.state().is_online());
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
      at.pool, [&at](OpenNode&) -> sync::Result<std::unique_ptr<HubClient>> { return at.lend(); },
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

TEST_CASE("while the store is closed nothing is exchanged, and once it is open again it goes on",
          "[sync_loop][threads]") {
  using enum HubClient::Endpoint;
  Looped at;
  at.pool.tell_when_closed([&at] { at.loop.note_closed(); });
  at.visited();
  at.calls.clear();
  at.pool.close();
  CHECK_FALSE(at.loop.visit_now(std::chrono::seconds(1)));
  CHECK(at.calls.empty());
  at.open();
  CHECK(at.visited().front() == hello);  // what was remembered of the way went with the keys
}

TEST_CASE("a visit under way when the store is closed ends with its request, and is made up for",
          "[sync_loop][threads]") {
  Looped at;
  at.pool.tell_when_closed([&at] { at.loop.note_closed(); });
  at.on_call = [&at] { at.pool.close(); };
  REQUIRE(at.loop.visit_now(patience));
  CHECK(at.calls.size() == 1);
  CHECK(at.loop.state().problem.find("its store closed") != std::string::npos);
  at.on_call = {};
  at.open();
  REQUIRE(at.loop.visit_now(patience));
  CHECK(at.loop.state().is_online());
}

TEST_CASE(
    "a visit whose last request was under way when the store is closed makes no files any more",
    "[sync_loop][threads]") {
  Looped at;
  at.pool.tell_when_closed([&at] { at.loop.note_closed(); });
  at.visited();
  REQUIRE(set_nightly_rule(*at.site.node, {NightlyRule::When::always, {}}));
  const auto made_at = [&at] { return nightly_files(*at.site.node, at.site.folder)->made_at_ms; };
  REQUIRE(made_at() == 0);
  at.on_call = [&at] { at.pool.close(); };
  REQUIRE(at.loop.visit_now(patience));
  CHECK(at.loop.state().problem.empty());
  CHECK(made_at() == 0);
  at.on_call = {};
  at.open();
  at.visited();
  CHECK(made_at() != 0);
}

TEST_CASE("a clock's difference is said from where one stands", "[hub_visit]") {
  CHECK(clock_difference(0) == "right");
  CHECK(clock_difference(-59'999) == "right");
  CHECK(clock_difference(60'000) == "1 minute behind");
  CHECK(clock_difference(-300'000) == "5 minutes ahead");
}
