#include "node/web/staff_authenticator.h"

#include "node/staff/staff.h"
#include "node/staff/ways_in.h"

namespace throughgate::node::web {

std::string StaffAuthenticator::canonical_name(std::string_view typed) const {
  const auto name = sign_in_name(typed);
  return name ? *name : std::string(typed);
}

std::string StaffAuthenticator::counted_as(const std::string& canonical_name) const {
  const auto mark = accounts_.password_mark(canonical_name);
  return mark ? canonical_name + ' ' + crypto::to_hex(*mark) : canonical_name;
}

SignInAnswer StaffAuthenticator::check(const std::string& canonical_name,
                                       const crypto::SecretText& password) {
  const auto mark = accounts_.password_mark(canonical_name);  // before: a change meanwhile ends it
  const auto key = accounts_.sign_in(canonical_name, password.view(), stores_.clock());
  if (!key) return {{}, key.error().message, key.error().kind == sync::ErrorKind::denied};
  if (auto open = stores_.open(*key); !open) return {{}, open.error().message};
  auto store = stores_.borrow();
  if (!store) return {{}, store.error().message};
  Staff staff(**store);
  const auto actor = staff.actor_for(canonical_name);
  // What cannot be closed now is at the next sign-in, whoever's; a leaver is refused either way.
  static_cast<void>(close_ways_in_of_leavers(**store, accounts_));
  if (!actor) return {{}, actor.error().message};
  if (auto noted = staff.note_sign_in(canonical_name); !noted) return {{}, noted.error().message};
  if (!mark) return {{}, mark.error().message};
  return {Person{actor->id.hex(), canonical_name, actor->name, *mark}, {}};
}

bool StaffAuthenticator::may_stay(const Person& person) const {
  const auto mark = accounts_.password_mark(person.sign_in_name);
  return mark && *mark == person.password_mark;
}

}  // namespace throughgate::node::web
