#include "node/staff/staff_changes.h"

#include <atomic>
#include <catch_amalgamated.hpp>
#include <thread>

#include "node/audit_words.h"
#include "node/sync_loop.h"
#include "node/web/pages/staff/staff_pages.h"
#include "node/web/sign_in.h"
#include "node/web/staff_authenticator.h"
#include "records/site.pb.h"
#include "records/volunteer_file.pb.h"
#include "tests/node/staff/office.h"

namespace throughgate::node::testing {
namespace {

using sync::ErrorKind;

}  // namespace

TEST_CASE("the last who looks after the staff list keeps the role and does not leave", "[staff]") {
  Office office;
  const auto al = office.add("Al Invented", {"coordinator"}, "al");
  auto records = office.records();
  StaffChanges changes(records, office.prison.accounts, office.prison.folder);
  const auto taken = changes.change_roles(office.jo(), {}, {"administrator"}, office.by());
  REQUIRE_FALSE(taken);
  CHECK(taken.error().kind == ErrorKind::denied);
  CHECK(taken.error().message.find("Nobody else who signs in on this computer") !=
        std::string::npos);
  CHECK_FALSE(changes.leave(office.jo(), al, office.by()));
  CHECK(office.looks_after_staff(office.jo()));
  // Somebody who has the role, and no way in here, is nobody to leave it to.
  office.add("Cy Invented", {"administrator"});
  CHECK_FALSE(changes.change_roles(office.jo(), {}, {"administrator"}, office.by()));
  must(changes.change_roles(al, {"administrator"}, {}, office.by()));
  CHECK(changes.change_roles(office.jo(), {}, {"administrator"}, office.by()));
  CHECK_FALSE(office.looks_after_staff(office.jo()));
}

TEST_CASE("two who take the role from each other at once leave one of them", "[staff]") {
  Office office;
  const auto sam = office.add("Sam Made-Up", {"administrator"}, "sam");
  const auto jo = office.jo();
  const auto by = office.by();
  std::atomic<int> taken = 0;
  const auto key = office.key();
  const auto take_from = [&](const sync::ActorId& id) {
    crypto::SystemRandom random;
    const auto node =
        must(OpenNode::open(office.prison.folder.store(), key, sync::store::Access::existing,
                            random, office.world.world.clock));
    RecordService records(*node, office.world.codes, Viewer(Permissions::shipped(), by.actor));
    StaffChanges changes(records, office.prison.accounts, office.prison.folder);
    if (changes.change_roles(id, {}, {"administrator"}, by)) ++taken;
  };
  std::thread first([&] { take_from(jo); });
  std::thread second([&] { take_from(sam); });
  first.join();
  second.join();
  CHECK(taken == 1);
  CHECK(office.looks_after_staff(jo) != office.looks_after_staff(sam));
}

TEST_CASE("two computers that take the role from each other leave both with it", "[staff]") {
  Office office;
  const auto sam = office.add("Sam Made-Up", {"administrator"}, "sam");
  const auto al = office.add("Al Invented", {"coordinator"}, "al");
  Staff staff(*office.prison.node);  // as the changes of another computer come in
  must(staff.change_roles(office.jo(), {}, {"administrator"}, office.prison.actor()));
  CHECK_FALSE(office.looks_after_staff(office.jo()));
  must(staff.change_roles(sam, {}, {"administrator"}, office.prison.actor()));
  CHECK(office.looks_after_staff(office.jo()));
  CHECK(office.looks_after_staff(sam));
  CHECK_FALSE(office.looks_after_staff(al));
  must(staff.change_roles(al, {"administrator"}, {}, office.prison.actor()));
  CHECK_FALSE(office.looks_after_staff(sam));
}

TEST_CASE("a role that somebody has is not given again, and is listed once wherever it was given",
          "[staff]") {
  Office office;
  const auto al = office.add("Al Invented", {"coordinator"});
  auto records = office.records();
  StaffChanges changes(records, office.prison.accounts, office.prison.folder);
  const auto has = [&](std::vector<std::string> roles) {
    auto listed = office.entry(al).roles;
    std::sort(listed.begin(), listed.end());
    return listed == roles;
  };
  const auto site = *must(Staff(*office.prison.node).site());
  const auto& type = *record_type(*schema::StaffMember::descriptor());
  const sync::RecordId record{al.bytes};
  const auto given = [&] {
    const auto field = must(
        records.whole().field({site, record, type.number}, schema::StaffMember::kRolesFieldNumber));
    return field.listed().size();
  };
  must(changes.change_roles(al, {"security", "coordinator", "security"}, {}, office.by()));
  must(changes.change_roles(al, {"security"}, {}, office.by()));
  CHECK(given() == 2);
  CHECK(has({"coordinator", "security"}));
  // Another computer of the site, which had not heard of it.
  const std::string again = "security";
  must(office.prison.node->admission().save(
      site, {office.prison.actor(), office.world.world.now_ms, ""},
      {{{record, type.number, schema::StaffMember::kRolesFieldNumber},
        sync::OpKind::add,
        {again.begin(), again.end()},
        {},
        {}}}));
  CHECK(given() == 3);
  CHECK(has({"coordinator", "security"}));
  must(changes.change_roles(al, {}, {"security"}, office.by()));
  CHECK(has({"coordinator"}));
}

TEST_CASE("a password that was reset opens once, to choose another", "[staff]") {
  Office office;
  office.add("Al Invented", {"coordinator"}, "al");
  auto records = office.records();
  StaffChanges changes(records, office.prison.accounts, office.prison.folder);
  const auto before = must(office.prison.accounts.password_mark("al"));
  const auto given = must(changes.reset_password("al", office.key(), office.by()));
  CHECK(std::count(given.begin(), given.end(), ' ') == 4);
  CHECK(must(office.prison.accounts.password_mark("al")) != before);  // what was open has ended
  CHECK_FALSE(office.prison.accounts.sign_in("al", good_password, office.world.world.clock));
  CHECK(office.prison.accounts.sign_in("al", given, office.world.world.clock));
  CHECK(must(Staff(*office.prison.node).account("al"))->must_change_password);
  const auto rows = must(Audit(*office.prison.node).list({}, 10));
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].act == AuditAct::way_given);
  CHECK(rows[0].actor == office.jo());
  CHECK(rows[0].reason == "a test");
  const auto words = words_of(rows[0], must(staff_names(*office.prison.node)));
  CHECK(words.what == "Gave a way in here, or a new password");
  CHECK(words.fields == "To Al Invented");

  const Visitor al(office.prison, office.world.codes, office.pages(), "al");
  const auto sent = al.get("/staff");
  CHECK(sent.status == 303);
  CHECK(sent.location == "/own-password");
  CHECK(says(al.page("/own-password"), "given to you by somebody else"));
  CHECK_FALSE(says(al.page("/own-password"), "Cancel"));  // there is nowhere to go yet
  const auto same =
      al.fill_in("/own-password",
                 {{"own_password", given}, {"new_password", given}, {"again_password", given}});
  CHECK(says(same, "Choose another one than you have"));
  const auto weak = al.fill_in("/own-password", {{"own_password", given},
                                                 {"new_password", "password1234"},
                                                 {"again_password", "password1234"}});
  CHECK(weak.status == 422);
  const auto chosen = al.fill_in("/own-password", {{"own_password", given},
                                                   {"new_password", "anvil marmalade 77 drift"},
                                                   {"again_password", "anvil marmalade 77 drift"}});
  CHECK(chosen.status == 303);
  CHECK(chosen.location == web::after_new_password);
  CHECK(al.get("/staff").status == 200);
  CHECK_FALSE(office.prison.accounts.sign_in("al", given, office.world.world.clock));
}

TEST_CASE("whoever is signed in while their password is reset is signed out, and nobody else",
          "[staff]") {
  Office office;
  office.add("Al Invented", {"coordinator"}, "al");
  StorePool stores(office.prison.folder.store(), office.world.world.random,
                   office.world.world.clock);
  web::StaffAuthenticator people(office.prison.accounts, stores);
  const auto signed_in = [&](const char* name) {
    return people.check(name, crypto::SecretText(good_password)).person;
  };
  const auto al = signed_in("al"), jo = signed_in("jo");
  REQUIRE((al && jo));
  CHECK(people.may_stay(*al));
  auto records = office.records();
  StaffChanges changes(records, office.prison.accounts, office.prison.folder);
  must(changes.reset_password("al", office.key(), office.by()));
  CHECK_FALSE(people.may_stay(*al));
  CHECK(people.may_stay(*jo));
}

TEST_CASE("what is open goes from whoever leaves to whoever takes over", "[staff]") {
  Office office;
  const auto al = office.add("Al Invented", {"coordinator"}, "al");
  const auto kim = office.add("Kim Made-Up", {"coordinator"});
  RecordService all(*office.prison.node, office.world.codes);
  const auto volunteer =
      must(all.new_record(*record_type("volunteer"), {{"family-name", "Example"}}, office.by()));
  const auto file = must(all.new_record(
      *record_type("volunteer-file"),
      {{"volunteer", volunteer.record.dossier.hex()}, {"supervisor", al.hex()}}, office.by()));
  const auto handover = office.world.complete_draft();
  office.world.set(office.prison, handover, "sender-name", "Al Invented");
  auto records = office.records();
  StaffChanges changes(records, office.prison.accounts, office.prison.folder);
  const auto handed = must(changes.leave(al, kim, office.by()));
  CHECK(handed.size() == 2);
  const auto shown = must(all.whole().read(file.record));
  const auto* supervisor =
      shown.field(static_cast<std::uint32_t>(schema::VolunteerFile::kSupervisorFieldNumber));
  REQUIRE(supervisor);
  CHECK(sync::ActorId::from(supervisor->shown()->value) == kim);
  CHECK(must(read_case(all, handover)).text(schema::Handover::kSenderNameFieldNumber) ==
        "Kim Made-Up");
  CHECK_FALSE(office.entry(al).left_on.empty());
  CHECK_FALSE(must(office.prison.accounts.has_password("al")));
  CHECK_FALSE(must(Staff(*office.prison.node).account("al")));
  CHECK(must(changes.leave(al, kim, office.by())).empty());  // again, as after a power cut
  CHECK_FALSE(changes.leave(kim, al, office.by()));          // who has left takes over nothing
  CHECK_FALSE(changes.leave(kim, kim, office.by()));
}

TEST_CASE("why somebody leaves is looked through before it goes into what they hand over",
          "[staff][free-text]") {
  Office office;
  const auto al = office.add("Al Invented", {"coordinator"}, "al");
  auto records = office.records();
  StaffChanges changes(records, office.prison.accounts, office.prison.folder);
  const By told{office.prison.actor(), "told by A9876XY"};
  const auto refused = changes.leave(al, office.jo(), told);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::invalid);
  CHECK(records.text_doubts().size() == 1);
  CHECK_FALSE(office.entry(al).has_left());
  records.take_text_as_it_stands();
  must(changes.leave(al, office.jo(), told));
  CHECK(office.entry(al).has_left());
}

TEST_CASE("only those whom the table names look after the staff list", "[staff]") {
  Office office;
  const auto al = office.add("Al Invented", {"coordinator"}, "al");
  RecordService records(*office.prison.node, office.world.codes,
                        Viewer(Permissions::shipped(), {al, "Al Invented", "coordinator"}));
  StaffChanges changes(records, office.prison.accounts, office.prison.folder);
  CHECK_FALSE(changes.change_roles(al, {"administrator"}, {}, office.by()));
  CHECK_FALSE(changes.reset_password("jo", office.key(), office.by()));
  CHECK_FALSE(changes.leave(office.jo(), al, office.by()));
  CHECK_FALSE(changes.add("Cy", {"administrator"}, "cy", office.key(), office.by()));
  const Visitor visitor(office.prison, office.world.codes, office.pages(), "al");
  for (const char* page : {"roles", "reset", "leave"}) {
    CHECK(visitor.get(web::staff_address(office.entry(office.jo()), page)).status == 403);
  }
  CHECK(visitor.get("/staff/new").status == 403);
  CHECK_FALSE(says(visitor.page("/staff"), "Reset password"));
}

TEST_CASE("somebody new gets a password on the page, once, and roles", "[staff]") {
  Office office;
  const Visitor jo(office.prison, office.world.codes, office.pages());
  const auto no_password = jo.fill_in("/staff/new", {{"name", "Cy Invented"}, {"sign_in", "cy"}});
  CHECK(no_password.status == 422);
  CHECK(says(no_password, "Enter your own password"));
  const auto wrong = jo.fill_in(
      "/staff/new", {{"name", "Cy Invented"}, {"sign_in", "cy"}, {"own_password", "wrong"}});
  CHECK(wrong.status == 422);
  CHECK(says(wrong, "Your own password is wrong"));
  const auto added = jo.fill_in("/staff/new", {{"name", "Cy Invented"},
                                               {"sign_in", "cy"},
                                               {"roles", "gate_meeter"},
                                               {"own_password", good_password}});
  CHECK(added.status == 200);
  CHECK(says(added, "shown only now"));
  const auto account = must(Staff(*office.prison.node).account("cy"));
  REQUIRE(account);
  CHECK(account->must_change_password);
  CHECK(says(jo.page("/staff"), "Cy Invented"));
  CHECK(says(jo.page("/staff"), "Meets people at the gate"));
}

TEST_CASE("roles, a reset and leaving are done on the pages", "[staff]") {
  Office office;
  const auto al = office.add("Al Invented", {"coordinator"}, "al");
  const Visitor jo(office.prison, office.world.codes, office.pages());
  const auto page = [&](const char* which) { return web::staff_address(office.entry(al), which); };
  jo.done(page("roles"), {{"roles", "supervisor"}});
  CHECK(office.entry(al).roles == std::vector<std::string>{"supervisor"});
  const auto last = jo.fill_in(web::staff_address(office.entry(office.jo()), "roles"),
                               {{"roles", "coordinator"}});
  CHECK(last.status == 422);
  CHECK(says(last, "looks after the staff list"));
  const auto reset = jo.fill_in(page("reset"), {{"own_password", good_password}});
  CHECK(says(reset, "shown only now"));
  CHECK(must(Staff(*office.prison.node).account("al"))->must_change_password);
  CHECK(jo.fill_in(page("leave"), {{"to", ""}}).status == 422);
  const auto left = jo.fill_in(page("leave"), {{"to", office.jo().hex()}});
  CHECK(left.status == 200);
  CHECK(says(left, "Al Invented has left"));
  CHECK_FALSE(office.entry(al).left_on.empty());
}

TEST_CASE("nobody who is added takes over a sign-in name that somebody has", "[staff]") {
  Office office;
  const auto al = office.add("Al Invented", {"coordinator"}, "al");
  auto records = office.records();
  StaffChanges changes(records, office.prison.accounts, office.prison.folder);
  const auto before = must(office.prison.accounts.password_mark("al"));
  const auto given = changes.add("Al Other", {"gate_meeter"}, "AL", office.key(), office.by());
  REQUIRE_FALSE(given);
  CHECK(given.error().message.find("Somebody signs in by this name already") == 0);
  const Account other{"al", sync::ActorId{{3}}, "Al Other", {"gate_meeter"}};
  CHECK_FALSE(changes.add(other, "anvil marmalade 77 drift", office.key(), office.by()));
  CHECK_FALSE(Staff(*office.prison.node).set_account(other));
  CHECK(must(office.prison.accounts.password_mark("al")) == before);
  CHECK(must(Staff(*office.prison.node).account("al"))->actor == al);
  CHECK_FALSE(staff_meant(*office.prison.node, "Al Other"));
}

TEST_CASE("whoever has left stays out, whatever a clock says", "[staff]") {
  Office office;
  const auto al = office.add("Al Invented", {"coordinator", "administrator"}, "al");
  Staff staff(*office.prison.node);  // as another computer's word comes in
  const auto now_ms = office.world.world.now_ms;
  SECTION("ours is behind") {
    must(staff.set_left(al, office.prison.actor()));
    office.world.world.now_ms = 0;
  }
  SECTION("the other's was ahead") {
    office.world.world.now_ms = now_ms + 70ULL * 365 * day_ms;
    must(staff.set_left(al, office.prison.actor()));
    office.world.world.now_ms = now_ms;
  }
  const auto actor = staff.actor_for("al");
  REQUIRE_FALSE(actor);
  CHECK(actor.error().kind == ErrorKind::denied);
  auto records = office.records();  // nor is the list left to them
  StaffChanges changes(records, office.prison.accounts, office.prison.folder);
  CHECK_FALSE(changes.change_roles(office.jo(), {}, {"administrator"}, office.by()));
}

TEST_CASE("whoever has left at another computer has no way in at this one either", "[staff]") {
  Office office;
  const auto al = office.add("Al Invented", {"coordinator"}, "al");
  const Visitor open_page(office.prison, office.world.codes, office.pages(), "al");
  CHECK(open_page.get("/staff").status == 200);
  must(Staff(*office.prison.node).set_left(al, office.prison.actor()));
  CHECK(open_page.get("/staff").status == 403);
  SECTION("once somebody signs in on a page") {
    StorePool stores(office.prison.folder.store(), office.world.world.random,
                     office.world.world.clock);
    web::StaffAuthenticator people(office.prison.accounts, stores);
    REQUIRE(people.check("jo", crypto::SecretText(good_password)).person);
    const auto jo = *people.check("jo", crypto::SecretText(good_password)).person;
    CHECK(people.may_stay(jo));
    CHECK_FALSE(people.may_stay({al.hex(), "al", "Al Invented", {}}));
  }
  SECTION("once the computer works in the background") {
    StorePool stores(office.prison.folder.store(), office.world.world.random,
                     office.world.world.clock);
    must(stores.open(office.key()));
    SyncLoop loop(
        stores,
        [](OpenNode&) -> sync::Result<std::unique_ptr<HubClient>> {
          return sync::Error{ErrorKind::unavailable, "There is no network."};
        },
        office.prison.folder, std::chrono::seconds(0));
    loop.start();
    CHECK(loop.visit_now(std::chrono::seconds(60)));
    loop.stop();
  }
  CHECK_FALSE(must(office.prison.accounts.has_password("al")));
  CHECK_FALSE(must(Staff(*office.prison.node).account("al")));
  CHECK(must(office.prison.accounts.has_password("jo")));
}

TEST_CASE("a role form that has grown old takes nothing away that others gave meanwhile",
          "[staff]") {
  Office office;
  const auto al = office.add("Al Invented", {"coordinator"}, "al");
  const Visitor jo(office.prison, office.world.codes, office.pages());
  const auto address = web::staff_address(office.entry(al), "roles");
  const auto opened = jo.get(address);
  must(Staff(*office.prison.node).change_roles(al, {"security"}, {}, office.prison.actor()));
  const auto refused =
      jo.send(opened, address, {{"roles", "coordinator"}, {"roles", "supervisor"}});
  CHECK(refused.status == 422);
  CHECK(says(refused, "Somebody else has changed what they do here since you opened this"));
  CHECK(office.entry(al).roles == std::vector<std::string>{"coordinator", "security"});
  // What is shown again is what it is now with what was meant, and is saved as it stands.
  for (const char* role : {"coordinator", "security", "supervisor"}) {
    const auto box = tag_with(refused, "value=\"" + std::string(role) + "\"");
    CHECK(box.find("checked") != std::string::npos);
  }
  const auto saved = jo.send(
      refused, address, {{"roles", "coordinator"}, {"roles", "security"}, {"roles", "supervisor"}});
  CHECK(saved.status == 303);
  CHECK(office.entry(al).roles.size() == 3);
  // A form that does not say what it had shown takes nothing away.
  CHECK(jo.post(address, {{"roles", "supervisor"}}).status == 422);
}

}  // namespace throughgate::node::testing
