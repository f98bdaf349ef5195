// Somebody enrolled whose program is wrong, or who means harm: it signs entries that must never
// have a place. The hub must refuse each for its own reason, and nothing else may change.
#pragma once

#include "tests/simulation/machines.h"

namespace throughgate::hub {
class StoredOrder;
}

namespace throughgate::simulation {

class ConfusedMember {
 public:
  // Draws from a seed of its own: what others do is the same with it and without it.
  ConfusedMember(std::uint64_t seed, const Time& time) : random_(seed), time_(time) {}

  // One wrong entry of each kind that this machine's organisation can write about the dossier, sent
  // in the machine's name. Finds a fault where one was not refused, or left a trace.
  void write(NodeMachine& machine, HubMachine& hub, const sync::DossierId& id, Findings& findings);

  // A sound entry of a revoked machine, carried by another: refused for its author alone.
  void write_as_revoked(NodeMachine& revoked, NodeMachine& carrier, HubMachine& hub,
                        const sync::DossierId& id, Findings& findings);

  SeededRandom& random() { return random_; }

 private:
  struct Wrong {
    sync::SignedEntry entry;
    sync::Reason refused_for;
  };
  void send(NodeMachine& carrier, HubMachine& hub, const sync::DossierId& id,
            const std::vector<Wrong>& wrong, Findings& findings);
  std::vector<Wrong> wrong_entries(NodeMachine& machine, HubMachine& hub,
                                   const sync::DossierId& id);
  void wrong_memberships(const sync::Header& good, const hub::StoredOrder& order,
                         const node::OpenNode& node, std::vector<Wrong>& out);
  void add(sync::Header header, sync::Bytes clear, sync::Reason refused_for,
           const node::OpenNode& node, std::vector<Wrong>& out);
  std::optional<crypto::Bytes> request(NodeMachine& machine, HubMachine& hub,
                                       const std::vector<Wrong>& wrong);
  std::string compare(const crypto::Bytes& reply, const std::vector<Wrong>& wrong) const;

  SeededRandom random_;
  const Time& time_;
};

}  // namespace throughgate::simulation
