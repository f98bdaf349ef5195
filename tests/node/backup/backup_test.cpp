#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "node/audit.h"
#include "sync/contexts.h"
#include "sync/store/settings_table.h"
#include "tests/disk_faults/moments.h"
#include "tests/node/backup/backup_world.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using sync::ErrorKind;
using throughgate::testing::FailingDisk;
using throughgate::testing::Fault;

namespace {

namespace fs = std::filesystem;

crypto::Bytes bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::string& path, crypto::ByteView bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<long>(bytes.size()));
}

std::set<std::string> files_in(const std::string& folder) {
  std::set<std::string> out;
  for (const auto& each : fs::recursive_directory_iterator(folder)) {
    if (each.is_regular_file() && each.path().extension() != ".lock") {
      out.insert(each.path().lexically_relative(folder).string());
    }
  }
  return out;
}

bool says_what_to_do(const sync::Error& error) {
  constexpr std::array<std::string_view, 6> next{"Try again", "try again",   "Check that",
                                                 "Run ",      "Use another", "Check the disk"};
  return std::any_of(next.begin(), next.end(), [&](auto words) { return says(error, words); });
}

// Nothing of a store is left in a folder in which restoring was refused.
void check_blank(const std::string& folder) {
  CHECK(DataFolder(folder).holds() == DataFolder::Holds::nothing);
  if (fs::exists(folder)) CHECK(files_in(folder).empty());
}

}  // namespace

TEST_CASE("a backup restored on a blank computer comes to the same records", "[backup]") {
  BackupWorld at;
  const auto made = at.back_up("copy");
  CHECK(made.records == 1);
  CHECK(made.manifest.made_at_ms == at.world.now_ms);
  const auto before = digests_of(*at.prison.node);
  const auto names = names_of(*at.prison.node);
  REQUIRE(before.size() == 1);
  REQUIRE(names.size() == 3);
  const auto rows = must(Audit(*at.prison.node).list({}, 1));
  REQUIRE(rows.size() == 1);
  CHECK((rows[0].act == AuditAct::backed_up && rows[0].count == 1));

  const auto restored = at.restored("copy");
  CHECK(restored->identity().node == at.prison.node->identity().node);
  CHECK(digests_of(*restored) == before);
  CHECK(names_of(*restored) == names);
  must(at.visit(*restored, "blank"));  // what had not been sent goes now
  must(at.prison.sync(at.hub));
  CHECK(digests_of(*restored) == digests_of(*at.prison.node));
  CHECK(files_in(at.path("blank")).contains("store.db"));
  CHECK_FALSE(fs::exists(at.path("blank/unpacked")));
}

TEST_CASE("a list of looks that was put back says so, and of when it is", "[backup][audit]") {
  BackupWorld at;
  const auto made = at.back_up("copy");
  at.world.now_ms += day_ms;
  const auto restored = at.restored("copy");
  const auto rows = must(Audit(*restored).list({}, 10));
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].act == AuditAct::restored);
  CHECK(rows[0].count == made.manifest.made_at_ms);
  CHECK(must(Audit(*restored).check()).number == 1);
}

TEST_CASE("the recovery sheet opens a backup where no password is known", "[backup]") {
  BackupWorld at;
  at.back_up("copy");
  const auto by_sheet = [&](Accounts& of) { return of.open_with_recovery(*at.prison.sheet); };
  must(restore(at.path("copy"), DataFolder(at.path("blank")), by_sheet, cheap(), at.world.random,
               at.world.clock));
  CHECK(names_of(*at.open("blank")).size() == 3);
}

TEST_CASE("a restored store stays closed until it has heard the current list", "[backup]") {
  BackupWorld at;
  at.back_up("copy");
  must(check_not_closed(*at.prison.node));
  const auto restored = at.restored("copy");
  const auto closed = refusal(check_not_closed(*restored));
  CHECK(closed.kind == ErrorKind::stale);
  CHECK(says(closed, "Nothing is lost."));
  CHECK(says(closed, "run \"sync\""));

  at.hub.is_down = true;
  refusal(at.visit(*restored, "blank"));
  refusal(check_not_closed(*restored));
  at.hub.is_down = false;
  must(note_list_heard(*restored, restored->directory().version() + 1));  // an older list
  refusal(check_not_closed(*restored));
  refusal(check_not_closed(*at.open("blank")));  // a restart opens nothing
  must(at.visit(*restored, "blank"));
  must(check_not_closed(*restored));
  must(check_not_closed(*at.open("blank")));
}

TEST_CASE("a store that belongs to no central list yet is open once restored", "[backup]") {
  BackupWorld at;
  TestSite alone(at.world, "Made-Up Partner", sync::OrganisationKind::partner);
  const auto key = must(alone.accounts.sign_in("jo", good_password, at.world.clock));
  must(make_backup(*alone.node, key, alone.folder, at.path("copy")));
  must(at.restore_to("blank", "copy"));
  must(check_not_closed(*at.open("blank")));
}

TEST_CASE("a restored computer gets back what it had sent since, and contradicts none of it",
          "[backup]") {
  BackupWorld at;
  at.back_up("copy");
  at.record("Cy Pretended");
  must(at.prison.sync(at.hub));
  const auto restored = at.restored("copy");
  at.prison.node.reset();  // that disk is gone
  must(at.visit(*restored, "blank"));
  CHECK(names_of(*restored).size() == 4);
  const auto actor = must(Staff(*restored).actor_for("jo"));
  must(Staff(*restored).add("Di Supposed", {"gate_meeter"}, actor));
  const auto sent = must(at.visit(*restored, "blank"));
  CHECK(sent.counts.sent == 1);
  CHECK(sent.counts.refused == 0);
  CHECK(names_of(*restored).size() == 5);
  CHECK(digests_of(*restored).size() == 1);
}

TEST_CASE("a computer and its restored copy that both live on lose nothing and never fork",
          "[backup]") {
  BackupWorld at;
  at.back_up("copy");
  const auto restored = at.restored("copy");
  at.record("Cy Pretended");
  must(Staff(*restored).add("Di Supposed", {"gate_meeter"}, at.prison.actor()));  // before any sync
  for (int i = 0; i < 3; ++i) {
    const auto visit = must(at.visit(*restored, "blank"));
    const auto other = must(at.prison.sync(at.hub));
    CHECK(visit.counts.refused + other.counts.refused == 0);
  }
  CHECK(names_of(*restored).size() == 5);
  CHECK(digests_of(*restored) == digests_of(*at.prison.node));
  sync::store::UnitOfWork work(restored->database(), sync::store::Purpose::reading);
  CHECK_FALSE(work.first("SELECT 1 FROM notice WHERE kind = ?",
                         sync::store::bound(static_cast<int>(sync::store::NoticeKind::forked)),
                         sync::store::unsigned_column));
}

TEST_CASE("a backup made while people save holds all that was saved before, and is sound",
          "[backup][threads]") {
  BackupWorld at;
  crypto::SystemRandom random;
  const auto actor = at.prison.actor();
  std::atomic<bool> stop = false;
  std::atomic<int> saved = 0;
  std::thread saving([&] {
    auto node = OpenNode::open(at.prison.folder.store(), at.key, sync::store::Access::existing,
                               random, at.world.clock);
    for (int i = 0; node && !stop; ++i) {
      if (Staff(**node).add("Invented " + std::to_string(i), {"gate_meeter"}, actor)) ++saved;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));  // people leave others a turn
    }
  });
  while (saved < 3) std::this_thread::yield();
  const int before = saved;
  const auto made = make_backup(*at.prison.node, at.key, at.prison.folder, at.path("copy"));
  stop = true;
  saving.join();
  if (!made) FAIL(made.error().message);
  const auto restored = at.restored("copy");
  digests_of(*restored);
  CHECK(names_of(*restored).size() >= 3 + static_cast<std::size_t>(before));
}

TEST_CASE("a backup older than 35 days is refused, and so is one from the future", "[backup]") {
  BackupWorld at;
  at.back_up("copy");
  at.world.now_ms += 35 * day_ms;
  const auto old = refusal(at.restore_to("blank", "copy"));
  CHECK(old.kind == ErrorKind::denied);
  CHECK(says(old, "2027-01-15"));
  CHECK(says(old, "Use a newer one"));
  check_blank(at.path("blank"));
  at.world.now_ms -= 36 * day_ms;
  const auto early = refusal(at.restore_to("blank", "copy"));
  CHECK(early.kind == ErrorKind::denied);
  CHECK(says(early, "Set the clock"));
  check_blank(at.path("blank"));
  at.world.now_ms += 36 * day_ms - 1;
  must(at.restore_to("blank", "copy"));
}

TEST_CASE("a backup with a byte altered anywhere, or a part missing, is refused", "[backup]") {
  BackupWorld at;
  at.back_up("copy");
  const auto good = bytes_of(at.path("copy"));
  const auto refused = [&](const crypto::Bytes& bytes, const std::string& what) {
    INFO(what);
    write(at.path("altered"), bytes);
    const auto error = refusal(at.restore_to("blank", "altered"));
    CHECK(says(error, "Nothing was changed."));
    check_blank(at.path("blank"));
    return error.kind;
  };
  for (std::size_t i = 0; i < good.size(); i = i < 600 ? i + 1 : i + 4001) {
    auto bytes = good;
    bytes[i] ^= 1;
    const auto kind = refused(bytes, "byte " + std::to_string(i));
    const bool is_magic = i < 16;
    const bool is_version = i == 16 || i == 17;
    CHECK((kind == ErrorKind::rejected || (is_magic && kind == ErrorKind::invalid) ||
           (is_version && kind == ErrorKind::newer)));
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{16}, std::size_t{245},
                                 std::size_t{246}, good.size() / 2, good.size() - 1}) {
    refused({good.begin(), good.begin() + static_cast<long>(size)}, "cut " + std::to_string(size));
  }
  auto longer = good;
  longer.push_back(0);
  refused(longer, "longer");
  refused(bytes_of(at.prison.folder.store()), "a store, not a backup");
}

TEST_CASE("a manifest that another computer signed is refused", "[backup]") {
  BackupWorld at;
  auto made = at.back_up("copy");
  auto bytes = bytes_of(at.path("copy"));
  const auto other = crypto::SigningKey::generate(at.world.random);
  made.manifest.verify_key = other.verify_key();
  made.manifest.made_at_ms += day_ms;  // as if it were younger
  made.manifest.expires_at_ms += day_ms;
  const auto begins = made.manifest.signed_with(other);
  std::copy(begins.begin(), begins.end(), bytes.begin());
  write(at.path("forged"), bytes);
  at.world.now_ms += 2 * day_ms;
  const auto error = refusal(at.restore_to("blank", "forged"));
  CHECK(error.kind == ErrorKind::rejected);
  CHECK(says(error, "not signed by the computer"));
  check_blank(at.path("blank"));
}

TEST_CASE("a manifest that promises itself more than 35 days is refused", "[backup]") {
  BackupWorld at;
  auto made = at.back_up("copy");
  auto bytes = bytes_of(at.path("copy"));
  made.manifest.expires_at_ms += 1;
  const auto begins = made.manifest.signed_with(at.prison.node->identity().signing_key);
  std::copy(begins.begin(), begins.end(), bytes.begin());
  write(at.path("longer"), bytes);
  CHECK(refusal(at.restore_to("blank", "longer")).kind == ErrorKind::rejected);
}

TEST_CASE("a backup never overwrites a file, and restoring never a store", "[backup]") {
  BackupWorld at;
  write(at.path("taken"), crypto::as_bytes("a letter"));
  const auto taken =
      refusal(make_backup(*at.prison.node, at.key, at.prison.folder, at.path("taken")));
  CHECK(taken.kind == ErrorKind::invalid);
  CHECK(crypto::as_text(bytes_of(at.path("taken"))) == "a letter");

  at.back_up("copy");
  const auto store = bytes_of(at.prison.folder.store());
  const auto error = refusal(restore(at.path("copy"), at.prison.folder, at.password(), cheap(),
                                     at.world.random, at.world.clock));
  CHECK(error.kind == ErrorKind::invalid);
  CHECK(bytes_of(at.prison.folder.store()) == store);
}

TEST_CASE("a wrong password restores nothing, and the right one does after it", "[backup]") {
  BackupWorld at;
  at.back_up("copy");
  const auto wrong = [&](Accounts& of) {
    return of.sign_in("jo", "not the password 1", at.world.clock);
  };
  const auto error = refusal(restore(at.path("copy"), DataFolder(at.path("blank")), wrong, cheap(),
                                     at.world.random, at.world.clock));
  CHECK(error.kind == ErrorKind::denied);
  check_blank(at.path("blank"));
  must(at.restore_to("blank", "copy"));
}

TEST_CASE("a store that is not sound gets no backup that is called good", "[backup]") {
  BackupWorld at;
  REQUIRE(at.prison.node->database().run_script("UPDATE field SET value = x'41' WHERE id = 1"));
  const auto error =
      refusal(make_backup(*at.prison.node, at.key, at.prison.folder, at.path("copy")));
  CHECK(error.kind == ErrorKind::corrupt);
  CHECK(says(error, "run \"check\""));
  CHECK_FALSE(fs::exists(at.path("copy")));
}

TEST_CASE("no byte of a backup holds words in the clear", "[backup]") {
  BackupWorld at;
  at.back_up("copy");
  const auto bytes = bytes_of(at.path("copy"));
  for (const char* word : {"Invented", "Imagined", "Made Up", "Made-Up", "gate_meeter"}) {
    CHECK(crypto::as_text(bytes).find(word) == std::string_view::npos);
  }
  CHECK(crypto::as_text(bytes).find(crypto::as_text(at.key.view())) == std::string_view::npos);
  CHECK((fs::status(at.path("copy")).permissions() & fs::perms(077)) == fs::perms::none);
}

TEST_CASE("a full or failing disk at any change leaves no half a backup, and the next is good",
          "[backup][faults]") {
  BackupWorld at;
  const auto before = digests_of(*at.prison.node);
  for (const auto fault : {Fault::io_error, Fault::full}) {
    std::uint64_t struck = 0;
    for (std::uint64_t n = 1; n < 2'000; ++n) {
      FailingDisk disk(fault, n);
      const auto made = make_backup(*at.prison.node, at.key, at.prison.folder, at.path("copy"));
      if (!disk.has_struck()) break;
      ++struck;
      INFO("change " << n << (made ? "" : ": " + made.error().message));
      const bool noted = made || says(made.error(), "is made and good");
      if (!made) CHECK(says_what_to_do(made.error()));
      // A deletion of what is in the way only, or a note, may fail and the backup be good.
      CHECK(noted == fs::exists(at.path("copy")));
      fs::remove(at.path("copy"));
      CHECK_FALSE(fs::exists(at.path("copy.part")));
    }
    CHECK(struck > 20);
    CHECK(fs::remove(at.path("copy")));
  }
  CHECK(digests_of(*at.prison.node) == before);
  at.back_up("copy");
  CHECK(digests_of(*at.restored("copy")) == before);
}

TEST_CASE(
    "a disk that fails at any change of restoring leaves no store or a whole one, and the "
    "next one is done",
    "[backup][faults]") {
  BackupWorld at;
  at.back_up("copy");
  const auto before = digests_of(*at.prison.node);
  const auto changes = [&] {
    const FailingDisk never;
    must(at.restore_to("unharmed", "copy"));
    return never.changes();
  }();
  REQUIRE(changes.all > 40);
  const auto fail_at = [&](Fault fault, std::uint64_t n) {
    bool struck = false;
    {
      FailingDisk disk(fault, n);
      const auto done = at.restore_to("blank", "copy");
      INFO((done ? "" : done.error().message));
      if (!done) CHECK(says_what_to_do(done.error()));
      struck = disk.has_struck();
    }
    if (!fs::exists(at.path("blank")) || !DataFolder(at.path("blank")).find_store()) {
      must(at.restore_to("blank", "copy"));
    }
    const auto restored = at.open("blank");
    CHECK(digests_of(*restored) == before);
    refusal(check_not_closed(*restored));
    fs::remove_all(at.path("blank"));
    return struck;
  };
  throughgate::testing::Moments moments(60);
  moments.each("restoring", changes, fail_at, {Fault::io_error, Fault::full, Fault::dead});
  moments.print("restoring");
}
