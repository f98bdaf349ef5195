// Parts of a record that go before the rest: what a handover that is over says of risk, expenses.
#include <catch_amalgamated.hpp>
#include <filesystem>

#include "node/days.h"
#include "node/erasure/retention.h"
#include "sync/bundle_parts.h"
#include "sync/store/packing.h"
#include "sync/store/unpacking.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using schema::Flag;
using schema::Handover;
using sync::DossierId;
using sync::ErrorKind;
using sync::store::RecordName;

constexpr const char* rules = R"([[rule]]
name = "Risk"
from = "risk-at-close"
months = 0
source = "made up"
[[rule]]
name = "Expenses"
from = "tax-year"
months = 72
source = "made up"
)";

struct Parts : World {
  const RetentionSchedule schedule = must(parse_retention(rules));

  std::string today() { return iso_day(now_ms); }
  std::vector<Due> due_at(Site& site) {
    return must(due_records(*site.records, schedule, today()));
  }
  sync::Result<Confirmed> confirm(Site& site, const DossierId& id) {
    return confirm_due(*site.records, schedule, {id}, today(), site.by);
  }
};

// A handover with something of risk in each place, and of other kinds beside it.
struct Risky : Parts {
  DossierId id;
  RecordName flag;

  Risky() {
    id = ready_handover(*this);
    flag = must(prison.records->new_record_in(
                    id, *record_type(*Flag::descriptor()),
                    {{"kind", "Do not"}, {"instruction", "Tansy Planted-Flag"}, {"ring", "Sorrel"}},
                    prison.by))
               .record;
    set("risk-summary", "Yarrow Planted-Risk");
    set("risk-summary", "Chervil Planted-Older");
    must(Handovers(*prison.records).share(id, partner.organisation, prison.by));
    sync_all();
  }
  void set(const std::string& field, const std::string& value) {
    const auto form = must(prison.records->open({id, {}, 110}));
    must(prison.records->set_fields(form, {{field, value}}, prison.by));
  }
  void end() {
    must(Handovers(*prison.records).stop(id, "Withdrawn", "made up", prison.by));
    sync_all();
  }
  sync::store::RecordView handover(Site& site) {
    return must(site.records->whole().read({id, {}, 110}));
  }
};

// A volunteer with three claims.
struct Claiming : Parts {
  DossierId volunteer, file;
  std::vector<RecordName> claims;

  Claiming() {
    volunteer = must(prison.records->new_record(*record_type("volunteer"),
                                                {{"family-name", "Planted"}}, prison.by))
                    .record.dossier;
    file = must(prison.records->new_record(*record_type("volunteer-file"),
                                           {{"volunteer", volunteer.hex()}}, prison.by))
               .record.dossier;
    claims = {claim("2019-04-05", "Tansy Planted-Bus"), claim("2019-04-06", "Sorrel Planted-Train"),
              claim("2026-08-01", "Yarrow Planted-Tram")};
    sync_all();
  }
  RecordName claim(const std::string& on, const std::string& what) {
    return must(prison.records->new_record_in(file, *record_type("expense-claim"),
                                              {{"spent-on", on},
                                               {"kind", "Bus or train"},
                                               {"amount-pence", "4.20"},
                                               {"what-for", what}},
                                              prison.by))
        .record;
  }
};

}  // namespace

TEST_CASE("once a handover is over, what it says of risk is listed at once where it is kept",
          "[retention][risk]") {
  Risky world;
  CHECK(world.due_at(world.prison).empty());
  world.end();
  const auto due = world.due_at(world.prison);
  REQUIRE(due.size() == 1);
  CHECK(due[0].subject == world.id);
  CHECK(due[0].from == KeptFrom::risk_at_close);
  CHECK(due[0].kept_until == world.today());
  CHECK(due[0].count == 3);  // a do or don't, a summary, a level
  CHECK(world.due_at(world.partner).empty());
  CHECK(refusal(world.confirm(world.partner, world.id)).kind == ErrorKind::invalid);
}

TEST_CASE("one confirmation takes what a handover says of risk from everybody, and nothing else",
          "[retention][risk]") {
  Risky world;
  world.end();
  must(world.confirm(world.prison, world.id));
  CHECK(world.due_at(world.prison).empty());
  world.sync_all();
  for (Site* site : {&world.prison, &world.partner, &world.desk}) {
    CAPTURE(site->name);
    const auto handover = world.handover(*site);
    const auto* level = handover.field(Handover::kRiskToStaffFieldNumber);
    CHECK((!level || !level->shown() || level->shown()->kind == sync::OpKind::clear));
    const auto flag = must(site->records->whole().read(world.flag));
    CHECK(flag.field(Flag::kInstructionFieldNumber)->shown()->removed);
    CHECK(handover.field(Handover::kRiskSummaryFieldNumber)->shown()->removed);
    for (const auto& op : must(site->records->whole().ops({world.id, {}, 110}))) {
      if (op.field == Handover::kRiskSummaryFieldNumber) CHECK(op.removed);
    }
    CHECK(must(read_case(*site->records, world.id)).text(Handover::kLicenceHeadlineFieldNumber) ==
          "not near the old town");
    CHECK(world.due_at(*site).empty());
  }
}

TEST_CASE("what a handover says of risk stays while a legal hold is in force or it is not sent",
          "[retention][risk]") {
  Risky world;
  world.end();
  const auto hold =
      must(Holds(*world.prison.records).set({world.id}, "an inquest", world.prison.by));
  CHECK_FALSE(world.due_at(world.prison)[0].held.empty());
  CHECK(refusal(world.confirm(world.prison, world.id)).kind == ErrorKind::denied);
  must(Holds(*world.prison.records).lift(hold.record.dossier, "over", world.prison.by));
  world.set("risk-source", "not sent yet");
  CHECK(refusal(world.confirm(world.prison, world.id)).kind == ErrorKind::stale);
  const auto still = world.handover(world.prison);
  CHECK_FALSE(still.field(Handover::kRiskSummaryFieldNumber)->shown()->removed);
  CHECK(still.field(Handover::kRiskToStaffFieldNumber)->shown()->kind != sync::OpKind::clear);
  world.sync_all();
  must(world.confirm(world.prison, world.id));
  CHECK(world.due_at(world.prison).empty());
}

TEST_CASE("what was taken out does not come back by an old stick or an old copy of the computer",
          "[retention][risk]") {
  Risky world;
  world.end();
  const auto stick =
      must(sync::store::Packing(world.prison.node->database(), world.prison.node->context(),
                                sync::bundle_content_max)
               .for_organisation(world.partner.organisation));
  const auto path = world.store_path(world.prison);
  world.restart(world.prison, [&] { std::filesystem::copy_file(path, path + ".old"); });
  must(world.confirm(world.prison, world.id));
  world.sync_all();
  for (const auto& part : stick.parts) {
    must(sync::store::Unpacking(world.partner.node->database(), world.partner.node->context(),
                                world.prison.node->identity().node)
             .take(part));
  }
  CHECK(must(world.partner.records->whole().read(world.flag))
            .field(Flag::kInstructionFieldNumber)
            ->shown()
            ->removed);
  world.restart(world.prison, [&] {
    std::filesystem::remove(path + "-wal");
    std::filesystem::copy_file(path + ".old", path,
                               std::filesystem::copy_options::overwrite_existing);
  });
  CHECK_FALSE(must(world.prison.records->whole().read(world.flag))
                  .field(Flag::kInstructionFieldNumber)
                  ->shown()
                  ->removed);
  world.sync_all(3);
  for (Site* site : {&world.prison, &world.partner, &world.desk}) {
    CAPTURE(site->name);
    const auto flag = must(site->records->whole().read(world.flag));
    CHECK(flag.field(Flag::kInstructionFieldNumber)->shown()->removed);
    CHECK(world.due_at(*site).empty());
  }
}

TEST_CASE("expenses are due six years after the tax year that they are in, and the current one",
          "[retention][expenses]") {
  CHECK(tax_year_end("2019-04-05") == "2019-04-05");
  CHECK(tax_year_end("2019-04-06") == "2020-04-05");
  CHECK(tax_year_end("2019-12-31") == "2020-04-05");
  CHECK_FALSE(tax_year_end(""));
  Claiming world;
  // In September 2026 those of 2020/21 on are six years and the current one; that of 2019/20 went
  // out on 6 April 2026.
  const auto due = world.due_at(world.prison);
  REQUIRE(due.size() == 1);
  CHECK(due[0].subject == world.file);
  CHECK(due[0].count == 2);
  CHECK(due[0].since == "2019-04-05");
  CHECK(due[0].kept_until == "2025-04-05");
  const auto on = [&](const std::string& day) {
    const auto found = must(due_records(*world.prison.records, world.schedule, day));
    return found.empty() ? std::size_t{0} : found[0].count;
  };
  CHECK(on("2025-04-05") == 0);
  CHECK(on("2025-04-06") == 1);
  CHECK(on("2026-04-05") == 1);
  CHECK(on("2026-04-06") == 2);
}

TEST_CASE("a claim that was paid later counts by the tax year in which it was paid",
          "[retention][expenses]") {
  Claiming world;
  const auto form = must(world.prison.records->open(world.claims[0]));
  must(world.prison.records->set_fields(form, {{"paid-on", "2021-05-01"}}, world.prison.by));
  world.sync_all();
  CHECK(world.due_at(world.prison)[0].count == 1);
}

TEST_CASE("one confirmation takes a volunteer's old claims out, and the rest of the file stays",
          "[retention][expenses]") {
  Claiming world;
  const auto confirmed = must(world.confirm(world.prison, world.file));
  CHECK(confirmed.removed == 8);
  CHECK(world.due_at(world.prison).empty());
  world.sync_all();
  CHECK(must(world.prison.records->whole().read(world.claims[0])).field(6)->shown()->removed);
  CHECK(must(world.prison.records->whole().read(world.claims[1])).field(1)->shown()->removed);
  const auto kept = must(world.prison.records->whole().read(world.claims[2]));
  CHECK(crypto::as_text(kept.field(6)->shown()->value) == "Yarrow Planted-Tram");
  CHECK(must(world.prison.records->whole().dossier(world.volunteer)).length > 0);
}

TEST_CASE("a clock that runs years ahead takes no part of a record out", "[retention][clock]") {
  Risky world;
  world.end();
  Claiming other;
  CHECK(must(due_records(*other.prison.records, other.schedule, "2099-01-01"))[0].count == 2);
  CHECK(refusal(confirm_due(*other.prison.records, other.schedule, {other.volunteer}, "2099-01-01",
                            other.prison.by))
            .kind == ErrorKind::invalid);
}

}  // namespace throughgate::node::testing
