#include "tests/node/never_share/sharing_world.h"

#include "node/field_names.h"
#include "node/sharing_rules.h"
#include "sync/store/unit_of_work.h"

namespace throughgate::node::testing {

using sync::store::bound;
using sync::store::Purpose;
using sync::store::Statement;
using sync::store::UnitOfWork;

const std::vector<std::string> never_shared_codes{"XCI", "xci", "OVI", "Concerned indicator",
                                                  "XNEWER"};

SharingWorld::SharingWorld() {
  release_on = "2027-02-04";
  auto all = records(prison);
  const auto someone = by(prison);
  person =
      must(all.new_record(
               *record_type("person"),
               {{"given-name", "Alex"}, {"family-name", "Example"}, {"prison-number", "A1234BC"}},
               someone))
          .record.dossier;
  for (const char* code : {"XCI", "OVI", "RST", "HID", "SOR"}) {
    must(all.new_record_in(person, *record_type("person-alert"),
                           {{"code", code}, {"from", "2026-12-01"}}, someone));
  }
  draft = complete_draft();
  handover = shared_handover();
  flag = must(all.new_record_in(
                  handover, *record_type("flag"),
                  {{"kind", "DO_NOT"}, {"code", "RST"}, {"instruction", "meet alone"}}, someone))
             .record;
  volunteer = must(all.new_record(*record_type("volunteer"),
                                  {{"given-name", "Ann"}, {"family-name", "Invented"}}, someone))
                  .record.dossier;
  must(all.new_record(*record_type("volunteer-file"), {{"volunteer", volunteer.hex()}}, someone));
  sync_all();
}

std::vector<Visitor::AddPages> SharingWorld::every_page() {
  return {[this](web::SitePages& pages) {
    web::add_every_page(pages, {prison.folder, prison.accounts, codes, stores, syncing,
                                world.random, [] { return parse_retention(""); }});
  }};
}

web::Routes SharingWorld::routes() {
  web::Routes out;
  web::SitePages pages(out, stores, codes);
  for (const auto& add : every_page()) add(pages);
  return out;
}

AlertsShared alerts_shared(TestSite& site, const CodeLists& codes) {
  AlertsShared out;
  const auto* list = codes.list(alerts_list);
  UnitOfWork work(site.node->database(), Purpose::reading);
  work.each("SELECT type, field, value FROM op", bound(), [&](const Statement& row) {
    const auto type = static_cast<std::uint32_t>(row.integer(0));
    const auto* known = record_type(type);
    const auto* field = field_of(type, static_cast<std::uint32_t>(row.integer(1)));
    const auto text = std::string(crypto::as_text(row.view(2)));
    if (!known || !field || known->dossier == schema::PERSON || text.empty()) return;
    if (rule_of(*field).codes() != alerts_list) return;
    const auto* code = list->find(text);
    const bool never = !code || code->fact("share") == "S0" || code->fact("share").empty();
    if (never) {
      out.never.push_back(known->name + ": " + text);
    } else {
      ++out.may_leave;
    }
  });
  must(work.commit());
  return out;
}

}  // namespace throughgate::node::testing
