// What one organisation sends another that may not: it is kept and synced, and touches nobody.
#include <catch_amalgamated.hpp>

#include "node/staff/staff.h"
#include "records/site.pb.h"
#include "records/volunteer.pb.h"
#include "records/volunteer_file.pb.h"
#include "schema/directory.pb.h"
#include "tests/node/flows/found_here.h"

namespace throughgate::node::testing {
namespace {

using schema::StaffMember;
using schema::Volunteer;
using schema::VolunteerFile;
using sync::DossierId;
using sync::ErrorKind;
using sync::OpKind;
using sync::RecordId;
using sync::Role;
using sync::store::ListQuery;
using sync::store::MemberChange;
using sync::store::NoticeKind;
using sync::store::OpDraft;

constexpr std::uint64_t year_ms = 365ull * 24 * 60 * 60 * 1000;

template <class Record>
std::uint32_t type() {
  return record_type(*Record::descriptor())->number;
}

template <class Record>
OpDraft op(const RecordId& record, int field, OpKind kind, sync::ByteView value) {
  return {{record, type<Record>(), static_cast<std::uint32_t>(field)},
          kind,
          {value.begin(), value.end()},
          {},
          {}};
}
template <class Record>
OpDraft op(const RecordId& record, int field, OpKind kind, const std::string& text) {
  return op<Record>(record, field, kind, crypto::as_bytes(text));
}

DossierId plant(Site& by, const std::vector<sync::Member>& members, std::vector<OpDraft> ops) {
  return must(by.node->admission().create(members, by.records->authorship(by.by), std::move(ops)));
}

void change(Site& by, const DossierId& dossier, const Site& whom, Role role) {
  must(by.node->admission().change_members(dossier,
                                           {MemberChange::Kind::set_role, whom.organisation, role},
                                           by.records->authorship(by.by)));
}

template <class Record>
std::size_t listed(const Site& site) {
  ListQuery query;
  query.type = type<Record>();
  return must(site.reader().list(query)).rows.size();
}

std::size_t told(const Site& site) {
  std::size_t out = 0;
  for (const auto& notice : must(site.reader().notices(false))) {
    out += notice.kind == static_cast<int>(NoticeKind::set_aside) ? 1 : 0;
  }
  return out;
}

// A volunteer of the stranger's, which the partner may read.
DossierId volunteer_of_stranger(World& world) {
  return plant(
      world.stranger,
      {{world.stranger.organisation, Role::owner}, {world.partner.organisation, Role::reader}},
      {op<Volunteer>({}, Volunteer::kGivenNameFieldNumber, OpKind::set, "Ann"),
       op<Volunteer>({}, Volunteer::kFamilyNameFieldNumber, OpKind::set, "Planted")});
}

void agree(World& world, const Site& from, const Site& to, schema::DossierKind kind,
           std::uint64_t until_ms, char id = 'b') {
  schema::DirectoryBody body;
  auto& agreement = *body.add_agreements();
  agreement.set_id(std::string(16, id));
  agreement.set_from(std::string(crypto::as_text(from.organisation.view())));
  agreement.set_to(std::string(crypto::as_text(to.organisation.view())));
  agreement.add_dossier_kinds(kind);
  agreement.set_expires_at_ms(until_ms);
  world.publish(body);
}

// As a computer does that reads everything for the first time.
void judge_anew(Site& site) {
  must(site.node->database().run("UPDATE dossier SET receiving = 0, kind = 0, stale = 1"));
  while (must(site.node->read_again(10)) > 0) {
  }
}

}  // namespace

TEST_CASE("no organisation takes the place of another's staff list", "[receiving]") {
  World world;
  Site& site = world.prison;
  Staff staff(*site.node);
  const Account sam{"sam", site.by.actor.id, "Sam", {"administrator"}};
  const auto own = must(staff.make_site({"HMP Example", "LEI"}, sam));
  must(staff.set_account(sam));
  const Account tom{"tom",
                    must(staff.add("Tom", {"handover_worker"}, site.by.actor)),
                    "Tom",
                    {"handover_worker"}};
  must(staff.set_account(tom));
  world.sync_all();

  const RecordId of_sam{sam.actor.bytes};
  const RecordId of_tom{tom.actor.bytes};
  std::optional<DossierId> planted;  // until it comes before the site's own
  while (!planted || !(planted->bytes < own.bytes)) {
    planted = plant(
        world.stranger,
        {{world.stranger.organisation, Role::owner}, {site.organisation, Role::contributor}},
        {op<schema::Site>({}, schema::Site::kNameFieldNumber, OpKind::set, "HMP Planted"),
         op<StaffMember>(of_sam, StaffMember::kLeftOnFieldNumber, OpKind::set, "2020-01-01"),
         op<StaffMember>(of_tom, StaffMember::kNameFieldNumber, OpKind::set, "Tom"),
         op<StaffMember>(of_tom, StaffMember::kRolesFieldNumber, OpKind::add, "administrator")});
  }
  world.sync_all();

  CHECK(must(staff.site()) == own);
  CHECK(must(staff.actor_for("sam")).role == "administrator");
  CHECK(must(staff.actor_for("tom")).role == "handover_worker");
  must(staff.add("Uma", {"handover_worker"}, site.by.actor));
  CHECK(must(staff.list()).size() == 3);
  world.sync_all();
  ListQuery theirs;
  theirs.type = type<StaffMember>();
  theirs.fields = {StaffMember::kNameFieldNumber};
  for (const auto& row : must(world.stranger.reader().list(theirs)).rows) {
    const auto name = row.fields.find(StaffMember::kNameFieldNumber);
    if (name != row.fields.end()) CHECK(crypto::as_text(name->second.value) != "Uma");
  }
  CHECK(told(site) >= 1);
  CHECK(is_whole(site));
}

TEST_CASE("no organisation catches what is typed about another's volunteers", "[receiving]") {
  World world;
  Site& site = world.prison;
  Site& desk = world.desk;  // it knows every volunteer
  const auto volunteer =
      must(site.records->new_record(
               *record_type(*Volunteer::descriptor()),
               {{"given-name", "Ann"}, {"family-name", "Example"}, {"mobile", "07700 900111"}},
               site.by))
          .record.dossier;
  world.sync_all();
  const auto planted = plant(
      desk, {{desk.organisation, Role::owner}, {site.organisation, Role::contributor}},
      {op<VolunteerFile>({}, VolunteerFile::kVolunteerFieldNumber, OpKind::set, volunteer.view())});
  world.sync(desk);
  must(desk.node->database().run("UPDATE dossier SET receiving = 1"));  // its program does not care
  change(desk, planted, site, Role::owner);
  world.sync_all();

  CHECK(must(site.reader().find(type<VolunteerFile>(), VolunteerFile::kVolunteerFieldNumber,
                                volunteer.view()))
            .empty());
  const auto own = must(site.records->new_record(
      *record_type(*VolunteerFile::descriptor()),
      {{"volunteer", volunteer.hex()}, {"address", "1 Example Street"}}, site.by));
  const auto file = must(site.reader().find(
      type<VolunteerFile>(), VolunteerFile::kVolunteerFieldNumber, volunteer.view()));
  REQUIRE(file.size() == 1);
  CHECK(file[0] == own.record);
  // Nor by its name.
  const sync::store::RecordName name{planted, {}, type<VolunteerFile>()};
  CHECK(refusal(site.records->open(name)).kind == ErrorKind::not_found);
  const auto forced = site.node->admission().save(
      planted, site.records->authorship(site.by),
      {op<VolunteerFile>({}, VolunteerFile::kAddressFieldNumber, OpKind::set, "1 Example Street")});
  CHECK(refusal(forced).kind == ErrorKind::denied);
  world.sync_all();
  CHECK(refusal(desk.reader().dossier(own.record.dossier)).kind == ErrorKind::not_found);
  CHECK(told(site) == 1);
}

TEST_CASE("what no agreement covers is set aside, told of once, and counts once one does",
          "[receiving]") {
  World world;
  Site& partner = world.partner;
  const auto id = volunteer_of_stranger(world);
  world.sync_all();
  const sync::store::RecordName name{id, {}, type<Volunteer>()};
  CHECK(listed<Volunteer>(partner) == 0);
  CHECK(found(partner, "Planted") == 0);
  CHECK(refusal(partner.reader().read(name)).kind == ErrorKind::not_found);
  CHECK(refusal(partner.reader().dossier(id)).kind == ErrorKind::not_found);
  CHECK(refusal(partner.reader().history(name, {})).kind == ErrorKind::not_found);
  CHECK(refusal(partner.reader().ops(name)).kind == ErrorKind::not_found);
  CHECK(refusal(partner.reader().review(name, 1)).kind == ErrorKind::not_found);
  CHECK(must(partner.reader().between(id, id, 2)).empty());
  const auto apart = must(partner.reader().set_aside(id));
  REQUIRE(apart);
  CHECK(apart->from == world.stranger.organisation);
  CHECK(apart->may_be_agreed);
  CHECK(told(partner) == 1);

  // It goes on all the same, and its members agree about it.
  must(world.stranger.records->set_fields(must(world.stranger.records->open(name)),
                                          {{"given-name", "Anna"}}, world.stranger.by));
  world.sync_all(3);
  CHECK(told(partner) == 1);
  const auto delivered = must(world.stranger.reader().deliveries(id));
  REQUIRE(delivered.size() == 1);
  CHECK(delivered[0].node == partner.node->identity().node);
  CHECK(delivered[0].proven_dsn == must(world.stranger.reader().dossier(id)).length);
  judge_anew(partner);
  CHECK(told(partner) == 1);
  CHECK(is_whole(partner));

  agree(world, world.stranger, partner, schema::CASE, world.now_ms + year_ms, 'c');
  CHECK(listed<Volunteer>(partner) == 0);
  agree(world, world.stranger, partner, schema::VOLUNTEER, world.now_ms + year_ms);
  CHECK(listed<Volunteer>(partner) == 1);
  CHECK(found(partner, "Planted") == 1);
  CHECK(must(partner.reader().between(id, id, 2)) == std::vector{id});
  CHECK(must(partner.reader().read(name)).field(Volunteer::kGivenNameFieldNumber)->shown()->value ==
        sync::Bytes{'A', 'n', 'n', 'a'});
  CHECK(told(partner) == 0);
  CHECK(is_whole(partner));
}

TEST_CASE("an agreement that comes with a sync brings in what waited for it", "[receiving]") {
  World world;
  const auto id = volunteer_of_stranger(world);
  world.sync_all();
  REQUIRE(listed<Volunteer>(world.partner) == 0);
  // The desk and the hub have it first; the partner hears of it.
  const auto sooner = world.partner.node->directory().version();
  world.hold_back = &world.partner;
  agree(world, world.stranger, world.partner, schema::VOLUNTEER, world.now_ms + year_ms);
  REQUIRE(world.partner.node->directory().version() == sooner);
  REQUIRE(listed<Volunteer>(world.partner) == 0);
  world.sync(world.partner);
  CHECK(listed<Volunteer>(world.partner) == 1);
  CHECK(must(world.partner.reader().dossier(id)).root_type == type<Volunteer>());
}

TEST_CASE("an agreement that ends leaves what it let in and lets in nothing more", "[receiving]") {
  World world;
  const auto before = shared_handover(world);
  const auto after = ready_handover(world);
  world.sync_all();
  world.pass(2 * year_ms);
  agree(world, world.prison, world.partner, schema::CASE, world.now_ms - year_ms, 'a');
  change(world.prison, after, world.partner, Role::receiver);  // not by the page, which refuses
  world.sync_all();
  const auto only_before = [&] {
    CHECK(must(read_case(*world.partner.records, before)).state == schema::Handover::SENT);
    CHECK(refusal(read_case(*world.partner.records, after)).kind == ErrorKind::not_found);
    CHECK(listed<schema::Handover>(world.partner) == 1);
  };
  only_before();
  judge_anew(world.partner);
  only_before();
  CHECK(must(read_case(*world.prison.records, after)).role() == Role::owner);
  CHECK(must(read_case(*world.desk.records, after)).role() == Role::central);

  // Taken back altogether, and for the past too: what counted counts on.
  agree(world, world.prison, world.partner, schema::CASE, 1, 'a');
  must(Handovers(*world.partner.records).accept(before, "Kim, 07700 900111", world.partner.by));
  world.sync_all();
  CHECK(must(read_case(*world.prison.records, before)).state == schema::Handover::ACCEPTED);
}

TEST_CASE("nobody becomes part of a record by what they write into another kind", "[receiving]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  Staff staff(*world.partner.node);
  must(staff.make_site({"Bridge Trust", ""}, {"kim", world.partner.by.actor.id, "Kim", {}}));
  // The prison, whose handovers the partner has agreed to, writes a staff list into one.
  must(world.prison.node->admission().save(
      id, world.prison.records->authorship(world.prison.by),
      {op<schema::Site>({}, schema::Site::kNameFieldNumber, OpKind::set, "Planted")}));
  world.sync_all();
  CHECK(listed<schema::Site>(world.partner) == 1);
  CHECK(found(world.partner, "Planted") == 0);
  CHECK(must(staff.site()) != id);
  CHECK(must(world.partner.reader().dossier(id)).root_type == type<schema::Handover>());
  CHECK(refusal(world.partner.reader().read({id, {}, type<schema::Site>()})).kind ==
        ErrorKind::not_found);
  CHECK(must(read_case(*world.partner.records, id)).state == schema::Handover::SENT);
  CHECK(is_whole(world.partner));
}

TEST_CASE("a record for its organisation alone that is shared is set aside at both",
          "[receiving]") {
  World world;
  const auto person =
      must(world.prison.records->new_record(*record_type("person"),
                                            {{"given-name", "Alex"}, {"family-name", "Shared"}},
                                            world.prison.by))
          .record.dossier;
  world.sync_all();
  REQUIRE(found(world.prison, "Shared") == 1);
  agree(world, world.prison, world.partner, schema::PERSON, world.now_ms + year_ms);
  change(world.prison, person, world.partner, Role::reader);
  world.sync_all();
  for (const Site* site : {&world.prison, &world.partner}) {
    CHECK(found(*site, "Shared") == 0);
    CHECK(told(*site) == 1);
    const auto apart = must(site->reader().set_aside(person));
    REQUIRE(apart);
    CHECK(apart->from == world.prison.organisation);
    CHECK_FALSE(apart->may_be_agreed);
  }
}

TEST_CASE("the desk has the volunteers that the policy gives it, and those it had", "[receiving]") {
  World world;
  const auto add = [&](const std::string& name) {
    must(world.prison.records->new_record(*record_type("volunteer"),
                                          {{"given-name", "Ann"}, {"family-name", name}},
                                          world.prison.by));
    world.sync_all();
  };
  const auto share_volunteers = [&](bool on) {
    schema::DirectoryBody body;
    body.mutable_policy()->set_volunteers_shared_with_desk(on);
    world.publish(body);
  };
  add("First");
  CHECK(listed<Volunteer>(world.desk) == 1);
  world.hold_back = &world.prison;  // which does not know yet, and shares one more
  share_volunteers(false);
  must(world.prison.records->new_record(*record_type("volunteer"),
                                        {{"given-name", "Ann"}, {"family-name", "Second"}},
                                        world.prison.by));
  world.sync_all();
  CHECK(found(world.desk, "First") == 1);
  CHECK(found(world.desk, "Second") == 0);
  world.hold_back = nullptr;
  share_volunteers(true);
  CHECK(found(world.desk, "Second") == 1);
}

}  // namespace throughgate::node::testing
