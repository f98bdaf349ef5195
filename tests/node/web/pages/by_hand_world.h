// A prison and a partner whose people carry files by stick or e-mail, at their pages.
#pragma once

#include <regex>

#include "node/web/pages/handovers/handover_pages.h"
#include "node/web/pages/pages.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {

inline Visitor by_hand_visitor(TestSite& site, const CodeLists& codes) {
  return {site, codes, {[&site](web::SitePages& pages) {
            web::add_by_hand_pages(pages, site.folder);
            web::add_handover_pages(pages);
          }}};
}

struct ByHandWorld : PageWorld {
  Visitor at_prison = by_hand_visitor(prison, codes);
  Visitor at_partner = by_hand_visitor(partner, codes);

  std::string id_of_partner() const { return partner.node->identity().organisation.hex(); }

  // Of each file that the prison's page offers, its address.
  std::vector<std::string> offered() {
    const auto page = at_prison.page("/by-hand");
    std::vector<std::string> out;
    const std::regex address("href=\"(/by-hand/files/throughgate-[^\"]+\\.tgb)\"");
    for (std::sregex_iterator each(page.begin(), page.end(), address), end; each != end; ++each) {
      out.push_back((*each)[1].str());
    }
    return out;
  }
  std::string make(const std::string& to, const std::string& by = "stick") {
    at_prison.done("/by-hand", {{"to", to}, {"by", by}});
    REQUIRE(offered().size() == 1);
    const auto file = at_prison.get(offered().front());
    REQUIRE(file.status == 200);
    CHECK(offered().front().ends_with(file.file_name));
    return file.body;
  }
  // Told to nobody yet.
  sync::DossierId shared_unsent() {
    const auto id = complete_draft();
    auto here = records(prison);
    Handovers handovers(here);
    const auto to = partner.node->identity().organisation;
    BasisInput basis{to, "UK GDPR", "Public task", "support after release", {}, "", ""};
    basis.classes = {"IDENTITY",    "CONTACT", "RELEASE", "RISK_FLAGS",
                     "RISK_LEVELS", "LICENCE", "NEEDS",   "HEALTH"};
    must(handovers.record_basis(id, basis, by(prison)));
    must(handovers.share(id, to, by(prison)));
    return id;
  }
  sync::DossierId quickly_shared() {
    auto here = records(prison);
    const auto id =
        must(Handovers(here).begin({{"family-name", "Example"}}, by(prison))).record.dossier;
    change_members(id, {sync::store::MemberChange::Kind::set_role,
                        partner.node->identity().organisation, sync::Role::receiver});
    return id;
  }
  void change_members(const sync::DossierId& id, const sync::store::MemberChange& change) {
    must(prison.node->admission().change_members(
        id, change, {prison.actor(), prison.node->now_ms(), "made up"}));
  }
  web::Response bring(const Visitor& at, const std::string& file, const char* act = "bring") {
    return at.upload("/by-hand/bring", {{"act", act}}, file);
  }
};

}  // namespace throughgate::node::testing
