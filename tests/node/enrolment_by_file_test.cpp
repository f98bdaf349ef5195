#include <catch_amalgamated.hpp>

#include "node/enrolment/by_file.h"
#include "schema/directory.pb.h"
#include "sync/enrolment_files.h"
#include "sync/wire_values.h"
#include "tests/node/test_sites.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using crypto::Bytes;
using sync::Error;
using sync::ErrorKind;
using sync::OrganisationKind;

namespace {

struct Met {
  World world;
  TestHub hub{world};
  TestDesk desk{world, hub};
  TestSite prison{world, "HMP Made Up", OrganisationKind::prison, "LEI"};
  sync::InvitationCode code = invite("HMP Made Up");
  Bytes invitation = *desk.desk().invitation_file(code.mailbox());

  Met() { hub.is_down = true; }  // from here on nobody is on a network

  sync::InvitationCode invite(const std::string& name) {
    auto made = desk.desk().invite({name, OrganisationKind::prison, "LEI", std::nullopt, 0});
    REQUIRE(made);
    return std::move(*made);
  }
  sync::Result<FiledRequest> ask(TestSite& site) {
    return ask_by_file(*site.node, code.text().view(), site.facts("PC"), invitation);
  }
  Bytes request_of(TestSite& site) {
    auto asked = ask(site);
    if (!asked) FAIL(asked.error().message);
    return asked->file;
  }
  Bytes approval() {
    auto file = desk.desk().approve_by_file(code.mailbox());
    if (!file) FAIL(file.error().message);
    return *file;
  }
};

template <class T>
Error refusal(const sync::Result<T>& result) {
  REQUIRE_FALSE(result);
  return result.error();
}

bool says(const Error& error, const std::string& words) {
  UNSCOPED_INFO(error.message);
  return error.message.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a computer is let in by files alone, and has the list at once", "[enrolment]") {
  Met at;
  const auto asked = at.ask(at.prison);
  REQUIRE(asked);
  CHECK(asked->number == at.code.mailbox().hex().substr(0, 8));
  const auto taken = at.desk.desk().take_request(asked->file);
  REQUIRE(taken);
  CHECK(taken->words == asked->words);
  CHECK(taken->applicant->label == "PC");
  at.prison.reopen();  // days may pass
  CHECK(*awaited_words(*at.prison.node) == asked->words);
  const auto answer = at.approval();
  REQUIRE(take_approval(*at.prison.node, answer));
  CHECK(at.prison.node->is_enrolled());
  CHECK(at.prison.node->directory().version() == at.desk.node->directory().version());
  CHECK(at.prison.node->directory().node(at.prison.node->identity().node));
  CHECK_FALSE(*awaited_words(*at.prison.node));

  at.hub.is_down = false;  // and by network it goes on
  REQUIRE(at.desk.desk().requests(&at.hub));
  REQUIRE(at.desk.sync(at.hub));
  CHECK(at.prison.sync(at.hub)->counts.sent == 1);
}

TEST_CASE("an answer in a file may be written and taken again, after a crash too", "[enrolment]") {
  Met at;
  REQUIRE(at.desk.desk().take_request(at.request_of(at.prison)));
  REQUIRE(at.desk.desk().take_request(at.request_of(at.prison)));  // the same
  const auto first = at.approval();
  const auto version = at.desk.node->directory().version();
  REQUIRE(at.desk.desk().renew());
  const auto second = at.approval();  // with the list as it is by then
  CHECK(at.desk.node->directory().version() == version + 1);

  const auto letter = sync::read_enrolment_file(first, sync::EnrolmentFile::approval);
  const auto asked = asked_by(*at.prison.node);
  const auto trust = sync::open_reply(sync::decode_approval(letter->content)->reply, (*asked)->code,
                                      (*asked)->applicant);
  REQUIRE(at.prison.node->pin_anchor(trust->anchor));  // and the lights went out
  at.prison.reopen();
  REQUIRE(take_approval(*at.prison.node, second));
  CHECK(at.prison.node->directory().version() == version + 1);
  CHECK(refusal(take_approval(*at.prison.node, second)).kind == ErrorKind::denied);
}

TEST_CASE("whoever carries the files of an enrolment cannot answer in the desk's place",
          "[enrolment]") {
  Met at;
  REQUIRE(at.desk.desk().take_request(at.request_of(at.prison)));
  const auto letter = sync::read_enrolment_file(at.approval(), sync::EnrolmentFile::approval);
  auto approval = *sync::decode_approval(letter->content);
  // They know all but the code: they make a whole central list under a key of their own, which lets
  // this computer in, and name that key.
  const auto own = crypto::SigningKey::generate(at.world.random);
  const auto true_list = at.desk.node->directory();
  schema::DirectoryBody body;
  for (const auto& [id, each] : true_list.organisations()) {
    auto& out = *body.add_organisations();
    out.set_id(sync::to_wire(id.view()));
    out.set_name(each.name);
    out.set_kind(static_cast<schema::DirectoryOrganisation::Kind>(each.kind));
    out.set_recovery_key(sync::to_wire(sync::ByteView(each.recovery_key)));
    out.set_establishment(each.establishment);
  }
  for (const auto& [id, each] : true_list.nodes()) {
    auto& out = *body.add_nodes();
    out.set_id(sync::to_wire(id.view()));
    out.set_organisation(sync::to_wire(each.organisation.view()));
    out.set_verify_key(sync::to_wire(sync::ByteView(each.verify_key)));
    out.set_box_key(sync::to_wire(sync::ByteView(each.box_key)));
  }
  const auto step =
      sync::Directory().sign_next(body, at.world.now_ms, at.world.now_ms + directory_ms_max, own);
  const auto& identity = at.prison.node->identity();
  sync::Trust trust{identity.organisation, identity.node, own.verify_key(), own.verify_key()};
  trust.anchor.version = 1;
  trust.anchor.head = sync::head_of(step);
  const auto forged_with = [&](const sync::InvitationCode& code) {
    return sync::write_enrolment_file(
        sync::EnrolmentFile::approval, at.code.mailbox(),
        sync::encode_approval({sync::encode_reply(trust, code), {step}}));
  };
  const auto refused = refusal(
      take_approval(*at.prison.node, forged_with(sync::InvitationCode::make(at.world.random))));
  CHECK(refused.kind == ErrorKind::rejected);
  CHECK_FALSE(at.prison.node->is_enrolled());
  // Their keys under the true reply, too: its list is not theirs.
  approval.list = {step};
  const auto mixed = sync::write_enrolment_file(sync::EnrolmentFile::approval, at.code.mailbox(),
                                                sync::encode_approval(approval));
  CHECK(refusal(take_approval(*at.prison.node, mixed)).kind == ErrorKind::rejected);
  CHECK_FALSE(at.prison.node->is_enrolled());
  SECTION("and the true answer lets it in") {
    REQUIRE(take_approval(*at.prison.node, at.approval()));
    CHECK(at.prison.node->anchor().root == at.desk.node->anchor().root);
  }
  SECTION("as theirs would, if they knew the code") {  // so nothing else is wrong with it
    REQUIRE(take_approval(*at.prison.node, forged_with(at.code)));
    CHECK(at.prison.node->anchor().root == own.verify_key());
  }
}

TEST_CASE("no file of an enrolment holds the code", "[enrolment]") {
  Met at;
  const auto request = at.request_of(at.prison);
  REQUIRE(at.desk.desk().take_request(request));
  const auto bits = at.code.view();
  for (const auto& file : {at.invitation, request, at.approval()}) {
    CHECK(std::search(file.begin(), file.end(), bits.begin(), bits.end()) == file.end());
  }
}

TEST_CASE("a file that is wrong, old, altered or another's says which, and changes nothing",
          "[enrolment]") {
  Met at;
  TestSite thief(at.world, "HMP Thief", OrganisationKind::prison, "LEI");
  TestSite partner(at.world, "Made-Up Partner", OrganisationKind::partner);
  const auto request = at.request_of(at.prison);

  SECTION("at the computer that asks") {
    auto code = at.invite("HMP Other");
    auto asked = ask_by_file(*thief.node, code.text().view(), thief.facts("PC"), at.invitation);
    CHECK(says(refusal(asked), "was made with another code"));
    CHECK(says(refusal(at.ask(partner)), "This invitation is for HMP Made Up"));
    asked = ask_by_file(*thief.node, at.code.text().view(), thief.facts("PC"), request);
    CHECK(says(refusal(asked), "here the central team's invitation is needed"));
    at.world.now_ms += sync::invitation_ms_max;
    CHECK(says(refusal(at.ask(thief)), "too old, or this computer's clock is wrong"));
    CHECK_FALSE(*awaited_words(*thief.node));
    CHECK(says(refusal(take_approval(*thief.node, request)), "Nothing was asked"));
  }
  SECTION("at the desk") {
    CHECK(says(refusal(at.desk.desk().take_request(at.invitation)), "request to be let in is "));
    const auto stolen = at.request_of(thief);  // the same code, another computer
    REQUIRE(at.desk.desk().take_request(request));
    CHECK(says(refusal(at.desk.desk().take_request(stolen)), "Another request was made with this"));
    auto other = at.invite("HMP Other");
    const auto strange = ask_by_file(*partner.node, other.text().view(),
                                     {"HMP Other", OrganisationKind::prison, "LEI", "PC"}, {});
    REQUIRE(strange);
    REQUIRE(at.desk.desk().withdraw(other.mailbox()));
    CHECK(
        says(refusal(at.desk.desk().take_request(strange->file)), "a code of no invitation here"));
    at.world.now_ms += sync::invitation_ms_max;
    CHECK(says(refusal(at.desk.desk().take_request(request)), "This invitation is too old"));
    CHECK(refusal(at.desk.desk().approve_by_file(at.code.mailbox())).kind == ErrorKind::denied);
    CHECK(at.desk.node->directory().nodes().size() == 1);
  }
  SECTION("at the computer that is answered") {
    REQUIRE(at.desk.desk().take_request(request));
    const auto answer = at.approval();
    auto other = at.invite("HMP Other");
    REQUIRE(ask_by_file(*thief.node, other.text().view(), thief.facts("PC"), {}));
    CHECK(says(refusal(take_approval(*thief.node, answer)), "This file answers request "));
    auto altered = answer;
    altered[altered.size() / 2] ^= 1;
    CHECK(says(refusal(take_approval(*at.prison.node, altered)), "or changed on its way"));
    CHECK_FALSE(at.prison.node->is_enrolled());
    CHECK(at.prison.node->directory().version() == 0);
  }
}

TEST_CASE("tries with files of an enrolment are counted, and a restart forgets none",
          "[enrolment]") {
  Met at;
  const auto good = at.request_of(at.prison);
  const auto bad =
      sync::write_enrolment_file(sync::EnrolmentFile::request, at.code.mailbox(), Bytes{1, 2, 3});
  for (std::size_t i = 0; i < desk_tries_max; ++i) {
    CHECK(refusal(at.desk.desk().take_request(bad)).kind == ErrorKind::rejected);
    at.desk.reopen();
  }
  CHECK(says(refusal(at.desk.desk().take_request(good)), "Too many requests"));
  at.world.now_ms += desk_wait_ms;
  REQUIRE(at.desk.desk().take_request(good));

  const auto answer = at.approval();
  const auto forged = sync::write_enrolment_file(sync::EnrolmentFile::approval, at.code.mailbox(),
                                                 sync::encode_approval({}));
  for (std::size_t i = 0; i < enrolment_tries_max; ++i) {
    CHECK(refusal(take_approval(*at.prison.node, forged)).kind == ErrorKind::rejected);
    at.prison.reopen();
  }
  CHECK(says(refusal(take_approval(*at.prison.node, answer)), "Too many codes and files"));
  CHECK_FALSE(at.prison.node->is_enrolled());
  at.world.now_ms += enrolment_wait_ms;
  CHECK(take_approval(*at.prison.node, answer));
}
