// Several programs or pages over one folder: each thread opens the store for itself, as they do.
// Most is told by the thread sanitizer: tools/test --sanitizers.
#include <atomic>
#include <catch_amalgamated.hpp>
#include <chrono>
#include <thread>

#include "sync/store/checker.h"
#include "tests/node/test_sites.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;

namespace {

constexpr std::size_t people = 4;
constexpr std::size_t saves_each = 10;

// Runs `work` as often as there are people, at once; it is told which of them it is.
void at_once(const std::function<void(std::size_t)>& work, std::size_t times = people) {
  std::vector<std::thread> threads;
  for (std::size_t who = 0; who < times; ++who) threads.emplace_back(work, who);
  for (auto& thread : threads) thread.join();
}

struct Shared {
  World world;
  TestSite prison{world, "HMP Made Up", sync::OrganisationKind::prison, "LEI"};
  crypto::DatabaseKey key = *prison.accounts.sign_in("jo", good_password, world.clock);
  crypto::SystemRandom random;  // the world's own is for one thread

  std::unique_ptr<OpenNode> open() {
    auto node = OpenNode::open(prison.folder.store(), key, sync::store::Access::existing, random,
                               world.clock);
    return node ? *std::move(node) : nullptr;
  }
};

}  // namespace

TEST_CASE("several threads save to one record at once: nothing is lost, and its stream is one",
          "[store][threads]") {
  Shared at;
  const auto actor = at.prison.actor();
  std::atomic<std::size_t> saved = 0;
  at_once([&](std::size_t who) {
    const auto node = at.open();
    for (std::size_t i = 0; node && i < saves_each; ++i) {
      const std::string name = "Invented " + std::to_string(who) + " " + std::to_string(i);
      if (Staff(*node).add(name, {"gate_meeter"}, actor)) ++saved;
      if (!Staff(*node).list()) saved = 0;  // reads while others write
    }
  });
  CHECK(saved == people * saves_each);
  const auto listed = Staff(*at.prison.node).list();
  REQUIRE(listed);
  CHECK(listed->size() == 1 + people * saves_each);
  const auto report =
      sync::store::check_store(at.prison.node->database(), at.prison.node->context());
  REQUIRE(report);
  CHECK(report->faults.empty());
  CHECK(report->entries == 1 + people * saves_each);

  sync::store::UnitOfWork work(at.prison.node->database());
  const auto places =
      work.first("SELECT count(DISTINCT stream), count(DISTINCT seq), max(seq) FROM entry",
                 sync::store::bound(), [](const sync::store::Statement& row) {
                   return std::array{row.unsigned_integer(0), row.unsigned_integer(1),
                                     row.unsigned_integer(2)};
                 });
  REQUIRE(places);
  CHECK(*places ==
        std::array<std::uint64_t, 3>{1, 1 + people * saves_each, 1 + people * saves_each});
}

TEST_CASE("several programs give passwords and sign in at once: everybody can sign in afterwards",
          "[accounts][threads]") {
  Shared at;
  Accounts shared(at.prison.folder, at.random, cheap());
  const auto name_of = [](std::size_t who) { return "person" + std::to_string(who); };
  std::atomic<std::size_t> right = 0;
  at_once([&](std::size_t who) {
    if (!shared.set_password(name_of(who), good_password, at.key)) return;
    if (shared.sign_in(name_of(who), "plum lantern otter 8", at.world.clock)) return;  // wrong
    if (shared.sign_in(name_of(who), good_password, at.world.clock)) ++right;
  });
  CHECK(right == people);
  for (std::size_t who = 0; who < people; ++who) {
    CHECK(shared.sign_in(name_of(who), good_password, at.world.clock));
  }
}

TEST_CASE("right passwords at the same moment never count as wrong ones", "[accounts][threads]") {
  Shared at;
  std::atomic<std::uint64_t> now_ms = at.world.now_ms;
  const Clock clock = [&] { return ++now_ms; };
  std::atomic<std::size_t> right = 0;
  for (int round = 0; round < 5; ++round) {
    at_once(
        [&](std::size_t) {
          Accounts program(at.prison.folder, at.random, cheap());
          if (program.sign_in("jo", good_password, clock)) ++right;
        },
        12);
  }
  CHECK(right == 5 * 12);
}

TEST_CASE("a password that is taken away while somebody waits for their turn lets nobody in",
          "[accounts][threads]") {
  Shared at;
  auto turn = FileLock::take(at.prison.folder.attempts_lock(), FileLock::Wait::yes);
  REQUIRE(turn);
  std::optional<sync::ErrorKind> refused;
  std::thread waits([&] {
    Accounts program(at.prison.folder, at.random, cheap());
    const auto key = program.sign_in("jo", good_password, at.world.clock);
    if (!key) refused = key.error().kind;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));  // until it waits
  const auto removed = at.prison.accounts.remove_password("jo");
  { const auto ended = *std::move(turn); }
  waits.join();
  CHECK(removed);
  CHECK(refused == sync::ErrorKind::denied);
}

TEST_CASE("guesses side by side are worth no more than guesses in a row", "[accounts][threads]") {
  Shared at;
  const auto wrong = at.prison.accounts.sign_in("nobody", good_password, at.world.clock).error();
  std::atomic<std::size_t> guesses = 0;
  at_once(
      [&](std::size_t) {
        Accounts program(at.prison.folder, at.random, cheap());
        const auto guess = program.sign_in("jo", "plum lantern otter 8", at.world.clock);
        if (!guess && guess.error() == wrong) ++guesses;
      },
      40);
  CHECK(guesses == 5);
}
