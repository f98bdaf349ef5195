#include "node/accounts/accounts.h"

#include <sys/stat.h>

#include <catch_amalgamated.hpp>
#include <cstdio>
#include <fstream>

#include "tests/node/failing_folder_sync.h"
#include "tests/node/short_of_memory.h"
#include "tests/node/test_sites.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using sync::ErrorKind;

namespace {

struct Folder {
  World world;
  DataFolder folder{world.folder.path("data")};
  Accounts accounts{folder, world.random, cheap()};
  crypto::DatabaseKey key = crypto::DatabaseKey::random(world.random);
  crypto::BoxKey recovery_key = crypto::BoxKey::generate(world.random);

  Folder() {
    REQUIRE(make_private_folder(folder.path()));
    REQUIRE(accounts.create(key, recovery_key.public_key(), "Jo", good_password));
  }
  auto sign_in(const std::string& name, const std::string& password) {
    return accounts.sign_in(name, password, world.clock);
  }
  bool is_key(const sync::Result<crypto::DatabaseKey>& opened) {
    return opened && crypto::equal_in_constant_time(opened->view(), key.view());
  }
  crypto::Bytes slot_file() { return *read_private_file(folder.keys(), 1 << 16); }
};

bool refuses(const std::string& password, const std::string& name = "jo") {
  return !check_new_password(normal_password(password)->view(), name);
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

void write_file(const std::string& path, const std::string& text, mode_t mode) {
  std::ofstream(path, std::ios::binary) << text;
  REQUIRE(chmod(path.c_str(), mode) == 0);
}

}  // namespace

TEST_CASE("a person signs in however their name is typed, and by their password only",
          "[accounts]") {
  Folder at;
  CHECK(at.is_key(at.sign_in("jo", good_password)));
  CHECK(at.is_key(at.sign_in("  JO ", good_password)));
  CHECK_FALSE(at.sign_in("jo", "plum lantern otter 8"));
  CHECK_FALSE(at.sign_in("jo", ""));
  REQUIRE(at.accounts.set_password("Siân", "river teapot quarrel 5", at.key));
  CHECK(at.is_key(at.sign_in("SIA\u0302N", "river teapot quarrel 5")));  // another keyboard's â
  CHECK_FALSE(at.sign_in("sian", "river teapot quarrel 5"));
}

TEST_CASE("a wrong name and a wrong password get the same answer and change nothing",
          "[accounts]") {
  Folder at;
  const auto before = at.slot_file();
  const auto wrong_password = at.sign_in("jo", "plum lantern otter 8");
  const auto wrong_name = at.sign_in("al", good_password);
  const auto not_a_name = at.sign_in("", good_password);
  REQUIRE_FALSE(wrong_password);
  CHECK(wrong_password.error() == wrong_name.error());
  CHECK(wrong_password.error() == not_a_name.error());
  CHECK(wrong_password.error().kind == ErrorKind::denied);
  CHECK(at.slot_file() == before);
}

TEST_CASE("a damaged slot file, another store's and none are told apart from a wrong password",
          "[accounts]") {
  Folder at;
  const auto good = at.slot_file();
  auto damaged = good;
  damaged.pop_back();
  REQUIRE(replace_private_file(at.folder.keys(), damaged));
  CHECK(at.sign_in("jo", good_password).error().kind == ErrorKind::corrupt);
  CHECK(at.slot_file() == damaged);  // nothing was changed

  REQUIRE(replace_private_file(at.folder.keys(), good));
  REQUIRE(chmod(at.folder.keys().c_str(), 0640) == 0);
  const auto open_to_others = at.sign_in("jo", good_password);
  REQUIRE_FALSE(open_to_others);
  CHECK(open_to_others.error().message.find("600") != std::string::npos);
  REQUIRE(chmod(at.folder.keys().c_str(), 0600) == 0);
  CHECK(at.is_key(at.sign_in("jo", good_password)));

  std::filesystem::remove(at.folder.keys());
  CHECK(at.sign_in("jo", good_password).error().kind == ErrorKind::not_found);
}

TEST_CASE("a second set-up of the same folder is refused and changes nothing", "[accounts]") {
  Folder at;
  const auto before = at.slot_file();
  const auto again =
      at.accounts.create(at.key, at.recovery_key.public_key(), "al", "river teapot quarrel 5");
  REQUIRE_FALSE(again);
  CHECK(again.error().kind == ErrorKind::invalid);
  CHECK(at.slot_file() == before);
}

TEST_CASE("new passwords are long and not the first that others would try", "[accounts]") {
  CHECK(refuses("plum otter 9"  // eleven letters and a space make twelve: long enough
                ) == false);
  CHECK(refuses("plum otter9"));
  for (const char* common :
       {"password1234", "Password123456!", "P@ssw0rd2026!!", "qwertyuiop12", "123456789012",
        "liverpool2026", "Letmein Letmein", "correct horse battery staple", "throughgate1!",
        "aaaaaaaaaaaa", "abababababab", "January2027!!!", "ilovemanchesterunited"}) {
    INFO(common);
    CHECK(refuses(common));
  }
  CHECK(refuses("jo.made-up.2026", "jo.made-up"));
  CHECK_FALSE(refuses("jo.made-up.2026", "al"));  // the twin: only the name made it weak
  CHECK_FALSE(refuses("plum lantern otter 9"));
  CHECK_FALSE(refuses("Wythnos-Lindys-Cwtsh"));
  CHECK_FALSE(refuses("ŵ ŷ â ê î ô û á é í ó ú"));
  CHECK(refuses("ŵŷâêîôûáéíó"));  // letters are counted, not bytes
}

TEST_CASE("names and passwords that cannot be typed again are refused", "[accounts]") {
  for (const char* name : {"", "   ", "jo\nmade", "jo\x7F", "\xFF\xFE"})
    CHECK_FALSE(sign_in_name(name));
  CHECK_FALSE(sign_in_name(std::string(61, 'a')));
  CHECK(sign_in_name(std::string(60, 'a')));
  CHECK_FALSE(normal_password("plum \xFF lantern otter"));
  CHECK_FALSE(normal_password(std::string(201, 'a')));
}

TEST_CASE("wrong passwords make people wait longer and longer, across restarts", "[accounts]") {
  Folder at;
  const auto guess = [&] {  // a new Accounts each time: nothing is remembered but on disk
    return Accounts(at.folder, at.world.random, cheap())
        .sign_in("jo", "plum lantern otter 8", at.world.clock)
        .error()
        .message;
  };
  const auto wrong = guess();
  for (int i = 0; i < 4; ++i) CHECK(guess() == wrong);
  CHECK(guess() != wrong);                       // the sixth has to wait
  CHECK_FALSE(at.sign_in("jo", good_password));  // even when it is right
  at.world.now_ms += 15'000;
  CHECK(at.is_key(at.sign_in("jo", good_password)));
  CHECK(guess() == wrong);  // and the count starts anew
}

TEST_CASE("a password that there is no memory to try is no wrong one, and what to do is said",
          "[accounts]") {
  Folder at;
  for (int i = 0; i < 5; ++i) CHECK_FALSE(at.sign_in("jo", "wrong"));  // one more makes people wait
  const auto counted = at.world.now_ms;
  at.world.now_ms += 15'000;
  const auto attempts = [&] { return *read_private_file(at.folder.attempts(), 1 << 16); };
  for (const char* password : {good_password, "wrong"}) {
    const ShortOfMemory scarce;
    for (int i = 0; i < 20; ++i) {
      const auto untried = at.sign_in("jo", password);
      REQUIRE_FALSE(untried);
      CHECK(untried.error().kind == ErrorKind::unavailable);
      CHECK(untried.error().message ==
            "This computer has too little free memory to check a password. Close other programs "
            "and try again.");
    }
  }
  CHECK(at.is_key(at.sign_in("jo", good_password)));
  for (int i = 0; i < 4; ++i) CHECK_FALSE(at.sign_in("jo", "wrong"));
  const auto before = attempts();
  {
    const ShortOfMemory scarce;
    CHECK(at.sign_in("jo", "wrong").error().kind == ErrorKind::unavailable);
  }
  CHECK(at.sign_in("jo", "wrong").error().message.find("wrong") != std::string::npos);
  CHECK(at.world.now_ms == counted + 15'000);
  CHECK(attempts().size() == before.size());
  CHECK(at.sign_in("jo", good_password).error().message.find("Wait") != std::string::npos);
}

TEST_CASE("a password that there is no memory to set changes nothing, and what to do is said",
          "[accounts]") {
  Folder at;
  const auto before = at.slot_file();
  {
    const ShortOfMemory scarce;
    const auto refused = at.accounts.set_password("jo", "anvil marmalade 77 drift", at.key);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::unavailable);
    CHECK(refused.error().message.find("too little free memory to set") != std::string::npos);
  }
  CHECK(at.slot_file() == before);
  CHECK(at.is_key(at.sign_in("jo", good_password)));
}

TEST_CASE("a new password ends the wait after wrong ones, however the name is typed",
          "[accounts]") {
  Folder at;
  for (int i = 0; i < 8; ++i) CHECK_FALSE(at.sign_in("jo", "plum lantern otter 8"));
  CHECK_FALSE(at.sign_in("jo", good_password));
  REQUIRE(at.accounts.set_password(" JO", "anvil marmalade 77 drift", at.key));
  CHECK(at.is_key(at.sign_in("jo", "anvil marmalade 77 drift")));
}

TEST_CASE("at most a hundred of a thousand guesses an hour get through, known name or not",
          "[accounts]") {
  for (const char* name : {"jo", "nobody"}) {
    Folder at;
    const auto refusal = at.sign_in("somebody else", "plum lantern otter 8").error();
    int through = 0;
    for (int i = 0; i < 1000; ++i) {
      if (at.sign_in(name, "plum lantern otter 8").error() == refusal) ++through;
      at.world.now_ms += 3600;
    }
    CHECK(through <= 100);
    CHECK(through >= 6);  // nobody is shut out for ever
  }
}

TEST_CASE("a clock that was put back shuts nobody out for long", "[accounts]") {
  Folder at;
  for (int i = 0; i < 30; ++i) {
    CHECK_FALSE(at.sign_in("jo", "plum lantern otter 8"));
    at.world.now_ms += 15 * 60 * 1000;
  }
  at.world.now_ms -= 400 * day_ms;
  CHECK_FALSE(at.sign_in("jo", good_password));
  at.world.now_ms += 15 * 60 * 1000;
  CHECK(at.is_key(at.sign_in("jo", good_password)));
}

TEST_CASE("a clock that was put back makes nobody wait who had not to, and nobody longer than that",
          "[accounts]") {
  Folder at;
  CHECK_FALSE(at.sign_in("jo", "plum lantern otter 8"));
  at.world.now_ms -= 60'000;
  CHECK(at.is_key(at.sign_in("jo", good_password)));
  for (int i = 0; i < 5; ++i) CHECK_FALSE(at.sign_in("jo", "plum lantern otter 8"));
  at.world.now_ms -= 5 * 60'000;
  const auto refused = at.sign_in("jo", good_password);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("Wait 1 minute,") != std::string::npos);
  at.world.now_ms += 15'000;
  CHECK(at.is_key(at.sign_in("jo", good_password)));
}

TEST_CASE("a new password is told from the one before, even when it is the same", "[accounts]") {
  Folder at;
  const auto first = at.accounts.password_mark("JO");
  REQUIRE(first);
  CHECK(*at.accounts.password_mark("jo") == *first);
  REQUIRE(at.accounts.set_password("someone.else", good_password, at.key));
  CHECK(*at.accounts.password_mark("jo") == *first);
  REQUIRE(at.accounts.set_password("jo", good_password, at.key));
  CHECK(*at.accounts.password_mark("jo") != *first);
  CHECK(at.accounts.password_mark("nobody").error().kind == ErrorKind::not_found);
}

TEST_CASE("a key file opens the store until a newer one is made", "[accounts]") {
  Folder at;
  const auto first = at.world.folder.path("first.key");
  const auto second = at.world.folder.path("second.key");
  REQUIRE(at.accounts.make_key_file(first, at.key));
  CHECK(mode_of(first) == 0600);
  CHECK(at.is_key(at.accounts.open_with_key_file(first)));
  CHECK_FALSE(at.accounts.make_key_file(first, at.key));  // never over another file
  REQUIRE(at.accounts.make_key_file(second, at.key));
  CHECK(at.accounts.open_with_key_file(first).error().kind == ErrorKind::denied);
  CHECK(at.is_key(at.accounts.open_with_key_file(second)));
  REQUIRE(chmod(second.c_str(), 0644) == 0);
  CHECK(at.accounts.open_with_key_file(second).error().kind == ErrorKind::denied);
}

TEST_CASE("a key file that could not be made is gone, and the older one opens still",
          "[accounts]") {
  Folder at;
  const auto first = at.world.folder.path("first.key");
  const auto second = at.world.folder.path("second.key");
  REQUIRE(at.accounts.make_key_file(first, at.key));
  SECTION("its slot could not be written") {
    std::filesystem::create_directory(at.folder.keys() + ".new");  // in the way
    CHECK_FALSE(at.accounts.make_key_file(second, at.key));
  }
  SECTION("it was not kept for certain itself") {
    const FailingFolderSync disk(0);
    CHECK_FALSE(at.accounts.make_key_file(second, at.key));
    CHECK(disk.has_failed());
  }
  CHECK_FALSE(std::filesystem::exists(second));
  CHECK(at.is_key(at.accounts.open_with_key_file(first)));
}

TEST_CASE("a key file whose slot stands stays, though the disk failed after it", "[accounts]") {
  Folder at;
  const auto first = at.world.folder.path("first.key");
  const auto second = at.world.folder.path("second.key");
  REQUIRE(at.accounts.make_key_file(first, at.key));
  const FailingFolderSync disk(1);  // of the key file; what fails is that of the slots
  const auto made = at.accounts.make_key_file(second, at.key);
  CHECK(disk.has_failed());
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == ErrorKind::unavailable);
  CHECK(made.error().message.find("opens the store") != std::string::npos);
  CHECK_FALSE(at.accounts.open_with_key_file(first));
  CHECK(at.is_key(at.accounts.open_with_key_file(second)));
}

TEST_CASE("nothing is said to be unchanged that a disk took and did not confirm", "[files]") {
  World world;
  const auto path = world.folder.path("kept");
  REQUIRE(replace_private_file(path, crypto::Bytes{1}));
  const FailingFolderSync disk(0);
  const auto replaced = replace_private_file(path, crypto::Bytes{2});
  CHECK(disk.has_failed());
  REQUIRE_FALSE(replaced);
  CHECK(replaced.error().message.starts_with("The change is made"));
  CHECK(*read_private_file(path, 10) == crypto::Bytes{2});
}

TEST_CASE("the organisation's own recovery sheet opens the store, no other", "[accounts]") {
  Folder at;
  CHECK(at.is_key(at.accounts.open_with_recovery(at.recovery_key)));
  CHECK_FALSE(at.accounts.open_with_recovery(crypto::BoxKey::generate(at.world.random)));
}

TEST_CASE("files are private, whole, and never followed through a link", "[files]") {
  World world;
  const auto path = world.folder.path("secret");
  REQUIRE(replace_private_file(path, crypto::Bytes{1, 2, 3}));
  CHECK(mode_of(path) == 0600);
  REQUIRE(replace_private_file(path, crypto::Bytes{4}));
  CHECK(*read_private_file(path, 10) == crypto::Bytes{4});
  CHECK_FALSE(std::filesystem::exists(path + ".new"));
  CHECK(create_private_file(path, crypto::Bytes{5}).error().kind == ErrorKind::invalid);
  CHECK(read_private_file(path, 0).error().kind == ErrorKind::invalid);
  CHECK(read_private_file(path, 0).error().message == "The file is too large: at most 0 bytes.");
  write_file(world.folder.path("long"), std::string((1 << 20) + 1, 'x'), 0600);
  CHECK(read_private_file(world.folder.path("long"), 1 << 10).error().message ==
        "The file is too large: at most 1 KiB.");
  CHECK(read_private_file(world.folder.path("long"), 1 << 20).error().message ==
        "The file is too large: at most 1 MiB.");

  const auto link = world.folder.path("link");
  std::filesystem::create_symlink(path, link);
  CHECK(read_private_file(link, 10).error().kind == ErrorKind::denied);
  write_file(world.folder.path("open"), "x", 0604);
  CHECK(read_private_file(world.folder.path("open"), 10).error().kind == ErrorKind::denied);
  CHECK(read_private_file(world.folder.path("."), 10).error().kind == ErrorKind::denied);

  // What a crash left half written is not in the way.
  write_file(path + ".new", "half", 0600);
  REQUIRE(replace_private_file(path, crypto::Bytes{6}));
  CHECK(*read_private_file(path, 10) == crypto::Bytes{6});
}

TEST_CASE("a data folder that others may look into is refused", "[files]") {
  World world;
  const auto path = world.folder.path("data");
  REQUIRE(make_private_folder(path));
  CHECK(mode_of(path) == 0700);
  CHECK(make_private_folder(path));
  REQUIRE(chmod(path.c_str(), 0750) == 0);
  CHECK(make_private_folder(path).error().kind == ErrorKind::denied);
  CHECK(make_private_folder(world.folder.path("no/such")).error().kind == ErrorKind::unavailable);
}

TEST_CASE("a lock is held by one at a time", "[files]") {
  World world;
  const auto path = world.folder.path("lock");
  {
    const auto held = FileLock::take(path, FileLock::Wait::no);
    REQUIRE(held);
    CHECK(FileLock::take(path, FileLock::Wait::no).error().kind == ErrorKind::unavailable);
  }
  CHECK(FileLock::take(path, FileLock::Wait::no));
}

namespace {

// A folder to be set up, and what lies in it.
struct NewFolder {
  World world;
  DataFolder folder{world.folder.path("data")};
  Accounts accounts{folder, world.random, cheap()};
  bool sheet_can_be_shown = true;

  sync::Result<sync::Done> set_up() {
    NewNode fresh;
    fresh.site = {"HMP Made Up", "LEI"};
    fresh.staff_name = "Jo Made-Up";
    fresh.sign_in_name = "jo";
    fresh.password = crypto::SecretText(good_password);
    const auto show = [&](const auto&, const auto&) { return sheet_can_be_shown; };
    return node::set_up(folder, accounts, fresh, show, world.random, world.clock);
  }
  sync::Result<sync::Done> open() {
    if (auto found = folder.find_store(); !found) return found;
    const auto key = accounts.sign_in("jo", good_password, world.clock);
    if (!key) return key.error();
    auto node = OpenNode::open(folder.store(), *key, sync::store::Access::existing, world.random,
                               world.clock);
    if (!node) return node.error();
    return sync::Done{};
  }
  crypto::Bytes store() const { return *read_file(folder.store(), 1 << 24); }
};

void move(const std::string& from, const std::string& to) {
  REQUIRE(std::rename(from.c_str(), to.c_str()) == 0);
}

}  // namespace

TEST_CASE(
    "a set-up whose sheet could not be shown leaves nothing that opens, and may be done again",
    "[setup]") {
  NewFolder at;
  at.sheet_can_be_shown = false;
  CHECK_FALSE(at.set_up());
  CHECK(at.folder.holds() == DataFolder::Holds::nothing);
  CHECK(at.open().error().kind == ErrorKind::not_found);
  at.sheet_can_be_shown = true;
  REQUIRE(at.set_up());
  CHECK(at.open());
  CHECK(at.set_up().error().kind == ErrorKind::invalid);
  CHECK(at.open());
}

TEST_CASE("a store whose keys were moved away is never made anew, and opens with them again",
          "[setup]") {
  NewFolder at;
  REQUIRE(at.set_up());
  const auto store = at.store();
  const auto away = at.world.folder.path("keys-elsewhere");
  move(at.folder.keys(), away);
  const auto again = at.set_up();
  REQUIRE_FALSE(again);
  CHECK(again.error().message.find("Put \"keys\" back") != std::string::npos);
  CHECK(at.open().error() == again.error());
  CHECK(at.accounts.sign_in("jo", good_password, at.world.clock).error() == again.error());
  CHECK(at.store() == store);
  move(away, at.folder.keys());
  CHECK(at.open());
}

TEST_CASE("keys whose store was moved away open nothing else and are kept", "[setup]") {
  NewFolder at;
  REQUIRE(at.set_up());
  const auto away = at.world.folder.path("store-elsewhere");
  move(at.folder.store(), away);
  const auto again = at.set_up();
  REQUIRE_FALSE(again);
  CHECK(again.error().message.find("Put store.db back") != std::string::npos);
  CHECK(at.open().error() == again.error());
  move(away, at.folder.store());
  CHECK(at.open());
}

TEST_CASE("the log of a store counts as the store", "[setup]") {
  NewFolder at;
  REQUIRE(make_private_folder(at.folder.path()));
  write_file(at.folder.store() + "-wal", "what was written last", 0600);
  CHECK_FALSE(at.set_up());
  CHECK(at.folder.holds() == DataFolder::Holds::store_without_keys);
}

TEST_CASE("a set-up that was cut off before its last step is finished by whoever comes next",
          "[setup]") {
  NewFolder at;
  REQUIRE(at.set_up());
  move(at.folder.store(), at.folder.new_store());  // as it is when the keys have just been written
  CHECK(at.folder.holds() == DataFolder::Holds::cut_off_init);
  SECTION("by any command") { CHECK(at.open()); }
  SECTION("by another init, which changes nothing else") {
    CHECK(at.set_up().error().kind == ErrorKind::invalid);
    CHECK(at.open());
  }
}
