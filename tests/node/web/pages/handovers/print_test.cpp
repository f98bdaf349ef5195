// The page of a handover on paper: the one sheet that somebody takes to the gate.
#include <catch_amalgamated.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "node/web/assets/assets.h"
#include "tests/node/web/pages/handovers/handover_world.h"

namespace throughgate::node::testing {
namespace {

std::string words(std::size_t length) {
  std::string out;
  while (out.size() + 8 < length) out += out.size() % 3 == 0 ? "several " : "things ";
  return out + "end.";
}

Typed day(const std::string& field, const char* day, const char* month, const char* year) {
  return {{field + "-day", day}, {field + "-month", month}, {field + "-year", year}};
}

Typed operator+(Typed left, const Typed& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

// As much as a careful prison and partner write.
void fill(HandoverWorld& world, const std::string& address) {
  world.at_prison.done(address + "/change/person",
                       {{"known-as", "Lex"}, {"communication-needs", words(400)}});
  world.at_prison.done(address + "/change/risk",
                       Typed{{"risk-to-children", "RISK_LOW"},
                             {"risk-to-public", "RISK_MEDIUM"},
                             {"risk-to-known-adult", "RISK_HIGH"},
                             {"risk-to-self", "RISK_MEDIUM"},
                             {"risk-summary", words(500)},
                             {"risk-source", "Assessment by the practitioner"}} +
                           day("risk-reviewed-on", "1", "11", "2026"));
  world.at_prison.done(address + "/change/licence",
                       {{"licence-headline", words(350)},
                        {"first-appointment-at", "14:00"},
                        {"first-appointment-place", words(150)},
                        {"probation-contact", "Chris Made-Up, 07700 900155"}});
  world.at_prison.done(address + "/change/notes", {{"notes", words(3000)}});
  for (const char* kind : {"DO_NOT", "DO_NOT", "DO", "SUPPORT_NEED", "SUPPORT_NEED"}) {
    world.at_prison.done(
        address + "/flags/new",
        {{"kind", kind}, {"instruction", words(100)}, {"ring", "Duty desk, 07700 900199"}});
  }
  for (const char* pathway :
       {"FINANCE_AND_ID", "HEALTH", "EDUCATION_SKILLS_AND_WORK", "DRUGS_AND_ALCOHOL",
        "CHILDREN_FAMILIES_AND_COMMUNITY", "ATTITUDES_THINKING_AND_BEHAVIOUR"}) {
    world.at_prison.done(address + "/needs/new", {{"pathway", pathway},
                                                  {"need", words(90)},
                                                  {"status", "SUPPORT_REQUIRED"},
                                                  {"responsible", "PARTNER"}});
  }
  world.at_partner.done(address + "/plan", Typed{{"meeting-person", "PRESENT"},
                                                 {"meeting-prison", "PRESENT"},
                                                 {"meeting-partner", "BY_TELEPHONE"},
                                                 {"meeting-absent-because", words(100)},
                                                 {"meeting-place", words(150)},
                                                 {"meeting-time", "08:30"},
                                                 {"vehicle", "White van"},
                                                 {"gate-telephone", "07700 900144"},
                                                 {"backup-person", "Robin Made-Up, 07700 900133"},
                                                 {"property-note", words(100)},
                                                 {"medication", "Yes"},
                                                 {"first-night-address", words(150)}} +
                                               day("meeting-on", "20", "11", "2026"));
  world.sync_all();
}

void run(const std::string& command) {
  INFO(command);
  REQUIRE(std::system(command.c_str()) == 0);
}

std::string file(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

// As a browser would print it: number of pages, and the words on them.
struct Paper {
  std::string pages;
  std::string text;
};

Paper printed(const TemporaryFolder& folder, std::string page) {
  const std::string link =
      "<link rel=\"stylesheet\" href=\"" + std::string(web::embedded_assets().style.url) + "\">";
  const auto at = page.find(link);
  REQUIRE(at != std::string::npos);
  page.replace(at, link.size(),
               "<style>" + std::string(web::embedded_assets().style.plain) + "</style>");
  const std::string html = folder.path("sheet.html");
  const std::string pdf = folder.path("sheet.pdf");
  std::ofstream(html) << page;
  run("/usr/bin/chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
      "--disable-background-networking --disable-component-update --disable-sync "
      "--no-pdf-header-footer --user-data-dir=" +
      folder.path("profile") + " --print-to-pdf=" + pdf + " file://" + html + " 2>/dev/null");
  run("pdfinfo " + pdf + " > " + folder.path("info"));
  run("pdftotext -layout " + pdf + " " + folder.path("text"));
  const std::string info = file(folder.path("info"));
  const auto pages = info.find("Pages:");
  REQUIRE(pages != std::string::npos);
  const auto number = info.find_first_not_of(' ', pages + 6);
  return {info.substr(number, info.find('\n', number) - number), file(folder.path("text"))};
}

}  // namespace

TEST_CASE("a handover with much in it prints on one page, without what is for the screen",
          "[pages][print]") {
  HandoverWorld world;
  const auto address = world.accepted();
  fill(world, address);
  const auto sheet = printed(world.world.folder, world.at_partner.page(address));
  CHECK(sheet.pages == "1");
  for (const char* part :
       {"Page 1 of 1", "Alex Example, release 4 December 2026", "Do's and don'ts",
        "Risk in a few words", "Meeting time: 08:30", "07700 900133", "Who can see this",
        "Printed by Jo Made-Up", "Planned"}) {
    INFO(part);
    CHECK(sheet.text.find(part) != std::string::npos);
  }
  for (const char* part : {"What to do next", "Change", "Sign out", "Arrived at"}) {
    INFO(part);
    CHECK(sheet.text.find(part) == std::string::npos);
  }
}

TEST_CASE("where more is to be said than one page holds, each page says whose it is and which",
          "[pages][print]") {
  HandoverWorld world;
  const auto address = world.accepted();
  fill(world, address);
  for (int i = 0; i < 30; ++i) {
    world.at_prison.done(address + "/flags/new",
                         {{"kind", "DO_NOT"}, {"instruction", words(190)}, {"ring", "Duty desk"}});
  }
  const auto sheet = printed(world.world.folder, world.at_prison.page(address));
  CHECK(sheet.pages == "2");
  const auto second = sheet.text.find('\f') + 1;
  REQUIRE(second > 1);
  for (const auto& page : {sheet.text.substr(0, second), sheet.text.substr(second)}) {
    CHECK(page.find("Alex Example, A1234BC. Printed by Jo Made-Up") != std::string::npos);
  }
  CHECK(sheet.text.find("Page 1 of 2") < second);
  CHECK(sheet.text.find("Page 2 of 2") > second);
  CHECK(sheet.text.find("Page 2 of 2") != std::string::npos);
}

TEST_CASE("what was changed in two places is printed with both values and who said which",
          "[pages][print]") {
  HandoverWorld world;
  const auto address = world.accepted();
  world.at_prison.done(address + "/change/release", day("release-date", "10", "12", "2026"));
  world.at_partner.done(address + "/change/release", day("release-date", "15", "12", "2026"));
  world.at_prison.done(address + "/change/risk", {{"risk-to-public", "RISK_HIGH"}});
  world.at_partner.done(address + "/change/risk", {{"risk-to-public", "RISK_LOW"}});
  world.sync_all();
  const auto sheet = printed(world.world.folder, world.at_partner.page(address)).text;
  for (const char* part :
       {"Changed in two places: Expected release date.",
        "10 December 2026: Jo Made-Up, HMP Example (shown until then)",
        "15 December 2026: Jo Made-Up, Bridge Trust", "Changed in two places: Risk to the public.",
        "High: Jo Made-Up, HMP Example (shown until then)", "Low: Jo Made-Up, Bridge Trust"}) {
    INFO(part);
    CHECK(sheet.find(part) != std::string::npos);
  }
  CHECK(sheet.find("Decide which holds") == std::string::npos);
}

}  // namespace throughgate::node::testing
