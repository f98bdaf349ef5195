// A computer whose disk was copied and that lives on twice: seen at the desk by its own two
// signatures, and decided there.
#include <catch_amalgamated.hpp>
#include <filesystem>

#include "node/desk/forks.h"
#include "node/handovers/case_file.h"
#include "records/handover.pb.h"
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

}  // namespace throughgate::node::testing
