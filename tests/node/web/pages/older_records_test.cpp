// A second computer of an organisation holds records that it cannot open yet: its pages say so, and
// open them with the words of the recovery sheet.
#include "node/older_records.h"

#include <catch_amalgamated.hpp>

#include "crypto/recovery_key.h"
#include "node/audit.h"
#include "node/audit_words.h"
#include "node/volunteers/recorded.h"
#include "node/web/pages/joining/joining_pages.h"
#include "node/web/pages/pages.h"
#include "node/web/pages/volunteers/volunteer_pages.h"
#include "sync/store/sheet_keys.h"
#include "tests/node/web/pages/lent_hub.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {
namespace {

const std::string older = "/older-records";

std::string words_of(const crypto::BoxKey& sheet) {
  return std::string(crypto::recovery_words(sheet).view());
}

// The same 24 words with one changed.
std::string with_word(const std::string& words, std::size_t number, const std::string& other) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t begin = 0; begin < words.size(); ++at) {
    const auto end = std::min(words.find(' ', begin), words.size());
    if (at > 0) out += ' ';
    out += at + 1 == number ? other : words.substr(begin, end - begin);
    begin = end + 1;
  }
  return out;
}

sync::DossierId person(RecordService& records, const std::string& given_name, const By& by) {
  return must(records.new_record(*record_type("person"),
                                 {{"given-name", given_name}, {"family-name", "Lockedaway"}}, by))
      .record.dossier;
}

// A prison with people and a handover that the partner has, and its second computer, which has
// exchanged once. Of the people the central team has no keys, so that it gives none either.
struct SecondComputer : PageWorld {
  std::unique_ptr<TestSite> spare;
  std::unique_ptr<StorePool> stores;
  std::unique_ptr<SyncLoop> loop;

  SecondComputer() {
    shared_handover();
    auto at_prison = records(prison);
    for (const char* name : {"Al", "Bo"}) person(at_prison, name, by(prison));
    sync_all();
    spare = std::make_unique<TestSite>(world, "Spare", prison);
    desk.enrol(*spare, hub);
    must(spare->sync(hub));
    stores = std::make_unique<StorePool>(spare->folder.store(), world.random, world.clock);
    loop = std::make_unique<SyncLoop>(
        *stores,
        [this](OpenNode&) -> sync::Result<std::unique_ptr<HubClient>> {
          return std::unique_ptr<HubClient>(std::make_unique<LentHub>(hub));
        },
        spare->folder, std::chrono::seconds(0));
  }
  Visitor visitor(const std::string& who = "jo") {
    return {*spare,
            codes,
            {web::add_home_page, web::add_search_page, web::add_volunteer_pages,
             web::add_handover_pages,
             [this](web::SitePages& pages) {
               web::add_sync_pages(pages, *loop);
               web::add_joining_pages(pages, {spare->folder});
               web::add_older_records_pages(pages, spare->folder);
             }},
            who};
  }
  std::string words() const { return words_of(*prison.sheet); }
  std::uint64_t closed() const { return must(closed_records(*spare->node)); }
  OlderRecords standing() const { return must(older_records(*spare->node)); }
  std::vector<AuditRow> rows() const { return must(Audit(*spare->node).list({}, 50)); }
  std::vector<AuditRow> openings() const {
    auto out = rows();
    std::erase_if(out, [](const auto& row) { return row.act != AuditAct::opened_with_sheet; });
    return out;
  }
  // As if no key had ever come, for this computer or for the sheet.
  static void take_keys_away(OpenNode& node) {
    for (const char* sql :
         {"DELETE FROM envelope_list", "DELETE FROM dossier_key", "UPDATE entry SET content = 0"}) {
      alter(node, sql);
    }
  }
  static void alter(OpenNode& node, const char* sql) {
    sync::store::UnitOfWork work(node.database());
    work.run(sql);
    must(work.commit());
  }
};

// Of whatever the visitor sees, no page holds a word of these.
void holds_none_of(const web::Response& page, const std::string& words) {
  CHECK(page.body.find(words) == std::string::npos);
  CHECK(page.body.find(words.substr(0, words.find(' ', 12))) == std::string::npos);
  CHECK(page.location.find("sheet-words") == std::string::npos);
}

}  // namespace

TEST_CASE("where records are missed the pages say that some cannot be opened yet, and why",
          "[pages][older]") {
  SecondComputer at;
  const auto visitor = at.visitor();
  REQUIRE(at.closed() > 1);
  for (const char* page :
       {"/", "/volunteers", "/handovers", "/search?q=Lockedaway", "/sync", "/joining"}) {
    INFO(page);
    CHECK(visitor.page(page).find("href=\"/older-records\"") != std::string::npos);
  }
  const auto number = std::to_string(at.closed());
  CHECK(says(visitor.get("/"), number + " records cannot be opened yet: what they wait for"));
  CHECK(says(visitor.get("/handovers"), number + " records cannot be opened yet"));
  const auto page = visitor.get(older);
  CHECK(says(page, number + " records cannot be opened yet"));
  CHECK(says(page, "opens " + number + " records at once"));
  CHECK(says(page,
             "Without the sheet they open by themselves, once another computer of HMP Example "
             "has exchanged, and then this one."));
  CHECK(tag_with(page, "name=\"sheet-words\"").find("spellcheck=\"false\"") != std::string::npos);

  must(at.prison.sync(at.hub));
  must(at.spare->sync(at.hub));
  REQUIRE(at.closed() == 0);
  for (const char* now :
       {"/", "/volunteers", "/handovers", "/search?q=Lockedaway", "/sync", "/joining"}) {
    INFO(now);
    CHECK(visitor.page(now).find("href=\"/older-records\"") == std::string::npos);
  }
  CHECK(says(visitor.get(older), "Every record here is open"));
  CHECK_FALSE(says(visitor.get(older), "24 words"));
}

TEST_CASE("an administrator opens older records by a page, with the words of the recovery sheet",
          "[pages][older]") {
  SecondComputer at;
  const auto visitor = at.visitor();
  const auto closed = at.closed();
  CHECK(says(visitor.get("/search?q=Lockedaway"), "No name, skill or place"));
  const auto page = visitor.done(older, {{"sheet-words", at.words()}});
  CHECK(says(page, "The recovery sheet has opened older records"));
  CHECK(says(page, "Every record here is open"));
  CHECK(at.closed() == 0);
  CHECK(says(visitor.get("/search?q=Lockedaway"), "Bo Lockedaway"));
  CHECK_FALSE(at.spare->node->identity().recovery_secret.has_value());

  const auto rows = at.openings();
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].actor == at.spare->actor().id);
  CHECK(rows[0].count == closed);
  const auto in_words = words_of(rows[0], {});
  CHECK(in_words.what == "Opened older records with the recovery sheet");
  CHECK(in_words.fields == std::to_string(closed) + " records");
  must(Audit(*at.spare->node).check());

  // From a page that was left open: it opens nothing more, and that is written down nowhere.
  const auto again = visitor.post(older, {{"sheet-words", at.words()}});
  REQUIRE(again.status == 303);
  CHECK(says(visitor.page(again.location), "opened nothing more"));
  CHECK(at.openings().size() == 1);
  must(at.spare->sync(at.hub));
}

TEST_CASE("words in any of the sheet's spellings open older records", "[pages][older]") {
  SecondComputer at;
  std::string typed;
  const auto words = at.words();
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < words.size();) {
    const auto end = std::min(words.find(' ', begin), words.size());
    ++number;
    typed += std::to_string(number) + " " +
             words.substr(begin, std::min<std::size_t>(end - begin, 4)) +
             (number % 4 == 0 ? "\r\n" : "  ");
    begin = end + 1;
  }
  REQUIRE(at.visitor().post(older, {{"sheet-words", typed}}).status == 303);
  CHECK(at.closed() == 0);
}

TEST_CASE("what is wrong with the words is said plainly, and the words stand in no page",
          "[pages][older]") {
  SecondComputer at;
  const auto visitor = at.visitor();
  const auto closed = at.closed();
  const auto words = at.words();
  const auto tried = [&](const std::string& typed) {
    at.world.now_ms += 16ull * 60 * 1000;  // none has to wait
    auto page = visitor.fill_in(older, {{"sheet-words", typed}});
    CHECK(page.status == 422);
    CHECK(says(page, "There is a problem"));
    CHECK(page.body.find("href=\"#sheet-words\"") != std::string::npos);
    if (!typed.empty()) holds_none_of(page, typed);
    holds_none_of(page, words);
    CHECK(at.closed() == closed);
    return page;
  };
  CHECK(says(tried(""), "Type the 24 words of the recovery sheet"));
  CHECK(says(tried(words.substr(0, words.rfind(' '))), "There are 23 words, and a recovery sheet"));
  CHECK(says(tried(with_word(words, 7, "hamstr")), "Word 7: no sheet uses this"));
  CHECK(says(tried(with_word(with_word(words, 7, "hamstr"), 9, "x")), "Word 7, word 9: no sheet"));
  const std::string other = words.starts_with("abandon") ? "ability" : "abandon";
  CHECK(says(tried(with_word(words, 1, other)), "together they are no sheet"));
  CHECK(says(tried(words + std::string(1024, ' ') + "more"), "longer than a recovery sheet's"));
  const auto anothers = tried(words_of(*at.partner.sheet));
  CHECK(says(anothers, "This recovery sheet is another organisation's: Bridge Trust."));
  CHECK(says(anothers, "Take the sheet of HMP Example, whose number begins with " +
                           at.spare->node->identity().organisation.hex().substr(0, 4)));
  CHECK(says(tried(words_of(crypto::BoxKey::generate(at.world.random))),
             "is not that of your organisation, nor another organisation's"));
  CHECK(at.openings().empty());
}

TEST_CASE("tries with a recovery sheet are limited, and a restart forgets none", "[pages][older]") {
  SecondComputer at;
  const auto wrong = words_of(*at.partner.sheet);
  for (int tries = 0; tries < 5; ++tries) {
    CHECK(says(at.visitor().post(older, {{"sheet-words", wrong}}), "another organisation's"));
  }
  const auto waits = at.visitor().post(older, {{"sheet-words", at.words()}});
  CHECK(waits.status == 422);
  CHECK(says(waits, "Too many wrong tries with a recovery sheet. Wait 1 minute, then try again."));
  CHECK(at.closed() > 0);
  at.world.now_ms += 16'000;
  CHECK(at.visitor().post(older, {{"sheet-words", at.words()}}).status == 303);
  CHECK(at.closed() == 0);
  // Nobody who signs in has to wait for it.
  must(at.spare->accounts.sign_in("jo", good_password, at.world.clock));
}

TEST_CASE("whoever may not join this computer opens nothing with a sheet, and is told who may",
          "[pages][older][permissions]") {
  SecondComputer at;
  const Account account{"sam",
                        sync::ActorId::random(at.world.random),
                        "Sam Made-Up",
                        {"coordinator", "supervisor", "handover_worker"}};
  const auto key = must(at.spare->accounts.sign_in("jo", good_password, at.world.clock));
  must(at.spare->accounts.set_password("sam", good_password, key));
  must(Staff(*at.spare->node).set_account(account));
  const auto visitor = at.visitor("sam");
  const auto page = visitor.get(older);
  CHECK(page.status == 200);
  CHECK(says(page, "records cannot be opened yet"));
  CHECK(says(page, "Ask somebody who looks after this computer"));
  CHECK(tag_with(page, "name=\"sheet-words\"").empty());
  CHECK(visitor.post(older, {{"sheet-words", at.words()}}).status == 403);
  CHECK(at.closed() > 0);
}

TEST_CASE("what the sheet does not open is said with what it waits for", "[pages][older]") {
  SecondComputer at;
  const auto visitor = at.visitor();
  at.take_keys_away(*at.spare->node);
  const auto closed = at.closed();
  CHECK(at.standing().for_sheet == 0);
  const auto page = visitor.get(older);
  CHECK(says(page, "The recovery sheet opens none of them"));
  CHECK(says(page, std::to_string(closed) +
                       " records wait for their keys from another computer of HMP Example. They "
                       "come once that has exchanged, and then this computer."));
  CHECK(tag_with(page, "name=\"sheet-words\"").empty());
  const auto right = visitor.post(older, {{"sheet-words", at.words()}});
  REQUIRE(right.status == 303);
  CHECK(says(visitor.get(right.location), "opened nothing more"));
  CHECK(says(visitor.post(older, {{"sheet-words", words_of(*at.partner.sheet)}}),
             "another organisation's"));
  CHECK(at.closed() == closed);

  at.take_keys_away(*at.partner.node);
  const auto at_partner = must(older_records(*at.partner.node));
  CHECK(std::any_of(at_partner.awaited.begin(), at_partner.awaited.end(), [](const auto& line) {
    return line.starts_with("1 record waits for its key from HMP Example. It comes once");
  }));
}

TEST_CASE("once the first computer is withdrawn, keys come from the central team or from nobody",
          "[pages][older]") {
  SecondComputer at;
  const auto visitor = at.visitor();
  must(at.desk.desk().revoke(at.prison.node->identity().node, sync::RevocationReason::lost, 0));
  must(at.desk.sync(at.hub));
  must(at.spare->sync(at.hub));
  at.take_keys_away(*at.spare->node);
  const auto alone = visitor.get(older);
  CHECK(says(alone, "from the central team"));
  CHECK(says(alone, "which no computer is left to give"));
  CHECK_FALSE(says(alone, "another computer of HMP Example"));

  at.alter(*at.spare->node, "UPDATE dossier SET heard = length + 1");
  CHECK(says(visitor.get(older), "not reached this computer whole"));
}

TEST_CASE("where no other computer is left, the page promises none, and the sheet opens all",
          "[pages][older]") {
  SecondComputer at;
  const auto visitor = at.visitor();
  must(at.desk.desk().revoke(at.prison.node->identity().node, sync::RevocationReason::stolen, 0));
  must(at.desk.sync(at.hub));
  must(at.spare->sync(at.hub));
  REQUIRE(at.closed() > 0);
  CHECK(at.standing().for_sheet == at.closed());
  CHECK_FALSE(says(visitor.get(older), "Without the sheet"));
  CHECK(says(visitor.done(older, {{"sheet-words", at.words()}}), "Every record here is open"));
  must(at.spare->sync(at.hub));
  CHECK(at.closed() == 0);
}

TEST_CASE("many older records open in portions, each with the row that says who did it",
          "[pages][older]") {
  PageWorld at;
  auto records = at.records(at.prison);
  for (int each = 0; each < 120; ++each) {
    person(records, std::to_string(each), at.by(at.prison));
  }
  at.sync_all();
  TestSite spare(at.world, "Spare", at.prison);
  at.desk.enrol(spare, at.hub);
  must(spare.sync(at.hub));
  const auto closed = must(closed_records(*spare.node));
  REQUIRE(closed > 120);
  CHECK(must(open_older_records(*spare.node, *at.prison.sheet, spare.actor().id)) == closed);
  const auto rows = must(Audit(*spare.node).list({}, 50));
  REQUIRE(rows.size() == 2);
  CHECK(rows[1].count == 100);
  CHECK(rows[0].count == closed - 100);
}

}  // namespace throughgate::node::testing
