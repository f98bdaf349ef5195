// A whole Throughgate in one process, from one seed: organisations and their nodes, a hub, links
// that lose, repeat and replay, clocks that are wrong, power that goes in the middle of anything,
// disks and hubs put back from old copies. The shipped code runs through bytes, on encrypted
// stores.
//
// The harness keeps a truth of its own about every save: what was acknowledged, and what its author
// had seen. The rules never read it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "tests/simulation/machines.h"

namespace throughgate::simulation {

struct WorldOptions {
  int steps = 240;
  bool hub_restores = true;
  bool node_restores = true;
  bool power_cuts = true;
  bool lying_sync = false;  // planted: disks acknowledge what they have not kept
};

struct WorldCounts {
  AnswerCounts answers;
  std::uint64_t saves = 0, saves_refused = 0, syncs = 0, syncs_cut = 0, power_cuts = 0,
                hub_power_cuts = 0;
  std::uint64_t node_restores = 0, hub_restores = 0, carried_by_hand = 0, membership_changes = 0,
                redactions = 0;
  std::uint64_t entries_accepted = 0, taken_back = 0, written_again = 0, lost_with_disks = 0;
  std::map<std::string, std::uint64_t> policies;  // merges looked at, by policy
};

// What was found wrong, by invariant; empty when all held.
using Findings = std::map<std::string, std::string>;

class World {
 public:
  World(std::uint64_t seed, const WorldOptions& options);
  ~World();

  // Runs all steps, heals every link, waits until nothing moves, checks.
  Findings run();
  const WorldCounts& counts() const { return counts_; }

 private:
  struct SeenForm {  // a form as somebody opened it
    std::size_t machine;
    sync::DossierId dossier;
    sync::FieldKey field;
    std::vector<sync::OpId> seen;
    std::uint32_t state = 0;
  };
  struct Truth {  // of one save
    sync::DossierId dossier;
    sync::FieldKey field;
    std::vector<sync::OpId> seen;
    std::uint64_t tick = 0;
    std::int64_t clock_offset_ms = 0;
    std::string author;
  };

  void enrol_everybody();
  void add_machine(const std::string& name, const sync::OrganisationId& organisation);
  void sign_directory(const schema::DirectoryBody& body);
  void bring_desk_up_to_date(NodeMachine& desk);
  void name_hub_instance(const sync::InstanceId& instance);

  void step();
  void open_form(std::size_t machine);
  void save_form();
  void new_case(std::size_t machine);
  void change_members(std::size_t machine);
  void redact(std::size_t machine);
  void sync(std::size_t machine);
  void carry_by_hand(std::size_t from, std::size_t to);
  void put_node_back();
  void put_hub_back();
  void settle();

  void maybe_cut_power(std::size_t machine);
  void after_power(std::size_t machine);
  void note_accepted();
  std::set<sync::Hash> entries_on(std::size_t machine);
  std::vector<sync::DossierId> dossiers_of(std::size_t machine);

  void check(Findings& findings);
  void check_hub_chains(Findings& findings);
  void check_members_agree(Findings& findings);
  void check_nothing_lost(Findings& findings);
  void check_projection(sync::store::Replica& replica, NodeMachine& machine, Findings& findings);
  void check_keys(Findings& findings);

  const std::uint64_t seed_;
  const WorldOptions options_;
  SeededRandom random_;
  SeededRandom secrets_;
  Time time_;
  WorldCounts counts_;
  Findings early_;

  crypto::SigningKey directory_key_;
  sync::Directory directory_;
  std::vector<sync::DirectoryStep>
      directory_steps_;  // what the desk has signed, kept apart from its node
  std::map<std::string, sync::OrganisationId> organisations_;
  std::unique_ptr<HubMachine> hub_;
  std::vector<FaultyDisk::Image> hub_copies_;
  std::vector<std::unique_ptr<NodeMachine>> machines_;
  std::vector<std::string> organisation_names_;  // of each machine
  std::vector<std::pair<std::size_t, FaultyDisk::Image>> disk_copies_;
  std::vector<SeenForm> forms_;
  std::map<sync::Hash, Truth> truth_;  // acknowledged saves, by entry
  std::set<sync::Hash> lost_with_disks_;
  std::map<std::tuple<sync::InstanceId, sync::DossierId, sync::Hash>, std::uint64_t> placed_;
  std::map<std::pair<sync::DossierId, sync::Hash>, sync::ProjectionDigest> digests_;
};

}  // namespace throughgate::simulation
