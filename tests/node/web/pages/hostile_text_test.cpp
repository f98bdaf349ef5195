// Texts that would be something else than text, in real records: what the pages that show them are
// made of stays the same, and what is looked for is words and nothing else.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cctype>
#include <set>

#include "node/search.h"
#include "node/sharing/late.h"
#include "node/web/components/filter_box.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/pages.h"
#include "records/handover.pb.h"
#include "tests/node/web/pages/page_world.h"
#include "tests/node/web/xss_payloads.h"

namespace throughgate::node::testing {
namespace {

using namespace web;

bool ends_name(char letter) {
  return letter == ' ' || letter == '\n' || letter == '>' || letter == '/' || letter == '=';
}

// Of a tag: its element and the names of its attributes, "a class href".
std::string shape_of(const std::string& tag) {
  std::string out;
  bool in_value = false;
  bool in_name = true;
  for (const char letter : tag) {
    if (letter == '"') {
      in_value = !in_value;
    } else if (!in_value) {
      const bool ends = ends_name(letter);
      if (!ends && !in_name) out += ' ';
      if (!ends) out += letter;
      in_name = !ends;
    }
  }
  return out;
}

// The tags of a page as a browser takes it apart, sorted: what happened in the same moment is told
// in any order. Our pages quote every value.
std::vector<std::string> shapes_of(const std::string& page) {
  std::vector<std::string> out;
  for (auto at = page.find('<'); at != std::string::npos; at = page.find('<', at)) {
    bool in_value = false;
    auto end = at + 1;
    for (; end < page.size() && (in_value || page[end] != '>'); ++end) {
      if (page[end] == '"') in_value = !in_value;
    }
    out.push_back(shape_of(page.substr(at + 1, end - at - 1)));
    at = end;
  }
  std::sort(out.begin(), out.end());
  return out;
}

struct Hostile : PageWorld {
  Visitor at_prison{prison,
                    codes,
                    {add_home_page, add_search_page, add_volunteer_pages, add_handover_pages,
                     add_notice_pages, add_conflict_pages, add_late_pages}};

  // Records that hold this text wherever one can be typed; the pages that show them. None: it is
  // refused as no text.
  std::vector<std::string> pages_with(const std::string& text) {
    auto here = records(prison);
    const auto who = by(prison, text);
    const auto volunteer =
        here.new_record(*record_type("volunteer"),
                        {{"given-name", text}, {"family-name", text}, {"known-as", text}}, who);
    if (!volunteer) return {};
    const auto id = complete_draft();
    for (const char* field :
         {"given-name", "family-name", "licence-headline", "contact-route", "notes"}) {
      set(prison, id, field, text, text);
    }
    const auto flag = must(
        here.new_record_in(id, *record_type("flag"), {{"kind", "Do"}, {"instruction", text}}, who));
    const auto person = "/volunteers/" + volunteer->record.dossier.hex();
    const auto handover = "/handovers/" + id.hex();
    return {person,
            person + "/change",
            person + "/history",
            person + "/stage",
            person + "/add/volunteer-file",
            handover,
            handover + "/change/person",
            handover + "/change/licence",
            handover + "/change/notes",
            handover + "/flags/" + flag.record.record.hex(),
            handover + "/basis",
            handover + "/share",
            handover + "/stop"};
  }
};

// The addresses that a page leads to and that begin so.
std::vector<std::string> led_to(const std::string& page, const std::string& beginning) {
  std::vector<std::string> out;
  const std::string link = "href=\"" + beginning;
  for (auto at = page.find(link); at != std::string::npos; at = page.find(link, at + 1)) {
    const auto from = at + std::string("href=\"").size();
    out.push_back(page.substr(from, page.find('"', from) - from));
  }
  return out;
}

// What comes after a search, a list or a form may be longer, but is made of nothing else.
void only_known(const std::set<std::string>& known, const std::string& page) {
  for (const auto& shape : shapes_of(page)) {
    INFO(shape);
    CHECK(known.contains(shape));
  }
}

std::string query_of(const std::string& text) { return query_url("/search", {{"q", text}}).str(); }

const std::vector<std::string> searches{"OR",
                                        "alex OR bob",
                                        "alex AND example",
                                        "alex NOT example",
                                        "NEAR(alex",
                                        "NEAR(alex bob, 5)",
                                        "^alex",
                                        "alex*",
                                        "*",
                                        "al*ex",
                                        "\"alex",
                                        "\"alex example\"",
                                        "\"\"",
                                        "'",
                                        "''",
                                        "' OR 1=1 --",
                                        "'; DROP TABLE entry; --",
                                        "%",
                                        "_",
                                        "alex%",
                                        "text:alex",
                                        "{text class}:alex",
                                        "- text : alex",
                                        "(alex",
                                        "alex)",
                                        "alex + bob",
                                        "a:b:c",
                                        "\\",
                                        "alex\\",
                                        "?1",
                                        ":x",
                                        "@x",
                                        "$x",
                                        "\x01",
                                        "alex\tbob",
                                        "UNION SELECT",
                                        "1; ATTACH 'x' AS y",
                                        "/*alex*/",
                                        "alex--",
                                        "[alex]",
                                        "`alex`",
                                        "alex^2",
                                        "\xC3\xA9"};

// The words of a text as a search takes them apart: letters and digits, in small letters.
std::vector<std::string> words_in(const std::string& text) {
  std::vector<std::string> out;
  bool in_word = false;
  for (const char letter : text) {
    const auto code = static_cast<unsigned char>(letter);
    const bool counts = std::isalnum(code) != 0 || code >= 0x80;
    if (counts && !in_word) out.emplace_back();
    if (counts) out.back() += static_cast<char>(std::tolower(code));
    in_word = counts;
  }
  return out;
}

// Does each of the words typed begin one of this name?
bool holds_all(const std::string& name, const std::string& typed) {
  const auto own = words_in(name);
  const auto asked = words_in(typed);
  return std::all_of(asked.begin(), asked.end(), [&](const std::string& word) {
    return std::any_of(own.begin(), own.end(),
                       [&](const std::string& each) { return each.starts_with(word); });
  });
}

}  // namespace

TEST_CASE("no attack in any text of a record changes what the pages that show it are made of",
          "[pages][hostile]") {
  Hostile world;
  for (int i = 0; i < 50; ++i) world.pages_with("Harmless");  // the lists go on on a second page
  const auto plain = world.pages_with("Harmless");
  std::vector<std::vector<std::string>> wanted;
  for (const auto& page : plain) wanted.push_back(shapes_of(world.at_prison.page(page)));
  std::set<std::string> known;
  const std::vector<std::string> lists{"/", "/volunteers", "/handovers", "/volunteers?q=harmless",
                                       query_of("harmless")};
  for (const auto& list : lists) {
    for (const auto& shape : shapes_of(world.at_prison.page(list))) known.insert(shape);
  }
  std::size_t taken = 0;
  for (const std::string attack : xss_payloads) {
    const auto pages = world.pages_with(attack);
    if (!pages.empty()) ++taken;
    for (std::size_t i = 0; i < pages.size(); ++i) {
      INFO(attack << " on " << plain[i]);
      CHECK((shapes_of(world.at_prison.page(pages[i])) == wanted[i]));
    }
    for (const auto& list : {std::string("/volunteers"), std::string("/handovers")}) {
      INFO(attack << " on " << list);
      only_known(known, world.at_prison.page(list));
    }
  }
  CHECK(taken >= 55);
  CHECK(says(world.at_prison.page("/volunteers?q=script"), "<script>alert(1)</script>"));
}

TEST_CASE(
    "no attack in a value changed in two places, or written too late, changes the pages that show "
    "it",
    "[pages][hostile]") {
  Hostile world;
  const auto& partner = world.partner.node->identity().organisation;
  std::set<std::string> known;  // that lists are made of, with nothing but harmless texts
  bool is_learning = true;
  const auto look = [&](const std::string& list) {
    const auto page = world.at_prison.page(list);
    if (!is_learning) return only_known(known, page);
    for (const auto& shape : shapes_of(page)) known.insert(shape);
  };
  // The reasons for both dates, and what the partner wrote after its removal. No field that people
  // decide between holds any text.
  const auto pages_with_both = [&](const std::string& text) {
    const auto id = world.shared_handover();
    world.set(world.prison, id, "release-date", "2026-12-01", text);
    world.set(world.partner, id, "release-date", "2026-12-15", text + " too");
    world.sync_all();
    const auto& handover = *record_type(*schema::Handover::descriptor());
    const auto compare =
        conflict_address({id, {}, handover.number}, schema::Handover::kReleaseDateFieldNumber);
    std::vector<std::vector<std::string>> out{shapes_of(world.at_prison.page(compare))};
    look("/changed-in-two-places");
    world.set(world.prison, id, "release-date", "2026-12-03", text);  // decided
    auto here = world.records(world.prison);
    must(Handovers(here).remove_partner(id, partner, world.by(world.prison, text)));
    world.set(world.partner, id, "notes", text, text);
    must(world.prison.sync(world.hub));
    world.sync_all();
    const auto late = led_to(world.at_prison.page("/late"), "/late/");
    REQUIRE_FALSE(late.empty());
    look("/late");
    out.push_back(shapes_of(world.at_prison.page(late[0])));
    out.push_back(shapes_of(world.at_prison.page("/handovers/" + id.hex())));
    for (const auto& each : must(Late(here).list())) {  // so that the lists stay as short
      must(Late(here).take(each.entry, world.by(world.prison)));
    }
    return out;
  };
  for (int i = 0; i < 55; ++i) pages_with_both("Harmless");  // until a list has a second page
  const auto plain = pages_with_both("Harmless");
  is_learning = false;
  std::size_t taken = 0;
  for (const std::string attack : xss_payloads) {
    if (attack.front() == '\x01') continue;  // refused as no text
    INFO(attack);
    CHECK((pages_with_both(attack) == plain));
    ++taken;
  }
  CHECK(taken >= 55);
}

TEST_CASE("what is typed into an address asks for nothing but a list", "[search][hostile]") {
  Hostile world;
  world.pages_with("Harmless");
  const auto volunteers = shapes_of(world.at_prison.page("/volunteers"));
  for (const auto& typed : searches) {
    for (const char* list :
         {"/volunteers", "/handovers", "/notices", "/late", "/changed-in-two-places"}) {
      for (const char* name : {"q", "needs", "after", "sort", "part", "type"}) {
        const auto asked = query_url(list, {{name, typed}}).str();
        INFO(asked);
        CHECK(world.at_prison.get(asked).status < 500);
      }
    }
  }
  CHECK((shapes_of(world.at_prison.page("/volunteers")) == volunteers));
}

TEST_CASE("what is typed into a search is words: no operator, no statement, no failure",
          "[search][hostile]") {
  Hostile world;
  auto here = world.records(world.prison);
  const auto add = [&](const char* given, const char* family) {
    must(here.new_record(*record_type("volunteer"),
                         {{"given-name", given}, {"family-name", family}}, world.by(world.prison)));
  };
  add("Alex", "Aardvark");
  add("Bob", "Badger");
  auto typed_in = searches;
  for (const std::size_t size : {199, 200, 201, 5000}) {
    for (const char* part : {"a", "\"", "a ", "\xC3\xA9", "(", "OR "}) {
      std::string text;
      while (text.size() < size) text += part;
      typed_in.push_back(text);
    }
  }
  const auto search = [&](const std::string& typed) {
    return search_records(here, typed, {record_type("volunteer")->number}, 50);
  };
  for (const auto& typed : typed_in) {
    INFO(typed.size() << " bytes: " << typed.substr(0, 60));
    const auto found = search(typed);
    CHECK(world.at_prison.get(query_of(typed)).status == (found ? 200 : 422));
    if (!found) CHECK(found.error().kind == sync::ErrorKind::invalid);
    if (!found) continue;
    for (const auto& dossier : found->dossiers) {
      const bool alex =
          dossier.fields.front().value == "Alex" || dossier.fields.front().value == "Aardvark";
      CHECK(holds_all(alex ? "Alex Aardvark" : "Bob Badger", typed));
    }
  }
  CHECK(world.at_prison.get("/search?q=%FF%00").status < 500);
  CHECK(must(search("alex")).dossiers.size() == 1);
  CHECK(must(search("alex*")).dossiers.size() == 1);
}

}  // namespace throughgate::node::testing
