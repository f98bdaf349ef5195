#include "node/bundles/nightly.h"

#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>

#include "node/audit.h"
#include "node/bundles/import.h"
#include "node/hub_visit.h"
#include "node/restored.h"
#include "sync/layout.h"
#include "sync/store/bundle_folder.h"
#include "sync/store/settings_table.h"
#include "tests/node/flows/bundle_stick.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;

struct Night {
  World world;
  TemporaryFolder place;
  DataFolder folder{place.file("data")};
  sync::DossierId handover = shared_handover(world);

  Night() { fs::create_directory(folder.path()); }

  OpenNode& node() { return *world.prison.node; }
  void make() { must(make_nightly_files(node(), folder)); }
  NightlyFiles files() { return must(nightly_files(node(), folder)); }
  std::size_t in_folder() {
    const auto where = files().folder;
    if (!fs::exists(where)) return 0;
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(where), fs::directory_iterator()));
  }
  // As a visit to the hub notes it.
  void note_visit() {
    sync::store::UnitOfWork work(node().database());
    sync::store::SettingsTable(work).set(sync::store::setting::last_contact_ms,
                                         sync::LayoutWriter().u64(world.now_ms).take());
    must(work.commit());
  }
};

}  // namespace

TEST_CASE("where the exchange is out of reach, what was not sent goes into files once a night",
          "[bundle]") {
  Night at;
  at.make();
  const auto first = at.files();
  CHECK(first.names.size() >= 2);  // for the exchange, and for the partner
  CHECK(at.in_folder() == first.names.size());
  at.make();
  CHECK(at.files().names == first.names);  // once
  at.world.pass(day_ms);
  at.make();
  const auto second = at.files();
  CHECK(second.names != first.names);
  CHECK(at.in_folder() == second.names.size());  // in the place of the last
  std::size_t taken = 0;
  for (const auto& name : second.names) {
    const auto file = must(sync::store::read_bundle_file(second.folder + "/" + name));
    taken += take_bundle(*at.world.partner.node, file).has_value() ? 1 : 0;
  }
  CHECK(taken == 1);
  CHECK(read_case(*at.world.partner.records, at.handover));
}

TEST_CASE("no files are made while the exchange is reached, nor where nothing waits", "[bundle]") {
  Night at;
  at.note_visit();
  at.make();
  CHECK(at.in_folder() == 0);
  at.world.pass(day_ms);
  at.make();
  CHECK(at.in_folder() > 0);
  at.world.sync_all();  // all of it is sent
  at.world.pass(day_ms);
  at.make();
  CHECK(at.in_folder() == 0);
  must(set_nightly_rule(at.node(), {NightlyRule::When::never, {}}));
  shared_handover(at.world);
  at.world.pass(day_ms);
  at.make();
  CHECK(at.in_folder() == 0);
}

TEST_CASE("files of the night that cannot be made leave those of the night before", "[bundle]") {
  Night at;
  const auto stick = at.place.file("stick");
  CHECK(refusal(set_nightly_rule(at.node(), {NightlyRule::When::always, stick})).kind ==
        sync::ErrorKind::not_found);
  fs::create_directory(stick);
  std::ofstream(stick + "/holiday.jpg") << "somebody's";
  must(set_nightly_rule(at.node(), {NightlyRule::When::always, stick}));
  at.make();
  const auto made = at.files();
  REQUIRE(made.folder == stick);
  CHECK(at.in_folder() == made.names.size() + 1);
  at.world.pass(day_ms);
  fs::rename(stick, stick + ".out");  // somebody took it out
  CHECK_FALSE(make_nightly_files(at.node(), at.folder));
  CHECK(at.files().names == made.names);
  fs::rename(stick + ".out", stick);
  at.make();
  CHECK(at.in_folder() == at.files().names.size() + 1);  // and what is not ours stays
  CHECK(fs::exists(stick + "/holiday.jpg"));
}

TEST_CASE("files of the night on a stick that is out are remembered, and go when it is in again",
          "[bundle]") {
  Night at;
  const auto stick = at.place.file("stick");
  fs::create_directory(stick);
  std::ofstream(stick + "/holiday.jpg") << "somebody's";
  must(set_nightly_rule(at.node(), {NightlyRule::When::always, stick}));
  at.make();
  const auto first = at.files();
  REQUIRE(first.names.size() >= 2);
  const bool another_is_in = GENERATE(false, true);
  CAPTURE(another_is_in);
  fs::rename(stick, stick + ".out");
  if (another_is_in) fs::create_directory(stick);
  must(set_nightly_rule(at.node(), {NightlyRule::When::always, ""}));
  for (int night = 0; night < 3; ++night) {
    at.world.pass(day_ms);
    at.make();
  }
  CHECK(at.files().left == all_of({0, stick, first.names, {}}));
  if (another_is_in) fs::remove(stick);
  fs::rename(stick + ".out", stick);
  at.make();  // on the same night
  CHECK(at.files().left.empty());
  for (const auto& name : first.names) CHECK_FALSE(fs::exists(fs::path(stick) / name));
  CHECK(fs::exists(stick + "/holiday.jpg"));
  CHECK(at.in_folder() == at.files().names.size());
}

TEST_CASE("a cut while files of the night are made leaves none that an erasure does not find",
          "[bundle][erasure]") {
  Night at;
  must(set_nightly_rule(at.node(), {NightlyRule::When::always, at.place.file("")}));
  const auto readers = must(all_readers(at.node()));
  std::vector<std::string> noted;
  const auto cut = [&](const std::vector<std::string>& names) -> sync::Result<sync::Done> {
    noted = names;
    return sync::Error{sync::ErrorKind::unavailable, "cut"};
  };
  // What is to be removed is known before the first byte of it stands anywhere.
  const auto made = export_bundles(at.node(), readers.at(0), at.place.file(""),
                                   sync::bundle_bytes_max, {MadeBy::night, {}, cut});
  CHECK_FALSE(made);
  REQUIRE(noted.size() == 1);
  CHECK_FALSE(fs::exists(at.place.file(noted[0])));
  CHECK_FALSE(fs::exists(at.place.file(noted[0] + ".part")));
  // And goes, whether it had its name already or not.
  for (const std::string ending : {"", ".part"}) {
    std::ofstream(at.place.file(noted[0] + ending)) << "cut";
    const auto removal = remove_nightly_files({{at.place.file(""), noted[0]}}, at.folder);
    CHECK(removal.left.empty());
    CHECK_FALSE(fs::exists(at.place.file(noted[0] + ending)));
  }
  // A night that fails half-way through its readers remembers the sets before.
  int sets = 0;
  at.world.pass(day_ms);
  at.make();
  for (const auto& name : at.files().names) sets += fs::exists(at.place.file(name)) ? 1 : 0;
  CHECK(sets == static_cast<int>(at.files().names.size()));
  CHECK(at.files().left.empty());
}

TEST_CASE("a store put back from a backup makes no files until it has heard the list", "[bundle]") {
  Night at;
  must(set_nightly_rule(at.node(), {NightlyRule::When::always, {}}));
  must(mark_restored(at.node(), at.world.now_ms));
  at.make();
  CHECK(at.files().names.empty());
  const auto readers = must(all_readers(at.node()));
  const auto refused =
      export_bundles(at.node(), readers.at(0), at.place.file(""), sync::bundle_bytes_max);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == sync::ErrorKind::stale);
  at.world.sync(at.world.prison);
  must(note_list_heard(at.node(), at.node().directory().version()));
  at.world.pass(day_ms);
  shared_handover(at.world);
  at.make();
  CHECK_FALSE(at.files().names.empty());
  const auto rows = must(Audit(at.node()).list({}, 100));
  REQUIRE_FALSE(rows.empty());  // each set that was made, by the program itself
  for (const auto& row : rows) {
    CHECK(row.act == AuditAct::carried_out);
    CHECK(row.count >= 1);
    CHECK(row.actor == sync::ActorId{});
  }
}

TEST_CASE("of files of the night that are still to be removed so many are remembered", "[bundle]") {
  Night at;
  NightlyFiles files{1, "/media/stick", {}, {}};
  for (std::size_t i = 0; i < nightly_left_max + 5; ++i) {
    files.left.push_back({"/media/stick", std::to_string(i)});
  }
  must(note_nightly_files(at.node(), files));
  const auto kept = at.files().left;
  REQUIRE(kept.size() == nightly_left_max);
  CHECK(kept.front().name == "5");  // the newest
}
