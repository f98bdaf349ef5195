#include "tests/simulation/world.h"

#include <algorithm>
#include <stdexcept>

#include "node/records/catalogue.h"
#include "schema/directory.pb.h"
#include "sync/store/settings_table.h"

namespace throughgate::simulation {
namespace {

using sync::DossierId;
using sync::FieldKey;
using sync::Hash;
using sync::OpId;
using sync::OpKind;
using sync::Policy;
using sync::Role;
using sync::store::MemberChange;
using sync::store::OpDraft;
using sync::store::OpTable;
using sync::store::Replica;
using sync::store::UnitOfWork;

// Fields of a handover, one or two of each policy.
const node::RecordType& handover() {
  static const node::RecordType& type = *node::record_type("handover");
  return type;
}

FieldKey field_key(const char* name) {
  const auto* field = node::field_named(handover(), name);
  if (!field) throw std::logic_error(std::string("no field ") + name);
  return {{}, handover().number, static_cast<std::uint32_t>(field->number())};
}

const std::vector<FieldKey>& fields() {
  static const std::vector<FieldKey> all{field_key("stop_note"),      field_key("release_date"),
                                         field_key("risk_to_public"), field_key("languages"),
                                         field_key("notes"),          field_key("state")};
  return all;
}

sync::Bytes text(const std::string& value) { return {value.begin(), value.end()}; }

sync::Actor actor_at(const NodeMachine& machine, std::uint64_t which) {
  sync::Actor actor;
  actor.id.bytes[0] = static_cast<std::uint8_t>(machine.name()[0]);
  actor.id.bytes[1] = static_cast<std::uint8_t>(which);
  actor.name = which == 0 ? "Ada Example" : "Ben Example";
  actor.role = "handover worker";
  return actor;
}

schema::DirectoryOrganisation listed(const sync::OrganisationId& id, const std::string& name,
                                     schema::DirectoryOrganisation::Kind kind,
                                     const crypto::BoxPublicKey& recovery_key) {
  schema::DirectoryOrganisation out;
  out.set_id(std::string(crypto::as_text(id.view())));
  out.set_name(name);
  out.set_kind(kind);
  out.set_recovery_key(std::string(crypto::as_text(recovery_key)));
  return out;
}

schema::DirectoryNode listed(const sync::store::NodeIdentity& identity) {
  schema::DirectoryNode out;
  out.set_id(std::string(crypto::as_text(identity.node.view())));
  out.set_organisation(std::string(crypto::as_text(identity.organisation.view())));
  out.set_verify_key(std::string(crypto::as_text(identity.signing_key.verify_key())));
  out.set_box_key(std::string(crypto::as_text(identity.box_key.public_key())));
  return out;
}

void expect(const sync::Result<sync::Done>& done) {
  if (!done) throw std::logic_error(done.error().message);
}

}  // namespace

World::World(std::uint64_t seed, const WorldOptions& options)
    : seed_(seed),
      options_(options),
      random_(seed),
      secrets_(seed ^ 0x5eed),
      directory_key_(crypto::SigningKey::generate(secrets_)) {
  hub_ = std::make_unique<HubMachine>(seed * 31 + 1, secrets_, time_);
  enrol_everybody();
  if (options_.lying_sync) {
    for (auto& machine : machines_) machine->disk().lie_about_sync(true);
  }
}

World::~World() = default;

// ---- bringing it up

void World::add_machine(const std::string& name, const sync::OrganisationId& organisation) {
  auto machine =
      std::make_unique<NodeMachine>(name, random_.below(1u << 30), secrets_, time_,
                                    std::make_unique<Link>(*hub_, random_, counts_.answers));
  crypto::BoxPublicKey recovery{};
  const auto known = directory_.organisation(organisation);
  recovery = known ? known->recovery_key : crypto::BoxKey::generate(secrets_).public_key();
  expect(machine->node().make_identity(organisation, recovery));
  expect(machine->node().pin_directory_key(directory_key_.verify_key()));
  machines_.push_back(std::move(machine));
  organisation_names_.push_back(name.substr(0, 1));
}

// Two nodes of a prison and of a partner, another partner, a second prison, and the desk.
void World::enrol_everybody() {
  schema::DirectoryBody body;
  for (const char* name : {"A", "B", "C", "P", "Z"}) {
    organisations_[name] = sync::OrganisationId::random(secrets_);
  }
  for (const char* name : {"A1", "A2", "B1", "B2", "C1", "P1", "Z1"}) {
    const std::string organisation(1, name[0]);
    add_machine(name, organisations_[organisation]);
    const auto& identity = machines_.back()->node().identity();
    if (name[1] == '1') {
      const auto kind = name[0] == 'Z'                     ? schema::DirectoryOrganisation::CENTRAL
                        : name[0] == 'B' || name[0] == 'C' ? schema::DirectoryOrganisation::PARTNER
                                                           : schema::DirectoryOrganisation::PRISON;
      *body.add_organisations() =
          listed(identity.organisation, organisation, kind, identity.recovery_key);
    }
    *body.add_nodes() = listed(identity);
  }
  const auto& instance = hub_->sequencer().state().instance;
  body.mutable_hub()->set_verify_key(std::string(crypto::as_text(hub_->key())));
  body.mutable_hub()->set_instance(std::string(crypto::as_text(instance.view())));
  hub_->trust(directory_key_.verify_key());
  sign_directory(body);
  for (auto& machine : machines_) machine->disk().make_durable();
  hub_->disk().make_durable();
  hub_copies_.push_back(hub_->copy());
}

// The desk signs; its own node has the new version at once, everybody else hears of it.
void World::sign_directory(const schema::DirectoryBody& body) {
  const auto step =
      directory_.sign_next(body, time_.now_ms(), time_.now_ms() + (1ull << 40), directory_key_);
  expect(directory_.apply(step, directory_key_.verify_key()));
  directory_steps_.push_back(step);
  for (auto& machine : machines_) {
    if (machine->name()[0] == 'Z') bring_desk_up_to_date(*machine);
  }
  if (directory_.version() == 1) {
    expect(hub_->sequencer().take_directory({step}, time_.now_ms()));
    for (auto& machine : machines_) {
      if (machine->name()[0] != 'Z') expect(machine->node().take_directory(step));
    }
  }
}

void World::bring_desk_up_to_date(NodeMachine& desk) {
  for (std::size_t i = desk.node().directory().version(); i < directory_steps_.size(); ++i) {
    expect(desk.node().take_directory(directory_steps_[i]));
  }
}

void World::name_hub_instance(const sync::InstanceId& instance) {
  schema::DirectoryBody body;
  body.mutable_hub()->set_verify_key(std::string(crypto::as_text(hub_->key())));
  body.mutable_hub()->set_instance(std::string(crypto::as_text(instance.view())));
  sign_directory(body);
}

// ---- power

void World::maybe_cut_power(std::size_t machine) {
  if (!options_.power_cuts) return;
  if (random_.chance(0.32)) {
    machines_[machine]->disk().cut_power_at(1 + random_.below(12));
  } else if (random_.chance(0.06)) {
    hub_->disk().cut_power_at(1 + random_.below(20));
  }
}

void World::after_power(std::size_t machine) {
  if (machines_[machine]->restart_if_dark()) {
    ++counts_.power_cuts;
    std::erase_if(forms_, [&](const SeenForm& form) { return form.machine == machine; });
  }
  machines_[machine]->disk().disarm();
  hub_->restart_if_dark();
  hub_->disk().disarm();
}

// ---- what people do

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

void World::new_case(std::size_t machine) {
  auto& node = machines_[machine]->node();
  std::vector<sync::Member> members{{node.identity().organisation, Role::owner},
                                    {organisations_["Z"], Role::central}};
  if (random_.chance(0.6)) members.push_back({organisations_["B"], Role::receiver});
  if (random_.chance(0.6)) {
    members.push_back(
        {organisations_["C"], random_.chance(0.5) ? Role::contributor : Role::reader});
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

void World::open_form(std::size_t machine) {
  const auto dossiers = dossiers_of(machine);
  if (dossiers.empty()) return;
  const DossierId id = dossiers[random_.below(dossiers.size())];
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
  SeenForm form{machine, id, field, {}, state.state};
  for (const auto i : state.siblings) form.seen.push_back(ops[i].id);
  forms_.push_back(std::move(form));
}

void World::save_form() {
  if (forms_.empty()) return;
  const std::size_t which = random_.below(forms_.size());
  SeenForm form = forms_[which];
  forms_.erase(forms_.begin() + static_cast<std::ptrdiff_t>(which));
  auto& machine = *machines_[form.machine];
  auto& node = machine.node();
  const auto* policy = node.policies().find(form.field.record_type, form.field.field);

  OpDraft draft{form.field, OpKind::set, text("v" + std::to_string(counts_.saves)), form.seen, {}};
  switch (policy->policy) {
    case Policy::latest:
      if (random_.chance(0.1)) draft = {form.field, OpKind::clear, {}, form.seen, {}};
      break;
    case Policy::strictest:
      draft.value = sync::encode_number(1 + random_.below(4));
      break;
    case Policy::set:
      draft.value = text(std::string(1, static_cast<char>('x' + random_.below(3))));
      draft.kind = random_.chance(0.5) ? OpKind::add : OpKind::remove;
      if (draft.kind == OpKind::add) draft.supersedes.clear();
      break;
    case Policy::append:
      draft.kind = OpKind::append;
      draft.supersedes.clear();
      break;
    case Policy::lifecycle: {
      std::vector<std::uint32_t> next;
      for (const auto& rule : policy->transitions) {
        if (rule.from == form.state && rule.to < 14) next.push_back(rule.to);
      }
      if (next.empty()) return;
      draft.kind = OpKind::transition;
      draft.value = sync::encode_state_change({form.state, next[random_.below(next.size())]});
      draft.supersedes.clear();
    }
  }
  ++counts_.policies[std::to_string(static_cast<int>(policy->policy))];
  const auto saved = node.admission().save(
      form.dossier, {actor_at(machine, random_.below(2)), node.now_ms(), "because"}, {draft});
  if (!saved) {
    ++counts_.saves_refused;
    return;
  }
  ++counts_.saves;
  truth_[*saved] = {
      form.dossier,  form.field, draft.supersedes, time_.tick, machine.clock_offset_ms(),
      machine.name()};
}

void World::change_members(std::size_t machine) {
  const auto dossiers = dossiers_of(machine);
  if (dossiers.empty()) return;
  static const std::vector<std::pair<const char*, std::optional<Role>>> choices{
      {"B", Role::receiver}, {"B", std::nullopt}, {"C", Role::contributor}, {"C", std::nullopt},
      {"C", Role::reader},   {"P", Role::owner},  {"A", Role::owner},       {"", std::nullopt}};
  const auto& [name, role] = choices[random_.below(choices.size())];
  MemberChange change;
  if (*name != '\0') {
    change.kind = role ? MemberChange::Kind::set_role : MemberChange::Kind::remove;
    change.organisation = organisations_[name];
    change.role = role.value_or(Role::reader);
  }
  auto& node = machines_[machine]->node();
  const auto changed =
      node.admission().change_members(dossiers[random_.below(dossiers.size())], change,
                                      {actor_at(*machines_[machine], 0), node.now_ms(), "members"});
  if (changed) ++counts_.membership_changes;
}

void World::redact(std::size_t machine) {
  const auto dossiers = dossiers_of(machine);
  if (dossiers.empty()) return;
  const DossierId id = dossiers[random_.below(dossiers.size())];
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

void World::sync(std::size_t machine) {
  ++counts_.syncs;
  const auto report = machines_[machine]->sync();
  if (!report) {
    ++counts_.syncs_cut;
    return;
  }
  counts_.taken_back += report->counts.taken_back;
}

// What has no place yet, handed over on a stick.
void World::carry_by_hand(std::size_t from, std::size_t to) {
  std::vector<sync::SignedEntry> carried;
  for (const auto& id : dossiers_of(from)) {
    UnitOfWork work(machines_[from]->node().database());
    sync::store::StoredDossier stored(work, id);
    for (const auto standing : {sync::store::Standing::outbox, sync::store::Standing::carried}) {
      for (const auto row : stored.unplaced(standing)) {
        if (const auto held = stored.load(row)) carried.push_back(held->entry.bytes());
      }
    }
  }
  for (const auto& entry : carried) {
    if (machines_[to]->node().admission().receive_by_hand(entry)) ++counts_.carried_by_hand;
  }
}

std::set<Hash> World::entries_on(std::size_t machine) {
  std::set<Hash> out;
  UnitOfWork work(machines_[machine]->node().database());
  work.each("SELECT hash FROM entry", sync::store::bound(), [&](const sync::store::Statement& row) {
    if (const auto hash = crypto::to_array<32>(row.view(0))) out.insert(*hash);
  });
  return out;
}

void World::put_node_back() {
  if (disk_copies_.empty()) return;
  const auto& [machine, image] = disk_copies_[random_.below(disk_copies_.size())];
  const auto before = entries_on(machine);
  machines_[machine]->put_back(image);
  const auto after = entries_on(machine);
  for (const auto& entry : before) {
    if (!after.contains(entry)) lost_with_disks_.insert(entry);
  }
  std::erase_if(forms_, [m = machine](const SeenForm& form) { return form.machine == m; });
  if (machines_[machine]->name()[0] == 'Z') bring_desk_up_to_date(*machines_[machine]);
  ++counts_.node_restores;
}

void World::put_hub_back() {
  const auto& image =
      random_.chance(0.85) ? hub_copies_[random_.below(hub_copies_.size())] : hub_copies_.front();
  note_accepted();
  name_hub_instance(hub_->put_back(image));
  ++counts_.hub_restores;
}

// ---- running

void World::step() {
  ++time_.tick;
  const std::size_t machine = random_.below(machines_.size());
  const auto roll = random_.below(1000);
  const bool prison = machines_[machine]->name()[0] == 'A' || machines_[machine]->name()[0] == 'P';
  if (roll < 910) maybe_cut_power(machine);
  machines_[machine]->link().set_weather({0.06, 0.1, 0.05, 0.05});
  if (roll < 40) {
    if (prison && digests_.size() < 400 && dossiers_of(machine).size() < 2 + seed_ % 3) {
      new_case(machine);
    }
  } else if (roll < 330) {
    open_form(machine);
    open_form(machine);
  } else if (roll < 560) {
    save_form();
  } else if (roll < 800) {
    sync(machine);
  } else if (roll < 850) {
    carry_by_hand(machine, random_.below(machines_.size()));
  } else if (roll < 885) {
    change_members(machine);
  } else if (roll < 910) {
    redact(machine);
  } else if (roll < 930) {
    disk_copies_.emplace_back(machine, machines_[machine]->copy());
  } else if (roll < 942) {
    if (options_.node_restores) put_node_back();
  } else if (roll < 962) {
    hub_copies_.push_back(hub_->copy());
  } else if (roll < 970) {
    if (options_.hub_restores) put_hub_back();
  } else {
    const std::int64_t years = static_cast<std::int64_t>(random_.below(3)) - 1;  // -50, 0, +70
    const std::int64_t year_ms = 365ll * 24 * 60 * 60 * 1000;
    machines_[machine]->set_clock_offset_ms(years * (years < 0 ? 50 : 70) * year_ms);
  }
  for (std::size_t i = 0; i < machines_.size(); ++i) after_power(i);
}

void World::settle() {
  for (auto& machine : machines_) {
    machine->set_clock_offset_ms(0);
    machine->link().set_weather({});
    machine->disk().lie_about_sync(false);
  }
  int quiet = 0;
  for (int round = 0; round < 60 && quiet < 2; ++round) {
    time_.tick += 3;
    const std::uint64_t accepted = counts_.answers.verdicts["accepted"];
    std::size_t moved = 0;
    for (auto& machine : machines_) {
      const auto report = machine->sync();
      if (!report) {
        ++moved;
        continue;
      }
      const auto& counts = report->counts;
      moved += counts.sent + counts.received + counts.refused + counts.held + counts.taken_back +
               counts.keys;
    }
    quiet = moved == 0 && accepted == counts_.answers.verdicts["accepted"] ? quiet + 1 : 0;
  }
}

Findings World::run() {
  new_case(0);
  Findings findings;
  try {
    for (int i = 0; i < options_.steps; ++i) step();
    settle();
    check(findings);
  } catch (const std::logic_error& error) {  // a machine that does not start again, for instance
    findings.emplace("machine", error.what());
  }
  findings.insert(early_.begin(), early_.end());
  counts_.hub_power_cuts = hub_->power_cuts();
  counts_.lost_with_disks = lost_with_disks_.size();
  return findings;
}

}  // namespace throughgate::simulation
