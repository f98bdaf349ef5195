// A hub, a desk, two prisons and two partners, enrolled and ready: what simulated worlds and
// scripted scenes are played on. Everything is open to whoever plays.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/machines.h"

namespace throughgate::schema {
class DirectoryBody;
}

namespace throughgate::simulation {

struct Stage {
  // Machines: A1 and A2 of a prison, B1 and B2 of a partner, C1 of another partner, P1 of a second
  // prison, Z1 the desk's. What the seed decides, it decides for ever.
  explicit Stage(std::uint64_t seed, const hub::HubLimits& limits = {});
  ~Stage();

  NodeMachine& machine(const std::string& name);  // which must be there
  char organisation_of(std::size_t machine) const { return machines_[machine]->name()[0]; }
  // An older copy of the hub's disk, declared as such and named in the directory.
  void put_hub_back(const FaultyDisk::Image& image);
  // A new one on an empty disk, with a key of its own, named in the directory.
  void replace_hub();
  // The desk signs that this record is erased.
  void erase(const sync::DossierId& dossier);
  // Where the hub serves under an instance that the list does not name, the desk hears of it.
  void name_new_instance();
  // Another machine that lives on from this one's disk.
  NodeMachine& clone(std::size_t machine);
  // A further machine of one of the organisations ("B3" of B's), in the directory from now on.
  NodeMachine& enrol(const std::string& name);
  // Nothing is accepted of this machine from the next version of the directory on.
  void revoke(const std::string& name);
  void bring_desk_up_to_date(NodeMachine& desk);

  SeededRandom random_;
  SeededRandom secrets_;
  Time time_;
  LinkCounts link_counts_;
  crypto::SigningKey directory_key_;
  sync::Directory directory_;
  // What the desk has signed, kept apart from its node.
  std::vector<sync::DirectoryStep> directory_steps_;
  std::map<std::string, sync::OrganisationId> organisations_;
  std::unique_ptr<HubMachine> hub_;
  std::vector<std::unique_ptr<NodeMachine>> machines_;

 private:
  void enrol_everybody();
  void add_machine(const std::string& name, const sync::OrganisationId& organisation);
  std::map<sync::OrganisationId, crypto::BoxKey> sheets_;
  std::set<sync::InstanceId> named_;  // in any version of the list

  void name_hub();
  void sign_directory(const schema::DirectoryBody& body);
};

}  // namespace throughgate::simulation
