// The volunteers of two sites: their pages as a browser asks for them and fills them in.
#pragma once

#include <catch_amalgamated.hpp>
#include <string>
#include <vector>

#include "node/web/pages/pages.h"
#include "tests/node/web/pages/filled_form.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::web::testing {

using node::testing::must;
using node::testing::PageWorld;
using node::testing::TestSite;
using node::testing::text_of_page;
using node::testing::Visitor;

struct VolunteerPages {
  PageWorld world;
  Visitor prison{world.prison, world.codes, {add_volunteer_pages}};
  Visitor partner{world.partner, world.codes, {add_volunteer_pages}};

  // What a browser does with a form of a page: sends it, and follows to the page that comes after.
  static Response send(Visitor& at, const std::string& address, const FilledForm& sheet) {
    node::testing::Typed fields;
    const auto sent = sheet.sent();
    for (const auto& [name, value] : sent.in_order()) {
      if (name != "csrf") fields.emplace_back(name, value);
    }
    return at.post(address, fields);
  }
  static FilledForm sheet_of(Visitor& at, const std::string& address) {
    const auto page = at.get(address);
    INFO(page.status << " " << at.fault);
    REQUIRE(page.status == 200);
    return FilledForm(page.body, address);
  }
  static std::string after(const Response& response) {
    INFO(text_of_page(response));
    REQUIRE(response.status == 303);
    return response.location;
  }
  static std::string text(Visitor& at, const std::string& address) {
    const auto page = at.get(address);
    INFO(address << " " << page.status << " " << at.fault);
    CHECK(at.fault.empty());
    return text_of_page(page);
  }

  sync::DossierId volunteer(TestSite& site, const std::string& given, const std::string& family,
                            const std::vector<FieldInput>& more = {}) {
    std::vector<FieldInput> inputs{{"given-name", given}, {"family-name", family}};
    inputs.insert(inputs.end(), more.begin(), more.end());
    return must(world.records(site).new_record(*record_type("volunteer"), inputs, world.by(site)))
        .record.dossier;
  }
  void add(const sync::DossierId& id, const char* type, const std::vector<FieldInput>& inputs) {
    must(world.records(world.prison)
             .new_record_in(id, *record_type(type), inputs, world.by(world.prison)));
  }
  std::uint64_t entries(TestSite& site) {  // every save is one more
    sync::store::UnitOfWork work(site.node->database(), sync::store::Purpose::reading);
    std::uint64_t count = 0;
    work.each("SELECT count(*) FROM entry", sync::store::bound(),
              [&](const auto& row) { count = row.unsigned_integer(0); });
    must(work.commit());
    return count;
  }
};

inline std::string at(const sync::DossierId& id) { return "/volunteers/" + id.hex(); }
inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace throughgate::node::web::testing
