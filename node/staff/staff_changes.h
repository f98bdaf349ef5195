// The life of a member of staff at a site: roles, a forgotten password, leaving. Somebody always
// stays who looks after the staff list: what would leave nobody is refused, also where two ask at
// once on this computer.
// Threads: those of its OpenNode; several programs may work on one folder. Errors, besides those of
// Staff and Accounts:
//   denied   they may not, or it would leave nobody to look after the staff list
#pragma once

#include <string>
#include <vector>

#include "node/accounts/accounts.h"
#include "node/record_service.h"
#include "node/staff/staff.h"

namespace throughgate::node {

// What goes from somebody who leaves to whoever takes it over.
struct HandedOver {
  sync::store::RecordName record;
  std::string what;  // "Supervisor", "Sender": the field that named them
};

class StaffChanges {
 public:
  // `records` as the person sees them who asks: it must let them look after the staff list.
  StaffChanges(RecordService& records, Accounts& accounts, const DataFolder& folder)
      : records_(records), accounts_(accounts), folder_(folder) {}

  //   invalid  somebody has this sign-in name here, or it cannot be one
  sync::Result<sync::Done> check_new_name(const std::string& sign_in_name) const;
  // Somebody new. With a sign-in name they get a password as reset_password() gives one, which is
  // the answer; without, the answer is empty. Errors also as check_new_name().
  sync::Result<std::string> add(const std::string& name, const std::vector<std::string>& roles,
                                const std::string& sign_in_name, const crypto::DatabaseKey& key,
                                const By& by);
  // Likewise, with the password that was chosen for them; their sign-in name is not empty.
  sync::Result<sync::Done> add(Account account, std::string_view password,
                               const crypto::DatabaseKey& key, const By& by);
  // Somebody whom the staff list has already, by another computer of the site: a way in on this
  // one.
  //   invalid    also: they have left, or have a way in here
  //   not_found  no such member of staff
  sync::Result<sync::Done> give_way_in(Account account, std::string_view password,
                                       const crypto::DatabaseKey& key);
  sync::Result<sync::Done> change_roles(const sync::ActorId& id,
                                        const std::vector<std::string>& added,
                                        const std::vector<std::string>& removed, const By& by);
  // As a form does that showed `seen` and has `wanted` ticked.
  //   stale  they have other roles than the form showed: somebody else changed them meanwhile
  sync::Result<sync::Done> set_roles(const sync::ActorId& id, const RoleSet& seen,
                                     const RoleSet& wanted, const By& by);
  // A password to be told to them, once: they must choose their own at the next sign-in, and
  // whatever they had open ends. `key` opens the store.
  //   not_found  nobody signs in by this name here
  sync::Result<std::string> reset_password(const std::string& sign_in_name,
                                           const crypto::DatabaseKey& key, const By& by);
  // What names them and is not over goes to `to`; they are shown as having left today, and sign in
  // no more. Asked again after it was cut off, it goes on.
  //   invalid    `to` is the same, or has left; or the reason looks as if it should not be shared
  //   not_found  no such member of staff
  sync::Result<std::vector<HandedOver>> leave(const sync::ActorId& id, const sync::ActorId& to,
                                              const By& by);

 private:
  sync::Result<sync::Done> check_some_stay(const sync::ActorId& without);
  sync::Result<sync::Done> change_roles_locked(const sync::ActorId& id,
                                               const std::vector<std::string>& added,
                                               const std::vector<std::string>& removed,
                                               const By& by);
  sync::Result<std::vector<HandedOver>> hand_over(const StaffEntry& from, const StaffEntry& to,
                                                  const By& by);

  RecordService& records_;
  Accounts& accounts_;
  const DataFolder& folder_;
};

// By id, or as people call them: a name, or a sign-in name of this computer.
//   not_found  nobody, or several
sync::Result<StaffEntry> staff_meant(OpenNode& node, const std::string& typed);

}  // namespace throughgate::node
