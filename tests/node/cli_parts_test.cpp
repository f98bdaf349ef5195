#include <catch_amalgamated.hpp>
#include <sstream>

#include "node/cli/output.h"
#include "node/cli/words.h"
#include "node/http_hub_client.h"
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

TEST_CASE("text from elsewhere cannot steer the terminal or break out of JSON", "[cli]") {
  const std::string nasty = "a\x1B[2Jb\nc\"\\\x7F\u009B5m";
  std::ostringstream text;
  Output(text, false).facts({{"name", nasty}});
  CHECK(text.str() == "name:  a?[2Jb?c\"\\??5m\n");
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
  CHECK(words_of({schema::CASE, schema::VOLUNTEER_FILE}) ==
        std::vector<std::string>{"volunteer-file", "case"});
  CHECK(*one_line("  HMP Made Up ") == "HMP Made Up");
  for (const char* wrong : {"", "  ", "two\nlines", "\xFF"}) CHECK_FALSE(one_line(wrong));
}

TEST_CASE("a setting that this program does not know is refused by name", "[settings]") {
  CHECK(parse_settings("[hub]\nurl = \"https://x.example.org\"\n")->hub_url ==
        "https://x.example.org");
  CHECK(parse_settings("")->codes == Settings{}.codes);
  const auto unknown = parse_settings("[hub]\nulr = \"x\"\n");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message.find("hub.ulr") != std::string::npos);
  CHECK_FALSE(parse_settings("[hub]\nurl = 3\n"));
  CHECK_FALSE(parse_settings("url = \"x\"\n"));
  CHECK_FALSE(parse_settings("[hub\n"));
  CHECK_FALSE(parse_settings(std::string(70'000, '\n')));
}

TEST_CASE("the example of settings holds every setting with its default", "[settings]") {
  const auto read = read_settings(EXAMPLE_SETTINGS);
  REQUIRE(read);
  CHECK(read->hub_url == Settings{}.hub_url);
  CHECK(read->hub_certificate == Settings{}.hub_certificate);
  CHECK(read->codes == Settings{}.codes);
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
