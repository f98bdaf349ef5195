// A computer whose disk was copied and that lives on twice: seen at the desk by its own two
// signatures, and decided there.
#include <catch_amalgamated.hpp>
#include <filesystem>

#include "node/desk/forks.h"
#include "node/handovers/case_file.h"
#include "node/own_computers.h"
#include "node/web/pages/pages.h"
#include "records/handover.pb.h"
#include "sync/store/directory_table.h"
#include "sync/store/list_notices.h"
#include "tests/node/web/pages/desk/desk_world.h"

namespace throughgate::node::testing {
namespace {

const std::string forks = "/central-team/forks";

struct Forked : DeskWorld {
  sync::DossierId handover = shared_handover();

  Forked() {
    const auto store = prison.folder.store();
    const auto copy = store + ".copy";
    prison.node.reset();
    std::filesystem::copy_file(store, copy);
    prison.reopen();
    change("Sam First Half");
    sync_all();
    prison.node.reset();
    for (const char* beside : {"-wal", "-shm"}) std::filesystem::remove(store + beside);
    std::filesystem::rename(copy, store);
    prison.reopen();
    change("Sam Second Half");
    sync_all();
  }
  void change(const std::string& name) { set(prison, handover, "sender-name", name, "a test"); }
  std::vector<ListedFork> at_the_desk() { return must(listed_forks(*desk.node)); }
  std::string address() { return forks + "/" + crypto::to_hex(at_the_desk().at(0).entry); }
  // How many records the prison goes on with in a stream that it has begun.
  std::uint64_t streams_gone_on_with() {
    sync::store::UnitOfWork work(prison.node->database(), sync::store::Purpose::reading);
    const auto out = work.first("SELECT count(*) FROM dossier WHERE stream IS NOT NULL",
                                sync::store::bound(), sync::store::unsigned_column);
    must(work.commit());
    return out.value_or(0);
  }
};

// With a second computer at the prison, which hears what the list says of the first.
struct Told : Forked {
  TestSite second{world, "second", prison};

  Told() {
    desk.enrol(second, hub);
    must(desk.sync(hub));
    must(second.sync(hub));
    must(prison.sync(hub));
  }
  // The list as a file brings it.
  void bring_list(TestSite& site) {
    sync::store::UnitOfWork work(desk.node->database(), sync::store::Purpose::reading);
    const auto steps = sync::store::DirectoryTable(work).after(site.node->directory().version());
    must(work.commit());
    for (const auto& step : steps) must(site.node->take_directory(step));
  }
  Visitor at(TestSite& site) const { return {site, codes, {web::add_notice_pages}}; }
  std::string notices(TestSite& site) const { return at(site).page("/notices"); }
  static std::string by_command(TestSite& site) {
    std::string out;
    for (const auto& each : must(unseen_list_news(*site.node))) out += each + "\n";
    return out;
  }
  static std::size_t count(const std::string& text, const std::string& words) {
    std::size_t out = 0;
    for (auto from = text.find(words); from != std::string::npos; from = text.find(words, from + 1))
      ++out;
    return out;
  }
};

}  // namespace

TEST_CASE("two different changes of one computer at one place are seen at the desk, proven by both",
          "[desk][fork]") {
  Forked at;
  const auto all = at.at_the_desk();
  REQUIRE(all.size() == 1);
  CHECK(all[0].node == at.prison.node->identity().node);
  CHECK(all[0].one_counts);
  CHECK(all[0].is_open());
  CHECK(says(at.at_desk.page("/central-team"), "1 computer wrote two different versions"));
  const auto page = at.at_desk.page(at.address());
  CHECK(says(page, "Two different versions of what A PC of HMP Example wrote"));
  CHECK(says(page, "The computer's own two signatures"));
  CHECK_FALSE(says(page, "Sam"));  // what was written is not shown here
  CHECK(must(listed_forks(*at.partner.node)).size() <= 1);
}

TEST_CASE(
    "once the desk says that a fork was an accident, the computer writes on under new numbers",
    "[pages][desk][fork]") {
  Forked at;
  must(at.prison.sync(at.hub));
  at.change("Sam Goes On");
  at.sync_all();
  CHECK(at.streams_gone_on_with() > 0);
  CHECK(at.at_desk.fill_in(at.address(), {}).status == 422);
  CHECK(at.at_the_desk()[0].is_open());
  const auto decided = at.at_desk.done(at.address(), {{"decision", "accident"}});
  CHECK(says(decided, "It is in the list as an accident"));
  CHECK(says(decided, "An accident"));
  CHECK_FALSE(at.list().node(at.prison.node->identity().node)->revoked_in);
  must(at.desk.sync(at.hub));
  must(at.prison.sync(at.hub));
  CHECK(at.streams_gone_on_with() == 0);
  at.change("Sam Anew");
  at.sync_all();
  const auto there = at.records(at.partner);
  const auto held = must(read_case(there, at.handover));
  CHECK(held.text(schema::Handover::kSenderNameFieldNumber) == "Sam Anew");
  CHECK(at.at_the_desk().size() == 1);  // no more of them
  const auto again = at.at_desk.post(at.address(), {{"decision", "accident"}});
  CHECK(again.status == 403);  // decided once
  CHECK_FALSE(says(at.at_desk.page("/central-team"), "wrote two different versions"));
}

TEST_CASE("a fork that was made on purpose has its computer withdrawn", "[pages][desk][fork]") {
  Forked at;
  const auto refused = at.at_desk.fill_in(at.address(), {{"decision", "on-purpose"},
                                                         {"since-day", "40"},
                                                         {"since-month", "1"},
                                                         {"since-year", "2027"}});
  CHECK(refused.status == 422);
  CHECK(says(at.at_desk.done(at.address(), {{"decision", "on-purpose"}}),
             "The computer is withdrawn"));
  const auto* listed = at.list().node(at.prison.node->identity().node);
  CHECK(listed->revoked_in);
  CHECK(listed->reason == sync::RevocationReason::misused);
  must(at.desk.sync(at.hub));
  CHECK_FALSE(at.prison.sync(at.hub));
  CHECK(says(at.at_desk.page(at.address()), "The computer is withdrawn"));
}

TEST_CASE("the site is told that a fork was an accident, and what to do, at each of its computers",
          "[pages][desk][fork]") {
  Told at;
  const std::string decided = "came about by accident";
  for (TestSite* site : {&at.prison, &at.second}) CHECK_FALSE(says(at.notices(*site), decided));
  at.at_desk.done(at.address(), {{"decision", "accident"}});
  must(at.desk.sync(at.hub));
  for (TestSite* site : {&at.prison, &at.second, &at.partner}) must(site->sync(at.hub));
  const auto own = at.notices(at.prison);
  CHECK(says(own, "two versions of what this computer wrote came about by accident"));
  CHECK(says(own, "This computer writes on under new numbers now"));
  CHECK(says(own, "stop using one of the two"));
  const auto beside = at.notices(at.second);
  CHECK(says(beside, "two versions of what \"A PC\" wrote came about by accident"));
  CHECK(says(beside, "Once it has exchanged, it writes on under new numbers"));
  CHECK_FALSE(says(at.notices(at.partner), decided));
  CHECK(Told::by_command(at.second).find("stop using one of the two") != std::string::npos);
  CHECK(Told::by_command(at.partner).empty());

  must(at.desk.desk().renew());
  must(at.desk.sync(at.hub));
  must(at.second.sync(at.hub));
  // As where two programs on one store hear of it at once.
  sync::store::UnitOfWork work(at.second.node->database());
  sync::store::add_list_notices(work, {sync::store::ListNotice::accident},
                                at.second.node->directory().version() - 1, at.world.now_ms);
  must(work.commit());
  CHECK(Told::count(Told::by_command(at.second), decided) == 1);
  const auto visitor = at.at(at.second);
  CHECK(visitor.send(visitor.get("/notices"), "/notices", {}).status == 303);
  CHECK_FALSE(says(at.notices(at.second), decided));
  CHECK(Told::by_command(at.second).empty());
}

TEST_CASE("the site is told that a computer of its own was withdrawn, why, and what to do",
          "[pages][desk][fork]") {
  Told at;
  at.at_desk.done(at.address(), {{"decision", "on-purpose"},
                                 {"since-day", "1"},
                                 {"since-month", "11"},
                                 {"since-year", "2026"}});
  must(at.desk.sync(at.hub));
  for (TestSite* site : {&at.second, &at.partner}) must(site->sync(at.hub));
  const auto beside = at.notices(at.second);
  CHECK(says(beside, "The central team has withdrawn \"A PC\": misused"));
  CHECK(says(beside, "on are to be looked at"));
  CHECK(says(beside, "Leave it as it is, and ring the central team before anybody wipes it"));
  CHECK_FALSE(says(at.notices(at.partner), "has withdrawn"));
  CHECK(Told::by_command(at.second).find("has withdrawn") != std::string::npos);
  // It is refused at the exchange, and hears of it by a file.
  at.bring_list(at.prison);
  CHECK(says(at.notices(at.prison), "The central team has withdrawn this computer: misused"));
  CHECK(says(at.notices(at.prison), "Stop working on this computer"));
}

TEST_CASE("a computer that is let in later is not told what the list said before its time",
          "[pages][desk][fork]") {
  Told at;
  at.at_desk.done(at.address(), {{"decision", "on-purpose"}});
  TestSite third(at.world, "third", at.prison);
  at.desk.enrol(third, at.hub);
  must(at.desk.sync(at.hub));
  must(third.sync(at.hub));
  CHECK(third.node->directory().node(at.prison.node->identity().node)->revoked_in);
  CHECK(Told::by_command(third).empty());
}

}  // namespace throughgate::node::testing
