#include "node/staff/ways_in.h"

#include <set>

namespace throughgate::node {

// The password first: without the sign-in name nobody would know any more whose it was.
sync::Result<std::size_t> close_ways_in_of_leavers(OpenNode& node, Accounts& accounts) {
  Staff staff(node);
  const auto all = staff.list();
  const auto known = staff.accounts();
  if (!all) return all.error();
  if (!known) return known.error();
  std::set<sync::ActorId> left;
  for (const auto& entry : *all) {
    if (entry.has_left()) left.insert(entry.id);
  }
  std::size_t closed = 0;
  for (const auto& account : *known) {
    if (!left.contains(account.actor)) continue;
    if (auto done = accounts.remove_password(account.sign_in_name); !done) return done.error();
    if (auto done = staff.remove_account(account.sign_in_name); !done) return done.error();
    ++closed;
  }
  return closed;
}

}  // namespace throughgate::node
