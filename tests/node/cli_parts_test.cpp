#include <algorithm>
#include <catch_amalgamated.hpp>
#include <sstream>

#include "crypto/hash.h"
#include "crypto/random.h"
#include "node/cli/output.h"
#include "node/cli/review_item.h"
#include "node/cli/words.h"
#include "node/http_hub_client.h"
#include "node/recovery_sheet.h"
#include "node/settings.h"
#include "schema/options.pb.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::cli;
using sync::ErrorKind;

TEST_CASE("a table is aligned for people and an array of objects for programs", "[cli]") {
  const std::vector<std::vector<Value>> rows{{std::string("Siân"), std::uint64_t{3}, true},
                                             {std::string("Al"), std::uint64_t{12}, false}};
  std::ostringstream text;
  Output(text, false).table({"full name", "number", "here"}, rows, "nobody");
  CHECK(text.str() == "full name  number  here\nSiân       3       yes\nAl         12      no\n");
  std::ostringstream json;
  Output(json, true).table({"full name", "number", "here"}, rows, "nobody");
  CHECK(json.str() ==
        "[\n  {\"full_name\": \"Siân\", \"number\": 3, \"here\": true},\n"
        "  {\"full_name\": \"Al\", \"number\": 12, \"here\": false}\n]\n");
  std::ostringstream none;
  Output(none, false).table({"x"}, {}, "nobody");
  Output(none, true).table({"x"}, {}, "nobody");
  CHECK(none.str() == "nobody\n[]\n");
}

TEST_CASE("rows that no line holds are printed value by value, without what is empty", "[cli]") {
  const std::string many(200, 'x');
  std::ostringstream text;
  Output(text, false)
      .table({"field", "note", "value"},
             {{std::string("Risk"), std::string(), many},
              {std::string("Need"), std::string("new"), many}},
             "");
  CHECK(text.str() ==
        "field:  Risk\nvalue:  " + many + "\n\nfield:  Need\nnote:   new\nvalue:  " + many + "\n");
}

TEST_CASE("text from elsewhere cannot steer the terminal or break out of JSON", "[cli]") {
  const std::string nasty = "a\x1B[2Jb\nc\"\\\x7F\u009B5m";
  std::ostringstream text;
  Output(text, false).facts({{"name", nasty}});
  CHECK(text.str() == "name:  a?[2Jb?c\"\\??5m\n");
  for (const char* hidden : {"\u202E", "\u00AD", "\u200B", "\uFEFF"}) {
    std::ostringstream plain;
    Output(plain, false).facts({{"name", "Ev" + std::string(hidden) + "il"}});
    CHECK(plain.str() == "name:  Evil\n");
  }
  std::ostringstream shown;
  Output(shown, false).facts({{"name", std::string("\u00A0\u0080 \u009F \u00AE \u00BF \xC2")}});
  CHECK(shown.str() == "name:  \u00A0? ? \u00AE \u00BF \xC2\n");
  std::ostringstream parted;
  Output(parted, false).facts({{"name", std::string("Main\u2028gate\u0085here")}});
  CHECK(parted.str() == "name:  Main gate?here\n");
  CHECK(json_text(nasty) == "\"a\\u001b[2Jb\\u000ac\\\"\\\\\\u007f\u009B5m\"");
}

TEST_CASE("days, kinds and names are taken as people type them", "[cli]") {
  CHECK(*end_of_day_ms("1970-01-01") == 86'400'000);
  CHECK(*end_of_day_ms("4 December 2026") == *end_of_day_ms("2026-12-04"));
  CHECK(shown_time(*end_of_day_ms("2026-12-04")) == "2026-12-05 00:00 UTC");
  CHECK_FALSE(end_of_day_ms("2026-02-30"));
  CHECK(*kind_from_words("Prison") == sync::OrganisationKind::prison);
  CHECK_FALSE(kind_from_words("pub"));
  CHECK(*dossier_kinds_from_words({"case", "Volunteer-File"}) ==
        std::set<std::uint32_t>{schema::CASE, schema::VOLUNTEER_FILE});
  CHECK_FALSE(dossier_kinds_from_words({"dossier-kind-unspecified"}));
  CHECK(kinds_in_words({schema::CASE, schema::VOLUNTEER_FILE}) ==
        std::vector<std::string>{"volunteer-files", "handovers"});
  CHECK(*one_line("  HMP Made Up ") == "HMP Made Up");
  CHECK(*one_line("HMP \u202EMade Up\u202C") == "HMP Made Up");
  for (const char* wrong : {"", "  ", "two\nlines", "\xFF"}) CHECK_FALSE(one_line(wrong));
}

TEST_CASE("handovers are a kind of record that organisations agree on", "[cli]") {
  for (const char* typed : {"case", "handover", "handovers", "Handovers"}) {
    CAPTURE(typed);
    CHECK(*dossier_kinds_from_words({typed}) == std::set<std::uint32_t>{schema::CASE});
  }
  CHECK(*dossier_kinds_from_words({"volunteers", "vetting-notes"}) ==
        std::set<std::uint32_t>{schema::VOLUNTEER, schema::VETTING_NOTES});
}

TEST_CASE("a change is named by its digits or their beginning, and its own digits come first",
          "[cli]") {
  std::vector<sync::store::OpView> changes(3);
  for (auto& change : changes) change.id.entry = {0x3f, 0xa9, 0x1c, 0x02};
  changes[0].id.index = 10;
  changes[1].id.index = 1;
  changes[2].id.entry[1] = 0xaa;
  CHECK(change_meant(changes, "3fa91c02-1") == &changes[1]);
  CHECK(change_meant(changes, "3fa91c02-10") == &changes[0]);
  CHECK(change_meant(changes, "3FAA") == &changes[2]);
  for (const char* several_or_none :
       {"", "3fa", "3fa9", "3fa91c02-", "3fa91c02-2", "3faa1c02-00"}) {
    CAPTURE(several_or_none);
    CHECK(change_meant(changes, several_or_none) == nullptr);
  }
  changes[0].id.index = 1;  // two entries whose digits are the same
  CHECK(change_meant(changes, "3fa91c02-1") == nullptr);
}

TEST_CASE("every kind of record has a word for one and for several, and no others", "[cli]") {
  for (int kind = schema::DossierKind_MIN + 1; kind <= schema::DossierKind_MAX; ++kind) {
    const std::set<std::uint32_t> only{static_cast<std::uint32_t>(kind)};
    const auto words = kinds_in_words(only);
    CAPTURE(words);
    CHECK(*dossier_kinds_from_words(words) == only);
    const auto known = dossier_kinds_from_words({"pubs"}).error().message;
    CHECK(known.find(words[0]) != std::string::npos);
  }
  const auto typed =
      dossier_kinds_from_words({"Diaries", "diary", "person", "People", "volunteer files"});
  REQUIRE(typed);
  CHECK(*typed == std::set<std::uint32_t>{schema::DIARY, schema::PERSON, schema::VOLUNTEER_FILE});
  for (const char* wrong : {"Diarys", "persons", "cases", "handoverss", "s", ""}) {
    CAPTURE(wrong);
    CHECK_FALSE(dossier_kinds_from_words({wrong}));
  }
  CHECK(kinds_in_words({99}) == std::vector<std::string>{"99"});
}

TEST_CASE("the last day is the one that was typed", "[cli]") {
  CHECK(last_day(*end_of_day_ms("2027-12-04")) == "2027-12-04");
  CHECK(last_day(*end_of_day_ms("28 February 2027")) == "2027-02-28");
}

TEST_CASE("four digits or more begin an id", "[cli]") {
  const std::string whole = "0123456789abcdef0123456789abcdef";
  CHECK(id_beginning("84fb") == "84fb");
  CHECK(id_beginning(whole) == whole);
  CHECK(id_beginning("84Fb") == "84fb");
  for (const std::string& wrong :
       {std::string(), std::string("84f"), std::string("84fg"), whole + "0"}) {
    CAPTURE(wrong);
    CHECK_FALSE(id_beginning(wrong));
  }
  CHECK(code_from("lei") == "LEI");
  CHECK(code_from("M2-x") == "M2-X");
}

TEST_CASE("the words of a request are known in any case, and those that differ are named",
          "[desk]") {
  const std::string right = "able acid aged also area army away baby";
  for (const char* typed : {"able acid aged also area army away baby",
                            "Able, acid, aged, also; AREA army - away baby."}) {
    CAPTURE(typed);
    CHECK(check_words(right, typed));
  }
  const auto message = [&](const char* typed) { return check_words(right, typed).error().message; };
  CHECK(message("able acid").find("Type all eight words") != std::string::npos);
  CHECK(message("able acid").find("these are 2") != std::string::npos);
  CHECK(check_words(right, "").error().kind == ErrorKind::invalid);
  for (const char* typed : {"", right.c_str()}) {
    const auto nobody = check_words("", typed);
    REQUIRE_FALSE(nobody);
    CHECK(nobody.error().message.starts_with("They have not asked yet."));
  }
  CHECK(message("able acid aged ally area army away baby").starts_with("Word 4 is not that"));
  CHECK(message("able acid aged ally area army away body").starts_with("Words 4, 8 are not those"));
  CHECK(check_words(right, "baby able acid aged also area army away").error().kind ==
        ErrorKind::denied);
}

TEST_CASE("a mistyped number of an organisation, or another's sheet, is found at once", "[setup]") {
  crypto::SystemRandom random;
  const auto sheet = crypto::BoxKey::generate(random);
  const auto other = crypto::BoxKey::generate(random);
  const auto id = sync::OrganisationId::random(random);
  const auto number = sheet_number(sheet, id);
  CHECK(number.size() == 44);
  const auto check =
      crypto::hash(crypto::Context{"tg sheet number"}, {id.view(), sheet.public_key()});
  const std::string digits = crypto::to_hex(crypto::ByteView(check).first(2));
  CHECK(number.ends_with("-" + digits));
  CHECK(recovery_sheet(sheet, "HMP Made Up", id).view().find(number) != std::string_view::npos);
  std::string spaced = number;
  std::replace(spaced.begin(), spaced.end(), '-', ' ');
  // An older sheet has no check digits.
  for (const std::string& typed : {number, spaced, id.hex(), number.substr(0, 39)}) {
    CAPTURE(typed);
    const auto read = organisation_on_sheet(sheet, typed);
    REQUIRE(read);
    CHECK(*read == id);
  }
  CHECK_FALSE(organisation_on_sheet(other, number));
  CHECK_FALSE(organisation_on_sheet(sheet, number.substr(0, number.size() - 2)));
  CHECK_FALSE(organisation_on_sheet(sheet, id.hex().substr(0, 31)));
  CHECK_FALSE(organisation_on_sheet(sheet, id.hex().substr(0, 30)));
  CHECK_FALSE(organisation_on_sheet(sheet, ""));
  for (std::size_t at = 0; at < number.size(); ++at) {
    if (number[at] == '-') continue;
    std::string slipped = number;
    slipped[at] = slipped[at] == '0' ? '1' : '0';
    CAPTURE(at);
    CHECK_FALSE(organisation_on_sheet(sheet, slipped));
  }
}

TEST_CASE("a setting that this program does not know is refused by name", "[settings]") {
  CHECK(parse_settings("[hub]\nurl = \"https://x.example.org\"\n")->hub_url ==
        "https://x.example.org");
  CHECK(parse_settings("")->codes == Settings{}.codes);
  const auto unknown = parse_settings("[hub]\nulr = \"x\"\n");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message.find("hub.ulr") != std::string::npos);
  CHECK_FALSE(parse_settings("[hub]\nurl = 3\n"));
  CHECK(parse_settings("[pages]\nwipe_on_lock = true\n")->wipe_on_lock);
  CHECK_FALSE(parse_settings("[pages]\nwipe_on_lock = \"yes\"\n"));
  CHECK_FALSE(parse_settings("url = \"x\"\n"));
  CHECK_FALSE(parse_settings("[hub\n"));
  CHECK_FALSE(parse_settings("[(hub)]\n"));
  CHECK_FALSE(parse_settings(std::string(70'000, '\n')));
}

TEST_CASE("the example of settings holds every setting with its default", "[settings]") {
  const auto read = read_settings(EXAMPLE_SETTINGS);
  REQUIRE(read);
  CHECK(read->hub_url == Settings{}.hub_url);
  CHECK(read->hub_certificate == Settings{}.hub_certificate);
  CHECK(read->codes == Settings{}.codes);
  CHECK(read->wipe_on_lock == Settings{}.wipe_on_lock);
  CHECK(read->lock_after_minutes == Settings{}.lock_after_minutes);
}

TEST_CASE("pages lock after 5 minutes, or as many as the settings say, from 1 to 60",
          "[settings]") {
  const auto read = [](const std::string& minutes) {
    return parse_settings("[pages]\nlock_after_minutes = " + minutes + "\n");
  };
  CHECK(Settings{}.lock_after_minutes == 5);
  for (const char* good : {"1", "15", "60"}) {
    INFO(good);
    REQUIRE(read(good));
    CHECK(std::to_string(read(good)->lock_after_minutes) == good);
  }
  for (const char* wrong : {"0", "61", "-5", "2.5", "\"5\"", "true"}) {
    INFO(wrong);
    REQUIRE_FALSE(read(wrong));
    CHECK(read(wrong).error().message.find("from 1 to 60") != std::string::npos);
  }
}

TEST_CASE("plain http goes to this machine only, and addresses that mislead are refused",
          "[hub client]") {
  for (const char* good : {"http://127.0.0.1:8480", "http://localhost", "http://[::1]:8480/",
                           "https://exchange.example.org", "https://exchange.example.org:8443/"}) {
    INFO(good);
    CHECK(HttpHubClient::open(good, ""));
  }
  for (const char* wrong : {"http://exchange.example.org", "http://127.0.0.1.example.org",
                            "http://localhost@example.org", "http://localhost:80@example.org",
                            "https://x.example.org/path", "https://x.example.org?a", "https://",
                            "ftp://127.0.0.1", "127.0.0.1:8480", "https://x:port", "https://x:", "",
                            "http://10.0.0.1", "http://[::1", "https://x y"}) {
    INFO(wrong);
    const auto opened = HttpHubClient::open(wrong, "");
    REQUIRE_FALSE(opened);
    CHECK(opened.error().kind == ErrorKind::invalid);
  }
}

TEST_CASE("a hub that is not there is unavailable", "[hub client]") {
  const auto client = HttpHubClient::open("http://127.0.0.1:1", "");
  REQUIRE(client);
  const auto answer = (*client)->call(HubClient::Endpoint::hello, {});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::unavailable);
}
