// Who is not let in to set a computer up, and what is not taken.
#include <catch_amalgamated.hpp>

#include "crypto/recovery_key.h"
#include "node/recovery_sheet.h"
#include "tests/node/web/pages/first_day/new_computer.h"
#include "tests/node/web/pages/page_world.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using sync::OrganisationKind;
using web::Route;
using web::first_day::Door;

namespace {

const std::string code_page = "/set-up";

// Every route but those that anybody may see without the code.
std::vector<Route> behind_the_door(NewComputer& at) {
  std::vector<Route> out;
  for (const auto& route : at.pages().responder().routes().all()) {
    if (route.pattern.starts_with("/set-up/")) out.push_back(route);
  }
  REQUIRE(out.size() >= 18);
  return out;
}

std::string wrong_code_of(const std::string& code) {
  auto out = code;
  out.back() = out.back() == 'A' ? 'B' : 'A';
  return out;
}

web::Response typed_code(NewComputer& at, const std::string& code) {
  return at.fill_in(code_page, {{"code", code}});
}

// The token of a browser that has seen the first page only.
std::string strangers_token(NewComputer& at) {
  const auto body = at.get(code_page).body;
  const std::string from = R"(name="csrf" value=")";
  const auto begin = body.find(from) + from.size();
  return body.substr(begin, body.find('"', begin) - begin);
}

}  // namespace

// ---- the code

TEST_CASE("without the code no page of a set-up shows or takes anything", "[first-day]") {
  NewComputer at;
  const auto token = strangers_token(at);
  for (const auto& route : behind_the_door(at)) {
    INFO(route.pattern);
    const auto seen =
        route.is_mutating() ? at.post(route.pattern, {{"csrf", token}}) : at.get(route.pattern);
    CHECK(seen.status == 303);
    CHECK(seen.location == code_page);
  }
  CHECK_FALSE(std::filesystem::exists(at.folder.path()));
  at.type_code();  // nobody has gone anywhere meanwhile
}

TEST_CASE("every other address leads to the code, or is none", "[first-day]") {
  NewComputer at;
  for (const char* address : {"/", "/sign-in"}) CHECK(at.get(address).location == code_page);
  for (const char* address : {"/volunteers", "/staff", "/sync"}) {
    CHECK(at.get(address).status == 404);
  }
}

TEST_CASE("a wrong code lets nobody in, and is told how many tries are left", "[first-day]") {
  NewComputer at;
  const auto refused = typed_code(at, wrong_code_of(at.told.back()));
  CHECK(refused.status == 422);
  CHECK(says(refused, "This is not the code that stands where the program was started"));
  CHECK(says(refused, "9 tries left"));
  CHECK_FALSE(says(refused, wrong_code_of(at.told.back())));
  CHECK(at.get("/set-up/which-computer").location == code_page);
  CHECK(typed_code(at, "  ").status == 422);
  CHECK(says(typed_code(at, wrong_code_of(at.told.back())), "8 tries left"));
  CHECK_FALSE(std::filesystem::exists(at.folder.path()));
  at.type_code();
}

TEST_CASE("after ten wrong codes the right one is good for nothing, until the program starts again",
          "[first-day]") {
  NewComputer at;
  const auto wrong = wrong_code_of(at.told.back());
  for (std::size_t i = 1; i < Door::tries_max; ++i) CHECK(typed_code(at, wrong).status == 422);
  CHECK(typed_code(at, wrong).status == 429);
  const auto token = strangers_token(at);
  const auto page = at.get(code_page);
  CHECK(page.status == 429);
  CHECK(says(page, "End the program where it was started"));
  const auto late = at.post(code_page, {{"csrf", token}, {"code", at.told.back()}});
  CHECK(late.status != 303);
  CHECK(at.get("/set-up/which-computer").location == code_page);
  CHECK(at.told.size() == 1);
  at.start();
  at.type_code();
}

TEST_CASE("a code is typed in any spelling", "[first-day]") {
  NewComputer at;
  std::string typed = " ";
  for (const char c : at.told.back()) {
    typed += c == '0' ? 'o' : c == '1' ? 'l' : c == '-' ? ' ' : static_cast<char>(std::tolower(c));
  }
  CHECK(typed_code(at, typed).status == 303);
}

TEST_CASE("the code is good once, and another browser neither goes on nor watches", "[first-day]") {
  NewComputer at;
  const auto token = strangers_token(at);
  const auto stranger = at.cookie;
  at.cookie.clear();
  at.be_first();
  const auto ours = at.cookie;
  at.cookie = stranger;
  const auto page = at.get(code_page);
  CHECK(page.status == 403);
  CHECK(says(page, "Somebody is setting this computer up"));
  CHECK(page.body.find("<form") == std::string::npos);
  const auto sent = at.post(code_page, {{"csrf", token}, {"code", at.told.back()}});
  CHECK(sent.status == 403);
  CHECK(says(sent, "It is good once"));
  for (const auto& route : behind_the_door(at)) {
    INFO(route.pattern);
    if (!route.is_mutating()) CHECK(at.get(route.pattern).location == code_page);
  }
  at.cookie = ours;
  at.keep_sheet();
  CHECK(at.choose_password().status == 303);
}

TEST_CASE("whoever put an id of theirs into the browser is not let in with it", "[first-day]") {
  NewComputer at;
  const std::string planted(64, 'a');
  at.cookie = planted;
  at.type_code();
  CHECK(at.cookie != planted);
  CHECK(at.get("/set-up/which-computer").status == 200);
  at.cookie = planted;
  CHECK(at.get("/set-up/which-computer").location == code_page);
}

TEST_CASE("whoever is away for half an hour begins again with another code", "[first-day]") {
  NewComputer at;
  at.be_first();
  const auto words = at.words_on_sheet();
  at.now_ms += Door::idle_ms_max - 1;
  CHECK(at.get("/set-up/recovery-sheet").status == 200);
  SECTION("as the next page finds") { at.now_ms += Door::idle_ms_max; }
  SECTION("as the program finds by itself") {
    at.now_ms += Door::idle_ms_max - 1;
    at.pages().look_at_clock();
    CHECK(at.told.size() == 1);
    at.now_ms += 1;
    at.pages().look_at_clock();
    CHECK(at.told.size() == 2);
  }
  SECTION("at once where the computer is about to sleep") {
    at.pages().forget();
    CHECK(at.told.size() == 2);
  }
  CHECK(at.get("/set-up/recovery-sheet").location == code_page);
  REQUIRE(at.told.size() == 2);
  CHECK(at.told.front() != at.told.back());
  at.cookie.clear();
  at.be_first();
  CHECK(at.words_on_sheet() != words);
}

TEST_CASE("a program that is told of sleep before anybody came keeps its code", "[first-day]") {
  NewComputer at;
  at.pages().forget();
  at.now_ms += 10 * Door::idle_ms_max;
  at.pages().look_at_clock();
  CHECK(at.told.size() == 1);
  at.type_code();
}

// ---- forged forms

TEST_CASE("no form of a set-up is taken without its token", "[first-day][csrf]") {
  NewComputer at;
  at.be_first();
  int mutating = 0;
  for (const auto& route : at.pages().responder().routes().all()) {
    if (!route.is_mutating()) continue;
    ++mutating;
    INFO(route.pattern);
    CHECK(at.post(route.pattern, {}).status == 403);
    CHECK(at.post(route.pattern, {{"csrf", std::string(64, '0')}}).status == 403);
    CHECK(at.post(route.pattern + "?csrf=" + at.token(), {}).status == 403);
  }
  CHECK(mutating >= 10);
}

TEST_CASE("no form of a set-up is taken from another origin, or under another name",
          "[first-day][csrf]") {
  NewComputer at;
  for (const auto& route : at.pages().responder().routes().all()) {
    if (!route.is_mutating()) continue;
    INFO(route.pattern);
    web::RequestHead head;
    head.method = web::Method::post;
    head.target = route.pattern;
    head.headers.add("Content-Length", "1");
    auto ours = head;
    ours.headers.add("Host", "127.0.0.1:8080");
    CHECK_FALSE(at.pages().responder().refuse(ours));
    for (const auto& [name, value] :
         std::vector<std::pair<std::string, std::string>>{{"Origin", "http://evil.example"},
                                                          {"Origin", "http://127.0.0.1:8081"},
                                                          {"Sec-Fetch-Site", "cross-site"},
                                                          {"Sec-Fetch-Site", "same-site"}}) {
      auto foreign = ours;
      foreign.headers.add(name, value);
      REQUIRE(at.pages().responder().refuse(foreign));
      CHECK(at.pages().responder().refuse(foreign)->status == 403);
    }
    head.headers.add("Host", "evil.example:8080");
    REQUIRE(at.pages().responder().refuse(head));
    CHECK(at.pages().responder().refuse(head)->status == 421);
  }
}

// ---- what is typed

TEST_CASE("a question without a good answer is asked again, and says why", "[first-day]") {
  NewComputer at;
  at.type_code();
  const auto refused = [&](const std::string& page, const Typed& typed, const char* words) {
    INFO(page << ", " << words);
    const auto response = at.fill_in("/set-up/" + page, typed);
    CHECK(response.status == 422);
    CHECK(says(response, words));
    CHECK(response.body.find("<title>Error: ") != std::string::npos);
  };
  refused("which-computer", {}, "Select which computer this is");
  refused("which-computer", {{"which-computer", "third"}}, "Select which computer this is");
  at.answer("/set-up/which-computer", {{"which-computer", "first"}});
  refused("kind", {}, "Select what organisation it is");
  at.answer("/set-up/kind", {{"kind", "prison"}});
  refused("prison", {}, "Select the prison");
  refused("prison", {{"prison", "ZZZ"}}, "Select the prison");
  at.answer("/set-up/prison", {{"prison", "LEI"}});
  refused("name", {{"name", " "}}, "Enter the name of the organisation");
  refused("name", {{"name", std::string(201, 'x')}}, "Enter the name of the organisation");
  at.answer("/set-up/name", {{"name", "Made-Up Place"}});
  refused("person", {{"person", ""}, {"sign-in", ""}}, "Enter the full name");
  refused("person", {{"person", "Mary Made-Up"}, {"sign-in", ""}}, "name");
  const auto again = at.fill_in("/set-up/person", {{"person", "Mary Made-Up"}, {"sign-in", ""}});
  CHECK(again.body.find("value=\"Mary Made-Up\"") != std::string::npos);
}

TEST_CASE("a sheet that is mistyped says which word, or that the number is another's",
          "[first-day]") {
  NewComputer at;
  crypto::SystemRandom random;
  const auto sheet = new_sheet(random);
  const auto another = new_sheet(random);
  const std::string words(crypto::recovery_words(sheet.recovery_key).view());
  const auto number = sheet_number(sheet.recovery_key, sheet.organisation);
  at.type_code();
  at.answer("/set-up/which-computer", {{"which-computer", "another"}});
  const auto refused = [&](const std::string& typed_number, const std::string& typed_words,
                           const char* why) {
    const auto response = at.fill_in("/set-up/organisations-sheet",
                                     {{"number", typed_number}, {"sheet-words", typed_words}});
    INFO(why << " in " << text_of_page(response));
    CHECK(response.status == 422);
    CHECK(says(response, why));
    CHECK(response.body.find(words.substr(0, 40)) == std::string::npos);
    CHECK(at.get("/set-up/kind").location == "/set-up/organisations-sheet");
  };
  refused(number, "", "there are 0 words");
  refused("", words, "Enter the organisation's number");
  refused(number, "xyzzy" + words.substr(words.find(' ')), "word 1: no sheet uses this");
  refused(number, words.substr(0, words.rfind(' ')), "there are 23 words");
  refused(sheet_number(another.recovery_key, another.organisation), words,
          "This is not the number on the recovery sheet");
  at.answer("/set-up/organisations-sheet", {{"number", number}, {"sheet-words", words}});
}

TEST_CASE("nothing is set up before words of the sheet were typed back", "[first-day]") {
  NewComputer at;
  at.be_first();
  const auto token = at.token();
  const auto skipped = [&](const char* wanted) {
    const auto response = at.post(
        "/set-up/password",
        {{"csrf", token}, {"new-password", long_password}, {"again-password", long_password}});
    CHECK(response.status == 303);
    CHECK(response.location == wanted);
    CHECK(std::filesystem::is_empty(at.folder.path()));
  };
  skipped("/set-up/recovery-sheet");
  CHECK(at.post("/set-up/words", {{"csrf", token}}).location == "/set-up/recovery-sheet");
  const auto words = at.words_on_sheet();
  at.answer("/set-up/recovery-sheet", {});
  skipped("/set-up/words");

  const auto empty = at.fill_in("/set-up/words", {});
  CHECK(empty.status == 422);
  CHECK(says(empty, "as the sheet has it"));
  skipped("/set-up/words");
  // All but one of them, and a word of the sheet that was not asked for.
  const auto page = at.get("/set-up/words").body;
  Typed typed;
  for (std::size_t i = 1; i <= words.size(); ++i) {
    const auto field = "word-" + std::to_string(i);
    if (page.find("name=\"" + field + "\"") != std::string::npos) {
      typed.emplace_back(field, words[i - 1]);
    }
  }
  REQUIRE(typed.size() == 3);
  for (auto& [field, word] : typed) {
    const auto right = word;
    word = right == words[0] ? words[1] : words[0];
    const auto response = at.fill_in("/set-up/words", typed);
    CHECK(response.status == 422);
    CHECK(response.body.find(right) == std::string::npos);
    skipped("/set-up/words");
    word = right;
  }
  typed.front().second[0] = static_cast<char>(std::toupper(typed.front().second[0]));
  CHECK(at.answer("/set-up/words", typed) == "/set-up/password");
  CHECK(at.choose_password().status == 303);
}

TEST_CASE("a weak password, or two that differ, set nothing up and stand in no page",
          "[first-day]") {
  NewComputer at;
  at.be_first();
  at.keep_sheet();
  const auto refused = [&](const std::string& first, const std::string& second, const char* why) {
    const auto response =
        at.fill_in("/set-up/password", {{"new-password", first}, {"again-password", second}});
    INFO(first << ": " << text_of_page(response));
    CHECK(response.status == 422);
    CHECK(says(response, why));
    if (!first.empty()) CHECK(response.body.find("value=\"" + first) == std::string::npos);
    if (first.size() > 8) CHECK(response.body.find(first) == std::string::npos);
    CHECK(std::filesystem::is_empty(at.folder.path()));
  };
  refused("", "", "12");
  refused("short one", "short one", "12");
  refused("password1234", "password1234", "common");
  refused(long_password, long_password + "!", "The two passwords differ");
  CHECK(at.choose_password().status == 303);
  at.open();
}

// ---- a store that is there

TEST_CASE("a store that another program made meanwhile is left alone", "[first-day]") {
  NewComputer at;
  const bool had_begun = GENERATE(false, true);
  if (had_begun) {
    at.be_first();
    at.keep_sheet();
  }
  const auto token = had_begun ? at.token() : strangers_token(at);
  NewNode theirs;
  theirs.site = {"HMP Elsewhere", "LEI"};
  theirs.staff_name = "Jo Made-Up";
  theirs.sign_in_name = "jo";
  theirs.password = crypto::SecretText(long_password);
  must(set_up(
      at.folder, at.accounts, theirs, [](const auto&, const auto&) { return true; },
      at.world.random, at.world.clock));
  const auto keys = must(read_file(at.folder.keys(), 1 << 20));
  const auto store = must(read_file(at.folder.store(), 1 << 24));

  const auto page = at.get(code_page);
  CHECK(page.status == 409);
  CHECK(says(page, "This computer is set up already"));
  CHECK(at.post(code_page, {{"csrf", token}, {"code", at.told.back()}}).status == 409);
  const auto sent = at.post(
      "/set-up/password",
      {{"csrf", token}, {"new-password", long_password}, {"again-password", long_password}});
  CHECK(sent.status == 409);
  CHECK(at.went_on == 0);
  CHECK(must(read_file(at.folder.keys(), 1 << 20)) == keys);
  CHECK(must(read_file(at.folder.store(), 1 << 24)) == store);
  at.open(long_password, "jo");
}

TEST_CASE("a folder that others may look into is refused before anything is asked", "[first-day]") {
  NewComputer at;
  std::filesystem::create_directory(at.folder.path());
  std::filesystem::permissions(at.folder.path(), std::filesystem::perms(0755));
  const auto refused = typed_code(at, at.told.back());
  CHECK(refused.status == 422);
  CHECK(says(refused, "The folder for the records cannot be used"));
  std::filesystem::permissions(at.folder.path(), std::filesystem::perms(0700));
  at.type_code();  // the same code
}
