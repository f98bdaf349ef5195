// A site without a network puts a backup back: no exchange is reached from beginning to end.
#include "node/bundles/export.h"
#include "node/bundles/import.h"
#include "node/enrolment/by_file.h"
#include "node/handovers/case_file.h"
#include "records/volunteer.pb.h"
#include "sync/layout.h"
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
  void let_in_another(TestSite& computer) {
    const auto code = must(desk.desk().invite({computer.name, computer.kind, computer.establishment,
                                               computer.node->identity().organisation, 0}));
    const auto asked =
        must(ask_by_file(*computer.node, code.text().view(), computer.facts("Laptop"), {}));
    must(desk.desk().take_request(asked.file));
    must(take_approval(*computer.node, must(desk.desk().approve_by_file(code.mailbox()))));
  }
  // The list is signed once more, a moment later.
  void renew() {
    world.now_ms += 1;
    must(desk.desk().renew());
  }
  // As a visit to the hub leaves it; 0: it was never visited.
  void note_visit(OpenNode& node, std::uint64_t hub_ahead_ms) {
    if (hub_ahead_ms == 0) return;
    const auto number = [](std::uint64_t n) { return sync::LayoutWriter().u64(n).take(); };
    sync::store::UnitOfWork work(node.database());
    sync::store::SettingsTable settings(work);
    settings.set(sync::store::setting::last_contact_ms, number(world.now_ms));
    settings.set(sync::store::setting::clock_offset_ms, number(hub_ahead_ms));
    must(work.commit());
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

TEST_CASE("a site without a network opens what it restored by a list signed after it, in a file",
          "[backup][bundle]") {
  WithoutNetwork at;
  const auto old = at.file(at.desk, at.prison);  // lay in a drawer
  const auto node = at.restored();
  const auto closed = refusal(check_not_closed(*node));
  CHECK(says(closed, "ask the central team for a file"));
  CHECK(says(closed, "sign the central list once more"));
  CHECK(says(closed, "bundle import FILE"));
  CHECK(at.is_here(*node, at.erased));

  at.world.now_ms += hour_ms;
  must(import_bundle(*node, at.blank(), old));
  refusal(check_not_closed(*node));

  at.renew();
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

TEST_CASE("a computer of the central team that is out of date itself opens no restored store",
          "[backup][bundle]") {
  WithoutNetwork at;
  TestSite second(at.world, "second desk", at.desk);
  at.let_in_another(second);
  must(import_bundle(*at.prison.node, at.prison.folder, at.file(at.desk, at.prison)));
  const auto node = at.restored();  // its backup has heard of the second one, and of no erasure
  at.world.now_ms += hour_ms;
  const auto behind = at.file(second, at.prison);  // made after the restore, with the older list
  must(import_bundle(*node, at.blank(), behind));
  refusal(check_not_closed(*node));
  CHECK(at.is_here(*node, at.erased));
}

TEST_CASE("whoever brings a list that was signed after the restore opens the store",
          "[backup][bundle]") {
  WithoutNetwork at;
  const auto node = at.restored();
  at.world.now_ms += hour_ms;
  must(import_bundle(*node, at.blank(), at.file(at.partner, at.prison)));
  refusal(check_not_closed(*node));  // it has not heard of the newest either
  at.renew();
  must(import_bundle(*at.partner.node, at.partner.folder, at.file(at.desk, at.partner)));
  must(import_bundle(*node, at.blank(), at.file(at.partner, at.prison)));
  must(check_not_closed(*node));
  CHECK_FALSE(at.is_here(*node, at.erased));
}

TEST_CASE("a file from before the restore opens nothing, though it holds the newest list",
          "[backup][bundle]") {
  WithoutNetwork at;
  must(make_backup(*at.prison.node, at.key, at.prison.folder, at.world.folder.path("copy")));
  at.renew();
  const auto before = at.file(at.desk, at.prison);
  at.world.now_ms += 1;
  const auto node = at.put_back();
  must(import_bundle(*node, at.blank(), before));
  CHECK(node->directory().version() == at.desk.node->directory().version());
  refusal(check_not_closed(*node));
  must(import_bundle(*node, at.blank(), at.file(at.desk, at.prison)));
  refusal(check_not_closed(*node));  // made after it, with what was signed before
  at.renew();
  must(import_bundle(*node, at.blank(), at.file(at.desk, at.prison)));
  must(check_not_closed(*node));
}

TEST_CASE("a file of the exchange opens a restored store only where it was made after the restore",
          "[backup][bundle]") {
  WithoutNetwork at;
  const auto node = at.restored();
  const auto version = node->directory().version();
  const auto made_by_hub = [&](std::uint64_t at_ms, std::uint64_t their_version) {
    sync::BundleLabel label;
    label.made_by = sync::BundleBy::hub;
    label.made_at_ms = at_ms;
    label.directory_version = their_version;
    must(note_list_brought(*node, label));
  };
  made_by_hub(at.world.now_ms - 1, version);
  refusal(check_not_closed(*node));
  made_by_hub(at.world.now_ms + 1, version + 1);  // of a list that is not here
  refusal(check_not_closed(*node));
  made_by_hub(at.world.now_ms + 1, version);
  must(check_not_closed(*node));
}

TEST_CASE("a clock that stands in the past at the restore lets no older file open the store",
          "[backup][bundle]") {
  const auto visited = GENERATE(false, true);
  CAPTURE(visited);
  WithoutNetwork at;
  must(make_backup(*at.prison.node, at.key, at.prison.folder, at.world.folder.path("copy")));
  const auto node = at.put_back();
  const auto true_ms = at.world.now_ms;
  at.renew();
  must(import_bundle(*node, at.blank(), at.file(at.desk, at.prison)));
  at.note_visit(*node, visited ? 2 * hour_ms : 0);
  at.world.now_ms = true_ms - hour_ms;
  must(mark_restored(*node, true_ms - 3 * hour_ms));
  sync::BundleLabel from_hub;
  from_hub.made_by = sync::BundleBy::hub;
  from_hub.made_at_ms = true_ms + (visited ? 2 * hour_ms : 0);
  must(note_list_brought(*node, from_hub));
  refusal(check_not_closed(*node));
  from_hub.made_at_ms += 2;
  must(note_list_brought(*node, from_hub));
  must(check_not_closed(*node));
}

TEST_CASE(
    "a store that an earlier program restored opens by a list signed once its backup is of no use",
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
  at.renew();
  must(import_bundle(*node, at.blank(), at.file(at.desk, at.prison)));
  refusal(check_not_closed(*node));
  at.world.now_ms += backup_lasts_ms;
  at.renew();
  must(import_bundle(*node, at.blank(), at.file(at.desk, at.prison)));
  must(check_not_closed(*node));
}
