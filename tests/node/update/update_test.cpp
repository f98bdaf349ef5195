#include "node/update/programs_folder.h"

#include "node/update/running_program.h"
#include "tests/disk_faults/failing_disk.h"
#include "tests/node/update/made_release.h"
#include "tests/sync/every_bit.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using sync::ErrorKind;
using throughgate::testing::FailingDisk;
using throughgate::testing::Fault;

namespace {

namespace fs = std::filesystem;

struct Computer {
  Computer() : key(crypto::SigningKey::generate(random)) {
    char name[] = "/tmp/throughgate-update-XXXXXX";
    REQUIRE(mkdtemp(name) != nullptr);
    path = name;
    running.release_keys = {key.verify_key()};
  }
  ~Computer() { fs::remove_all(path); }

  std::string release(std::array<std::uint16_t, 3> version, std::uint32_t program = 3,
                      std::uint32_t store = 7) {
    auto made = running_release();
    made.version = version;
    made.program = program;
    made.store = store;
    return written(release_bytes(made, key));
  }
  std::string written(const std::string& bytes) {
    write_text(path + "/release.tgr", bytes);
    return path + "/release.tgr";
  }
  // Beside the one that runs, as something keeps it from going with the next.
  void stays(const std::string& name) { copied("/programs/" + name, "/aside/" + name); }
  void comes_back(const std::string& name) { copied("/aside/" + name, "/programs/" + name); }
  void copied(const std::string& from, const std::string& to) {
    fs::create_directories(path + to);
    fs::copy(path + from, path + to, fs::copy_options::recursive | fs::copy_options::skip_existing);
  }
  ProgramsFolder programs() { return {path + "/programs", running}; }
  std::string runs() { return text_of(path + "/programs/current/bin/throughgate-node"); }
  // Every file under the folder, with what is in it.
  ReleasedTexts all() {
    ReleasedTexts out;
    for (const auto& each : fs::recursive_directory_iterator(path + "/programs")) {
      const auto name = each.path().string();
      if (each.is_symlink()) {
        out[name] = fs::read_symlink(each.path()).string();
      } else if (each.is_regular_file()) {
        out[name] = text_of(name);
      }
    }
    return out;
  }

  crypto::SystemRandom random;
  crypto::SigningKey key;
  RunningProgram running{running_release(), {}};
  std::string path;
};

void check_refused(Computer& at, const std::string& file, ErrorKind kind,
                   const std::string& words) {
  const auto before = at.all();
  const auto installed = at.programs().install(file);
  REQUIRE_FALSE(installed);
  INFO(installed.error().message);
  CHECK(installed.error().kind == kind);
  CHECK(installed.error().message.find(words) != std::string::npos);
  CHECK(at.all() == before);
}

}  // namespace

TEST_CASE("a release is installed beside the one that runs, which stays to go back to",
          "[update]") {
  Computer at;
  REQUIRE(at.programs().install(at.release({0, 1, 0})));
  CHECK(at.runs() == "the program of 0.1.0\n");
  REQUIRE(at.programs().install(at.release({0, 2, 0})));
  CHECK(at.runs() == "the program of 0.2.0\n");
  const auto program = at.path + "/programs/current/bin/throughgate-node";
  CHECK((fs::status(program).permissions() & fs::perms::others_exec) != fs::perms::none);
  CHECK((fs::status(program).permissions() & fs::perms::others_write) == fs::perms::none);
  const auto back = at.programs().go_back();
  REQUIRE(back);
  CHECK(version_text(*back) == "0.1.0");
  CHECK(at.runs() == "the program of 0.1.0\n");
  REQUIRE(at.programs().install(at.release({0, 2, 0})));
  REQUIRE(at.programs().install(at.release({0, 3, 0})));
  CHECK_FALSE(fs::exists(at.path + "/programs/0.1.0-3"));
  CHECK(fs::exists(at.path + "/programs/0.2.0-3"));
  CHECK(at.runs() == "the program of 0.3.0\n");
}

TEST_CASE("what nobody known has signed as it stands is not installed, and says so", "[update]") {
  Computer at;
  REQUIRE(at.programs().install(at.release({0, 1, 0})));
  const auto other = crypto::SigningKey::generate(at.random);
  auto newer = running_release();
  newer.version = {0, 2, 0};
  check_refused(at, at.written(release_bytes(newer, other)), ErrorKind::rejected,
                "was not signed by anybody");
  auto unsigned_one = release_bytes(newer, at.key);
  std::fill(unsigned_one.begin() + 14, unsigned_one.begin() + 14 + 96, '\0');
  check_refused(at, at.written(unsigned_one), ErrorKind::rejected, "was not signed by anybody");
  at.running.release_keys.clear();  // a program that knows no key takes nothing
  const auto refused = at.programs().install(at.release({0, 2, 0}));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::rejected);
}

TEST_CASE("a release with any bit altered, cut anywhere or longer is refused, and changes nothing",
          "[update]") {
  Computer at;
  REQUIRE(at.programs().install(at.release({0, 1, 0})));
  const auto file = at.release({0, 2, 0});
  const auto whole = text_of(file);
  const auto before = at.all();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto altered = whole;
    altered[i] = static_cast<char>(altered[i] ^ (1 << (i % 8)));
    INFO("byte " << i);
    CHECK_FALSE(at.programs().install(at.written(altered)));
    CHECK_FALSE(at.programs().install(at.written(whole.substr(0, i))));
  }
  CHECK(at.all() == before);
  check_refused(at, at.written(whole + "x"), ErrorKind::corrupt, "more stands behind it");
  check_refused(at, at.written(whole.substr(0, whole.size() - 1)), ErrorKind::corrupt,
                "only in part");
  check_refused(at, at.written(whole.substr(0, 20)), ErrorKind::corrupt, "only in part");
  auto altered = whole;
  altered.back() ^= 1;
  check_refused(at, at.written(altered), ErrorKind::corrupt,
                "\"docs/daily-work.md\" in this release is not");
  check_refused(at, at.written("PK" + whole), ErrorKind::invalid, "not a Throughgate release");
  check_refused(at, at.path + "/none", ErrorKind::not_found, "no such file");
}

TEST_CASE("a release of another product, for other computers or too large is refused", "[update]") {
  Computer at;
  REQUIRE(at.programs().install(at.release({0, 1, 0})));
  auto other = running_release();
  other.version = {0, 2, 0};
  other.product = "throughbridge";
  check_refused(at, at.written(release_bytes(other, at.key)), ErrorKind::rejected,
                "another product, \"throughbridge\"");
  other = running_release();
  other.version = {0, 2, 0};
  other.machine = "another-machine";
  check_refused(at, at.written(release_bytes(other, at.key)), ErrorKind::rejected,
                "for other computers (another-machine)");
  const auto file = at.release({0, 2, 0});
  fs::resize_file(file, release_bytes_max + 1);
  check_refused(at, file, ErrorKind::invalid, "larger than a release can be");
}

TEST_CASE("an older release is refused, whatever of it is older", "[update]") {
  Computer at;
  const auto older =
      at.programs().install(at.release({0, 0, 9}));  // nothing is installed: than this program
  REQUIRE_FALSE(older);
  CHECK(older.error().message.find("(0.0.9) is older than what is here (0.1.0)") !=
        std::string::npos);
  REQUIRE(at.programs().install(at.release({0, 2, 0}, 4)));
  check_refused(at, at.release({0, 1, 9}, 4), ErrorKind::rejected, "is older than what is here");
  check_refused(at, at.release({0, 3, 0}, 3), ErrorKind::rejected, "is older than what is here");
  check_refused(at, at.release({0, 2, 0}, 4), ErrorKind::rejected, "is installed already");
  REQUIRE(
      at.programs().install(at.release({0, 2, 0}, 5)));  // the same version, another program number
  CHECK(fs::exists(at.path + "/programs/0.2.0-4"));
}

TEST_CASE("nobody goes back to a program that cannot read what has been written since",
          "[update]") {
  Computer at;
  REQUIRE(at.programs().install(at.release({0, 1, 0}, 3, 7)));
  auto none = at.programs().go_back();
  REQUIRE_FALSE(none);
  CHECK(none.error().kind == ErrorKind::not_found);
  REQUIRE(at.programs().install(at.release({0, 2, 0}, 3, 8)));
  const auto before = at.all();
  const auto back = at.programs().go_back();
  REQUIRE_FALSE(back);
  CHECK(back.error().kind == ErrorKind::rejected);
  CHECK(back.error().message.find("cannot read what the installed one may have written") !=
        std::string::npos);
  CHECK(at.all() == before);
}

TEST_CASE("what lies in the folder and is no release stays", "[update]") {
  Computer at;
  fs::create_directories(at.path + "/programs/2026-11-20");
  write_text(at.path + "/programs/2026-11-20/copies", "somebody's");
  fs::create_directories(at.path + "/programs/0.0.9-3");
  write_text(at.path + "/programs/0.0.9-3/release", "no release's head");
  write_text(at.path + "/programs/1-2", "somebody's");
  for (std::uint16_t version = 1; version <= 3; ++version) {
    REQUIRE(at.programs().install(at.release({0, version, 0})));
  }
  CHECK(text_of(at.path + "/programs/2026-11-20/copies") == "somebody's");
  CHECK(text_of(at.path + "/programs/0.0.9-3/release") == "no release's head");
  CHECK(text_of(at.path + "/programs/1-2") == "somebody's");
  CHECK_FALSE(fs::exists(at.path + "/programs/0.1.0-3"));
  REQUIRE(at.programs().go_back());
}

TEST_CASE("what is kept of the release before is used only if it is what was signed", "[update]") {
  for (const std::string file : {"bin/throughgate-node", "release"}) {
    Computer at;
    REQUIRE(at.programs().install(at.release({0, 1, 0})));
    REQUIRE(at.programs().install(at.release({0, 2, 0})));
    const auto kept = at.path + "/programs/0.1.0-3/" + file;
    auto altered = text_of(kept);
    altered.back() ^= 1;
    write_text(kept, altered);
    const auto back = at.programs().go_back();
    REQUIRE_FALSE(back);
    CHECK(back.error().kind == ErrorKind::corrupt);
    CHECK(at.runs() == "the program of 0.2.0\n");
  }
}

TEST_CASE("one goes back to the newest older release that is as it was signed", "[update]") {
  Computer at;
  const auto name = [](int version) { return "0." + std::to_string(version) + ".0-3"; };
  for (std::uint16_t version = 1; version <= 9; ++version) {
    REQUIRE(at.programs().install(at.release({0, version, 0})));
    at.stays(name(version));
  }
  for (int version = 1; version < 9; ++version) at.comes_back(name(version));
  const auto alter = [&](const std::string& file) {
    auto altered = text_of(at.path + "/programs/" + file);
    altered.back() ^= 1;
    write_text(at.path + "/programs/" + file, altered);
  };
  std::string wanted = "0.8.0";
  SECTION("all are") {}
  SECTION("the newest is not") {
    alter(name(8) + "/bin/throughgate-node");
    wanted = "0.7.0";
  }
  SECTION("several are not, each in another way") {
    alter(name(8) + "/docs/daily-work.md");
    alter(name(7) + "/release");
    fs::remove(at.path + "/programs/" + name(6) + "/release");
    alter(name(2) + "/release");
    wanted = "0.5.0";
  }
  const auto back = at.programs().go_back();
  REQUIRE(back);
  CHECK(version_text(*back) == wanted);
  CHECK(at.runs() == "the program of " + wanted + "\n");
}

TEST_CASE("a release that keeps its store in an older way is refused, however new it is",
          "[update]") {
  Computer at;
  const auto older = at.programs().install(at.release({0, 1, 0}, 3, 6));  // than this program
  REQUIRE_FALSE(older);
  CHECK(older.error().message.find("older way than what is here (0.1.0)") != std::string::npos);
  REQUIRE(at.programs().install(at.release({0, 1, 0}, 3, 8)));
  check_refused(at, at.release({0, 2, 0}, 4, 7), ErrorKind::rejected,
                "keeps its store in an older way");
  auto of_hub = running_release();
  of_hub.version = {0, 2, 0};
  of_hub.store = 8;
  of_hub.hub_store = 4;
  check_refused(at, at.written(release_bytes(of_hub, at.key)), ErrorKind::rejected,
                "keeps its store in an older way");
  // And one that reads more than the installed one writes is gone back to.
  at.stays("0.1.0-3");
  fs::remove_all(at.path + "/programs");
  REQUIRE(at.programs().install(at.release({0, 2, 0}, 3, 7)));
  at.comes_back("0.1.0-3");
  REQUIRE(at.programs().go_back());
  CHECK(at.runs() == "the program of 0.1.0\n");
}

TEST_CASE("who may do what in a folder that was there stays as it was", "[update]") {
  const auto shared = static_cast<fs::perms>(0775), own = static_cast<fs::perms>(0700);
  for (const auto may : {shared, own}) {
    Computer at;
    const auto folder = at.path + "/programs";
    fs::create_directory(folder);
    fs::permissions(folder, may);
    REQUIRE(at.programs().install(at.release({0, 1, 0})));
    CHECK(fs::status(folder).permissions() == may);
    CHECK(fs::status(folder + "/.lock").permissions() ==
          static_cast<fs::perms>(may == shared ? 0660 : 0600));
    CHECK(fs::status(folder + "/0.1.0-3").permissions() == static_cast<fs::perms>(0755));
  }
  Computer at;
  REQUIRE(at.programs().install(at.release({0, 1, 0})));  // its own: for everybody to run
  CHECK(fs::status(at.path + "/programs").permissions() == static_cast<fs::perms>(0755));
}

TEST_CASE("while one program writes to the folder no other does", "[update]") {
  Computer at;
  REQUIRE(at.programs().install(at.release({0, 1, 0})));
  REQUIRE(at.programs().install(at.release({0, 2, 0})));
  {
    const auto other = FileLock::take(at.path + "/programs/.lock", FileLock::Wait::no);
    REQUIRE(other);
    check_refused(at, at.release({0, 3, 0}), ErrorKind::unavailable,
                  "Another program is writing to this folder");
    const auto back = at.programs().go_back();
    REQUIRE_FALSE(back);
    CHECK(back.error().kind == ErrorKind::unavailable);
    CHECK(at.runs() == "the program of 0.2.0\n");
  }
  CHECK(at.programs().go_back());
  CHECK(at.programs().install(at.release({0, 3, 0})));
}

TEST_CASE("a release leads nowhere but into its own folder", "[update]") {
  Computer at;
  for (const std::string name : {"../outside", "/tmp/outside", "bin/../../outside", "bin//x",
                                 ".hidden", "bin/.x", "bin/", "a b", "bin\\x", ""}) {
    auto release = running_release();
    release.version = {0, 2, 0};
    INFO(name);
    CHECK_FALSE(at.programs().install(at.written(release_bytes(release, at.key, {{name, "x"}}))));
  }
  auto release = running_release();
  release.files = {{"b", false, 0, {}}, {"a", false, 0, {}}};
  CHECK_FALSE(decode_release(encode(release)));  // not in their order
  release.files = {{"a", false, released_file_bytes_max + 1, {}}};
  CHECK_FALSE(decode_release(encode(release)));
  release.files = {{"a", false, 5, {}}};
  CHECK(decode_release(encode(release)));
  auto longer = encode(release);
  longer.push_back(0);
  CHECK_FALSE(decode_release(longer));
}

TEST_CASE(
    "whatever fails while a release is installed or gone back from, what ran before runs, or the "
    "new one",
    "[update][faults]") {
  for (const auto fault : {Fault::io_error, Fault::full, Fault::dead}) {
    for (const bool goes_back : {false, true}) {
      bool struck = true;
      std::uint64_t moments = 0;
      for (std::uint64_t n = 1; struck; ++n) {
        Computer at;
        REQUIRE(at.programs().install(at.release({0, 1, 0})));
        if (goes_back) REQUIRE(at.programs().install(at.release({0, 2, 0})));
        const auto file = at.release({0, 2, 0});
        const auto change = [&] {
          return goes_back ? at.programs().go_back() : at.programs().install(file);
        };
        const auto ran = at.runs();
        bool done = false;
        {
          FailingDisk disk(fault, n);
          done = change().has_value();
          struck = disk.has_struck();
        }
        INFO("change " << n << (goes_back ? ", going back" : ", installing"));
        const std::string wanted = goes_back ? "the program of 0.1.0\n" : "the program of 0.2.0\n";
        const auto runs = at.runs();
        CHECK((runs == ran || runs == wanted));
        if (done && fault != Fault::dead) CHECK(runs == wanted);
        if (runs != wanted) CHECK(change());  // the next time it is done
        CHECK(at.runs() == wanted);
        ++moments;
      }
      CHECK(moments > (goes_back ? 1 : 15));
    }
  }
}

TEST_CASE("keys of releases are read a line each, and nothing is taken for one", "[update]") {
  const std::string key(64, 'a');
  CHECK(release_keys_in("# for people\n\n" + key + "  # the first\n")->size() == 1);
  CHECK_FALSE(release_keys_in(key + "a\n"));
  CHECK_FALSE(release_keys_in("key\n"));
  std::ifstream shipped(RELEASE_KEYS);
  const std::string text{std::istreambuf_iterator<char>(shipped), {}};
  REQUIRE(release_keys_in(text));
  CHECK(running_program().release_keys == *release_keys_in(text));
}
