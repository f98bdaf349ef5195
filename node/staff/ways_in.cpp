#include "node/staff/ways_in.h"

#include <algorithm>
#include <set>

#include "node/audit.h"
#include "node/records/catalogue.h"
#include "records/site.pb.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr const char* administrator = "administrator";
constexpr const char* by_sheet = "Let in with the recovery sheet";

// Of everybody whom the staff list shows as having left.
Result<std::vector<Account>> accounts_of_leavers(OpenNode& node) {
  Staff staff(node);
  const auto all = staff.list();
  auto known = staff.accounts();
  if (!all) return all.error();
  if (!known) return known.error();
  std::set<sync::ActorId> left;
  for (const auto& entry : *all) {
    if (entry.has_left()) left.insert(entry.id);
  }
  std::erase_if(*known, [&](const Account& each) { return !left.contains(each.actor); });
  return *std::move(known);
}

Result<Done> check_no_way_in_yet(OpenNode& node, const sync::ActorId& id) {
  const auto known = Staff(node).accounts();
  if (!known) return known.error();
  const auto found = std::find_if(known->begin(), known->end(),
                                  [&](const Account& each) { return each.actor == id; });
  if (found == known->end()) return Done{};
  return Error{ErrorKind::invalid, "They sign in on this computer already, as " +
                                       found->sign_in_name +
                                       ". Another password: \"staff password " +
                                       found->sign_in_name + "\". Nothing was changed."};
}

Result<Done> note_way_in(OpenNode& node, AuditAct act, const sync::ActorId& whose,
                         const sync::ActorId& by, const std::string& reason) {
  const auto site = Staff(node).site();
  if (!site) return site.error();
  const auto type = rule_of(*schema::StaffMember::descriptor()).type();
  return Audit(node).note_way_in(
      act, {site->value_or(sync::DossierId{}), sync::RecordId{whose.bytes}, type}, by, reason);
}

// Before anything is written down in their name.
Result<Done> check_can_be_let_in(OpenNode& node, const Account& account,
                                 std::string_view password) {
  const auto all = Staff(node).list();
  if (!all) return all.error();
  const bool has_left = std::any_of(all->begin(), all->end(), [&](const StaffEntry& each) {
    return each.id == account.actor && each.has_left();
  });
  if (has_left) {
    return Error{ErrorKind::invalid,
                 "The staff list says that this person has left. Name somebody who works here, or "
                 "add somebody new. Nothing was changed."};
  }
  if (auto is_free = check_name_is_free(node, account.sign_in_name); !is_free) return is_free;
  if (auto none = check_no_way_in_yet(node, account.actor); !none) return none;
  const auto normal = normal_password(password);
  if (!normal) return normal.error();
  return check_new_password(normal->view(), *sign_in_name(account.sign_in_name));
}

}  // namespace

Result<Done> check_name_is_free(OpenNode& node, const std::string& typed) {
  const auto name = sign_in_name(typed);
  if (!name) return name.error();
  const auto known = Staff(node).account(*name);
  if (!known) return known.error();
  return *known ? Result<Done>(sign_in_name_is_taken()) : Result<Done>(Done{});
}

Result<Done> check_password_stands(const Accounts& accounts, const std::string& name,
                                   const crypto::Hash& mark) {
  const auto now = accounts.password_mark(name);
  if (now && *now == mark) return Done{};
  if (!now && now.error().kind != ErrorKind::not_found) return now.error();
  return Error{ErrorKind::stale,
               "Your password was changed meanwhile, by an administrator or at another screen. "
               "Nothing was changed. Sign in again."};
}

// The password first, then whom it stands for on this computer, then the record. After a power cut
// between, a password that stands for nobody opens nothing and is replaced when they are added
// again; and an account gets its record at the next sync. The other way round there would be
// somebody who cannot sign in, and a second one of them after the next try. The lock is held from
// the look whether the name is free: of two who add at once the second is refused.
Result<Done> open_way_in(OpenNode& node, Accounts& accounts, Account account,
                         std::string_view password, const crypto::DatabaseKey& key,
                         const std::function<Result<Done>(const Account&)>& record) {
  auto lock = FileLock::take(accounts.folder().staff_lock(), FileLock::Wait::yes);
  if (!lock) return lock.error();
  if (auto is_free = check_name_is_free(node, account.sign_in_name); !is_free) return is_free;
  if (auto none = check_no_way_in_yet(node, account.actor); !none) return none;
  account.sign_in_name = *sign_in_name(account.sign_in_name);
  Staff staff(node);
  auto kept = accounts.set_password(account.sign_in_name, password, key);
  if (kept) kept = staff.set_account(account);
  if (kept) kept = record(account);
  if (kept) return kept;
  const auto forgotten = staff.remove_account(account.sign_in_name);
  const auto closed = accounts.remove_password(account.sign_in_name);
  if (forgotten && closed) return kept;
  return Error{kept.error().kind,
               "Adding them failed half way and could not be undone. Check that the disk is not "
               "full, then add them again; where you are told that somebody signs in by this name, "
               "set their password with \"staff password\"."};
}

Result<Done> note_let_in_by_sheet(OpenNode& node, const sync::ActorId& who) {
  return note_way_in(node, AuditAct::let_in, who, who, by_sheet);
}

Result<Done> note_way_given(OpenNode& node, const sync::ActorId& whose, const sync::ActorId& by,
                            const std::string& reason) {
  return note_way_in(node, AuditAct::way_given, whose, by, reason);
}

Result<Done> let_in_by_sheet(OpenNode& node, Accounts& accounts, WhoIsLetIn who, Account account,
                             std::string_view password, const crypto::DatabaseKey& key) {
  if (auto closed = close_ways_in_of_leavers(node, accounts); !closed) return closed.error();
  const bool is_new = who == WhoIsLetIn::somebody_new;
  auto& roles = account.roles;
  if (is_new && std::find(roles.begin(), roles.end(), administrator) == roles.end()) {
    roles.emplace_back(administrator);
  }
  if (auto can_be = check_can_be_let_in(node, account, password); !can_be) return can_be;
  if (auto noted = note_let_in_by_sheet(node, account.actor); !noted) return noted;
  return open_way_in(node, accounts, std::move(account), password, key,
                     [&](const Account& let_in) -> Result<Done> {
                       if (!is_new) return Done{};
                       const sync::Actor self{let_in.actor, let_in.name, administrator};
                       return Staff(node).add(let_in, self, by_sheet);
                     });
}

Result<std::size_t> close_ways_in_of_leavers(OpenNode& node, Accounts& accounts) {
  const auto found = accounts_of_leavers(node);
  if (!found) return found.error();
  if (found->empty()) return std::size_t{0};
  auto lock = FileLock::take(accounts.folder().staff_lock(), FileLock::Wait::yes);
  if (!lock) return lock.error();
  return close_ways_in_locked(node, accounts);
}

// The password first: without the sign-in name nobody would know any more whose it was.
Result<std::size_t> close_ways_in_locked(OpenNode& node, Accounts& accounts) {
  const auto leavers = accounts_of_leavers(node);
  if (!leavers) return leavers.error();
  Staff staff(node);
  for (const auto& account : *leavers) {
    if (auto done = accounts.remove_password(account.sign_in_name); !done) return done.error();
    if (auto done = staff.remove_account(account.sign_in_name); !done) return done.error();
  }
  return leavers->size();
}

}  // namespace throughgate::node
