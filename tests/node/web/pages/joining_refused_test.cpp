// What keeps a computer from being let in by its own pages, and how it is said.
#include <catch_amalgamated.hpp>

#include "node/web/site.h"
#include "sync/enrolment_files.h"
#include "tests/node/web/pages/joining_world.h"

namespace throughgate::node::testing {

TEST_CASE("what cannot be asked over the exchange is said beside its question",
          "[pages][joining]") {
  Joining at;
  const auto visitor = at.visitor();
  const auto code = at.invite();
  const auto tried = [&](const std::string& field, const std::string& value) {
    auto typed = asking(code);
    for (auto& each : typed) {
      if (each.first == field) each.second = value;
    }
    auto page = visitor.fill_in(by_network, typed);
    CHECK(page.status == 422);
    CHECK(says(page, "There is a problem"));
    CHECK(page.body.find("href=\"#" + field + "\"") != std::string::npos);
    CHECK(value_of(page, "invitation-code").empty());
    CHECK(page.body.find(text_of(code)) == std::string::npos);
    if (field != "label") CHECK(value_of(page, "label") == "Reception PC");
    if (field != "exchange") CHECK(value_of(page, "exchange") == exchange);
    return page;
  };
  CHECK(says(tried("invitation-code", ""), "Enter the invitation code"));
  auto mistyped = text_of(code);
  std::swap(mistyped[0], mistyped[mistyped[1] == mistyped[0] ? 2 : 1]);
  const auto wrong = tried("invitation-code", mistyped);
  CHECK(says(wrong, "This code is mistyped"));
  CHECK(wrong.body.find(mistyped) == std::string::npos);
  CHECK(says(tried("exchange", " "), "Enter the address of the central exchange"));
  CHECK(says(tried("exchange", "exchange.example.org"), "must look like https://"));
  CHECK(says(tried("exchange", "http://exchange.example.org"), "Plain http"));
  CHECK(says(tried("label", ""), "Enter what this computer is called"));
  CHECK(says(tried("label", std::string(300, 'x')), "200 letters at most"));
  CHECK(at.words().empty());

  TestSite other(at.world, "HMP Other", OrganisationKind::prison, "LEI");
  must(Enrolment(*other.node, at.hub).ask(text_of(code), other.facts("PC")));
  CHECK(says(tried("invitation-code", text_of(code)), "Somebody has used this code already"));
}

TEST_CASE("what cannot be asked by a file is said beside its question", "[pages][joining]") {
  Joining at;
  const auto visitor = at.visitor();
  const auto code = at.invite();
  const auto invitation = bytes_of(must(at.desk.desk().invitation_file(code.mailbox())));
  const auto tried = [&](const std::string& field, const Typed& typed, const std::string& file) {
    auto page = visitor.upload(by_file, typed, file);
    CHECK(page.status == 422);
    CHECK(page.body.find("href=\"#" + field + "\"") != std::string::npos);
    CHECK(value_of(page, "invitation-code").empty());
    return page;
  };
  const auto typed = asking_by_file(code);
  CHECK(says(tried("invitation-code", {{"label", "PC"}}, ""), "Enter the invitation code"));
  CHECK(says(tried("invitation-code", {{"invitation-code", "ABCD"}, {"label", "PC"}}, ""),
             "This code is mistyped"));
  CHECK(says(tried("label", {typed[0]}, ""), "Enter what this computer is called"));
  CHECK(says(tried("file", typed, "nothing of the kind"), "neither an invitation"));
  CHECK(says(tried("file", typed, invitation.substr(1)), "neither an invitation"));
  CHECK(says(tried("file", typed, invitation.substr(0, invitation.size() - 1)),
             "copied only in part"));
  auto newer = invitation;
  newer[8] = static_cast<char>(0xFF);  // the number of its format
  CHECK(says(tried("file", typed, newer), "newer version"));
  const auto another = at.invite("HLI");
  const auto anothers = bytes_of(must(at.desk.desk().invitation_file(another.mailbox())));
  CHECK(says(tried("invitation-code", typed, anothers), "was made with another code"));
  CHECK(says(tried("file", asking_by_file(another), anothers),
             "set up for another kind of organisation, or another prison"));
  at.world.now_ms += 14 * day_ms;
  const auto late = tried("file", typed, invitation);
  CHECK(says(late, "too old"));
  CHECK(value_of(late, "label") == "Reception PC");
  CHECK(at.words().empty());
  for (int i = 0; i < 10; ++i) visitor.upload(by_file, typed, anothers);
  CHECK(says(tried("file", typed, invitation), "Wait an hour"));
  CHECK(at.words().empty());
}

TEST_CASE("a file that is not the answer says which it is, and lets nobody in",
          "[pages][joining]") {
  Joining at;
  const auto visitor = at.visitor();
  const auto tried = [&](const std::string& file) {
    auto page = visitor.upload(answer, {}, file);
    CHECK(page.status == 422);
    CHECK(page.body.find("href=\"#file\"") != std::string::npos);
    return page;
  };
  CHECK(says(tried(""), "Select the file"));
  CHECK(says(tried("anything"), "Nothing was asked of the central team yet"));
  CHECK(visitor.get("/joining/request").status == 404);
  const auto code = at.invite();
  REQUIRE(visitor.post(by_file, asking_by_file(code)).status == 303);
  const auto request = visitor.get("/joining/request").body;
  CHECK(says(tried("anything"), "neither an invitation"));
  CHECK(says(tried(request), "the central team's answer is needed"));
  must(at.desk.desk().take_request(crypto::as_bytes(request)));
  const auto file = bytes_of(must(at.desk.desk().approve_by_file(code.mailbox())));
  CHECK(says(tried(file.substr(0, file.size() / 2)), "copied only in part"));

  const auto second = at.invite("HLI");  // and so the first is answered in vain
  REQUIRE(visitor.post(by_file, asking_by_file(second)).status == 303);
  CHECK(says(tried(file), "which this computer did not make, or not last"));
  CHECK_FALSE(at.is_let_in());
  REQUIRE(visitor.post(by_file, asking_by_file(code)).status == 303);
  CHECK(visitor.upload(answer, {}, file).status == 303);
  CHECK(at.is_let_in());
}

TEST_CASE("an answer that was not made with the code is refused on the page", "[pages][joining]") {
  Joining at;
  const auto visitor = at.visitor();
  const auto code = at.invite();
  REQUIRE(visitor.post(by_network, asking(code)).status == 303);
  const auto& identity = at.site.node->identity();
  const auto forged = sync::encode_reply({identity.organisation, identity.node,
                                          at.world.random.bytes<32>(), at.world.random.bytes<32>()},
                                         sync::InvitationCode::make(at.world.random));
  must(leave_letter(at.hub, code.mailbox(), Letter::reply, forged));
  const auto page = visitor.post(look, {});
  CHECK(page.status == 422);
  CHECK(says(page, "There is a problem"));
  CHECK_FALSE(at.is_let_in());
}

TEST_CASE("the answer may be as long as the central list; no other file here may",
          "[pages][joining][uploads]") {
  Joining at;
  const web::Site site({at.site.folder, at.site.accounts, at.codes, at.stores, at.loop, at.random,
                        [] { return parse_retention(""); }},
                       8080, {});
  const auto refusal = [&](const std::string& address) {
    web::RequestHead head;
    head.method = web::Method::post;
    head.target = address;
    head.headers.add("Host", "127.0.0.1:8080");
    head.headers.add("Content-Length", std::to_string(sync::enrolment_file_bytes_max));
    const auto refused = site.responder().refuse(head);
    return refused ? refused->status : 0;
  };
  CHECK(refusal(answer) == 403);  // nobody has signed in
  CHECK(refusal(by_file) == 413);
}

}  // namespace throughgate::node::testing
