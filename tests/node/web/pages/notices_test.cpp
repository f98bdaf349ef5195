// What people are told about: in plain words, with the record and what to do, until seen.
#include <catch_amalgamated.hpp>
#include <numeric>

#include "node/web/pages/notices/notice_words.h"
#include "node/web/pages/pages.h"
#include "records/site.pb.h"
#include "records/volunteer.pb.h"
#include "sync/verdict.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {
namespace {

using namespace web;
using Catch::Matchers::ContainsSubstring;
using sync::store::Notice;
using sync::store::NoticeKind;

std::size_t unseen(TestSite& site, const PageWorld& world) {
  return must(world.records(site).reader().notices()).size();
}

// The prison takes the partner out of a handover while the partner, offline, changes it.
struct TakenOut : PageWorld {
  sync::DossierId id = shared_handover();
  Visitor visitor{partner, codes, {add_notice_pages}};

  TakenOut() {
    set(partner, id, "release-date", "2026-12-15", "heard by telephone");
    sync::store::MemberChange change{sync::store::MemberChange::Kind::remove,
                                     partner.node->identity().organisation, sync::Role::reader};
    must(prison.node->admission().change_members(id, change,
                                                 records(prison).authorship(by(prison, "ended"))));
    must(prison.sync(hub));
    must(partner.sync(hub));
  }
};

}  // namespace

TEST_CASE("without anything to tell the page says so", "[pages][notices]") {
  PageWorld world;
  const Visitor visitor(world.prison, world.codes, {add_notice_pages});
  CHECK_THAT(text_of_page(visitor.get("/notices")), ContainsSubstring("There is nothing new."));
}

TEST_CASE("who typed what could not be added reads why, where and what to do", "[pages][notices]") {
  TakenOut world;
  const auto page = world.visitor.get("/notices");
  CHECK(page.status == 200);
  CHECK_THAT(text_of_page(page),
             ContainsSubstring("A change could not be added: Bridge Trust was no longer part of "
                               "this handover"));
  CHECK_THAT(text_of_page(page),
             ContainsSubstring("If what you typed still matters, ring HMP Example"));
  CHECK_THAT(page.body, ContainsSubstring("href=\"/handovers/" + world.id.hex() + "\""));
  CHECK_THAT(text_of_page(page), ContainsSubstring("Handover of Alex Example"));
}

TEST_CASE("a notice stays until somebody says that they have seen it", "[pages][notices]") {
  TakenOut world;
  const auto page = world.visitor.get("/notices");
  const auto before = unseen(world.partner, world);
  REQUIRE(before > 0);
  const auto marked = world.visitor.send(page, "/notices", {});
  CHECK(marked.status == 303);
  CHECK(unseen(world.partner, world) == before - 1);
  CHECK_THAT(text_of_page(world.visitor.get(marked.location)), ContainsSubstring("Marked as seen"));
  CHECK_THAT(text_of_page(world.visitor.get("/notices?show=all")),
             ContainsSubstring("could not be added"));
}

TEST_CASE("every kind of notice and every reason has words of its own", "[pages][notices]") {
  PageWorld world;
  std::set<std::string> titles;
  const auto words = [&](int kind, int detail) {
    Notice notice;
    notice.kind = kind;
    notice.detail = detail;
    return words_of(notice, *world.prison.node, "handover", "HMP Example");
  };
  std::vector<int> kinds(11);
  std::iota(kinds.begin(), kinds.end(), 1);
  kinds.push_back(static_cast<int>(NoticeKind::erased));
  for (const int kind : kinds) {
    const auto made = words(kind, 0);
    CHECK_FALSE(made.title.empty());
    CHECK_FALSE(made.happened.empty());
    CHECK_FALSE(made.next.empty());
    CHECK(titles.insert(made.title).second);
    CHECK(made.title.find("no words") == std::string::npos);
  }
  CHECK_THAT(words(static_cast<int>(NoticeKind::erased), 2).happened,
             ContainsSubstring("2 changes made here that had not been sent"));
  CHECK_THAT(words(99, 0).next, ContainsSubstring("99"));
  const auto refused = static_cast<int>(NoticeKind::refused);
  CHECK_THAT(words(refused, static_cast<int>(sync::Reason::erased)).title,
             ContainsSubstring("this handover has been erased"));
  CHECK_THAT(words(refused, static_cast<int>(sync::Reason::revoked)).next,
             ContainsSubstring("Ring the central team"));
}

TEST_CASE("what is kept apart is told of by who sent it, and opens nothing", "[pages][notices]") {
  PageWorld world;
  const auto& from = world.partner.node->identity().organisation;
  const auto& to = world.prison.node->identity().organisation;
  const auto plant = [&](std::uint32_t type, const std::string& name) {
    return must(world.partner.node->admission().create(
        {{from, sync::Role::owner}, {to, sync::Role::reader}},
        world.records(world.partner).authorship(world.by(world.partner, "")),
        {{{{}, type, 1}, sync::OpKind::set, {name.begin(), name.end()}, {}, {}}}));
  };
  const Visitor visitor(world.prison, world.codes, {add_notice_pages});
  const auto told_of = [&](std::uint32_t type) {
    const auto id = plant(type, "Planted");
    must(world.partner.sync(world.hub));
    must(world.prison.sync(world.hub));
    const auto page = visitor.get("/notices");
    CHECK(page.status == 200);
    CHECK(page.body.find(id.hex()) == std::string::npos);
    CHECK(page.body.find("Planted") == std::string::npos);
    return text_of_page(page);
  };
  const auto volunteer = record_type(*schema::Volunteer::descriptor())->number;
  CHECK_THAT(told_of(volunteer),
             ContainsSubstring("Bridge Trust sent something that this site has no agreement for") &&
                 ContainsSubstring("Ring the central team if you expected it."));
  const auto site = record_type(*schema::Site::descriptor())->number;
  CHECK_THAT(told_of(site),
             ContainsSubstring("Bridge Trust sent something that organisations never send each "
                               "other") &&
                 ContainsSubstring("Tell the central team."));
}

}  // namespace throughgate::node::testing
