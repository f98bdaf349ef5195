#include "node/enrolment/enrolment.h"

#include <catch_amalgamated.hpp>

#include "node/records/catalogue.h"
#include "records/volunteer.pb.h"
#include "schema/enrolment.pb.h"
#include "sync/wire_values.h"
#include "tests/node/test_sites.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using sync::ErrorKind;
using sync::OrganisationKind;

namespace {

sync::Invitation invitation_for(const TestSite& site) {
  return {site.name, site.kind, site.establishment, std::nullopt, 0};
}

// The value of one field of a dossier's root record, as this node shows it.
std::optional<std::string> shown(TestSite& site, const sync::DossierId& dossier, int field) {
  sync::store::UnitOfWork work(site.node->database());
  const auto value = work.first(
      "SELECT f.value FROM field f JOIN dossier d ON d.id = f.dossier WHERE d.dossier = ? AND "
      "f.field = ?",
      sync::store::bound(dossier.view(), field), sync::store::bytes_column);
  REQUIRE(work.commit());
  return value ? std::optional(std::string(crypto::as_text(*value))) : std::nullopt;
}

std::uint32_t type_of(const google::protobuf::Descriptor* descriptor) {
  return rule_of(*descriptor).type();
}

sync::Result<sync::DossierId> record_volunteer(TestSite& site, const std::string& name,
                                               std::vector<sync::Member> members) {
  const std::vector<sync::store::OpDraft> ops{
      {{{}, type_of(schema::Volunteer::descriptor()), schema::Volunteer::kFamilyNameFieldNumber},
       sync::OpKind::set,
       {name.begin(), name.end()},
       {},
       {}}};
  return site.node->admission().create(std::move(members), {site.actor(), site.world.now_ms, ""},
                                       ops);
}

sync::Member owner(const TestSite& site) {
  return {site.node->identity().organisation, sync::Role::owner};
}

}  // namespace

TEST_CASE("a record made at one site is seen at the other once both are enrolled and have synced",
          "[enrolment]") {
  World world;
  TestHub hub(world);
  TestSite prison(world, "HMP Made Up", OrganisationKind::prison, "LEI");
  TestSite partner(world, "Made-Up Partner", OrganisationKind::partner);
  TestDesk desk(world, hub);

  // Recorded before anybody at the centre has heard of this prison.
  const auto early = record_volunteer(prison, "Madeup", {owner(prison)});
  REQUIRE(early);

  desk.enrol(prison, hub);
  desk.enrol(partner, hub);
  const auto partner_id = partner.node->identity().organisation;
  REQUIRE(desk.desk().agree({prison.node->identity().organisation,
                             partner_id,
                             {schema::VOLUNTEER},
                             world.now_ms + day_ms,
                             "made up"}));
  REQUIRE(desk.sync(hub));
  REQUIRE(prison.sync(hub));
  REQUIRE(partner.sync(hub));
  REQUIRE(prison.node->directory().organisation(partner_id));

  const auto shared =
      record_volunteer(prison, "Invented", {owner(prison), {partner_id, sync::Role::reader}});
  REQUIRE(shared);
  REQUIRE(prison.sync(hub));
  REQUIRE(partner.sync(hub));
  CHECK(shown(partner, *shared, schema::Volunteer::kFamilyNameFieldNumber) == "Invented");
  CHECK_FALSE(shown(partner, *early, schema::Volunteer::kFamilyNameFieldNumber));

  // The early one arrived in full: a second computer of the prison opens it.
  TestSite second(world, "second", prison);
  desk.enrol(second, hub);
  REQUIRE(second.sync(hub));
  REQUIRE(prison.sync(hub));  // seals the keys to its new sister
  REQUIRE(second.sync(hub));
  CHECK(shown(second, *early, schema::Volunteer::kFamilyNameFieldNumber) == "Madeup");
}

TEST_CASE("staff of one computer are known at the site's next one, and the other way round",
          "[enrolment]") {
  World world;
  TestHub hub(world);
  TestDesk desk(world, hub);
  TestSite prison(world, "HMP Made Up", OrganisationKind::prison, "LEI");
  desk.enrol(prison, hub);
  REQUIRE(prison.sync(hub));
  TestSite second(world, "second", prison);
  CHECK(Staff(*second.node).list()->empty());
  CHECK(second.actor().name == "Jo Made-Up");  // may record before the first sync
  CHECK(Staff(*second.node).add("Al Invented", {}, second.actor()).error().kind ==
        ErrorKind::not_found);
  desk.enrol(second, hub);
  REQUIRE(second.sync(hub));
  REQUIRE(prison.sync(hub));
  REQUIRE(second.sync(hub));
  CHECK(Staff(*second.node).list()->size() == 1);
  CHECK(*Staff(*second.node).add_missing() == 1);
  CHECK(*Staff(*second.node).add_missing() == 0);
  REQUIRE(second.sync(hub));
  REQUIRE(prison.sync(hub));
  CHECK(Staff(*prison.node).list()->size() == 2);
}

TEST_CASE("a code is good once", "[enrolment]") {
  World world;
  TestHub hub(world);
  TestDesk desk(world, hub);
  TestSite prison(world, "HMP Made Up", OrganisationKind::prison, "LEI");
  TestSite thief(world, "HMP Thief", OrganisationKind::prison, "LEI");
  const auto code = desk.desk().invite(invitation_for(prison));
  REQUIRE(code);
  const auto text = code->text();
  REQUIRE(Enrolment(*prison.node, hub).ask(text.view(), prison.facts("PC")));
  REQUIRE(Enrolment(*prison.node, hub).ask(text.view(), prison.facts("PC")));  // again: as before

  const auto second = Enrolment(*thief.node, hub).ask(text.view(), thief.facts("PC"));
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::rejected);

  REQUIRE(desk.desk().requests(&hub));
  REQUIRE(desk.desk().approve(code->mailbox(), hub));
  const auto version = desk.node->directory().version();
  const auto again = desk.desk().approve(code->mailbox(), hub);
  REQUIRE_FALSE(again);
  CHECK(again.error().kind == ErrorKind::denied);
  CHECK(desk.node->directory().version() == version);
  CHECK_FALSE(desk.node->directory().node(thief.node->identity().node));
}

// A store that can be written no more once the exchange has answered.
TEST_CASE("a store that keeps no request is not taken for an exchange that was not reached",
          "[enrolment]") {
  struct ThenReadOnly final : HubClient {
    ThenReadOnly(HubClient& to, OpenNode& of) : hub(to), node(of) {}
    sync::Result<crypto::Bytes> call(Endpoint endpoint, crypto::ByteView request) override {
      auto answer = hub.call(endpoint, request);
      REQUIRE(node.database().run_script("PRAGMA query_only = ON"));
      return answer;
    }
    HubClient& hub;
    OpenNode& node;
  };
  World world;
  TestHub hub(world);
  TestDesk desk(world, hub);
  TestSite prison(world, "HMP Made Up", OrganisationKind::prison, "LEI");
  const auto code = desk.desk().invite(invitation_for(prison));
  REQUIRE(code);
  REQUIRE(Enrolment(*prison.node, hub).ask(code->text().view(), prison.facts("PC")));
  ThenReadOnly then_read_only(hub, *desk.node);
  const auto refused = desk.desk().requests(&then_read_only);
  CHECK_FALSE(refused);
  REQUIRE(desk.node->database().run_script("PRAGMA query_only = OFF"));
  const auto kept = desk.desk().requests(&hub);
  REQUIRE(kept);
  CHECK(kept->fault.empty());
  CHECK(kept->invited.at(0).applicant);

  REQUIRE(desk.desk().approve(code->mailbox(), hub));
  CHECK(desk.desk().requests(nullptr)->invited.at(0).answered);
}

TEST_CASE("no organisation is invited or listed twice", "[enrolment]") {
  World world;
  TestHub hub(world);
  TestDesk desk(world, hub);
  TestSite prison(world, "HMP Made Up", OrganisationKind::prison, "LEI");
  auto invitation = invitation_for(prison);
  const auto first = desk.desk().invite(invitation);
  REQUIRE(first);
  invitation.name = "hmp made up";
  const auto again = desk.desk().invite(invitation);
  REQUIRE_FALSE(again);
  CHECK(again.error().kind == ErrorKind::denied);
  CHECK(again.error().message.find("desk withdraw " + first->mailbox().hex().substr(0, 8)) !=
        std::string::npos);

  REQUIRE(desk.desk().withdraw(first->mailbox()));  // the code was lost
  const auto code = desk.desk().invite(invitation);
  REQUIRE(code);
  world.now_ms += 14 * day_ms;  // so was this one, and it is too old
  const auto used = desk.desk().invite(invitation_for(prison));
  REQUIRE(used);
  REQUIRE(Enrolment(*prison.node, hub).ask(used->text().view(), prison.facts("PC")));
  REQUIRE(desk.desk().requests(&hub));
  REQUIRE(desk.desk().approve(used->mailbox(), hub));
  const auto listed = desk.desk().invite(invitation_for(prison));
  REQUIRE_FALSE(listed);
  CHECK(listed.error().message.find("--another") != std::string::npos);
  auto another = invitation_for(prison);
  another.organisation = prison.node->identity().organisation;
  CHECK(desk.desk().invite(another));
}

TEST_CASE("there is one central team", "[enrolment]") {
  World world;
  TestHub hub(world);
  TestDesk desk(world, hub);
  sync::Invitation second;
  second.name = "Another Made-Up Team";
  second.kind = OrganisationKind::central;
  const auto refused = desk.desk().invite(second);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::denied);
  CHECK(refused.error().message.find("--another") != std::string::npos);
  second.organisation = desk.node->identity().organisation;
  CHECK(desk.desk().invite(second));  // another computer of the one there is
}

TEST_CASE("a code that is too old lets nobody in", "[enrolment]") {
  World world;
  TestHub hub(world);
  TestDesk desk(world, hub);
  TestSite prison(world, "HMP Made Up", OrganisationKind::prison, "LEI");
  const auto code = desk.desk().invite(invitation_for(prison));
  REQUIRE(code);
  REQUIRE(Enrolment(*prison.node, hub).ask(code->text().view(), prison.facts("PC")));
  REQUIRE(desk.desk().requests(&hub));
  world.now_ms += 14 * day_ms;
  const auto late = desk.desk().approve(code->mailbox(), hub);
  REQUIRE_FALSE(late);
  CHECK(late.error().kind == ErrorKind::denied);
  CHECK_FALSE(desk.node->directory().node(prison.node->identity().node));
  world.now_ms -= 1;  // the twin: just in time
  CHECK(desk.desk().approve(code->mailbox(), hub));
}

TEST_CASE("the hub cannot answer in the desk's place", "[enrolment]") {
  World world;
  TestHub hub(world);
  TestDesk desk(world, hub);
  TestSite prison(world, "HMP Made Up", OrganisationKind::prison, "LEI");
  const auto code = desk.desk().invite(invitation_for(prison));
  REQUIRE(code);
  REQUIRE(Enrolment(*prison.node, hub).ask(code->text().view(), prison.facts("PC")));
  // It knows all but the code: ids from the request, and it would name a key of its own.
  const auto& identity = prison.node->identity();
  const auto forged = sync::encode_reply(
      {identity.organisation, identity.node, world.random.bytes<32>(), world.random.bytes<32>()},
      sync::InvitationCode::make(world.random));
  REQUIRE(leave_letter(hub, code->mailbox(), Letter::reply, forged));
  const auto taken = Enrolment(*prison.node, hub).take_answer();
  REQUIRE_FALSE(taken);
  CHECK(taken.error().kind == ErrorKind::rejected);
  CHECK_FALSE(prison.node->is_enrolled());
}

TEST_CASE("one letter that cannot be read keeps no other request from the desk", "[enrolment]") {
  World world;
  TestHub hub(world);
  TestDesk desk(world, hub);
  TestSite prison(world, "HMP Made Up", OrganisationKind::prison, "LEI");
  TestSite partner(world, "Made-Up Partner", OrganisationKind::partner);
  const auto spoilt = desk.desk().invite(invitation_for(prison));
  REQUIRE(spoilt);
  world.now_ms += 1;  // and so it is listed first
  const auto good = desk.desk().invite(invitation_for(partner));
  REQUIRE(good);
  REQUIRE(Enrolment(*partner.node, hub).ask(good->text().view(), partner.facts("PC")));
  const auto look = [&] {
    const auto requests = desk.desk().requests(&hub);
    if (!requests) FAIL(requests.error().message);
    REQUIRE(requests->invited.size() == 2);
    CHECK(requests->invited[0].is_spoilt);
    CHECK_FALSE(requests->invited[1].is_spoilt);
    CHECK(requests->invited[1].applicant->name == "Made-Up Partner");
    CHECK(requests->not_genuine == 1);
    CHECK(requests->fault.empty());
  };
  SECTION("a request that no code made") {
    REQUIRE(leave_letter(hub, spoilt->mailbox(), Letter::request, crypto::Bytes{1, 2, 3}));
    look();
  }
  SECTION("a letter in the place of the desk's answer") {
    REQUIRE(Enrolment(*prison.node, hub).ask(spoilt->text().view(), prison.facts("PC")));
    REQUIRE(desk.desk().requests(&hub));
    REQUIRE(leave_letter(hub, spoilt->mailbox(), Letter::reply, crypto::Bytes{1, 2, 3}));
    CHECK(desk.desk().approve(spoilt->mailbox(), hub).error().kind == ErrorKind::rejected);
    look();
  }
  SECTION("one that is larger than a letter can be") {
    const auto mailbox = spoilt->mailbox();
    hub.spoil = [&](crypto::ByteView request, crypto::Bytes& answer) {
      schema::MailboxRequest asked;
      REQUIRE(asked.ParseFromArray(request.data(), static_cast<int>(request.size())));
      if (asked.mailbox() != sync::to_wire(mailbox.view())) return;
      schema::MailboxReply reply;
      reply.set_content(std::string(sync::enrolment_bytes_max + 1, 'x'));
      const auto bytes = reply.SerializeAsString();
      answer.assign(bytes.begin(), bytes.end());
    };
    look();
  }
  REQUIRE(desk.desk().approve(good->mailbox(), hub));
}

TEST_CASE("requests that came before are listed where the exchange cannot be asked",
          "[enrolment]") {
  World world;
  TestHub hub(world);
  TestDesk desk(world, hub);
  TestSite prison(world, "HMP Made Up", OrganisationKind::prison, "LEI");
  const auto code = desk.desk().invite(invitation_for(prison));
  REQUIRE(code);
  REQUIRE(Enrolment(*prison.node, hub).ask(code->text().view(), prison.facts("PC")));
  REQUIRE(desk.desk().requests(&hub));
  auto other = invitation_for(prison);
  other.name = "HMP Other";
  world.now_ms += 1;
  REQUIRE(desk.desk().invite(other));
  hub.is_down = true;
  const auto requests = desk.desk().requests(&hub);
  REQUIRE(requests);
  CHECK(requests->invited.size() == 2);
  CHECK(requests->invited[0].applicant);
  CHECK_FALSE(requests->fault.empty());
}

TEST_CASE("a letter that no code made is counted at the desk and lets nobody in", "[enrolment]") {
  World world;
  TestHub hub(world);
  TestDesk desk(world, hub);
  TestSite prison(world, "HMP Made Up", OrganisationKind::prison, "LEI");
  const auto code = desk.desk().invite(invitation_for(prison));
  REQUIRE(code);
  const crypto::Bytes junk{1, 2, 3};
  REQUIRE(leave_letter(hub, code->mailbox(), Letter::request, junk));
  const auto requests = desk.desk().requests(&hub);
  REQUIRE(requests);
  CHECK(requests->not_genuine == 1);
  CHECK_FALSE(requests->invited.front().applicant);
  CHECK(desk.desk().approve(code->mailbox(), hub).error().kind == ErrorKind::not_found);
}

TEST_CASE("enrolment goes on where it was cut off", "[enrolment]") {
  World world;
  TestHub hub(world);
  TestDesk desk(world, hub);
  TestSite prison(world, "HMP Made Up", OrganisationKind::prison, "LEI");
  const auto code = desk.desk().invite(invitation_for(prison));
  REQUIRE(code);
  hub.is_down = true;
  CHECK_FALSE(Enrolment(*prison.node, hub).ask(code->text().view(), prison.facts("PC")));
  hub.is_down = false;
  const auto words = Enrolment(*prison.node, hub).ask(code->text().view(), prison.facts("PC"));
  REQUIRE(words);
  prison.reopen();
  CHECK(*awaited_words(*prison.node) == *words);
  CHECK(*Enrolment(*prison.node, hub).take_answer() == false);

  REQUIRE(desk.desk().requests(&hub));
  hub.is_down = true;  // the list is signed, the answer is not left
  CHECK_FALSE(desk.desk().approve(code->mailbox(), hub));
  hub.is_down = false;
  CHECK(*Enrolment(*prison.node, hub).take_answer() == false);
  const auto version = desk.node->directory().version();
  REQUIRE(desk.desk().requests(&hub));  // leaves it
  CHECK(desk.node->directory().version() == version);
  CHECK(*Enrolment(*prison.node, hub).take_answer() == true);
  REQUIRE(desk.sync(hub));
  CHECK(prison.sync(hub));
}

TEST_CASE("a computer that is not in the list yet is turned away by the hub, and loses nothing",
          "[enrolment]") {
  World world;
  TestHub hub(world);
  TestDesk desk(world, hub);
  TestSite prison(world, "HMP Made Up", OrganisationKind::prison, "LEI");
  const auto refused = prison.sync(hub);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::denied);
  desk.enrol(prison, hub);
  CHECK(prison.sync(hub)->counts.sent == 1);  // its site's own records
}

TEST_CASE("an agreement lets one organisation share with another until its day", "[desk]") {
  World world;
  TestHub hub(world);
  TestDesk desk(world, hub);
  TestSite prison(world, "HMP Made Up", OrganisationKind::prison, "LEI");
  TestSite partner(world, "Made-Up Partner", OrganisationKind::partner);
  desk.enrol(prison, hub);
  desk.enrol(partner, hub);
  const auto from = prison.node->identity().organisation;
  const auto to = partner.node->identity().organisation;
  AgreementTerms terms{from, to, {schema::CASE}, world.now_ms + 30 * day_ms, "made up"};
  REQUIRE(desk.desk().agree(terms));
  const auto& directory = desk.node->directory();
  CHECK(directory.may_share(from, to, schema::CASE, world.now_ms));
  CHECK_FALSE(directory.may_share(to, from, schema::CASE, world.now_ms));
  CHECK_FALSE(directory.may_share(from, to, schema::VOLUNTEER, world.now_ms));
  CHECK_FALSE(directory.may_share(from, to, schema::CASE, world.now_ms + 30 * day_ms));

  terms.dossier_kinds = {schema::VOLUNTEER};
  REQUIRE(desk.desk().agree(terms));  // in the place of the first
  CHECK(directory.agreements().size() == 1);
  terms.expires_at_ms = world.now_ms;
  CHECK(desk.desk().agree(terms).error().kind == ErrorKind::invalid);
  terms.expires_at_ms = world.now_ms + day_ms;
  terms.to = sync::OrganisationId::random(world.random);
  CHECK(desk.desk().agree(terms).error().kind == ErrorKind::not_found);
  CHECK(Desk(*prison.node).agree(terms).error().kind == ErrorKind::denied);
}

TEST_CASE("only a central organisation's computer becomes the desk, and once", "[desk]") {
  World world;
  TestHub hub(world);
  TestSite prison(world, "HMP Made Up", OrganisationKind::prison, "LEI");
  CHECK(Desk(*prison.node).init(hub.facts(), "x", "y").error().kind == ErrorKind::invalid);
  CHECK_FALSE(prison.node->is_enrolled());
  TestDesk desk(world, hub);
  const auto anchor = desk.node->anchor();
  CHECK(desk.desk().init(hub.facts(), "x", "y").error().kind == ErrorKind::invalid);
  desk.reopen();
  CHECK(desk.node->anchor() == anchor);
  CHECK(desk.node->directory().version() == 1);
  CHECK(desk.node->directory().expires_at_ms() == world.now_ms + directory_ms_max);
}
