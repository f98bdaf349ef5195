// What people do in a simulated world: they record, share, remove, sync and carry sticks about, on
// forms that may have been opened long before.
#include <algorithm>

#include "tests/simulation/handover_fields.h"
#include "tests/simulation/world.h"

namespace throughgate::simulation {
namespace {

using sync::DossierId;
using sync::FieldKey;
using sync::OpId;
using sync::OpKind;
using sync::Policy;
using sync::Role;
using sync::store::MemberChange;
using sync::store::OpDraft;
using sync::store::OpTable;
using sync::store::Replica;
using sync::store::UnitOfWork;

}  // namespace

std::vector<DossierId> World::dossiers_of(std::size_t machine) {
  std::vector<DossierId> out;
  UnitOfWork work(machines_[machine]->node().database());
  work.each(
      "SELECT d.dossier FROM dossier d WHERE EXISTS (SELECT 1 FROM dossier_key k WHERE "
      "k.dossier = d.id) ORDER BY d.dossier",
      sync::store::bound(), [&](const sync::store::Statement& row) {
        if (const auto id = DossierId::from(row.view(0))) out.push_back(*id);
      });
  return out;
}

std::optional<DossierId> World::any_dossier_of(std::size_t machine) {
  const auto dossiers = dossiers_of(machine);
  if (dossiers.empty()) return std::nullopt;
  return dossiers[random_.below(dossiers.size())];
}

void World::new_case(std::size_t machine) {
  const bool prison = organisation_of(machine) == 'A' || organisation_of(machine) == 'P';
  if (!prison || dossiers_of(machine).size() >= 2 + seed_ % 3) return;
  auto& node = machines_[machine]->node();
  std::vector<sync::Member> members{{node.identity().organisation, Role::owner},
                                    {organisations_["Z"], Role::central}};
  if (random_.chance(0.5)) members.push_back({organisations_["B"], Role::receiver});
  if (random_.chance(0.5)) {
    members.push_back(
        {organisations_["C"], random_.chance(0.8) ? Role::contributor : Role::reader});
  }
  const FieldKey field = fields()[0];
  const auto made =
      node.admission().create(members, {actor_at(*machines_[machine], 0), node.now_ms(), ""},
                              {{field, OpKind::set, text("first"), {}, {}}});
  if (!made) {
    ++counts_.saves_refused;
    return;
  }
  ++counts_.saves;
  UnitOfWork work(node.database());
  sync::store::StoredDossier stored(work, *made);
  if (const auto own = stored.own_stream()) {
    truth_[own->tip] = {*made,
                        field,
                        {},
                        time_.tick,
                        machines_[machine]->clock_offset_ms(),
                        machines_[machine]->name()};
  }
}

void World::open_forms(std::size_t machine) {
  for (int i = 0; i < 2; ++i) {
    if (const auto id = any_dossier_of(machine)) open_form(machine, *id);
  }
}

void World::open_form(std::size_t machine, const DossierId& id) {
  const FieldKey field = fields()[random_.below(fields().size())];
  auto& node = machines_[machine]->node();
  UnitOfWork work(node.database());
  const auto context = node.context();
  Replica replica(work, id, context);
  const auto* policy = node.policies().find(field.record_type, field.field);
  const auto role = replica.role_now(node.identity().organisation);
  if (!role || !policy->counts(*role)) return;
  const auto ops = replica.ops().load(field, OpTable::View::shown, replica.role_lookup());
  const auto state = merge(*policy, ops);
  SeenForm form{machine, id, field, {}, state.state, state.in_review};
  for (const auto i : state.siblings) form.seen.push_back(ops[i].id);
  if (state.in_review) count(reached::in_review);
  forms_.push_back(std::move(form));
}

// What the form comes to when somebody presses save. False when there is nothing to save.
bool World::complete(OpDraft& draft, const SeenForm& form, const sync::FieldPolicy& policy) {
  switch (policy.policy) {
    case Policy::latest:
      if (random_.chance(0.1)) draft = {form.field, OpKind::clear, {}, form.seen, {}};
      return true;
    case Policy::strictest:
      draft.value = sync::encode_number(1 + random_.below(4));
      return true;
    case Policy::set:
      draft.value = text(std::string(1, static_cast<char>('x' + random_.below(3))));
      draft.kind = random_.chance(0.5) ? OpKind::add : OpKind::remove;
      if (draft.kind == OpKind::add) draft.supersedes.clear();
      return true;
    case Policy::append:
      draft.kind = OpKind::append;
      draft.supersedes.clear();
      return true;
    case Policy::lifecycle:
      break;
  }
  std::vector<std::uint32_t> next;
  for (const auto& rule : policy.transitions) {
    if (rule.from == form.state && rule.to < 14) next.push_back(rule.to);
  }
  if (next.empty()) return false;
  draft.kind = OpKind::transition;
  draft.value = sync::encode_state_change({form.state, next[random_.below(next.size())]});
  draft.supersedes.clear();
  return true;
}

// Whoever's form: it may have been opened long ago, by one of two members of staff.
void World::save_form(std::size_t) {
  if (forms_.empty()) return;
  save_form_at(random_.below(forms_.size()));
}

void World::save_form_at(std::size_t which) {
  const SeenForm form = forms_[which];
  forms_.erase(forms_.begin() + static_cast<std::ptrdiff_t>(which));
  auto& machine = *machines_[form.machine];
  auto& node = machine.node();
  const auto* policy = node.policies().find(form.field.record_type, form.field.field);

  OpDraft draft{form.field, OpKind::set, text("v" + std::to_string(++forms_saved_)), form.seen, {}};
  if (!complete(draft, form, *policy)) return;
  const auto seen = draft.supersedes;
  if (options_.capture_at_save && draft.kind == OpKind::set) draft.supersedes = standing_now(form);
  write_in_some_way(machine, draft, *policy);
  const auto saved = node.admission().save(
      form.dossier, {actor_at(machine, random_.below(2)), node.now_ms(), "because"}, {draft});
  if (options_.programs) options_.programs->write(0);
  if (!saved) {
    ++counts_.saves_refused;
    return;
  }
  ++counts_.saves;
  count(name_of(policy->policy).c_str());
  if (form.in_review) count(reached::settled);
  truth_[*saved] = {form.dossier,  form.field, seen, time_.tick, machine.clock_offset_ms(),
                    machine.name()};
}

std::vector<OpId> World::standing_now(const SeenForm& form) {
  auto& node = machines_[form.machine]->node();
  UnitOfWork work(node.database());
  const auto context = node.context();
  Replica replica(work, form.dossier, context);
  const auto* policy = node.policies().find(form.field.record_type, form.field.field);
  const auto ops = replica.ops().load(form.field, OpTable::View::shown, replica.role_lookup());
  std::vector<OpId> out;
  for (const auto i : merge(*policy, ops).siblings) out.push_back(ops[i].id);
  return out;
}

void World::change_members(std::size_t machine) {
  const auto id = any_dossier_of(machine);
  if (!id) return;
  static const std::vector<std::pair<const char*, std::optional<Role>>> choices{
      {"B", Role::receiver},    {"B", Role::receiver},    {"B", std::nullopt},
      {"C", Role::contributor}, {"C", Role::contributor}, {"C", std::nullopt},
      {"C", Role::reader},      {"C", Role::reader},      {"P", Role::owner},
      {"P", Role::owner},       {"A", Role::owner},       {"A", Role::owner},
      {"", std::nullopt}};
  const auto& [name, role] = choices[random_.below(choices.size())];
  MemberChange change;
  if (*name != '\0') {
    change.kind = role ? MemberChange::Kind::set_role : MemberChange::Kind::remove;
    change.organisation = organisations_[name];
    change.role = role.value_or(Role::reader);
  }
  change_members(machine, *id, change);
}

bool World::change_members(std::size_t machine, const DossierId& id, const MemberChange& change) {
  auto& node = machines_[machine]->node();
  const auto changed = node.admission().change_members(
      id, change, {actor_at(*machines_[machine], 0), node.now_ms(), "members"});
  if (changed) ++counts_.membership_changes;
  return changed.has_value();
}

void World::redact(std::size_t machine) {
  if (const auto id = any_dossier_of(machine)) redact(machine, *id);
}

void World::redact(std::size_t machine, const DossierId& id) {
  auto& node = machines_[machine]->node();
  std::vector<OpId> notes;
  {
    UnitOfWork work(node.database());
    const auto context = node.context();
    Replica replica(work, id, context);
    for (const auto& op :
         replica.ops().load(fields()[random_.below(2) == 0 ? 0 : 4], OpTable::View::accepted, {})) {
      if (!op.value_removed) notes.push_back(op.id);
    }
  }
  if (notes.empty()) return;
  const auto done = node.admission().redact(
      id, {notes[random_.below(notes.size())]},
      {actor_at(*machines_[machine], 0), node.now_ms(), "names somebody else"});
  if (done) ++counts_.redactions;
}

// Two of the machines are seldom near a network.
void World::sync(std::size_t machine) {
  const bool far_away = machine == seed_ % 7 || machine == (seed_ / 7 + 3) % 7;
  if (far_away && random_.chance(0.6)) return;
  ++counts_.syncs;
  const auto report = machines_[machine]->sync();
  if (!report) {
    ++counts_.syncs_cut;
    return;
  }
  counts_.taken_back += report->counts.taken_back;
  renew_keys(machine);
}

// What has no place yet, handed over on a stick: all of it, or what somebody thought of.
void World::carry_by_hand(std::size_t from) {
  carry_by_hand(from, random_.below(machines_.size()));
}

void World::carry_by_hand(std::size_t from, std::size_t to) {
  if (options_.bundles && random_.chance(0.5)) return carry_bundle(from, to);
  const double left_behind = random_.chance(0.5) ? 0 : 0.5;
  std::vector<sync::SignedEntry> carried;
  for (const auto& id : dossiers_of(from)) {
    UnitOfWork work(machines_[from]->node().database());
    sync::store::StoredDossier stored(work, id);
    for (const auto standing : {sync::store::Standing::outbox, sync::store::Standing::carried}) {
      for (const auto row : stored.unplaced(standing)) {
        if (random_.chance(left_behind)) continue;
        if (const auto held = stored.load(row)) carried.push_back(held->entry.bytes());
      }
    }
  }
  for (const auto& entry : carried) receive_by_hand(to, entry);
}

// 4: what was written on another order than the one here is kept, and not merged.
void World::receive_by_hand(std::size_t to, const sync::SignedEntry& entry) {
  auto& node = machines_[to]->node();
  const auto header = sync::decode_header(entry.header).header;
  if (!header) {  // what only a newer program reads
    if (node.admission().receive_by_hand(entry)) ++counts_.carried_by_hand;
    return;
  }
  const auto row_in = [&](UnitOfWork& work) {
    return sync::store::StoredDossier(work, header->dossier).find(sync::entry_hash(entry.header));
  };
  {
    UnitOfWork work(node.database());
    if (row_in(work)) return;  // and so resolved long ago
  }
  if (!node.admission().receive_by_hand(entry)) return;
  ++counts_.carried_by_hand;
  UnitOfWork work(node.database());
  const sync::store::StoredDossier stored(work, header->dossier);
  const auto row = row_in(work);
  const auto held = row ? stored.load(*row) : std::nullopt;
  if (held && held->content == sync::store::Content::merged &&
      stored.chain_at(header->base_dsn) != header->base_head) {
    early_.emplace("4", machines_[to]->name() + " merged what was written on another order");
  }
}

}  // namespace throughgate::simulation
