// A set-up by pages on a disk that fails.
#include <catch_amalgamated.hpp>

#include "node/staff/staff.h"
#include "tests/disk_faults/moments.h"
#include "tests/disk_faults/plain_words.h"
#include "tests/disk_faults/same_chance.h"
#include "tests/node/web/pages/first_day/new_computer.h"
#include "tests/node/web/pages/page_world.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using throughgate::testing::FailingDisk;
using throughgate::testing::Fault;
using throughgate::testing::SameChance;

namespace {

constexpr std::uint64_t of_each_day = 25;

// All is answered but the password.
void come_to_the_last_page(NewComputer& at) {
  std::filesystem::remove_all(at.folder.path());
  at.world.random = SeededRandom(7);
  at.went_on = 0;
  at.start();
  at.be_first();
  at.keep_sheet();
}

void be_set_up(NewComputer& at) {
  CHECK(at.went_on == 1);
  const auto node = at.open();
  CHECK(must(facts_of(*node)).site.name == "Made-Up Place");
  CHECK(must(Staff(*node).list()).size() == 1);
}

}  // namespace

TEST_CASE("a disk that fails at any change of the last page leaves nothing, or a store that opens",
          "[first-day][faults]") {
  NewComputer at;
  come_to_the_last_page(at);
  const auto changes = [&] {
    const SameChance same(1);
    const FailingDisk never;
    CHECK(at.choose_password().status == 303);
    return never.changes();
  }();
  REQUIRE(changes.all > 40);
  be_set_up(at);

  throughgate::testing::Moments moments(of_each_day);
  const auto fail_at = [&](Fault fault, std::uint64_t n) {
    come_to_the_last_page(at);
    bool struck = false;
    web::Response seen;
    {
      const SameChance same(1);
      FailingDisk disk(fault, n);
      seen = at.choose_password();
      struck = disk.has_struck();
    }
    const auto words = std::to_string(seen.status) + " " + text_of_page(seen);
    const auto there = at.folder.holds();
    if (seen.status == 303) {
      moments.must_hold(at.went_on == 1 && at.has_store(), "what is shown as done is done", words);
    } else {
      moments.must_hold(seen.status == 503, "it is the disk that is blamed", words);
      moments.must_hold(
          there == DataFolder::Holds::nothing || there == DataFolder::Holds::cut_off_init,
          "what is shown as failed is no store", words);
      const auto wrong = throughgate::testing::fault_in_words(text_of_page(seen), fault);
      moments.must_hold(wrong.empty(), "a page " + wrong, words);
      // The very next page goes on, with the disk well again.
      if (there == DataFolder::Holds::cut_off_init) {
        at.get("/set-up");
      } else {
        CHECK(at.choose_password().status == 303);
      }
    }
    be_set_up(at);
    return struck;
  };
  moments.each("setting a computer up by pages", changes, fail_at);
  moments.print("setting a computer up by pages");
}

TEST_CASE(
    "a program that ends at any change of the last page leaves a set-up that is begun again, "
    "or a store that opens",
    "[first-day][faults]") {
  NewComputer at;
  come_to_the_last_page(at);
  const auto changes = [&] {
    const SameChance same(1);
    const FailingDisk never;
    at.choose_password();
    return never.changes();
  }();
  throughgate::testing::Moments moments(of_each_day);
  const auto end_at = [&](Fault fault, std::uint64_t n) {
    come_to_the_last_page(at);
    bool struck = false;
    {
      const SameChance same(1);
      FailingDisk disk(fault, n);
      at.choose_password();
      struck = disk.has_struck();
    }
    at.went_on = 0;
    if (!at.folder.find_store()) {
      at.start();
      at.be_first();
      at.keep_sheet();
      CHECK(at.choose_password().status == 303);
    } else {
      at.went_on = 1;
    }
    be_set_up(at);
    return struck;
  };
  moments.each("a set-up by pages that ends", changes, end_at, {Fault::dead});
  moments.print("a set-up by pages that ends");
}

TEST_CASE("a code typed while the folder cannot be made is typed again", "[first-day][faults]") {
  NewComputer at;
  at.get("/set-up");
  {
    FailingDisk disk(Fault::full, 1);
    const auto refused = at.fill_in("/set-up", {{"code", at.told.back()}});
    CHECK(disk.has_struck());
    CHECK(refused.status == 422);
    CHECK(throughgate::testing::fault_in_words(text_of_page(refused), Fault::full).empty());
  }
  CHECK(at.told.size() == 1);
  at.be_first();
  at.keep_sheet();
  CHECK(at.choose_password().status == 303);
  be_set_up(at);
}
