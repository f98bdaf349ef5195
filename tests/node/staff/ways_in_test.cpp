#include "node/staff/ways_in.h"

#include <chrono>
#include <thread>

#include "node/audit.h"
#include "tests/node/staff/office.h"

namespace throughgate::node::testing {
namespace {

using std::chrono::milliseconds;

constexpr int polls_max = 1000;
constexpr milliseconds poll{5};

// As another program on this folder does it.
std::thread closes_elsewhere(Office& office) {
  return std::thread([&office, key = office.key()] {
    crypto::SystemRandom random;
    const auto node =
        must(OpenNode::open(office.prison.folder.store(), key, sync::store::Access::existing,
                            random, office.world.world.clock));
    Accounts accounts(office.prison.folder, random, cheap());
    must(close_ways_in_of_leavers(*node, accounts));
  });
}

sync::ActorId leaver(Office& office) {
  const auto al = office.add("Al Invented", {"coordinator"}, "al");
  must(Staff(*office.prison.node).set_left(al, office.prison.actor()));
  return al;
}

}  // namespace

TEST_CASE("while the way in of somebody who has left is closed, nobody is given their sign-in name",
          "[staff][threads]") {
  Office office;
  leaver(office);
  auto keys =
      std::optional(must(FileLock::take(office.prison.folder.keys_lock(), FileLock::Wait::yes)));
  auto closes = closes_elsewhere(office);  // and waits, as the passwords are being changed
  bool is_locked = false;
  for (int i = 0; i < polls_max && !is_locked; ++i) {
    is_locked = !FileLock::take(office.prison.folder.staff_lock(), FileLock::Wait::no);
    if (!is_locked) std::this_thread::sleep_for(poll);
  }
  CHECK(is_locked);
  keys.reset();
  closes.join();
  CHECK_FALSE(must(office.prison.accounts.has_password("al")));
  CHECK_FALSE(must(Staff(*office.prison.node).account("al")));
}

TEST_CASE("what is taken from somebody who has left is never somebody else's of the same name",
          "[staff][threads]") {
  Office office;
  const auto al = leaver(office);
  Staff staff(*office.prison.node);
  const Account other{"al", sync::ActorId{{3}}, "Alma Other", {"coordinator"}};
  const auto key = office.key();
  auto lock =
      std::optional(must(FileLock::take(office.prison.folder.staff_lock(), FileLock::Wait::yes)));
  auto closes = closes_elsewhere(office);
  std::this_thread::sleep_for(milliseconds(300));  // it has seen whose ways in are to be closed
  must(office.prison.accounts.remove_password("al"));
  must(staff.remove_account("al"));
  must(office.prison.accounts.set_password("al", "anvil marmalade 77 drift", key));
  must(staff.set_account(other));
  lock.reset();
  closes.join();
  CHECK(must(office.prison.accounts.has_password("al")));
  REQUIRE(must(staff.account("al")));
  CHECK(must(staff.account("al"))->actor == other.actor);
  CHECK(must(staff.account("al"))->actor != al);
}

TEST_CASE("of two who are given one sign-in name at once one has it", "[staff][threads]") {
  Office office;
  std::atomic<int> given = 0;
  const auto give = [&office, &given, key = office.key(), by = office.by()](const char* name) {
    crypto::SystemRandom random;
    const auto node =
        must(OpenNode::open(office.prison.folder.store(), key, sync::store::Access::existing,
                            random, office.world.world.clock));
    Accounts accounts(office.prison.folder, random, cheap());
    RecordService records(*node, office.world.codes, Viewer(Permissions::shipped(), by.actor));
    StaffChanges changes(records, accounts, office.prison.folder);
    if (changes.add(name, {"coordinator"}, "al", key, by)) ++given;
  };
  std::thread first([&] { give("Al Invented"); });
  std::thread second([&] { give("Alma Other"); });
  first.join();
  second.join();
  CHECK(given == 1);
  const auto account = must(Staff(*office.prison.node).account("al"));
  REQUIRE(account);
  CHECK(office.entry(account->actor).name == account->name);
  const auto both = must(Staff(*office.prison.node).list());
  CHECK(both.size() == 2);  // Jo, and one of them
}

TEST_CASE(
    "somebody of another computer of the site is given a way in on this one, and no second "
    "entry in the list",
    "[staff]") {
  Office office;
  const auto kim = office.add("Kim Made-Up", {"coordinator"});
  auto records = office.records();
  StaffChanges changes(records, office.prison.accounts, office.prison.folder);
  const Account account{"kim", kim, "Kim Made-Up", {"coordinator"}, true};
  must(changes.give_way_in(account, good_password, office.key()));
  CHECK(must(Staff(*office.prison.node).actor_for("kim")).id == kim);
  CHECK(must(Staff(*office.prison.node).account("kim"))->must_change_password);
  CHECK(must(Staff(*office.prison.node).list()).size() == 2);
  const auto given = [&] { return must(Audit(*office.prison.node).list({}, 10)); };
  REQUIRE(given().size() == 1);
  CHECK(given()[0].act == AuditAct::way_given);
  CHECK(given()[0].actor == office.jo());
  CHECK(given()[0].record.record == sync::RecordId{kim.bytes});
  auto again = account;
  again.sign_in_name = "kim.two";
  CHECK_FALSE(changes.give_way_in(again, good_password, office.key()));  // they have one
  const Account nobody{"cy", sync::ActorId{{9}}, "Cy", {}};
  CHECK_FALSE(changes.give_way_in(nobody, good_password, office.key()));
  RecordService of_kim(*office.prison.node, office.world.codes,
                       Viewer(Permissions::shipped(), {kim, "Kim Made-Up", "coordinator"}));
  StaffChanges by_kim(of_kim, office.prison.accounts, office.prison.folder);
  const auto di = office.add("Di Pretended", {"coordinator"});
  CHECK_FALSE(by_kim.give_way_in({"di", di, "Di Pretended", {}}, good_password, office.key()));
  must(Staff(*office.prison.node).set_left(di, office.prison.actor()));
  CHECK_FALSE(changes.give_way_in({"di", di, "Di Pretended", {}}, good_password, office.key()));
  CHECK_FALSE(must(office.prison.accounts.has_password("di")));
  CHECK(given().size() == 1);  // nobody else was given one
}

}  // namespace throughgate::node::testing
