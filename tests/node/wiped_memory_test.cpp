// What the memory of this process holds of a store that was closed.
#include <atomic>
#include <catch_amalgamated.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <shared_mutex>
#include <thread>
#include <utility>

#include "crypto/init.h"
#include "node/record_service.h"
#include "node/web/lock_watch.h"
#include "tests/node/memory_search.h"
#include "tests/node/test_sites.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;

namespace {

// The characters are put together here, so that they stand in no constant.
std::string marker() {
  std::string out;
  for (char letter = 'Q'; letter <= 'Z'; ++letter) out += {letter, '-', letter};
  return out;
}

// Threads as the program has them: one that has handled secrets wipes its stack, and lives on.
class Visits {
 public:
  Visits() = default;
  Visits(const Visits&) = delete;
  Visits& operator=(const Visits&) = delete;
  ~Visits() {
    leave_.set_value();
    for (auto& thread : threads_) thread.join();
  }
  void one(const std::function<void()>& work) {
    std::promise<void> done;
    threads_.emplace_back([&work, &done, left = left_] {
      work();
      crypto::wipe_stack();
      done.set_value();
      left.wait();
    });
    done.get_future().wait();
  }

 private:
  std::promise<void> leave_;
  std::shared_future<void> left_{leave_.get_future()};
  std::vector<std::thread> threads_;
};

// A site whose store nothing in this process has open but the pool.
struct Closing {
  World world;
  TestSite site{world, "HMP Example", sync::OrganisationKind::prison, "LEI"};
  crypto::SystemRandom random;
  std::unique_ptr<CodeLists> codes;
  StorePool pool{site.folder.store(), random, world.clock};
  web::SessionTable sessions{random};
  std::int64_t now = 0, slept = 0;

  std::map<std::string, Sought> keys;
  Sought text{crypto::as_bytes(marker())};
  Visits visits;

  Closing() {
    auto lists = CodeLists::load(EXAMPLE_CODES);
    REQUIRE(lists);
    codes = std::make_unique<CodeLists>(*std::move(lists));
    site.node.reset();
    site.sheet.reset();
    open();
    visits.one([this] { work(); });
    crypto::wipe_stack();  // of what made the site
  }
  void open() {
    visits.one([this] {
      const auto key = site.accounts.sign_in("jo", good_password, world.clock);
      REQUIRE(key);
      keys.insert_or_assign("store", Sought(key->view()));
      REQUIRE(pool.open(*key));
    });
  }
  // Something is written, listed, searched and read, on two connections.
  void work() {
    auto first = pool.borrow();
    auto second = pool.borrow();
    REQUIRE(first);
    REQUIRE(second);
    const auto& identity = (*first)->identity();
    keys.insert_or_assign("signing", Sought(identity.signing_key.seed().view()));
    keys.insert_or_assign("box", Sought(identity.box_key.secret().view()));
    RecordService records(**first, *codes);
    const auto saved = records.new_record(
        *record_type("volunteer"), {{"given-name", "Ann"}, {"family-name", marker()}},
        {sync::Actor{sync::ActorId{{1}}, "Jo", "coordinator"}, ""});
    REQUIRE(saved);
    const RecordService other(**second, *codes);
    REQUIRE(other.whole().read(saved->record));
    REQUIRE(other.whole().history(saved->record, {}));
    note_record_keys(**first);
  }
  void note_record_keys(OpenNode& node) {
    sync::store::UnitOfWork reading(node.database());
    reading.each("SELECT key FROM dossier_key", sync::store::bound(), [this](const auto& row) {
      keys.insert_or_assign("record " + std::to_string(keys.size()), Sought(row.view(0)));
    });
    REQUIRE(keys.size() > 4);
  }
  std::size_t count(const std::string& key) const { return keys.at(key).count(); }
  void holds_no_key() const {
    for (const auto& [name, key] : keys) {
      INFO(name);
      CHECK(key.count() == 0);
    }
  }
  void holds_nothing() const {
    holds_no_key();
    CHECK(text.count() == 0);
  }
};

}  // namespace

TEST_CASE("once the store is closed, no memory of the process holds a key or a text of it",
          "[wiped]") {
  Closing at;
  for (const char* each : {"store", "signing", "box"}) {
    INFO(each);
    CHECK(at.count(each) > 0);  // the search sees what is there
  }
  at.pool.close();
  at.holds_nothing();
  CHECK_FALSE(at.pool.borrow());
  at.open();
  CHECK(at.pool.borrow());
}

TEST_CASE("what is lent when the store is closed goes as it comes back", "[wiped]") {
  Closing at;
  {
    const auto lent = at.pool.borrow();
    REQUIRE(lent);
    at.pool.close();
    CHECK(at.count("signing") > 0);
    CHECK_FALSE(at.pool.borrow());
  }
  at.holds_nothing();
}

TEST_CASE("a store opened anew does not take back what was lent before", "[wiped]") {
  Closing at;
  {
    const auto lent = at.pool.borrow();
    at.pool.close();
    at.open();
    CHECK(at.pool.borrow());
  }
  at.pool.close();
  at.holds_nothing();
}

TEST_CASE("once nobody's pages are open the store is closed, and the next sign-in opens it",
          "[wiped]") {
  Closing at;
  web::LockWatch watch(
      at.sessions, at.pool, [&at] { return at.now; }, [&at] { return at.slept; });
  watch.look();
  CHECK(at.pool.is_open());  // a key file opened it, and nobody was there yet
  const auto first = at.sessions.open({"1", "jo", "Jo", {}}, at.now);
  const auto second = at.sessions.open({"2", "al", "Al", {}}, at.now);
  watch.look();
  CHECK(at.pool.is_open());
  at.sessions.close(first);  // signed out
  watch.look();
  CHECK(at.pool.is_open());
  SECTION("the last one's pages lock") { at.now += at.sessions.limits().idle_ms; }
  SECTION("the last one signs out") { at.sessions.close(second); }
  SECTION("the computer slept") { at.slept += 60'000; }
  SECTION("the computer is about to sleep") {
    watch.lock_now();
    CHECK(at.sessions.find(second, at.now).state == web::SessionState::locked);
  }
  watch.look();
  CHECK_FALSE(at.pool.is_open());
  at.holds_nothing();
  CHECK(at.sessions.find(second, at.now).state != web::SessionState::active);
  // Whoever signs in opens it, and it stays so.
  at.open();
  at.sessions.open({"1", "jo", "Jo", {}}, at.now);
  watch.look();
  watch.look();
  CHECK(at.pool.is_open());
}

TEST_CASE("a store that a sign-in opened is closed, however short or vain the visit", "[wiped]") {
  Closing at;
  at.pool.close();
  web::LockWatch watch(
      at.sessions, at.pool, [&at] { return at.now; }, [&at] { return at.slept; });
  watch.look();
  at.open();
  watch.look();
  CHECK_FALSE(at.pool.is_open());
}

TEST_CASE("the store is not closed under somebody who is being signed in, however long that takes",
          "[wiped]") {
  Closing at;
  at.pool.close();
  web::LockWatch watch(
      at.sessions, at.pool, [&at] { return at.now; }, [&at] { return at.slept; });
  watch.look();
  std::promise<void> opened, answered;
  auto answering = std::async(std::launch::async, [&, may_answer = answered.get_future()] {
    const std::shared_lock arriving(at.sessions.arriving());
    at.open();
    opened.set_value();
    may_answer.wait();
    at.sessions.open({"1", "jo", "Jo", {}}, at.now);
  });
  opened.get_future().wait();
  for (int i = 0; i < 20; ++i) watch.look();
  CHECK(at.pool.is_open());
  answered.set_value();
  answering.get();
  watch.look();
  CHECK(at.pool.is_open());
}

TEST_CASE("whoever is signed in while the store is being closed opens it anew", "[wiped]") {
  Closing at;
  std::future<void> answering;
  bool somebody_comes = false;
  web::LockWatch watch(
      at.sessions, at.pool,
      [&] {
        if (std::exchange(somebody_comes, false)) {
          answering = std::async(std::launch::async, [&at] {
            const std::shared_lock arriving(at.sessions.arriving());
            at.open();
            at.sessions.open({"1", "jo", "Jo", {}}, at.now);
          });
          answering.wait_for(std::chrono::milliseconds(300));  // or waits for us
        }
        return at.now;
      },
      [&at] { return at.slept; });
  at.sessions.close(at.sessions.open({"2", "al", "Al", {}}, at.now));
  at.pool.close();
  watch.look();
  at.open();
  somebody_comes = true;
  watch.look();
  answering.get();
  CHECK(at.pool.is_open());
  watch.look();
  CHECK(at.pool.is_open());
}

TEST_CASE("a watch looks by itself once it was started, and not before", "[wiped]") {
  using std::chrono::milliseconds, std::chrono::steady_clock;
  Closing at;
  std::atomic<int> looks = 0;
  web::LockWatch watch(
      at.sessions, at.pool,
      [&looks] {
        ++looks;
        return std::int64_t{0};
      },
      [] { return std::int64_t{0}; });
  std::this_thread::sleep_for(milliseconds(1'500));
  CHECK(looks == 0);
  watch.start();
  const auto end = steady_clock::now() + std::chrono::seconds(30);
  while (looks == 0 && steady_clock::now() < end) std::this_thread::sleep_for(milliseconds(10));
  CHECK(looks > 0);
}

TEST_CASE("a clock that was set is no sleep", "[wiped]") {
  Closing at;
  web::LockWatch watch(
      at.sessions, at.pool, [&at] { return at.now; }, [&at] { return at.slept; });
  at.sessions.open({"1", "jo", "Jo", {}}, at.now);
  watch.look();
  at.world.now_ms += 86'400'000;
  watch.look();
  CHECK(at.pool.is_open());
  CHECK(web::machine_slept_ms() >= 0);
}

TEST_CASE("pages that are open over a store that was closed ask to sign in", "[wiped]") {
  Closing at;
  web::LockWatch watch(
      at.sessions, at.pool, [&at] { return at.now; }, [&at] { return at.slept; });
  const auto session = at.sessions.open({"1", "jo", "Jo", {}}, at.now);
  at.pool.close();
  watch.look();
  CHECK(at.sessions.find(session, at.now).state == web::SessionState::locked);
}
