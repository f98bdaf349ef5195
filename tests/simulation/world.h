// A whole Throughgate in one process, from one seed: organisations and their nodes, a hub, links
// that lose, repeat, replay and garble, clocks that are wrong, power that goes in the middle of
// anything, disks and hubs put back from old copies, two machines living on from one disk. The
// shipped code runs through bytes, on encrypted stores.
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

#include "tests/simulation/confused_member.h"
#include "tests/simulation/evil_hub.h"
#include "tests/simulation/stage.h"

namespace throughgate::simulation {

struct WorldOptions {
  int steps = 600;
  bool hub_restores = true;
  bool node_restores = true;
  bool power_cuts = true;
  bool thefts = true;           // in every third world a machine is stolen
  bool erasures = true;         // in every fourth world two records are erased
  bool lost_hubs = true;        // in every fifth world the hub is lost with all copies of it
  bool bundles = false;         // half of what is carried by hand goes in whole bundles
  bool quiet_rollbacks = true;  // in every third world: hubs put back and not declared
  bool evil_hub = false;        // until things are to come to rest, it lies
  // In every so many worlds most machines run the older program until they are updated.
  const TwoPrograms* programs = nullptr;
  std::uint64_t updates_every = 7;

  // Faults planted in the world itself; those in the rules are in twins/.
  bool lying_sync = false;        // disks acknowledge what they have not kept
  bool capture_at_save = false;   // a save replaces what is there, not what its form had seen
  bool outbox_by_answer = false;  // what the hub says it has taken is sent no more
  bool hold_for_ever = false;     // the hub forgets since when it holds an entry
};

struct WorldCounts {
  LinkCounts links;  // filled in at the end, from the stage's
  Reached reached;
  Reached lies;  // of an evil hub
  std::uint64_t saves = 0, saves_refused = 0, syncs = 0, syncs_cut = 0, power_cuts = 0,
                hub_power_cuts = 0;
  std::uint64_t node_restores = 0, hub_restores = 0, quiet_rollbacks = 0, hub_splits = 0,
                clones = 0, carried_by_hand = 0, bundles_taken = 0, placed_by_bundle = 0,
                membership_changes = 0, redactions = 0;
  std::uint64_t thefts = 0, erasures = 0, hubs_lost = 0;
  std::uint64_t updates = 0, written_by_newer = 0, bits_flipped = 0, idle_syncs = 0,
                caught_up_by_bundle = 0;
  std::uint64_t entries_accepted = 0, taken_back = 0, lost_with_disks = 0;

  WorldCounts& operator+=(const WorldCounts& other);
};

class World : private Stage {
 public:
  World(std::uint64_t seed, const WorldOptions& options);
  ~World();

  // Runs all steps, heals every link, waits until nothing moves, checks. Empty when all held.
  Findings run();
  const WorldCounts& counts() const { return counts_; }

 private:
  struct SeenForm {  // a form as somebody opened it
    std::size_t machine;
    sync::DossierId dossier;
    sync::FieldKey field;
    std::vector<sync::OpId> seen;
    std::uint32_t state = 0;
    bool in_review = false;
  };
  struct Truth {  // of one save
    sync::DossierId dossier;
    sync::FieldKey field;
    std::vector<sync::OpId> seen;
    std::uint64_t tick = 0;
    std::int64_t clock_offset_ms = 0;
    std::string author;
  };

  // What may happen in a step, and how often among a thousand.
  struct Happening {
    std::uint64_t weight;
    void (World::*what)(std::size_t machine);
    bool power_may_go;
  };
  static const std::vector<Happening>& happenings();
  void step();
  void open_form(std::size_t machine, const sync::DossierId& id);
  void open_forms(std::size_t machine);
  void save_form(std::size_t);
  void save_form_at(std::size_t which);
  bool complete(sync::store::OpDraft& draft, const SeenForm& form, const sync::FieldPolicy& policy);
  void new_case(std::size_t machine);
  void change_members(std::size_t machine);
  bool change_members(std::size_t machine, const sync::DossierId& id,
                      const sync::store::MemberChange& change);
  void redact(std::size_t machine);
  void redact(std::size_t machine, const sync::DossierId& id);
  void sync(std::size_t machine);
  void carry_by_hand(std::size_t from);
  void carry_by_hand(std::size_t from, std::size_t to);
  void receive_by_hand(std::size_t to, const sync::SignedEntry& entry);
  void carry_bundle(std::size_t from, std::size_t to);
  void note_keys_given(std::size_t from, std::size_t to);
  void bring_in_a_bundle(std::size_t to);
  void copy_disk(std::size_t machine);
  void put_node_back(std::size_t);
  void clone(std::size_t machine);
  void copy_hub(std::size_t);
  void put_hub_back(std::size_t);
  void put_hub_back(const FaultyDisk::Image& image);   // and open at once
  void roll_hub_back(const FaultyDisk::Image& image);  // and tell nobody
  void right_lost_meanwhile(std::size_t machine);
  void forgotten_member(std::size_t machine);
  std::optional<sync::Role> role_at(std::size_t machine, const sync::DossierId& id);
  std::optional<std::size_t> another_member(std::size_t machine, const sync::DossierId& id);
  void write_something(std::size_t machine, const sync::DossierId& id);
  void write_wrong_entries();
  void open_hub(std::size_t);
  bool is_revoked(std::size_t machine) const;
  void steal_when_due(int step);
  void erase_when_due(int step);
  void lose_hub_when_due(int step);
  void write_as_the_thief();
  void begin_with_older_programs();
  void update_when_due(int step);
  void update(std::size_t machine);
  void write_in_some_way(const NodeMachine& machine, const sync::store::OpDraft& draft,
                         const sync::FieldPolicy& policy);
  std::size_t renew_keys(std::size_t machine);
  void split_or_join_hub();
  void join_hub();
  void set_clock(std::size_t machine);
  void quiet_fortnight(std::size_t);
  static std::size_t unplaced_on(NodeMachine& machine);
  bool waits_for_the_hub();
  void settle();
  LinkWeather weather();
  void listen_to(NodeMachine& machine);  // for planted faults, and lies
  std::vector<sync::OpId> standing_now(const SeenForm& form);

  void maybe_cut_power(std::size_t machine);
  void after_power(std::size_t machine);
  void note_accepted();
  std::set<sync::Hash> entries_on(std::size_t machine);
  std::vector<sync::DossierId> dossiers_of(std::size_t machine);
  std::optional<sync::DossierId> any_dossier_of(std::size_t machine);
  std::uint64_t count(const char* name) { return ++counts_.reached[name]; }

  struct HubOrder {
    sync::DossierId dossier;
    sync::Hash head{};
    std::vector<hub::PlacedEntry> entries;
    std::vector<sync::Hash> heads;  // by place, from 0
    std::set<sync::EpochId> epochs;
  };
  struct MergedField;
  void check(Findings& findings);
  static std::vector<sync::DossierId> dossiers_held(sync::store::UnitOfWork& work);
  void read_orders(Findings& findings);
  void check_order(const HubOrder& order, Findings& findings);
  void check_totals(Findings& findings);
  void check_nodes_follow(Findings& findings);
  void check_own_streams(Findings& findings);
  void check_members_agree(Findings& findings);
  void check_nothing_lost(Findings& findings);
  void check_written_again(Findings& findings);
  void check_keys(Findings& findings);
  void check_nothing_of_the_revoked(Findings& findings);
  void check_keys_of_the_revoked(Findings& findings);
  void check_stores(Findings& findings);
  void check_erased(Findings& findings);
  void check_told_of_erasures(Findings& findings);
  void check_updated(Findings& findings);
  void check_idle_and_busy(Findings& findings);
  void check_bundle_path(Findings& findings);
  void check_bits(Findings& findings);
  void check_bits_of_entries(Findings& findings);
  void check_bits_of_heads(Findings& findings);
  void check_bits_of_bundles(Findings& findings);
  void flip(sync::Bytes& bytes);
  void note_keys_due(HubMachine& hub);
  void note_held_by_the_hub_alone();
  void check_projection(sync::store::Replica& replica, NodeMachine& machine, Findings& findings);
  void check_times(sync::store::Replica& replica, NodeMachine& machine, Findings& findings);
  void check_roles(const MergedField& merged, sync::store::Replica& replica, NodeMachine& machine,
                   Findings& findings);
  void check_nothing_dropped(const MergedField& merged, sync::store::Replica& replica,
                             Findings& findings);
  void check_seen(const MergedField& merged, NodeMachine& machine, Findings& findings);
  void check_replaced(const MergedField& merged, sync::store::Replica& replica,
                      NodeMachine& machine, Findings& findings);
  void check_shown(const MergedField& merged, sync::store::Replica& replica, Findings& findings);

  const std::uint64_t seed_;
  const WorldOptions options_;
  WorldCounts counts_;
  ConfusedMember confused_;
  SeededRandom thefts_;
  SeededRandom chance_;   // of erasures, so that worlds without them are what they were
  SeededRandom updates_;  // of programs, and of what is tried at the end
  std::map<std::string, int> updated_;  // by name, in which step; 0: newer from the first
  std::optional<sync::NodeId> stolen_;  // since it was revoked
  std::optional<EvilHub> evil_;
  std::unique_ptr<HubMachine> other_hub_;  // which some machines take for the only one
  Findings early_;

  std::vector<FaultyDisk::Image> hub_copies_;
  std::vector<std::pair<std::size_t, FaultyDisk::Image>> disk_copies_;
  std::vector<SeenForm> forms_;
  std::map<std::size_t, std::vector<sync::Bytes>> sticks_;  // bundles that lie about, by reader
  std::map<sync::Hash, Truth> truth_;                       // acknowledged saves, by entry
  std::set<sync::Hash> lost_with_disks_;
  // What each machine and the hub could be seen by to hold something of a record still, when it was
  // erased.
  std::map<sync::DossierId, std::set<std::string>> erased_;
  std::map<std::tuple<sync::InstanceId, sync::DossierId, sync::Hash>, std::uint64_t> placed_;
  // Who was let in, by orders that a hub has since forgotten: what they were given, they have.
  std::set<std::tuple<sync::DossierId, sync::EpochId, sync::OrganisationId>> keys_due_;
  std::uint64_t forms_saved_ = 0;               // no two write the same words
  std::map<sync::DossierId, HubOrder> orders_;  // from here on: at the end
  std::set<sync::OpId> redacted_, written_again_;
};

}  // namespace throughgate::simulation
