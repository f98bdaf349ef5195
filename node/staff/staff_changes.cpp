#include "node/staff/staff_changes.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "crypto/words.h"
#include "node/field_names.h"
#include "node/handovers/case_file.h"
#include "node/staff/ways_in.h"
#include "records/site.pb.h"
#include "records/volunteer_file.pb.h"

namespace throughgate::node {
namespace {

using schema::Handover;
using sync::ActorId;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::RecordName;

constexpr std::size_t given_password_words = 5;  // of 11 bits each
constexpr std::size_t rows_at_once = 500;

// The fields that name somebody who is to do something, by their id. A meeting held long ago goes
// on naming who held it.
struct Named {
  const google::protobuf::Descriptor* type;
  int field;
};
std::array<Named, 3> fields_that_name() {
  return {{{schema::VolunteerFile::descriptor(), schema::VolunteerFile::kSupervisorFieldNumber},
           {schema::RoleDefinition::descriptor(), schema::RoleDefinition::kSupervisorFieldNumber},
           {schema::SurveyAction::descriptor(), schema::SurveyAction::kResponsibleFieldNumber}}};
}

// Those of a handover, by name: it is another organisation's record too.
struct NamedInHandover {
  int name;
  int telephone;  // 0: none
};
constexpr std::array named_in_handover{
    NamedInHandover{Handover::kSenderNameFieldNumber, Handover::kSenderTelephoneFieldNumber},
    NamedInHandover{Handover::kReceiverContactFieldNumber, 0}};

bool looks_after_staff(const StaffEntry& entry) {
  return std::find(entry.roles.begin(), entry.roles.end(), "administrator") != entry.roles.end();
}

const StaffEntry* entry_of(const std::vector<StaffEntry>& staff, const ActorId& id) {
  const auto found = std::find_if(staff.begin(), staff.end(),
                                  [&](const StaffEntry& each) { return each.id == id; });
  return found == staff.end() ? nullptr : &*found;
}

Error nobody_like_that() {
  return {ErrorKind::not_found,
          "There is no such member of staff. \"staff list\" shows who works here."};
}

std::string given_password(crypto::Random& random) {
  const auto words = crypto::fingerprint_words(random.bytes<32>());
  std::size_t end = 0;
  for (std::size_t i = 0; i < given_password_words; ++i) end = words.find(' ', end + 1);
  return words.substr(0, end);
}

}  // namespace

Result<Done> StaffChanges::check_new_name(const std::string& typed) const {
  return check_name_is_free(records_.node(), typed);
}

Result<std::string> StaffChanges::add(const std::string& name,
                                      const std::vector<std::string>& roles,
                                      const std::string& sign_in_name,
                                      const crypto::DatabaseKey& key, const By& by) {
  if (auto may = records_.viewer().check(Act::staff); !may) return may.error();
  if (sign_in_name.empty()) {
    const auto id = Staff(records_.node()).add(name, roles, by.actor);
    return id ? Result<std::string>(std::string()) : id.error();
  }
  Account account{sign_in_name, ActorId::random(records_.node().random()), name, roles};
  account.must_change_password = true;
  auto given = given_password(records_.node().random());
  if (auto added = add(std::move(account), given, key, by); !added) return added.error();
  return given;
}

Result<Done> StaffChanges::add(Account account, std::string_view password,
                               const crypto::DatabaseKey& key, const By& by) {
  if (auto may = records_.viewer().check(Act::staff); !may) return may;
  return open_way_in(
      records_.node(), accounts_, std::move(account), password, key,
      [&](const Account& added) { return Staff(records_.node()).add(added, by.actor); });
}

Result<Done> StaffChanges::give_way_in(Account account, std::string_view password,
                                       const crypto::DatabaseKey& key) {
  if (auto may = records_.viewer().check(Act::staff); !may) return may;
  const auto all = Staff(records_.node()).list();
  if (!all) return all.error();
  const auto* entry = entry_of(*all, account.actor);
  if (!entry) return nobody_like_that();
  if (entry->has_left()) {
    return Error{ErrorKind::invalid,
                 "The staff list says that this person has left. Nothing was changed."};
  }
  const auto by = records_.viewer().actor().value_or(ActorId{});
  return open_way_in(
      records_.node(), accounts_, std::move(account), password, key,
      [&](const Account& given) { return note_way_given(records_.node(), given.actor, by, {}); });
}

// Held from the look at who stays to the change: the second of two sees what the first has done.
Result<Done> StaffChanges::change_roles(const ActorId& id, const std::vector<std::string>& added,
                                        const std::vector<std::string>& removed, const By& by) {
  if (auto may = records_.viewer().check(Act::staff); !may) return may;
  auto lock = FileLock::take(folder_.staff_lock(), FileLock::Wait::yes);
  if (!lock) return lock.error();
  return change_roles_locked(id, added, removed, by);
}

Result<Done> StaffChanges::set_roles(const ActorId& id, const RoleSet& seen, const RoleSet& wanted,
                                     const By& by) {
  if (auto may = records_.viewer().check(Act::staff); !may) return may;
  auto lock = FileLock::take(folder_.staff_lock(), FileLock::Wait::yes);
  if (!lock) return lock.error();
  const auto all = Staff(records_.node()).list();
  if (!all) return all.error();
  const auto* entry = entry_of(*all, id);
  if (!entry) return nobody_like_that();
  if (RoleSet(entry->roles.begin(), entry->roles.end()) != seen) {
    return Error{ErrorKind::stale,
                 "Somebody else has changed what they do here since you opened this. It is shown "
                 "as it is now, with your own changes. Look at it, then save again. Nothing was "
                 "changed."};
  }
  std::vector<std::string> added;
  std::vector<std::string> removed;
  std::set_difference(wanted.begin(), wanted.end(), seen.begin(), seen.end(),
                      std::back_inserter(added));
  std::set_difference(seen.begin(), seen.end(), wanted.begin(), wanted.end(),
                      std::back_inserter(removed));
  return change_roles_locked(id, added, removed, by);
}

Result<Done> StaffChanges::change_roles_locked(const ActorId& id,
                                               const std::vector<std::string>& added,
                                               const std::vector<std::string>& removed,
                                               const By& by) {
  Staff staff(records_.node());
  const auto all = staff.list();
  if (!all) return all.error();
  if (!entry_of(*all, id)) return nobody_like_that();
  const bool takes_away =
      std::find(removed.begin(), removed.end(), "administrator") != removed.end();
  if (takes_away) {
    if (auto stay = check_some_stay(id); !stay) return stay;
  }
  return staff.change_roles(id, added, removed, by.actor);
}

// On this computer somebody must be able to sign in who may.
Result<Done> StaffChanges::check_some_stay(const ActorId& without) {
  Staff staff(records_.node());
  const auto all = staff.list();
  const auto accounts = staff.accounts();
  if (!all) return all.error();
  if (!accounts) return accounts.error();
  const auto* leaving = entry_of(*all, without);
  if (!leaving || !looks_after_staff(*leaving)) return Done{};
  for (const auto& account : *accounts) {
    const auto* entry = entry_of(*all, account.actor);
    const bool other =
        entry && entry->id != without && looks_after_staff(*entry) && !entry->has_left();
    if (!other) continue;
    const auto signs_in = accounts_.has_password(account.sign_in_name);
    if (!signs_in) return signs_in.error();
    if (*signs_in) return Done{};
  }
  return Error{ErrorKind::denied,
               "Nobody else who signs in on this computer looks after the staff list. Give "
               "somebody the role of administrator first. Nothing was changed."};
}

Result<std::string> StaffChanges::reset_password(const std::string& sign_in_name,
                                                 const crypto::DatabaseKey& key, const By& by) {
  if (auto may = records_.viewer().check(Act::staff); !may) return may.error();
  auto lock = FileLock::take(folder_.staff_lock(), FileLock::Wait::yes);
  if (!lock) return lock.error();
  Staff staff(records_.node());
  const auto account = staff.account(sign_in_name);
  if (!account) return account.error();
  if (!*account) {
    return Error{ErrorKind::not_found, "Nobody signs in by this name on this computer."};
  }
  if (auto noted = note_way_given(records_.node(), (*account)->actor, by.actor.id, by.reason);
      !noted) {
    return noted.error();
  }
  auto given = given_password(records_.node().random());
  // First that it must be changed: a power cut between leaves the old password, to be changed.
  if (auto noted = staff.set_must_change(sign_in_name, true); !noted) return noted.error();
  if (auto set = accounts_.set_password(sign_in_name, given, key); !set) return set.error();
  return given;
}

Result<std::vector<HandedOver>> StaffChanges::leave(const ActorId& id, const ActorId& to,
                                                    const By& by) {
  if (auto may = records_.viewer().check(Act::staff); !may) return may.error();
  // The program hands over, and it looks nothing through: the reason goes into handovers as well.
  const auto& handover = *record_type(*Handover::descriptor());
  if (auto fit = records_.check_text_of_new(handover, by.reason); !fit) return fit.error();
  auto lock = FileLock::take(folder_.staff_lock(), FileLock::Wait::yes);
  if (!lock) return lock.error();
  Staff staff(records_.node());
  const auto all = staff.list();
  if (!all) return all.error();
  const auto* from = entry_of(*all, id);
  const auto* taker = entry_of(*all, to);
  if (!from || !taker) return nobody_like_that();
  if (id == to || taker->has_left()) {
    return Error{ErrorKind::invalid,
                 "Name somebody else, who works here now, to take over. Nothing was changed."};
  }
  if (auto stay = check_some_stay(id); !stay) return stay.error();
  auto handed = hand_over(*from, *taker, by);
  if (!handed) return handed;
  if (auto left = staff.set_left(id, by.actor); !left) return left.error();
  if (auto closed = close_ways_in_locked(records_.node(), accounts_); !closed) {
    return Error{closed.error().kind,
                 closed.error().message +
                     " They have left, and are let in no more; what is left of their way in goes "
                     "with the next change of staff, exchange or start of the pages."};
  }
  return handed;
}

namespace {

// The program hands over what the leaver had, whoever of the administrators sees that or not.
class Taking {
 public:
  Taking(RecordService& records, const StaffEntry& from, const StaffEntry& to, const By& by)
      : records_(records), from_(from), to_(to), by_(by) {}

  Result<Done> named_by_id(const Named& named) {
    const auto type = record_type(*named.type)->number;
    const auto field = static_cast<std::uint32_t>(named.field);
    for (;;) {  // what was handed over is not found again
      const auto found = records_.reader().find(type, field, from_.id.view());
      if (!found) return found.error();
      if (found->empty()) return Done{};
      for (const auto& name : *found) {
        if (auto done = set(name, {{spoken_field(*field_of(type, field)), to_.id.hex()}}, field);
            !done) {
          return done;
        }
      }
    }
  }

  Result<Done> named_in_handovers() {
    sync::store::ListQuery query;
    query.type = record_type(*Handover::descriptor())->number;
    query.limit = rows_at_once;
    query.fields = {Handover::kStateFieldNumber, Handover::kSenderNameFieldNumber,
                    Handover::kReceiverContactFieldNumber};
    do {
      const auto page = records_.reader().list(query);
      if (!page) return page.error();
      for (const auto& row : page->rows) {
        if (auto done = named_in(row); !done) return done;
      }
      query.after = page->next;
    } while (!query.after.empty());
    return Done{};
  }

  std::vector<HandedOver> out;

 private:
  Result<Done> named_in(const sync::store::RecordRow& row) {
    const auto state = static_cast<int>(number_in(row, Handover::kStateFieldNumber));
    if (!Handover::State_IsValid(state) || is_over(static_cast<Handover::State>(state))) {
      return Done{};
    }
    const auto held = records_.reader().dossier(row.name.dossier);
    if (!held) return held.error();
    for (const auto& each : named_in_handover) {
      if (text_in(row, each.name) != from_.name) continue;
      const auto field = static_cast<std::uint32_t>(each.name);
      const auto* policy = records_.node().policies().find(row.name.type, field);
      if (!policy || !held->own_role || !policy->counts(*held->own_role)) continue;
      std::vector<FieldInput> inputs{{spoken_field(*field_of(row.name.type, field)), to_.name}};
      if (auto done = set(row.name, inputs, field); !done) return done;
    }
    return Done{};
  }

  Result<Done> set(const RecordName& name, const std::vector<FieldInput>& inputs,
                   std::uint32_t field) {
    const auto form = records_.open(name);
    if (!form) return form.error();
    const auto saved = records_.set_fields(*form, inputs, by_);
    if (!saved) return saved.error();
    out.push_back({name, label_of(name.type, field)});
    return Done{};
  }

  RecordService& records_;
  const StaffEntry& from_;
  const StaffEntry& to_;
  const By& by_;
};

}  // namespace

Result<std::vector<HandedOver>> StaffChanges::hand_over(const StaffEntry& from,
                                                        const StaffEntry& to, const By& by) {
  RecordService all(records_.node(), records_.codes());
  Taking taking(all, from, to, by);
  for (const auto& named : fields_that_name()) {
    if (auto done = taking.named_by_id(named); !done) return done.error();
  }
  if (auto done = taking.named_in_handovers(); !done) return done.error();
  return std::move(taking.out);
}

Result<StaffEntry> staff_meant(OpenNode& node, const std::string& typed) {
  Staff staff(node);
  const auto all = staff.list();
  const auto accounts = staff.accounts();
  if (!all) return all.error();
  if (!accounts) return accounts.error();
  const auto sign_in = sign_in_name(typed);
  std::set<ActorId> found;
  for (const auto& each : *all) {
    if (each.id.hex() == typed || each.name == typed) found.insert(each.id);
  }
  for (const auto& account : *accounts) {
    if (sign_in && account.sign_in_name == *sign_in) found.insert(account.actor);
  }
  if (found.size() > 1) {
    return Error{ErrorKind::not_found,
                 "Several members of staff are called so. Give the number that \"staff list\" "
                 "prints."};
  }
  const auto* entry = found.empty() ? nullptr : entry_of(*all, *found.begin());
  if (!entry) return nobody_like_that();
  return *entry;
}

}  // namespace throughgate::node
