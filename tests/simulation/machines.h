// The machines of a simulated world: the shipped hub and the shipped node, each on a disk of its
// own that can lose power in the middle of anything.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "hub/store/sqlite_store.h"
#include "hub/sync_api.h"
#include "node/open_node.h"
#include "node/sync_round.h"
#include "tests/simulation/answer_log.h"
#include "tests/simulation/faulty_disk.h"
#include "tests/simulation/seeded_random.h"

namespace throughgate::schema {
class Page;
class SyncReply;
class SyncRequest;
class HelloReply;
class FetchReply;
class WireHead;
}  // namespace throughgate::schema

namespace throughgate::simulation {

// Time as it is, in ms since 1970 UTC; what a machine's own clock says may differ.
struct Time {
  static constexpr std::uint64_t start_ms = 1'800'000'000'000;
  static constexpr std::uint64_t tick_ms = 6ull * 60 * 60 * 1000;
  static constexpr std::uint64_t over_a_week = 8ull * 4;        // in ticks
  static constexpr std::uint64_t over_a_fortnight = 15ull * 4;  // longer than a hold lasts
  std::uint64_t tick = 0;
  std::uint64_t now_ms() const { return start_ms + tick * tick_ms; }
};

// A program and a newer one, which reads and writes more, in one process: who runs which is said by
// the world.
struct TwoPrograms {
  std::function<bool(bool newer)> run;  // from now on; returns which ran until now
  // How the newer one writes its next entries. Plainly: 0; in the ways of `ways` what stands in a
  // field stays the same, in those of `ways_of_text` it may be other text.
  std::function<void(int way)> write;
  std::vector<int> ways, ways_of_text;
};

class HubMachine {
 public:
  HubMachine(std::uint64_t seed, crypto::Random& random, const Time& time,
             const hub::HubLimits& limits);

  FaultyDisk& disk() { return *disk_; }
  hub::Sequencer& sequencer() { return *sequencer_; }
  hub::SqliteStore& store() { return *store_; }
  const AnswerLog& answers() const { return answers_; }
  const crypto::VerifyKey& key() const { return key_; }
  crypto::SigningKey signing_key();  // as whoever runs it has it
  sync::InstanceId instance() const { return sequencer_->state().instance; }
  hub::Answer handle(hub::Endpoint endpoint, crypto::ByteView request);
  void trust(const crypto::VerifyKey& directory_key);

  bool restart_if_dark();  // true: the power had gone, and it has been started again
  std::uint64_t power_cuts() const { return power_cuts_; }
  sync::store::Database pages();  // as whoever has its key could read them
  FaultyDisk::Image copy() const { return disk_->image(); }
  // An older copy, put back and declared: returns the new instance.
  sync::InstanceId put_back(const FaultyDisk::Image& image);
  // An older copy, put back and told to nobody. What it promises from here on binds it to nothing.
  void put_back_quietly(const FaultyDisk::Image& image);
  sync::InstanceId begin_new_instance();
  void replace_disk(std::uint64_t seed);  // by an empty one: made anew, with fresh keys
  // There is another hub under this instance: its words may contradict each other.
  void doubt() { answers_.doubt(instance()); }
  // Whose newer one the hub and whoever looks over its shoulder run; none: there is but one
  // program.
  void set_programs(const TwoPrograms* programs) { programs_ = programs; }
  void forget_hold(const sync::Hash& entry);  // planted: as if it had never been held before
  void open_everything();  // the desk's word that waiting is over, when it may give it

 private:
  void make_store();
  void start();
  void load(const FaultyDisk::Image& image);

  crypto::Random& random_;
  const Time& time_;
  const hub::HubLimits limits_;
  std::unique_ptr<FaultyDisk> disk_;
  std::unique_ptr<hub::SqliteStore> store_;
  std::unique_ptr<hub::Sequencer> sequencer_;
  std::unique_ptr<hub::SyncApi> api_;
  AnswerLog answers_;
  const TwoPrograms* programs_ = nullptr;
  crypto::VerifyKey key_{};
  std::uint64_t power_cuts_ = 0;
};

// How likely a link is to do what to a call.
struct LinkWeather {
  double lose_request = 0, lose_answer = 0, repeat = 0, replay_old = 0;
  // A bit of an entry on its way there, or on the way back of an entry, an order record, a head, a
  // list of envelopes or a digest.
  double garble = 0;
  double newer = 0;  // behind the same link, a newer program sends what this one cannot read
};

struct LinkCounts {
  std::uint64_t calls = 0, lost = 0, repeated = 0, replayed = 0, garbled = 0, bytes = 0;

  LinkCounts& operator+=(const LinkCounts& other);
};

class Link final : public node::HubClient {
 public:
  Link(HubMachine& hub, SeededRandom& random, LinkCounts& counts)
      : hub_(&hub), random_(random), counts_(counts) {}
  void lead_to(HubMachine& hub) { hub_ = &hub; }
  sync::Result<crypto::Bytes> call(Endpoint endpoint, crypto::ByteView request) override;
  void set_weather(const LinkWeather& weather) { weather_ = weather; }
  // Told of each sync that was answered, before the node hears it.
  using Listener = std::function<void(const schema::SyncRequest&, const schema::SyncReply&)>;
  void set_listener(Listener listener) { listener_ = std::move(listener); }
  // Alters each answer on its way back, as the scene says.
  using Alteration = std::function<void(Endpoint, crypto::Bytes&)>;
  void set_alteration(Alteration alteration) { alteration_ = std::move(alteration); }

 private:
  hub::Answer deliver(Endpoint endpoint, crypto::ByteView request);
  crypto::Bytes garbled_entries(crypto::ByteView request);
  crypto::Bytes garbled_page(crypto::ByteView reply);
  crypto::Bytes garbled_reply(crypto::ByteView reply);
  void garble(std::string& bytes);
  void garble(std::uint64_t& number);
  void garble(schema::WireHead& head);
  void garble(schema::Page& page);
  crypto::Bytes from_newer_program(crypto::ByteView request);

  HubMachine* hub_;
  SeededRandom& random_;
  LinkCounts& counts_;
  LinkWeather weather_;
  Listener listener_;
  Alteration alteration_;
  std::vector<std::pair<Endpoint, crypto::Bytes>> old_;  // a few, to come round again
};

class NodeMachine {
 public:
  NodeMachine(std::string name, std::uint64_t seed, crypto::Random& random, const Time& time,
              std::unique_ptr<Link> link);

  const std::string& name() const { return name_; }
  FaultyDisk& disk() { return *disk_; }
  node::OpenNode& node() {
    use_program();
    return *node_;
  }
  Link& link() { return *link_; }
  sync::Result<node::SyncReport> sync() {
    use_program();
    return round_->run();
  }
  // Starts it with the older program or the newer.
  void install(const TwoPrograms& programs, bool newer);
  bool is_newer() const { return newer_; }
  void set_clock_offset_ms(std::int64_t offset) { clock_offset_ms_ = offset; }
  std::int64_t clock_offset_ms() const { return clock_offset_ms_; }

  bool restart_if_dark();
  // As whoever has its key could read them: what is found torn there troubles the node's own
  // connection not.
  sync::store::Database pages();
  FaultyDisk::Image copy() const { return disk_->image(); }
  void put_back(const FaultyDisk::Image& image);

 private:
  void start();
  void use_program() const {
    if (programs_) programs_->run(newer_);
  }

  std::string name_;
  crypto::Random& random_;
  const Time& time_;
  const TwoPrograms* programs_ = nullptr;
  bool newer_ = false;
  std::int64_t clock_offset_ms_ = 0;
  std::unique_ptr<FaultyDisk> disk_;
  std::unique_ptr<Link> link_;
  std::unique_ptr<node::OpenNode> node_;
  std::unique_ptr<node::SyncRound> round_;
};

}  // namespace throughgate::simulation
