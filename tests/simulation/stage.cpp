#include "tests/simulation/stage.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "schema/directory.pb.h"
#include "schema/options.pb.h"

namespace throughgate::simulation {
namespace {

schema::DirectoryOrganisation listed(const sync::store::NodeIdentity& first,
                                     const std::string& name,
                                     schema::DirectoryOrganisation::Kind kind) {
  schema::DirectoryOrganisation out;
  out.set_id(std::string(crypto::as_text(first.organisation.view())));
  out.set_name(name);
  out.set_kind(kind);
  out.set_recovery_key(std::string(crypto::as_text(first.recovery_key)));
  out.set_sheet_key(std::string(crypto::as_text(first.vouch.sheet_key)));
  return out;
}

schema::DirectoryNode listed(const sync::store::NodeIdentity& identity) {
  schema::DirectoryNode out;
  out.set_id(std::string(crypto::as_text(identity.node.view())));
  out.set_organisation(std::string(crypto::as_text(identity.organisation.view())));
  out.set_verify_key(std::string(crypto::as_text(identity.signing_key.verify_key())));
  out.set_box_key(std::string(crypto::as_text(identity.box_key.public_key())));
  out.set_vouch(std::string(crypto::as_text(identity.vouch.signature)));
  return out;
}

void expect(const sync::Result<sync::Done>& done) {
  if (!done) throw std::logic_error(done.error().message);
}

// Between any two of them, for handovers: what this world is about is not who may send what.
void add_agreements(const std::map<std::string, sync::OrganisationId>& organisations,
                    schema::DirectoryBody& body) {
  for (const auto& [from_name, from] : organisations) {
    for (const auto& [to_name, to] : organisations) {
      if (from_name == to_name) continue;
      auto& agreement = *body.add_agreements();
      agreement.set_id(std::string(14, 'a') + from_name + to_name);
      agreement.set_from(std::string(crypto::as_text(from.view())));
      agreement.set_to(std::string(crypto::as_text(to.view())));
      agreement.add_dossier_kinds(schema::CASE);
      agreement.set_expires_at_ms(std::numeric_limits<std::uint64_t>::max());
    }
  }
}

}  // namespace

Stage::Stage(std::uint64_t seed, const hub::HubLimits& limits)
    : random_(seed),
      secrets_(seed ^ 0x5eed),
      directory_key_(crypto::SigningKey::generate(secrets_)),
      hub_(std::make_unique<HubMachine>(seed * 31 + 1, secrets_, time_, limits)) {
  enrol_everybody();
}

Stage::~Stage() = default;

void Stage::add_machine(const std::string& name, const sync::OrganisationId& organisation) {
  auto machine =
      std::make_unique<NodeMachine>(name, random_.below(1u << 30), secrets_, time_,
                                    std::make_unique<Link>(*hub_, random_, link_counts_));
  if (!sheets_.contains(organisation)) {
    sheets_.emplace(organisation, crypto::BoxKey::generate(secrets_));
  }
  expect(machine->node().make_identity(organisation, sheets_.at(organisation)));
  expect(machine->node().pin_anchor(directory_key_.verify_key()));
  machines_.push_back(std::move(machine));
}

// Two nodes of a prison and of a partner, another partner, a second prison, and the desk.
void Stage::enrol_everybody() {
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
      *body.add_organisations() = listed(identity, organisation, kind);
    }
    *body.add_nodes() = listed(identity);
  }
  add_agreements(organisations_, body);
  const auto instance = hub_->instance();
  named_.insert(instance);
  body.mutable_hub()->set_verify_key(std::string(crypto::as_text(hub_->key())));
  body.mutable_hub()->set_instance(std::string(crypto::as_text(instance.view())));
  hub_->trust(directory_key_.verify_key());
  sign_directory(body);
  for (auto& machine : machines_) machine->disk().make_durable();
  hub_->disk().make_durable();
}

// The desk signs; its own node has the new version at once, everybody else hears of it.
void Stage::sign_directory(const schema::DirectoryBody& body) {
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

void Stage::bring_desk_up_to_date(NodeMachine& desk) {
  for (std::size_t i = desk.node().directory().version(); i < directory_steps_.size(); ++i) {
    expect(desk.node().take_directory(directory_steps_[i]));
  }
}

void Stage::name_hub() {
  named_.insert(hub_->instance());
  schema::DirectoryBody body;
  body.mutable_hub()->set_verify_key(std::string(crypto::as_text(hub_->key())));
  body.mutable_hub()->set_instance(std::string(crypto::as_text(hub_->instance().view())));
  sign_directory(body);
}

void Stage::put_hub_back(const FaultyDisk::Image& image) {
  hub_->put_back(image);
  name_hub();
}

void Stage::replace_hub() {
  hub_->replace_disk(random_.below(1u << 30));
  hub_->trust(directory_key_.verify_key());
  name_hub();
}

void Stage::erase(const sync::DossierId& dossier) {
  schema::DirectoryBody body;
  body.add_erased_dossiers(std::string(crypto::as_text(dossier.view())));
  sign_directory(body);
}

// One that was named before is over: whoever looks after the hub has to begin another.
void Stage::name_new_instance() {
  if (hub_->instance() == directory_.hub_instance()) return;
  if (named_.contains(hub_->instance())) hub_->begin_new_instance();
  name_hub();
}

NodeMachine& Stage::clone(std::size_t machine) {
  auto copy = std::make_unique<NodeMachine>(machines_[machine]->name() + "'",
                                            random_.below(1u << 30), secrets_, time_,
                                            std::make_unique<Link>(*hub_, random_, link_counts_));
  copy->put_back(machines_[machine]->copy());
  machines_.push_back(std::move(copy));
  return *machines_.back();
}

NodeMachine& Stage::enrol(const std::string& name) {
  add_machine(name, organisations_.at(std::string(1, name[0])));
  auto& machine = *machines_.back();
  schema::DirectoryBody body;
  *body.add_nodes() = listed(machine.node().identity());
  sign_directory(body);
  for (const auto& step : directory_steps_) expect(machine.node().take_directory(step));
  return machine;
}

void Stage::revoke(const std::string& name) {
  const auto& id = machine(name).node().identity().node;
  schema::DirectoryBody body;
  body.add_revoked_nodes(std::string(crypto::as_text(id.view())));
  auto& why = *body.add_revocations();
  why.set_node(body.revoked_nodes(0));
  why.set_reason(schema::NodeRevocation::STOLEN);
  sign_directory(body);
}

NodeMachine& Stage::machine(const std::string& name) {
  const auto found = std::find_if(machines_.begin(), machines_.end(),
                                  [&](const auto& each) { return each->name() == name; });
  if (found == machines_.end()) throw std::logic_error("no machine " + name);
  return **found;
}

}  // namespace throughgate::simulation
