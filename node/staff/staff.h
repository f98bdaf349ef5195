// The staff of a site: records of its site dossier (id, name, roles), shared between the site's
// nodes; and, on this node only, which sign-in name stands for whom.
// Threads: those of its OpenNode. Errors: those of Admission and Database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/open_node.h"
#include "node/organisation_facts.h"

namespace throughgate::node {

struct StaffEntry {
  sync::ActorId id;  // also the record's id
  std::string name;
  std::vector<std::string> roles;  // codes of the list "staff-roles"
  std::string left_on;             // 2026-12-04; empty: still here

  // Once it is written down, whatever day it names: no clock has a say in who may come in.
  bool has_left() const { return !left_on.empty(); }
};

struct Account {
  std::string sign_in_name;
  sync::ActorId actor;
  std::string name;
  std::vector<std::string> roles;
  bool must_change_password = false;  // the one they have was given to them
  std::uint64_t last_sign_in_ms = 0;  // on this computer; 0: never
};

// What is said to whoever would take over somebody's sign-in name.
sync::Error sign_in_name_is_taken();

class Staff {
 public:
  explicit Staff(OpenNode& node) : node_(node) {}  // which must outlive it

  // The site dossier with the first member of staff, who is its author. Fails with `invalid` when
  // this organisation has a site dossier here already.
  sync::Result<sync::DossierId> make_site(const SiteFacts& facts, const Account& first);
  // nullopt: none here yet, as on a second computer before its first sync.
  sync::Result<std::optional<sync::DossierId>> site();

  // By name. Somebody here always looks after the staff list: where two computers took the role
  // from each other's last one at once, whoever had it and is still here has it.
  sync::Result<std::vector<StaffEntry>> list();
  // A new record under an id of its own. Fails with `not_found` before there is a site dossier.
  sync::Result<sync::ActorId> add(const std::string& name, const std::vector<std::string>& roles,
                                  const sync::Actor& by);
  // Likewise, of somebody who has an account here already: under its id.
  sync::Result<sync::Done> add(const Account& account, const sync::Actor& by,
                               const std::string& reason = {});
  // Changes to somebody's record: node/staff/staff_changes.h says who may make which.
  sync::Result<sync::Done> change_roles(const sync::ActorId& id,
                                        const std::vector<std::string>& added,
                                        const std::vector<std::string>& removed,
                                        const sync::Actor& by);
  // As of today, or of the day that the exchange's clock had where this one is behind it.
  sync::Result<sync::Done> set_left(const sync::ActorId& id, const sync::Actor& by);
  // Accounts made before this computer had the site's records get theirs. How many did.
  sync::Result<std::size_t> add_missing();

  // ---- on this computer
  //   invalid  the sign-in name is another's: nobody's is ever taken over
  sync::Result<sync::Done> set_account(const Account& account);
  // At most once a day for each.
  sync::Result<sync::Done> note_sign_in(const std::string& sign_in_name);
  sync::Result<sync::Done> set_must_change(const std::string& sign_in_name, bool must_change);
  sync::Result<sync::Done> remove_account(const std::string& sign_in_name);
  sync::Result<std::optional<Account>> account(const std::string& sign_in_name);
  sync::Result<std::vector<Account>> accounts();
  // Whom to write into entries: name and roles as the staff record has them now.
  //   denied   the staff list says that they have left
  //   corrupt  nobody is known by this name
  sync::Result<sync::Actor> actor_for(const std::string& sign_in_name);

 private:
  sync::Result<sync::Done> save(std::vector<sync::store::OpDraft> ops, const sync::Actor& by,
                                const std::string& reason = {});
  OpenNode& node_;
};

}  // namespace throughgate::node
