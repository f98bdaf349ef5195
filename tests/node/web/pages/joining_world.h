// A computer that is not let in yet, the central team that may let it in, and what its pages say.
#pragma once

#include <catch_amalgamated.hpp>

#include "node/known_hub.h"
#include "node/status.h"
#include "node/web/pages/joining/joining_pages.h"
#include "node/web/pages/pages.h"
#include "tests/node/web/pages/lent_hub.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {

using sync::OrganisationKind;

inline const std::string joining = "/joining";
inline const std::string by_network = "/joining/by-network";
inline const std::string by_file = "/joining/by-file";
inline const std::string answer = "/joining/answer";
inline const std::string look = "/joining/look";
inline const std::string exchange = "https://exchange.example.org";
inline constexpr std::chrono::seconds patience{60};

// A desk, and a prison that is set up and has asked nobody yet.
struct Joining {
  World world;
  TestHub hub{world};
  TestDesk desk{world, hub};
  TestSite site{world, "HMP Newcomer", OrganisationKind::prison, "LEI"};
  CodeLists codes;
  Settings settings;
  crypto::SystemRandom random;
  StorePool stores{site.folder.store(), random, world.clock};
  SyncLoop loop{stores, way(), site.folder, std::chrono::seconds(0)};

  // As known_hub() does, where an address is known.
  SyncLoop::HubSource way() {
    return [this](OpenNode& node) -> sync::Result<std::unique_ptr<HubClient>> {
      auto known = known_hub(node, settings);
      if (!known) return known.error();
      return std::unique_ptr<HubClient>(std::make_unique<LentHub>(hub));
    };
  }
  Visitor visitor(const std::string& who = "jo",
                  const Permissions& permissions = Permissions::shipped()) {
    return {site,
            codes,
            {[this](web::SitePages& pages) {
               web::add_joining_pages(pages, {site.folder, way(), settings});
               web::add_sync_pages(pages, loop);
             },
             web::add_home_page},
            who,
            permissions};
  }

  sync::InvitationCode invite(const std::string& establishment = "LEI") {
    return must(desk.desk().invite(
        {"HMP Newcomer " + establishment, OrganisationKind::prison, establishment, {}, 0}));
  }
  // The words must be those that its page shows.
  void let_in(const sync::InvitationCode& code, const std::string& words) {
    const auto known = must(desk.desk().requests(&hub));
    REQUIRE(std::any_of(known.invited.begin(), known.invited.end(), [&](const Invited& each) {
      return each.mailbox == code.mailbox() && each.words == words;
    }));
    must(desk.desk().approve(code.mailbox(), hub));
    must(desk.sync(hub));
  }
  std::string words() { return must(awaited_words(*site.node)).value_or(""); }
  bool is_let_in() {
    must(site.node->refresh_directory());
    return site.node->is_enrolled();
  }
  void work_in_background() {
    must(stores.open(must(site.accounts.sign_in("jo", good_password, world.clock))));
    loop.start();
  }
};

inline std::string text_of(const sync::InvitationCode& code) {
  return std::string(code.text().view());
}

inline std::string bytes_of(const crypto::Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

inline Typed asking(const sync::InvitationCode& code) {
  return {{"invitation-code", text_of(code)}, {"exchange", exchange}, {"label", "Reception PC"}};
}

inline Typed asking_by_file(const sync::InvitationCode& code) {
  return {{"invitation-code", text_of(code)}, {"label", "Reception PC"}};
}

inline std::string value_of(const web::Response& page, const std::string& field) {
  const auto tag = tag_with(page, "name=\"" + field + "\"");
  const auto at = tag.find(" value=\"");
  return at == std::string::npos ? "" : tag.substr(at + 8, tag.find('"', at + 8) - at - 8);
}

inline bool has_form(const web::Response& page) {
  return page.body.find("action=\"/joining") != std::string::npos;
}

inline void has_joined(const Visitor& visitor) {
  const auto page = visitor.get(joining);
  CHECK(says(page, "This computer has joined"));
  CHECK_FALSE(has_form(page));
  CHECK_FALSE(says(visitor.get(joining + "?done=asked"), "Ring the central team"));  // left open
  CHECK_FALSE(says(visitor.get("/"), "let it in"));
  for (const auto& each : {by_network, by_file, answer, std::string("/joining/request")}) {
    INFO(each);
    CHECK(visitor.get(each).location == joining);
  }
}

}  // namespace throughgate::node::testing
