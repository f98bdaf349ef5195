#include "node/staff/staff.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "node/last_contact.h"
#include "node/records/catalogue.h"
#include "node/records/formats.h"
#include "records/site.pb.h"
#include "sync/store/record_reader.h"
#include "sync/store/record_table.h"

namespace throughgate::node {
namespace {

using schema::Site;
using schema::StaffMember;
using sync::Actor;
using sync::ActorId;
using sync::Bytes;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::OpKind;
using sync::RecordId;
using sync::Result;
using sync::store::Authorship;
using sync::store::bound;
using sync::store::OpDraft;
using sync::store::Statement;
using sync::store::UnitOfWork;

constexpr const char* administrator = "administrator";

Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

RecordId record_of(const ActorId& actor) { return RecordId{actor.bytes}; }

template <class Record>
OpDraft op(const RecordId& record, int field, OpKind kind, const std::string& value) {
  const auto& type = rule_of(*Record::descriptor()).type();
  return {{record, type, static_cast<std::uint32_t>(field)}, kind, bytes_of(value), {}, {}};
}

void add_staff_ops(const ActorId& id, const std::string& name,
                   const std::vector<std::string>& roles, std::vector<OpDraft>& ops) {
  const auto record = record_of(id);
  ops.push_back(op<StaffMember>(record, StaffMember::kNameFieldNumber, OpKind::set, name));
  for (const auto& role : roles) {
    ops.push_back(op<StaffMember>(record, StaffMember::kRolesFieldNumber, OpKind::add, role));
  }
}

std::string joined(const std::vector<std::string>& roles) {
  std::string out;
  for (const auto& role : roles) out += (out.empty() ? "" : ",") + role;
  return out;
}

std::vector<std::string> split(const std::string& roles) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < roles.size();) {
    const auto end = std::min(roles.find(',', at), roles.size());
    out.push_back(roles.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::string day_of(std::uint64_t ms) {
  const auto day = std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(ms)));
  const std::chrono::year_month_day date(day);
  return iso_date({static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                   static_cast<unsigned>(date.day())});
}

Account account_in(UnitOfWork& work, const Statement& row) {
  const auto actor = ActorId::from(row.view(1));
  if (!actor) work.fail_as_damaged();
  return {row.text(0),        actor.value_or(ActorId{}), row.text(2),
          split(row.text(3)), row.integer(4) != 0,       row.unsigned_integer(5)};
}

Error not_here_yet() {
  return {ErrorKind::not_found,
          "The site's own records are not on this computer yet. Sync first, then try again."};
}

bool has_role(const StaffEntry& entry, const std::string& role) {
  return std::find(entry.roles.begin(), entry.roles.end(), role) != entry.roles.end();
}

// Two of a site's nodes may each have begun one: all of them choose the same.
std::optional<sync::DossierId> site_in(UnitOfWork& work) {
  const auto id = work.first(
      "SELECT d.dossier FROM field f CROSS JOIN dossier d ON d.id = f.dossier WHERE f.type = ? "
      "ORDER BY d.dossier LIMIT 1",
      bound(rule_of(*Site::descriptor()).type()), sync::store::bytes_column);
  return id ? sync::DossierId::from(*id) : std::nullopt;
}

// Whoever was ever given the role, and is still here.
void add_former_administrators(UnitOfWork& work, std::map<ActorId, StaffEntry>& staff) {
  const auto take = [&](const Statement& row) {
    const auto id = ActorId::from(row.view(0));
    const auto found = id ? staff.find(*id) : staff.end();
    if (found != staff.end()) found->second.roles.emplace_back(administrator);
  };
  const auto site = site_in(work);
  if (!site) return;
  work.each(
      "SELECT DISTINCT o.record FROM op o JOIN dossier d ON d.id = o.dossier "
      "WHERE d.dossier = ? AND o.type = ? AND o.field = ? AND o.kind = ? AND o.value = ?",
      bound(site->view(), rule_of(*StaffMember::descriptor()).type(),
            static_cast<int>(StaffMember::kRolesFieldNumber), static_cast<int>(OpKind::add),
            bytes_of(administrator)),
      take);
}

}  // namespace

Result<sync::DossierId> Staff::make_site(const SiteFacts& facts, const Account& first) {
  const auto held = site();
  if (!held) return held.error();
  if (*held) return Error{ErrorKind::invalid, "This site has been set up already."};
  const RecordId root;
  std::vector<OpDraft> ops{op<Site>(root, Site::kNameFieldNumber, OpKind::set, facts.name)};
  if (!facts.establishment.empty()) {
    ops.push_back(
        op<Site>(root, Site::kEstablishmentFieldNumber, OpKind::set, facts.establishment));
  }
  add_staff_ops(first.actor, first.name, first.roles, ops);
  const Authorship by{{first.actor, first.name, joined(first.roles)}, node_.now_ms(), ""};
  return node_.admission().create({{node_.identity().organisation, sync::Role::owner}}, by,
                                  std::move(ops));
}

Result<std::optional<sync::DossierId>> Staff::site() {
  UnitOfWork work(node_.database(), sync::store::Purpose::reading);
  auto found = site_in(work);
  if (auto done = work.commit(); !done) return done.error();
  return found;
}

Result<std::vector<StaffEntry>> Staff::list() {
  UnitOfWork work(node_.database(), sync::store::Purpose::reading);
  std::map<ActorId, StaffEntry> by_id;
  const auto take = [&](const Statement& row) {
    const auto id = ActorId::from(row.view(0));
    if (!id) return work.fail_as_damaged();
    StaffEntry& entry = by_id[*id];
    entry.id = *id;
    const auto field = row.integer(1);
    if (field == StaffMember::kNameFieldNumber) entry.name = row.text(2);
    if (field == StaffMember::kLeftOnFieldNumber) entry.left_on = row.text(2);
    if (field != StaffMember::kRolesFieldNumber) return;
    for (const auto& listed : sync::store::listed_values(row.view(2))) {
      // Two computers may each have given the same.
      const std::string role(crypto::as_text(listed));
      if (!has_role(entry, role)) entry.roles.push_back(role);
    }
  };
  if (const auto site = site_in(work)) {
    work.each(
        "SELECT f.record, f.field, f.value FROM field f JOIN dossier d ON d.id = f.dossier "
        "WHERE f.type = ? AND d.dossier = ?",
        bound(rule_of(*StaffMember::descriptor()).type(), site->view()), take);
  }
  const bool looked_after = std::any_of(by_id.begin(), by_id.end(), [&](const auto& each) {
    return !each.second.has_left() && has_role(each.second, administrator);
  });
  if (!looked_after) add_former_administrators(work, by_id);
  if (auto done = work.commit(); !done) return done.error();
  std::vector<StaffEntry> out;
  out.reserve(by_id.size());
  for (auto& [id, entry] : by_id) out.push_back(std::move(entry));
  std::sort(out.begin(), out.end(),
            [](const StaffEntry& a, const StaffEntry& b) { return a.name < b.name; });
  return out;
}

Result<ActorId> Staff::add(const std::string& name, const std::vector<std::string>& roles,
                           const Actor& by) {
  const auto id = ActorId::random(node_.random());
  if (auto added = add({"", id, name, roles}, by); !added) return added.error();
  return id;
}

Result<Done> Staff::add(const Account& account, const Actor& by, const std::string& reason) {
  std::vector<OpDraft> ops;
  add_staff_ops(account.actor, account.name, account.roles, ops);
  return save(std::move(ops), by, reason);
}

Result<Done> Staff::save(std::vector<OpDraft> ops, const Actor& by, const std::string& reason) {
  const auto held = site();
  if (!held) return held.error();
  if (!*held) return not_here_yet();
  auto saved = node_.admission().save(**held, {by, node_.now_ms(), reason}, std::move(ops));
  return saved ? Result<Done>(Done{}) : saved.error();
}

// A role is taken away by naming every change that gave it. One that they have is not given again.
Result<Done> Staff::change_roles(const ActorId& id, const std::vector<std::string>& added,
                                 const std::vector<std::string>& removed, const Actor& by) {
  const auto held = site();
  if (!held) return held.error();
  if (!*held) return not_here_yet();
  const auto type = rule_of(*StaffMember::descriptor()).type();
  const auto roles = sync::store::RecordReader(node_.database(), node_.context())
                         .field({**held, record_of(id), type}, StaffMember::kRolesFieldNumber);
  if (!roles) return roles.error();
  std::vector<OpDraft> ops;
  ops.reserve(added.size() + removed.size());
  const auto listed = roles->listed();
  for (const auto& role : std::set<std::string>(added.begin(), added.end())) {
    const bool is_held = std::any_of(listed.begin(), listed.end(), [&](const auto* each) {
      return crypto::as_text(each->value) == role;
    });
    if (is_held) continue;
    ops.push_back(
        op<StaffMember>(record_of(id), StaffMember::kRolesFieldNumber, OpKind::add, role));
  }
  for (const auto& role : removed) {
    auto taken =
        op<StaffMember>(record_of(id), StaffMember::kRolesFieldNumber, OpKind::remove, role);
    for (const auto* each : listed) {
      if (crypto::as_text(each->value) == role) taken.supersedes.push_back(each->id);
    }
    if (!taken.supersedes.empty()) ops.push_back(std::move(taken));
  }
  return ops.empty() ? Result<Done>(Done{}) : save(std::move(ops), by);
}

Result<Done> Staff::set_left(const ActorId& id, const Actor& by) {
  return save({op<StaffMember>(record_of(id), StaffMember::kLeftOnFieldNumber, OpKind::set,
                               latest_day(node_))},
              by);
}

Result<std::size_t> Staff::add_missing() {
  const auto held = site();
  const auto known = list();
  const auto here = accounts();
  if (!held) return held.error();
  if (!known) return known.error();
  if (!here) return here.error();
  if (!*held) return std::size_t{0};
  std::size_t added = 0;
  for (const auto& account : *here) {
    if (std::any_of(known->begin(), known->end(),
                    [&](const StaffEntry& entry) { return entry.id == account.actor; })) {
      continue;
    }
    std::vector<OpDraft> ops;
    add_staff_ops(account.actor, account.name, account.roles, ops);
    const Actor self{account.actor, account.name, joined(account.roles)};
    auto saved = node_.admission().save(**held, {self, node_.now_ms(), ""}, std::move(ops));
    if (!saved) return saved.error();
    ++added;
  }
  return added;
}

// ---- on this computer

Error sign_in_name_is_taken() {
  return {ErrorKind::invalid,
          "Somebody signs in by this name already. Choose another. Nothing was changed."};
}

Result<Done> Staff::set_account(const Account& account) {
  UnitOfWork work(node_.database());
  const auto whose = work.first("SELECT actor FROM account WHERE sign_in_name = ?",
                                bound(account.sign_in_name), sync::store::bytes_column);
  if (whose && ActorId::from(*whose) != account.actor) return sign_in_name_is_taken();
  work.run(
      "INSERT OR REPLACE INTO account (sign_in_name, actor, name, roles, must_change, "
      "last_sign_in_ms) VALUES (?, ?, ?, ?, ?, ?)",
      account.sign_in_name, account.actor.view(), account.name, joined(account.roles),
      account.must_change_password, account.last_sign_in_ms);
  return work.commit();
}

// Reading takes no lock: only the first sign-in of a day writes.
Result<Done> Staff::note_sign_in(const std::string& sign_in_name) {
  const auto held = account(sign_in_name);
  if (!held) return held.error();
  if (!*held || day_of((*held)->last_sign_in_ms) == day_of(node_.now_ms())) return Done{};
  UnitOfWork work(node_.database());
  work.run("UPDATE account SET last_sign_in_ms = ? WHERE sign_in_name = ?", node_.now_ms(),
           sign_in_name);
  return work.commit();
}

Result<Done> Staff::set_must_change(const std::string& sign_in_name, bool must_change) {
  UnitOfWork work(node_.database());
  work.run("UPDATE account SET must_change = ? WHERE sign_in_name = ?", must_change, sign_in_name);
  return work.commit();
}

Result<Done> Staff::remove_account(const std::string& sign_in_name) {
  UnitOfWork work(node_.database());
  work.run("DELETE FROM account WHERE sign_in_name = ?", sign_in_name);
  return work.commit();
}

Result<std::vector<Account>> Staff::accounts() {
  UnitOfWork work(node_.database(), sync::store::Purpose::reading);
  std::vector<Account> out;
  work.each(
      "SELECT sign_in_name, actor, name, roles, must_change, last_sign_in_ms FROM account "
      "ORDER BY sign_in_name",
      bound(), [&](const Statement& row) { out.push_back(account_in(work, row)); });
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

Result<std::optional<Account>> Staff::account(const std::string& sign_in_name) {
  UnitOfWork work(node_.database(), sync::store::Purpose::reading);
  auto found = work.first(
      "SELECT sign_in_name, actor, name, roles, must_change, last_sign_in_ms "
      "FROM account WHERE sign_in_name = ?",
      bound(sign_in_name), [&](const Statement& row) { return account_in(work, row); });
  if (auto done = work.commit(); !done) return done.error();
  return found;
}

Result<Actor> Staff::actor_for(const std::string& sign_in_name) {
  const auto found = account(sign_in_name);
  if (!found) return found.error();
  if (!*found) {
    return Error{ErrorKind::corrupt,
                 "This sign-in name opens the store but stands for nobody in it. Use another "
                 "name, and add this one again."};
  }
  const auto staff = list();
  if (!staff) return staff.error();
  for (const auto& entry : *staff) {
    if (entry.id != (*found)->actor) continue;
    if (entry.has_left()) {
      return Error{ErrorKind::denied,
                   "The staff list says that this person has left. Nothing was changed."};
    }
    return Actor{entry.id, entry.name, joined(entry.roles)};
  }
  return Actor{(*found)->actor, (*found)->name, joined((*found)->roles)};
}

}  // namespace throughgate::node
