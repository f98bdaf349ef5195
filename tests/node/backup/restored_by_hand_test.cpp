// A site without a network puts a backup back: no exchange is reached from beginning to end.
#include "node/bundles/export.h"
#include "node/bundles/import.h"
#include "node/enrolment/by_file.h"
#include "node/handovers/case_file.h"
#include "records/volunteer.pb.h"
#include "sync/store/bundle_folder.h"
#include "sync/store/settings_table.h"
#include "tests/node/backup/backup_world.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using sync::ErrorKind;
using sync::OrganisationKind;

namespace {

constexpr std::uint64_t hour_ms = 3'600'000;

struct WithoutNetwork {
  World world;
  TestHub hub{world};  // whose key the list names; nobody reaches it
  TestDesk desk{world, hub};
  TestSite prison{world, "HMP Made Up", OrganisationKind::prison, "LEI"};
  TestSite partner{world, "Made-Up Partner", OrganisationKind::partner};
  crypto::DatabaseKey key = must(prison.accounts.sign_in("jo", good_password, world.clock));
  sync::DossierId erased, kept;

  WithoutNetwork() {
    hub.is_down = true;
    for (TestSite* site : {&prison, &partner}) let_in(*site);
    must(take_bundle(*prison.node, file(desk, prison)));  // with the partner in the list
    erased = volunteer("Erased");
    kept = volunteer("Kept");
  }
  void let_in(TestSite& site) {
    const auto code =
        must(desk.desk().invite({site.name, site.kind, site.establishment, std::nullopt, 0}));
    const auto asked = must(ask_by_file(*site.node, code.text().view(), site.facts("PC"), {}));
    must(desk.desk().take_request(asked.file));
    must(take_approval(*site.node, must(desk.desk().approve_by_file(code.mailbox()))));
  }
  sync::DossierId volunteer(const std::string& name) {
    const auto& self = prison.node->identity().organisation;
    const auto type = rule_of(*schema::Volunteer::descriptor()).type();
    return must(prison.node->admission().create(
        {{self, sync::Role::owner}}, {prison.actor(), world.now_ms, ""},
        {{{{}, type, schema::Volunteer::kFamilyNameFieldNumber},
          sync::OpKind::set,
          {name.begin(), name.end()},
          {},
          {}}}));
  }
  crypto::Bytes file(TestSite& from, const TestSite& to) {
    const auto stick = world.folder.path("stick");
    std::filesystem::create_directories(stick);
    const auto readers = must(readers_of(*from.node, to.node->identity().organisation));
    const auto made = must(export_bundles(*from.node, readers, stick, sync::bundle_bytes_max));
    REQUIRE(made.files.size() == 1);
    return must(sync::store::read_bundle_file(stick + "/" + made.files.front().file_name));
  }
  DataFolder blank() const { return DataFolder(world.folder.path("blank")); }
  std::unique_ptr<OpenNode> restored() {
    must(make_backup(*prison.node, key, prison.folder, world.folder.path("copy")));
    world.now_ms += hour_ms;
    must(desk.desk().erase({erased}));
    return put_back();
  }
  std::unique_ptr<OpenNode> put_back() {
    const auto password = [this](Accounts& of) {
      return of.sign_in("jo", good_password, world.clock);
    };
    must(restore(world.folder.path("copy"), blank(), password, cheap(), world.random, world.clock));
    return must(OpenNode::open(blank().store(), key, sync::store::Access::existing, world.random,
                               world.clock));
  }
  bool is_here(OpenNode& node, const sync::DossierId& id) {
    sync::store::UnitOfWork work(node.database(), sync::store::Purpose::reading);
    return sync::store::StoredDossier::exists(work, id);
  }
};

}  // namespace

TEST_CASE("a site without a network opens what it restored by a file from the central team",
          "[backup][bundle]") {
  WithoutNetwork at;
  const auto old = at.file(at.desk, at.prison);  // lay in a drawer
  const auto node = at.restored();
  const auto closed = refusal(check_not_closed(*node));
  CHECK(says(closed, "ask the central team for a file"));
  CHECK(says(closed, "bundle import FILE"));
  CHECK(at.is_here(*node, at.erased));

  at.world.now_ms += hour_ms;
  must(import_bundle(*node, at.blank(), old));
  refusal(check_not_closed(*node));
  must(import_bundle(*node, at.blank(), at.file(at.partner, at.prison)));  // not theirs to say
  refusal(check_not_closed(*node));

  const auto fresh = at.file(at.desk, at.prison);
  CHECK(must(inspect_bundle(*node, fresh)).opens_here);
  refusal(check_not_closed(*node));  // looking opens nothing
  must(import_bundle(*node, at.blank(), fresh));
  must(check_not_closed(*node));
  CHECK_FALSE(at.is_here(*node, at.erased));
  CHECK(at.is_here(*node, at.kept));
  must(import_bundle(*node, at.blank(), old));
  must(check_not_closed(*node));
}

TEST_CASE("a file from before the restore opens nothing, though it holds the newest list",
          "[backup][bundle]") {
  WithoutNetwork at;
  must(make_backup(*at.prison.node, at.key, at.prison.folder, at.world.folder.path("copy")));
  at.world.now_ms += hour_ms;
  const auto before = at.file(at.desk, at.prison);
  at.world.now_ms += 1;
  const auto node = at.put_back();
  must(import_bundle(*node, at.blank(), before));
  CHECK(node->directory().version() == at.desk.node->directory().version());
  refusal(check_not_closed(*node));
  must(import_bundle(*node, at.blank(), at.file(at.desk, at.prison)));
  must(check_not_closed(*node));
}

TEST_CASE(
    "a store that an earlier program restored opens by a file made once its backup is of no use",
    "[backup][bundle]") {
  WithoutNetwork at;
  const auto node = at.restored();
  {
    sync::store::UnitOfWork work(node->database());
    sync::store::SettingsTable settings(work);
    auto kept = *settings.find(sync::store::setting::closed_since_backup_ms);
    kept.resize(8);  // it kept when the backup was made, and not when it was put back
    settings.set(sync::store::setting::closed_since_backup_ms, kept);
    must(work.commit());
  }
  must(import_bundle(*node, at.blank(), at.file(at.desk, at.prison)));
  refusal(check_not_closed(*node));
  at.world.now_ms += backup_lasts_ms;
  must(import_bundle(*node, at.blank(), at.file(at.desk, at.prison)));
  must(check_not_closed(*node));
}
