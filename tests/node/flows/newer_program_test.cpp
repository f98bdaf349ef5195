// A site goes on with an old program while another has a newer one, and is updated later. Faults
// are planted by the linker, each in a program of its own: see CMakeLists.txt.
#include <catch_amalgamated.hpp>

#include "node/rights/pack_document.h"
#include "node/status.h"
#include "sync/layout.h"
#include "sync/store/not_read.h"
#include "sync/store/parked_table.h"
#include "sync/store/placing.h"
#include "tests/node/flows/example_handover.h"
#include "tests/node/flows/newer_program.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using sync::store::bound;
using sync::store::Statement;
using sync::store::UnitOfWork;

#ifdef PLANT_PARKED_DROPPED
void nothing_kept(sync::store::ParkedTable*, const sync::store::ParkedEntry&) asm(
    "__wrap__ZN11throughgate4sync5store11ParkedTable4keepERKNS1_11ParkedEntryE");
void nothing_kept(sync::store::ParkedTable*, const sync::store::ParkedEntry&) {}
#endif
#ifdef PLANT_NOT_READ_AGAIN
std::vector<sync::store::EntryRow> nothing_left(const sync::store::StoredDossier*) asm(
    "__wrap__ZNK11throughgate4sync5store13StoredDossier14not_understoodEv");
std::vector<sync::store::EntryRow> nothing_left(const sync::store::StoredDossier*) { return {}; }
#endif

namespace {

constexpr sync::FieldKey note{{}, 110, 85};       // of a handover: any text
constexpr sync::FieldKey card_address{{}, 1, 1};  // of a record type that only the newer one knows

// Everything that entries, order, ops and fields come to here, but for when they arrived.
sync::Bytes everything(Site& site) {
  sync::LayoutWriter out;
  UnitOfWork work(site.node->database(), sync::store::Purpose::reading);
  const auto add = [&](std::string_view sql, int columns) {
    work.each(sql, bound(), [&](const Statement& row) {
      for (int i = 0; i < columns; ++i) {
        out.u8(row.is_null(i) ? 0 : 1).u32(static_cast<std::uint32_t>(row.view(i).size()));
        out.bytes(row.view(i)).u64(row.unsigned_integer(i));
      }
    });
  };
  add("SELECT dossier, length, chain, readable, proven, heard, newer, stale FROM dossier "
      "ORDER BY dossier",
      8);
  add("SELECT hash, dsn, standing, content, passed_over, inert, role, clock_ms, effective_ms, "
      "actor FROM entry ORDER BY hash",
      10);
  add("SELECT e.hash, o.record, o.type, o.field, o.source != 0, o.idx, o.kind, o.value, "
      "o.supersedes FROM op o JOIN entry e ON e.id = o.entry "
      "ORDER BY e.hash, o.source != 0, o.idx",
      9);
  add("SELECT d.dossier, f.record, f.type, f.field, f.value, f.flags FROM field f "
      "JOIN dossier d ON d.id = f.dossier ORDER BY d.dossier, f.record, f.type, f.field",
      6);
  add("SELECT hash FROM parked ORDER BY hash", 1);
  REQUIRE_FALSE(work.failed());
  return out.take();
}

[[maybe_unused]] std::optional<sync::ProjectionDigest> digest_at(Site& site,
                                                                 const sync::DossierId& id) {
  UnitOfWork work(site.node->database());
  const auto context = site.node->context();
  return sync::store::Replica(work, id, context).digest();
}

[[maybe_unused]] sync::store::DossierView view(Site& site, const sync::DossierId& id) {
  return must(site.reader().dossier(id));
}

std::string shown(Site& site, const sync::DossierId& id) {
  const auto record = must(site.reader().read({id, {}, note.record_type}));
  const auto* field = record.field(note.field);
  return field && field->shown() ? std::string(crypto::as_text(field->shown()->value)) : "";
}

// A prison whose program is newer writes; a partner takes part with the one or the other.
class Story {
 public:
  explicit Story(Program of_partner) : partner_(of_partner) {
    run_as(Program::current);
    write(Writing::plainly);
    for (auto* id : {&header, &contents, &plain}) *id = shared_handover(world);
    world.sync_all();
    restart(world.prison, Program::newer);
    if (partner_ == Program::newer) restart(world.partner, partner_);
  }
  ~Story() { run_as(Program::current); }
  Story(const Story&) = delete;
  Story& operator=(const Story&) = delete;

  World world;
  sync::DossierId header, contents, plain;  // where something newer stands, or nothing does

  void prison_writes() {
    save(header, Writing::plainly, "one");
    save(header, Writing::header_2, "two");
    save(header, Writing::plainly, "three");
    for (const auto how : {Writing::schema_2, Writing::kind_6, Writing::dictionary_2,
                           Writing::suffix, Writing::plainly}) {
      save(contents, how, "the gate");
    }
    save(contents, Writing::plainly, "elsewhere", card_address);
    save(plain, Writing::plainly, "as ever");
    sync_both();
  }

  void save(const sync::DossierId& id, Writing how, const std::string& text,
            const sync::FieldKey& field = note) {
    world.pass(1000);
    run_as(Program::newer);
    write(how);
    sync::store::OpDraft op{
        field, sync::OpKind::set, sync::Bytes(text.begin(), text.end()), {}, {}};
    must(world.prison.node->admission().save(id, world.prison.records->authorship(world.prison.by),
                                             {op}));
    write(Writing::plainly);
  }

  void sync_both() {
    for (int i = 0; i < 2; ++i) {
      run_as(Program::newer);
      world.sync(world.prison);
      run_as(partner_);
      world.sync(world.partner);
    }
  }

  // Cut off after every record, as a computer that is switched off and on would.
  void update_partner() {
    partner_ = Program::newer;
    for (;;) {
      restart(world.partner, partner_);
      if (must(world.partner.node->read_again(1)) == 0) return;
    }
  }

  void restart(Site& site, Program program) {
    run_as(program);
    world.restart(site);
  }

 private:
  Program partner_;
};

}  // namespace

#if !defined(PLANT_PARKED_DROPPED) && !defined(PLANT_NOT_READ_AGAIN)

TEST_CASE("an old program keeps what a newer one wrote, says so, and goes on", "[newer]") {
  Story story(Program::current);
  auto& partner = story.world.partner;
  const auto length = view(partner, story.header).length;
  story.prison_writes();

  const auto stopped = view(partner, story.header);
  CHECK(stopped.length == length + 1);  // as far as it can be judged
  CHECK(stopped.update_needed);
  CHECK_FALSE(stopped.complete);
  CHECK(shown(partner, story.header) == "one");
  const auto partly = view(partner, story.contents);
  CHECK(partly.length == view(story.world.prison, story.contents).length);
  CHECK(partly.update_needed);
  CHECK_FALSE(partly.complete);
  CHECK(shown(partner, story.contents) == "the gate");
  CHECK_FALSE(digest_at(partner, story.contents));  // no word for what it has not understood
  const auto whole = view(partner, story.plain);
  CHECK_FALSE(whole.update_needed);
  CHECK(whole.complete);
  CHECK(shown(partner, story.plain) == "as ever");

  CHECK(must(counts_of(*partner.node)).update_needed == 2);
  std::size_t told = 0;
  for (const auto& notice : must(partner.reader().notices())) {
    told += notice.kind == static_cast<int>(sync::store::NoticeKind::update_needed) ? 1 : 0;
  }
  CHECK(told == 1);
  story.sync_both();
  CHECK(must(counts_of(*partner.node)).update_needed == 2);
}

TEST_CASE(
    "what this program cannot read yet of a person is counted in their answer, record by record",
    "[newer][rights]") {
  Story story(Program::current);
  auto& partner = story.world.partner;
  story.prison_writes();
  const auto pack = [&](const sync::DossierId& id) {
    return must(pack_of(*partner.records, id, {}));
  };
  const auto not_read = [&](const sync::DossierId& id) {
    std::uint64_t changes = 0;
    for (const auto& each : pack(id).not_read) {
      if (each.number == id.hex()) changes += each.changes;
    }
    return changes;
  };
  CHECK(not_read(story.header) == 1);    // what follows it waits at the exchange
  CHECK(not_read(story.contents) == 5);  // three not at all, two in part
  CHECK(not_read(story.plain) == 0);
  const auto told = pack(story.contents);
  CHECK(json_of(told).find("\"number\": \"" + story.contents.hex() + "\", \"changes\": 5") !=
        std::string::npos);
  const auto says = [](const Pack& of, const std::string& text) {
    const auto blocks = document_of(of).blocks;
    return std::any_of(blocks.begin(), blocks.end(), [&](const auto& block) {
      return block.text.find(text) != std::string::npos;
    });
  };
  CHECK(says(told, "It cannot read them yet"));
  CHECK(says(told, "Handover: 5 changes"));
  CHECK(says(pack(story.header), "Handover: 1 change"));
  CHECK_FALSE(says(pack(story.plain), "cannot read them yet"));
  story.update_partner();
  story.sync_both();
  for (const auto& id : {story.contents, story.header}) {
    CHECK(must(sync::store::changes_not_read(partner.node->database(), partner.node->policies(),
                                             id)) == 0);
  }
}

TEST_CASE("a place with numbers that no store can hold is not kept for a newer program",
          "[newer]") {
  Story story(Program::current);
  auto& node = *story.world.partner.node;
  const auto context = node.context();
  UnitOfWork work(node.database());
  sync::store::Replica replica(work, story.plain, context);
  const auto held = replica.stored().load(
      *replica.stored().find(replica.stored().record_at(replica.stored().length())->entry));
  auto entry = held->entry.bytes();
  entry.header[0] = 9;  // of a later version than any
  auto record = *replica.stored().record_at(replica.stored().length());
  record.dsn += 1;
  const auto place = [&](std::uint64_t at_ms) {
    record.accepted_at_ms = at_ms;
    return place_next(replica, entry, {story.plain, record}, context, story.world.now_ms);
  };
  CHECK(place(1ull << 63) == sync::store::Placing::not_due);
  CHECK(sync::store::ParkedTable(work).count_without_place() == 0);
  CHECK(place(story.world.now_ms) == sync::store::Placing::parked);
}

TEST_CASE("what waited for an update and comes by file before it is read again waits no more",
          "[newer]") {
  Story story(Program::current);
  story.prison_writes();
  auto& partner = story.world.partner;
  story.restart(partner, Program::newer);
  {
    const auto context = partner.node->context();
    UnitOfWork work(partner.node->database());
    sync::store::Replica replica(work, story.header, context);
    const auto& stored = replica.stored();
    auto waiting = sync::store::ParkedTable(work).at(story.header, stored.length() + 1);
    REQUIRE(waiting);
    CHECK(place_next(replica, waiting->bytes, *waiting->place, context, story.world.now_ms) ==
          sync::store::Placing::placed);
    replica.finish();
    REQUIRE(work.commit());
  }
  story.update_partner();
  CHECK(must(counts_of(*partner.node)).update_needed == 0);
  story.sync_both();
  CHECK(view(partner, story.header).complete);
  CHECK(digest_at(partner, story.header) == digest_at(story.world.prison, story.header));
  UnitOfWork work(partner.node->database());
  CHECK_FALSE(work.first("SELECT 1 FROM parked", bound(), sync::store::unsigned_column));
}

TEST_CASE("where a newer program wrote, an old one's own changes still arrive", "[newer]") {
  Story story(Program::current);
  story.prison_writes();
  run_as(Program::current);
  auto& partner = story.world.partner;
  for (const auto& id : {story.header, story.contents, story.plain}) {
    must(Handovers(*partner.records).accept(id, "Bryn, 07700 900111", partner.by));
  }
  story.sync_both();
  for (const auto& id : {story.header, story.contents, story.plain}) {
    const auto file = must(Handovers(*story.world.prison.records).read(id));
    CHECK(file.state == schema::Handover::ACCEPTED);
  }
  story.update_partner();
  story.sync_both();
  for (const auto& id : {story.header, story.contents, story.plain}) {
    const auto here = digest_at(partner, id);
    REQUIRE(here);
    CHECK(here == digest_at(story.world.prison, id));
  }
}

TEST_CASE("once updated, an old program equals one that was always new", "[newer]") {
  Story story(Program::current);
  story.prison_writes();
  story.update_partner();
  auto& partner = story.world.partner;
  CHECK(shown(partner, story.header) == "two");  // before any network
  CHECK(must(counts_of(*partner.node)).to_read_again == 0);
  story.sync_both();
  CHECK(shown(partner, story.header) == "three");

  Story always_new(Program::newer);
  always_new.prison_writes();
  always_new.sync_both();
  CHECK(everything(partner) == everything(always_new.world.partner));
  CHECK(must(counts_of(*partner.node)).update_needed == 0);
  for (const auto& id : {story.header, story.contents, story.plain}) {
    CHECK(view(partner, id).complete);
    const auto here = digest_at(partner, id);
    REQUIRE(here);
    CHECK(here == digest_at(story.world.prison, id));
  }
}

TEST_CASE("an entry of a later version brought by hand is kept until it can be read", "[newer]") {
  Story story(Program::current);
  story.save(story.plain, Writing::header_2, "by hand");
  sync::SignedEntry entry;
  {
    UnitOfWork work(story.world.prison.node->database());
    const auto context = story.world.prison.node->context();
    const sync::store::Replica replica(work, story.plain, context);
    entry = replica.stored()
                .load(replica.stored().unplaced(sync::store::Standing::outbox).back())
                ->entry.bytes();
  }
  run_as(Program::current);
  auto& partner = story.world.partner;
  must(partner.node->admission().receive_by_hand(entry));
  must(partner.node->admission().receive_by_hand(entry));
  CHECK(must(counts_of(*partner.node)).update_needed == 1);
  story.update_partner();
  CHECK(must(counts_of(*partner.node)).update_needed == 0);
  CHECK(shown(partner, story.plain) == "by hand");
}

#else

TEST_CASE("twin: what was not kept, or not read again, is missed after the update", "[newer]") {
  Story story(Program::current);
  story.prison_writes();
  story.update_partner();
  const bool kept = shown(story.world.partner, story.header) == "two";  // before any network
  story.sync_both();
  Story always_new(Program::newer);
  always_new.prison_writes();
  always_new.sync_both();
  const bool equal = everything(story.world.partner) == everything(always_new.world.partner);
  CHECK_FALSE((kept && equal));
}

#endif
