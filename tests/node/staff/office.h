// A prison whose staff list is looked after by Jo, and by whoever is added with that role.
#pragma once

#include <catch_amalgamated.hpp>
#include <string>
#include <vector>

#include "node/staff/staff_changes.h"
#include "node/web/pages/pages.h"
#include "node/web/pages/staff/staff_pages.h"
#include "tests/node/staff/filled_site.h"

namespace throughgate::node::testing {

struct Office {
  PageWorld world;
  TestSite& prison = world.prison;

  sync::ActorId add(const std::string& name, const std::vector<std::string>& roles,
                    const std::string& sign_in = {}) {
    Staff staff(*prison.node);
    const Account account{sign_in, sync::ActorId::random(world.world.random), name, roles};
    if (!sign_in.empty()) {
      must(prison.accounts.set_password(sign_in, good_password, key()));
      must(staff.set_account(account));
    }
    must(staff.add(account, prison.actor()));
    return account.actor;
  }
  crypto::DatabaseKey key() {
    return must(prison.accounts.sign_in("jo", good_password, world.world.clock));
  }
  sync::ActorId jo() { return prison.actor().id; }
  By by() { return {prison.actor(), "a test"}; }
  RecordService records() {
    return {*prison.node, world.codes, Viewer(Permissions::shipped(), prison.actor())};
  }
  StaffEntry entry(const sync::ActorId& id) { return must(staff_meant(*prison.node, id.hex())); }
  bool looks_after_staff(const sync::ActorId& id) {
    const auto roles = entry(id).roles;
    return std::find(roles.begin(), roles.end(), "administrator") != roles.end();
  }
  std::vector<Visitor::AddPages> pages() {
    return {web::add_home_page, [this](web::SitePages& pages) {
              web::add_staff_pages(pages, prison.accounts, prison.folder);
            }};
  }
};

}  // namespace throughgate::node::testing
