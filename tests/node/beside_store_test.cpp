// What lies beside a store, and holds what was erased.
#include <catch_amalgamated.hpp>
#include <fstream>

#include "node/bundles/nightly.h"
#include "node/bundles/outgoing.h"
#include "node/records/catalogue.h"
#include "records/volunteer.pb.h"
#include "sync/store/erasure.h"
#include "sync/store/passed_on_table.h"
#include "tests/node/test_sites.h"
#include "tests/sync/store/page_search.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using sync::OrganisationKind;
namespace fs = std::filesystem;

namespace {

constexpr const char* planted = "Sorrel Planted-Text";

template <class T>
T must(sync::Result<T> result) {
  if (!result) FAIL(result.error().message);
  return std::move(*result);
}

// A prison whose folder holds, beside the store, everything that can hold what the store does.
struct Folder {
  World world;
  TestHub hub{world};
  TestDesk desk{world, hub};
  TestSite prison{world, "HMP Made Up", OrganisationKind::prison, "LEI"};
  crypto::DatabaseKey key = must(prison.accounts.sign_in("jo", good_password, world.clock));
  sync::DossierId id;
  std::string stick = world.folder.path("stick");

  Folder() {
    desk.enrol(prison, hub);
    REQUIRE(prison.sync(hub));
    const auto type = rule_of(*schema::Volunteer::descriptor()).type();
    const std::string name = planted;
    id = must(
        prison.node->admission().create({{prison.node->identity().organisation, sync::Role::owner},
                                         {desk.node->identity().organisation, sync::Role::central}},
                                        {prison.actor(), world.now_ms, ""},
                                        {{{{}, type, schema::Volunteer::kFamilyNameFieldNumber},
                                          sync::OpKind::set,
                                          {name.begin(), name.end()},
                                          {},
                                          {}}}));
    fs::create_directory(stick);
  }
  // All but last night's files: bundles on their way out, a backup being tried or on its way to a
  // browser, a rebuild cut off.
  void fill() {
    const auto to = must(readers_of(*prison.node, desk.node->identity().organisation));
    must(OutgoingBundles(prison.folder).make(*prison.node, to, sync::bundle_bytes_max));
    must(make_private_folder(prison.folder.unpacked()));
    must(prison.node->database().backup_to(prison.folder.unpacked() + "/store.db", key));
    must(make_private_folder(prison.folder.for_download()));
    must(prison.node->database().backup_to(prison.folder.for_download() + "/store.db", key));
    must(prison.node->database().backup_to(prison.folder.rebuilt_store(), key));
    must(prison.node->database().backup_to(prison.folder.new_store(), key));
  }
  void make_nightly(const std::string& folder) {
    must(set_nightly_rule(*prison.node, {NightlyRule::When::always, folder}));
    must(make_nightly_files(*prison.node, prison.folder));
  }
  // An answer of the exchange to what was passed on, which this organisation may be able to open.
  void keep_an_answer() {
    sync::store::UnitOfWork work(prison.node->database());
    sync::store::PassedOnTable table(work);
    sync::BundleLabel label;
    table.add(label, crypto::as_bytes("a file"), world.now_ms);
    table.add_answer(table.find(label)->number, crypto::as_bytes(planted));
    must(work.commit());
  }
  std::pair<std::size_t, std::size_t> passed_on_and_answers() {
    sync::store::UnitOfWork work(prison.node->database(), sync::store::Purpose::reading);
    const sync::store::PassedOnTable table(work);
    return {table.all().size(), table.answers().size()};
  }
  // Files that hold the text, or that are sealed to somebody who could read it.
  std::vector<std::string> holding() {
    std::vector<std::string> out;
    for (const auto& root : {prison.folder.path(), stick}) {
      for (const auto& each : fs::recursive_directory_iterator(root)) {
        if (each.is_regular_file() && holds(each.path())) {
          out.push_back(each.path().lexically_relative(world.folder.path("")).string());
        }
      }
    }
    return out;
  }
  std::uint64_t said() {
    sync::store::UnitOfWork work(prison.node->database(), sync::store::Purpose::reading);
    const auto receipt = sync::store::own_receipt(work, prison.node->identity());
    return receipt ? receipt->erased_to : 0;
  }

 private:
  bool holds(const fs::path& path) const {
    std::ifstream in(path, std::ios::binary);
    char begins[8] = {};
    in.read(begins, sizeof begins);
    if (std::string_view(begins, sizeof begins) == "TGBUNDLE") return true;
    if (path.filename().string().find("store.db") != 0 || path.extension() == ".lock" ||
        path.string().ends_with("-wal") || path.string().ends_with("-shm")) {
      return false;
    }
    auto opened = sync::store::Database::open(path.string(), key);
    if (!opened) return false;
    const auto found = throughgate::testing::search_pages(*opened, {planted});
    return found && found->found_anything();
  }
};

}  // namespace

TEST_CASE("what lies beside a store goes with what is erased, and only then is it said",
          "[erasure]") {
  Folder at;
  at.fill();
  at.make_nightly("");
  at.keep_an_answer();
  CHECK(at.passed_on_and_answers() == std::pair<std::size_t, std::size_t>(1, 1));
  CHECK(at.holding().size() >= 7);
  must(at.desk.desk().erase({at.id}));
  REQUIRE(at.desk.sync(at.hub));
  {
    const auto backup_under_way =
        must(FileLock::take(at.prison.folder.backup_lock(), FileLock::Wait::yes));
    REQUIRE(at.prison.sync(at.hub));
    CHECK(at.prison.node->directory().is_erased(at.id));
    CHECK(at.said() == 0);
    at.prison.reopen();
    CHECK(at.said() == 0);
    CHECK(fs::exists(at.prison.folder.unpacked()));
  }
  REQUIRE(at.prison.sync(at.hub));
  CHECK(at.holding().empty());
  CHECK(at.said() == at.prison.node->directory().last_erasure());
  CHECK(at.passed_on_and_answers() == std::pair<std::size_t, std::size_t>(1, 0));
  CHECK(must(OutgoingBundles(at.prison.folder).list()).empty());
  CHECK(must(nightly_files(*at.prison.node, at.prison.folder)).names.empty());
}

TEST_CASE("files of the night on a stick that is in go with what is erased", "[erasure]") {
  Folder at;
  at.make_nightly(at.stick);
  std::ofstream(at.stick + "/theirs.txt") << "of somebody else";
  const auto made = must(nightly_files(*at.prison.node, at.prison.folder)).names;
  CHECK(made.size() == at.holding().size() - 1);
  must(at.desk.desk().erase({at.id}));
  REQUIRE(at.desk.sync(at.hub));
  REQUIRE(at.prison.sync(at.hub));
  CHECK(at.holding().empty());
  CHECK(fs::exists(at.stick + "/theirs.txt"));
  CHECK(at.said() == at.prison.node->directory().last_erasure());
}

TEST_CASE("files of the night on a stick that is out go when it is in again", "[erasure]") {
  Folder at;
  at.make_nightly(at.stick);
  fs::rename(at.stick, at.stick + ".out");
  must(at.desk.desk().erase({at.id}));
  REQUIRE(at.desk.sync(at.hub));
  REQUIRE(at.prison.sync(at.hub));
  CHECK(at.said() == at.prison.node->directory().last_erasure());  // it is beyond this computer
  CHECK_FALSE(must(nightly_files(*at.prison.node, at.prison.folder)).left.empty());
  fs::rename(at.stick + ".out", at.stick);
  CHECK_FALSE(at.holding().empty());
  must(make_nightly_files(*at.prison.node, at.prison.folder));
  const auto files = must(nightly_files(*at.prison.node, at.prison.folder));
  CHECK(files.left.empty());
  CHECK(at.holding().size() == files.names.size());
}

TEST_CASE("a store that bears no store's name, or has no folder, touches nothing beside it",
          "[erasure]") {
  CHECK(DataFolder::around("/srv/site/store.db")->path() == "/srv/site");
  CHECK(DataFolder::around("store.db")->path() == ".");
  CHECK_FALSE(DataFolder::around("/srv/site/store.db.new"));
  CHECK_FALSE(DataFolder::around("/srv/HMP Example"));
}
