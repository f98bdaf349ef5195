#include "node/erasure/holds.h"

#include <algorithm>

#include "node/days.h"
#include "node/dossier_kinds.h"
#include "node/erasure/listed.h"
#include "node/records/formats.h"
#include "records/erasure.pb.h"
#include "sync/store/membership_reader.h"

namespace throughgate::node {
namespace {

using schema::LegalHold;
using sync::Done;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::Role;
using sync::store::RecordView;

const RecordType& hold_type() { return *record_type(*LegalHold::descriptor()); }

Error needs_reason() { return {ErrorKind::invalid, "Say why. Nothing was changed."}; }

// A record's number is easily named: another organisation's hold keeps what that organisation has,
// or had, a part in, as far as it is held here. The central team's keeps whatever it names.
Result<bool> may_keep(const RecordService& records, const sync::OrganisationId& set_by,
                      const DossierId& dossier) {
  OpenNode& node = records.node();
  if (set_by == node.identity().organisation || set_by == node.directory().central()) return true;
  const auto changes = sync::store::membership_changes(node.database(), node.context(), dossier);
  if (!changes && changes.error().kind == ErrorKind::not_found) return true;
  if (!changes) return changes.error();
  return std::any_of(changes->begin(), changes->end(), [&](const auto& change) {
    return std::any_of(change.members.begin(), change.members.end(),
                       [&](const auto& member) { return member.organisation == set_by; });
  });
}

Result<Hold> hold_in(const RecordService& records, const DossierId& id) {
  const auto record = records.whole().read({id, {}, hold_type().number});
  if (!record) return record.error();
  Hold out;
  out.id = id;
  if (const auto* owner = record->dossier.member(Role::owner)) out.set_by = owner->organisation;
  for (const auto& value : listed_in(*record, LegalHold::kRecordsFieldNumber)) {
    const auto named = DossierId::from(value);
    if (!named) continue;
    const auto keeps = may_keep(records, out.set_by, *named);
    if (!keeps) return keeps.error();
    if (*keeps) out.records.insert(*named);
  }
  out.reason = shown_in(*record, LegalHold::kReasonFieldNumber);
  out.in_force = state_in(*record, LegalHold::kStateFieldNumber) == LegalHold::IN_FORCE;
  out.ours = record->dossier.own_role == Role::owner;
  if (const auto* reason = record->field(LegalHold::kReasonFieldNumber)) {
    if (const auto* op = reason->shown()) {
      out.set_by_name = op->actor_name;
      out.set_at_ms = op->effective_ms;
    }
  }
  return out;
}

}  // namespace

Result<Saved> Holds::set(const std::vector<DossierId>& dossiers, const std::string& reason,
                         const By& by) {
  if (auto may = records_.viewer().check(Act::erase); !may) return may.error();
  if (is_blank(reason)) return needs_reason();
  std::string numbers;
  for (const auto& id : dossiers) numbers += id.hex() + "\n";
  if (numbers.empty()) return Error{ErrorKind::invalid, "Name the record. Nothing was changed."};
  auto saved = records_.new_record(hold_type(), {{"records", numbers}, {"reason", reason}}, by);
  if (!saved) return saved;
  const auto shared =
      share_with_keepers(saved->record.dossier, {dossiers.begin(), dossiers.end()}, by);
  if (!shared) return shared.error();
  return saved;
}

// Others' holds are only looked at as far as to see whose they are. One that cannot be told of, or
// cannot be read, keeps none of the others from being told, and no visit from its end.
Result<std::size_t> Holds::tell_new_keepers() {
  const auto ids = dossiers_of(records_, hold_type());
  if (!ids) return ids.error();
  std::size_t told = 0;
  for (const auto& id : *ids) {
    const auto standing = records_.whole().dossier(id);
    if (!standing || standing->own_role != Role::owner) continue;
    const auto hold = hold_in(records_, id);
    if (!hold || !hold->in_force) continue;
    const auto shared = share_with_keepers(hold->id, hold->records,
                                           {sync::store::program_actor(), "keeps the record now"});
    if (!shared && shared.error().kind == ErrorKind::unavailable) return shared.error();
    if (shared) told += *shared;
  }
  return told;
}

// Whoever keeps the records sees why nothing is erased, and takes no value out: that needs nobody
// else's signature.
Result<std::size_t> Holds::share_with_keepers(const DossierId& hold,
                                              const std::set<DossierId>& dossiers, const By& by) {
  const auto told = records_.whole().dossier(hold);
  if (!told) return told.error();
  std::set<sync::OrganisationId> keepers;
  for (const auto& id : dossiers) {
    const auto held = records_.whole().dossier(id);
    if (!held && held.error().kind == ErrorKind::not_found) continue;
    if (!held) return held.error();
    const auto* owner = held->member(Role::owner);
    if (owner) keepers.insert(owner->organisation);
  }
  for (const auto& member : told->members) keepers.erase(member.organisation);
  std::size_t shared_with = 0;
  for (const auto& keeper : keepers) {
    const auto shared = records_.node().admission().change_members(
        hold, {sync::store::MemberChange::Kind::set_role, keeper, Role::reader},
        records_.authorship(by));
    // One such change waits for the place of another.
    if (!shared && shared.error().kind == ErrorKind::stale) break;
    if (!shared) return shared.error();
    ++shared_with;
  }
  return shared_with;
}

Result<Saved> Holds::lift(const DossierId& hold, const std::string& reason, const By& by) {
  if (auto may = records_.viewer().check(Act::erase); !may) return may.error();
  if (is_blank(reason)) return needs_reason();
  const auto known = hold_in(records_, hold);
  if (!known) {
    if (known.error().kind != ErrorKind::not_found) return known.error();
    return Error{ErrorKind::not_found, "There is no such hold here. \"hold list\" shows them."};
  }
  if (!known->ours) {
    return Error{ErrorKind::denied, "Only " + organisation_name(records_.node(), known->set_by) +
                                        ", which set this hold, lifts it. Nothing was changed."};
  }
  if (!known->in_force) {
    return Error{ErrorKind::invalid, "This hold has been lifted already. Nothing was changed."};
  }
  const auto form = records_.open({hold, {}, hold_type().number});
  if (!form) return form.error();
  return records_.set_fields(*form, {{"state", "LIFTED"}}, {by.actor, reason});
}

Result<std::vector<Hold>> all_holds(const RecordService& records) {
  const auto ids = dossiers_of(records, hold_type());
  if (!ids) return ids.error();
  std::vector<Hold> out;
  for (const auto& id : *ids) {
    auto hold = hold_in(records, id);
    if (!hold) return hold.error();
    out.push_back(*std::move(hold));
  }
  return out;
}

Result<std::vector<Hold>> holds_on(const RecordService& records,
                                   const std::set<DossierId>& dossiers) {
  auto all = all_holds(records);
  if (!all) return all;
  std::erase_if(*all, [&](const Hold& hold) {
    return !hold.in_force || std::none_of(dossiers.begin(), dossiers.end(),
                                          [&](const auto& id) { return hold.names(id); });
  });
  return all;
}

Result<Done> check_not_held(const RecordService& records, const DossierId& dossier) {
  const auto holds = holds_on(records, {dossier});
  if (!holds) return holds.error();
  if (holds->empty()) return Done{};
  return Error{ErrorKind::denied,
               "A legal hold keeps this record: " + in_words(holds->front(), records.node()) +
                   ". Nothing is removed from it until the hold is lifted; \"hold list\" shows "
                   "it."};
}

std::string in_words(const Hold& hold, const OpenNode& node) {
  return organisation_name(node, hold.set_by) + ", since " +
         shown_text(schema::FieldRule::DATE, iso_day(hold.set_at_ms)) + ": " + hold.reason;
}

}  // namespace throughgate::node
