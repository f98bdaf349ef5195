// A ground for sharing ends, or runs out: sharing stops, and people are told.
#include <catch_amalgamated.hpp>

#include "node/bundles/export.h"
#include "node/days.h"
#include "node/handovers/grounds.h"
#include "node/handovers/next_steps.h"
#include "node/sharing/no_longer_shared.h"
#include "node/sharing/shared_with.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using schema::Disclosure;
using schema::Handover;
using sync::DossierId;
using sync::ErrorKind;

constexpr std::uint64_t day_ms = 24ull * 3600 * 1000;

DossierId shared_until(World& world, int days) {
  Handovers prison(*world.prison.records);
  const auto id = must(prison.begin(complete_inputs(), world.prison.by)).record.dossier;
  must(world.prison.records->new_record_in(
      id, *record_type(*schema::Need::descriptor()),
      {{"pathway", "Accommodation"}, {"need", "somewhere to live"}}, world.prison.by));
  auto basis = example_basis(world);
  basis.expires_on = *day_after(iso_day(world.now_ms), days);
  must(prison.record_basis(id, basis, world.prison.by));
  must(prison.share(id, world.partner.organisation, world.prison.by));
  world.sync_all(3);
  return id;
}

bool takes_part(Site& site, const DossierId& id, const Site& who) {
  for (const auto& member : must(site.reader().dossier(id)).members) {
    if (member.organisation == who.organisation) return true;
  }
  return false;
}

void end_ground(Site& site, const DossierId& id, const char* standing = "Ended",
                std::size_t of_grounds = 1, std::size_t which = 0) {
  const auto file = must(read_case(*site.records, id));
  REQUIRE(file.disclosures.size() == of_grounds);
  const auto form = must(site.records->open(file.disclosures[which].name));
  must(site.records->set_fields(form, {{"standing", standing}}, site.by));
}

}  // namespace

TEST_CASE("a ground that was ended or is disputed stops sharing, whatever else was recorded",
          "[grounds]") {
  World world;
  const auto id = shared_until(world, 20);
  auto another = example_basis(world);
  another.expires_on = *day_after(iso_day(world.now_ms), 60);
  must(Handovers(*world.prison.records).record_basis(id, another, world.prison.by));
  CHECK(must(stop_sharing_without_ground(*world.prison.records, world.now_ms)).stopped == 0);
  const std::size_t which = GENERATE(0U, 1U);  // the first one found, or the one after it
  end_ground(world.prison, id, "Disputed", 2, which);
  CHECK(must(stop_sharing_without_ground(*world.prison.records, world.now_ms)).stopped == 1);
}

TEST_CASE("sharing stops once its ground has run out, and the record says why", "[grounds]") {
  World world;
  const auto id = shared_until(world, 20);
  CHECK(must(stop_sharing_without_ground(*world.prison.records, world.now_ms)).stopped == 0);
  world.pass(20 * day_ms);  // its last day
  CHECK(must(stop_sharing_without_ground(*world.prison.records, world.now_ms)).stopped == 0);
  world.pass(day_ms);
  CHECK(must(stop_sharing_without_ground(*world.partner.records, world.now_ms)).stopped ==
        0);  // not theirs to do
  CHECK(must(stop_sharing_without_ground(*world.prison.records, world.now_ms)).stopped == 1);
  CHECK(must(stop_sharing_without_ground(*world.prison.records, world.now_ms)).stopped ==
        0);  // again does nothing
  world.sync_all();
  CHECK_FALSE(takes_part(world.prison, id, world.partner));
  CHECK(takes_part(world.prison, id, world.desk));
  for (const auto& span : must(shared_with(*world.prison.records, id))) {
    if (span.organisation != world.partner.organisation) continue;
    CHECK(span.reason.find("ran out") != std::string::npos);
  }
  CHECK(must(delete_what_is_no_longer_shared(*world.partner.node)) == 1);
}

TEST_CASE(
    "a handover whose ground is over goes into no file for that partner, before anybody ends it",
    "[grounds][bundle]") {
  World world;
  const auto id = shared_until(world, 20);
  const auto file_for = [&](const Site& site) {
    TemporaryFolder stick;
    return must(export_bundles(*world.prison.node,
                               must(readers_of(*world.prison.node, site.organisation)),
                               stick.file("."), sync::bundle_bytes_max));
  };
  const auto before = file_for(world.partner);
  CHECK(before.left_out == 0);
  CHECK(left_out_in_words(before).empty());
  world.pass(21 * day_ms);
  const auto after = file_for(world.partner);
  CHECK(after.left_out == 1);
  CHECK(after.records == before.records - 1);
  CHECK(left_out_in_words(after).find("1 handover was left out") == 0);
  CHECK(takes_part(world.prison, id, world.partner));  // nobody has ended it
  CHECK(file_for(world.desk).left_out == 0);           // which needs no ground
  // Another ground, and it goes again.
  auto again = example_basis(world);
  again.expires_on = *day_after(iso_day(world.now_ms), 30);
  must(Handovers(*world.prison.records).record_basis(id, again, world.prison.by));
  CHECK(file_for(world.partner).records == before.records);
}

TEST_CASE("a ground that the partner hears is withdrawn ends sharing at the owner", "[grounds]") {
  World world;
  const auto id = shared_until(world, 200);
  end_ground(world.partner, id, GENERATE("Ended", "Disputed"));
  world.sync_all();
  CHECK(must(stop_sharing_without_ground(*world.prison.records, world.now_ms)).stopped == 1);
  world.sync_all();
  CHECK_FALSE(takes_part(world.prison, id, world.partner));
  // It cannot be shared with them again on a ground that was ended.
  CHECK(refusal(
            Handovers(*world.prison.records).share(id, world.partner.organisation, world.prison.by))
            .kind == ErrorKind::denied);
}

TEST_CASE("a ground for one organisation is none for another", "[grounds]") {
  World world;
  const auto id = shared_until(world, 20);
  auto elsewhere = example_basis(world);
  elsewhere.partner = world.desk.organisation;
  must(Handovers(*world.prison.records).record_basis(id, elsewhere, world.prison.by));
  world.pass(30 * day_ms);
  CHECK(must(stop_sharing_without_ground(*world.prison.records, world.now_ms)).stopped == 1);
}

TEST_CASE("another ground in force keeps sharing going", "[grounds]") {
  World world;
  const auto id = shared_until(world, 20);
  must(Handovers(*world.prison.records).record_basis(id, example_basis(world), world.prison.by));
  world.pass(30 * day_ms);
  CHECK(must(stop_sharing_without_ground(*world.prison.records, world.now_ms)).stopped == 0);
  CHECK(takes_part(world.prison, id, world.partner));
}

TEST_CASE("a ground that runs out soon is among what is due", "[grounds]") {
  World world;
  const auto id = shared_until(world, 30);
  const auto asked = [&] {
    const auto file = must(read_case(*world.prison.records, id));
    const auto steps = next_steps(file, world.codes, {}, world.now_ms);
    return std::any_of(steps.begin(), steps.end(), [](const NextStep& step) {
      return step.words.find("another ground") != std::string::npos;
    });
  };
  CHECK_FALSE(asked());
  world.pass(17 * day_ms);
  CHECK(asked());
  must(Handovers(*world.prison.records).record_basis(id, example_basis(world), world.prison.by));
  CHECK_FALSE(asked());
}

TEST_CASE("what is added later must be named by a ground in force", "[grounds]") {
  World world;
  Handovers prison(*world.prison.records);
  auto inputs = complete_inputs();
  const auto id = must(prison.begin(inputs, world.prison.by)).record.dossier;
  must(world.prison.records->new_record_in(
      id, *record_type(*schema::Need::descriptor()),
      {{"pathway", "Accommodation"}, {"need", "somewhere to live"}}, world.prison.by));
  auto basis = example_basis(world);
  std::erase(basis.classes, "RISK_FLAGS");
  must(prison.record_basis(id, basis, world.prison.by));
  const std::vector<FieldInput> flag{{"kind", "Do not"}, {"instruction", "go alone"}};
  const auto& type = *record_type(*schema::Flag::descriptor());
  must(prison.share(id, world.partner.organisation, world.prison.by));
  world.sync_all();
  const auto refused =
      refusal(world.prison.records->new_record_in(id, type, flag, world.prison.by));
  CHECK(refused.kind == ErrorKind::denied);
  CHECK(refused.message.find("Do's and don'ts") != std::string::npos);
  must(prison.record_basis(id, example_basis(world), world.prison.by));
  must(world.prison.records->new_record_in(id, type, flag, world.prison.by));
  // The partner's own facts are not a disclosure by the prison.
  must(world.partner.records->new_record_in(id, type, flag, world.partner.by));
}

}  // namespace throughgate::node::testing
