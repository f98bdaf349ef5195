#include "tests/simulation/world.h"

#include <algorithm>
#include <stdexcept>

#include "schema/wire.pb.h"
#include "sync/signed_verdict.h"

namespace throughgate::simulation {
namespace {

using sync::Hash;
using sync::store::UnitOfWork;

// A few entries a day: the hub is so strict in every fourth world.
constexpr std::uint64_t small_quota_bytes = 3000;
constexpr int wrong_entries_every = 200;  // steps
constexpr int thief_writes_every = 50;

hub::HubLimits limits_of(std::uint64_t seed) {
  hub::HubLimits limits;
  if (seed % 4 == 0) limits.bytes_per_day_max = small_quota_bytes;
  return limits;
}

}  // namespace

World::World(std::uint64_t seed, const WorldOptions& options)
    : Stage(seed, limits_of(seed)),
      seed_(seed),
      options_(options),
      confused_(seed ^ 0xc0f5ed, time_),
      thefts_(seed ^ 0x57013),
      chance_(seed ^ 0xe2a5ed),
      updates_(seed ^ 0x09da7e) {
  hub_copies_.push_back(hub_->copy());
  if (options_.evil_hub) evil_.emplace(*hub_, seed ^ 0xe711);
  if (options_.lying_sync) {
    for (auto& machine : machines_) machine->disk().lie_about_sync(true);
  }
  for (auto& machine : machines_) listen_to(*machine);
  if (options_.programs && seed_ % options_.updates_every == 0) begin_with_older_programs();
}

World::~World() = default;

// ---- power

void World::maybe_cut_power(std::size_t machine) {
  if (!options_.power_cuts) return;
  if (random_.chance(0.25)) {
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

// ---- two hubs

// Two hubs with one key go on from one memory, each to some of the machines.
void World::split_or_join_hub() {
  if (other_hub_) {
    if (random_.chance(0.04)) join_hub();
    return;
  }
  if (!random_.chance(0.02)) return;
  note_accepted();
  note_keys_due(*hub_);
  const auto image = hub_->copy();
  hub_->doubt();
  other_hub_ =
      std::make_unique<HubMachine>(seed_ * 7 + time_.tick, secrets_, time_, limits_of(seed_));
  other_hub_->put_back_quietly(image);
  for (auto& machine : machines_) {
    if (random_.chance(0.5)) machine->link().lead_to(*other_hub_);
  }
  ++counts_.hub_splits;
}

// Only one of them is heard of any more.
void World::join_hub() {
  if (other_hub_) note_keys_due(*other_hub_);
  for (auto& machine : machines_) machine->link().lead_to(*hub_);
  other_hub_.reset();
}

// ---- planted faults

void World::listen_to(NodeMachine& machine) {
  if (evil_) {
    machine.link().set_alteration(
        [this](node::HubClient::Endpoint endpoint, crypto::Bytes& answer) {
          evil_->answer(endpoint, answer);
        });
  }
  if (!options_.outbox_by_answer && !options_.hold_for_ever) return;
  machine.link().set_listener([this, &machine](const schema::SyncRequest& request,
                                               const schema::SyncReply& reply) {
    UnitOfWork work(machine.node().database());
    int i = 0;
    for (const auto& group : request.entries()) {
      for (const auto& entry : group.entries()) {
        if (i == reply.answers_size()) return;
        const auto& answer = reply.answers(i++);
        if (options_.outbox_by_answer && answer.plain() == schema::EntryAnswer::ACCEPTED) {
          work.run("UPDATE entry SET standing = 3 WHERE dsn IS NULL AND signature = ?",
                   crypto::as_bytes(entry.signature()));
        }
        const auto verdict = sync::decode_verdict(crypto::as_bytes(answer.verdict().bytes()), {});
        if (options_.hold_for_ever && verdict) hub_->forget_hold(verdict->entry);
      }
    }
    (void)work.commit();  // without power it fails, as it would have
  });
}

// ---- running

void World::set_clock(std::size_t machine) {
  const std::int64_t years = static_cast<std::int64_t>(random_.below(3)) - 1;  // -50, 0, +70
  const std::int64_t year_ms = 365ll * 24 * 60 * 60 * 1000;
  machines_[machine]->set_clock_offset_ms(years * (years < 0 ? 50 : 70) * year_ms);
}

// Nobody does anything: what is held expires, what recovers opens.
void World::quiet_fortnight(std::size_t) { time_.tick += Time::over_a_fortnight; }

// Lines are good on most days, cut every few calls on others, and sometimes alter what they carry.
LinkWeather World::weather() {
  const auto day = random_.below(10);
  if (day < 6) return {0.01, 0.02, 0.05, 0.05, 0, 0.04};
  if (day < 9) return {0.08, 0.12, 0.05, 0.05, 0, 0.04};
  return {0.02, 0.02, 0.05, 0.05, 0.5, 0.04};
}

const std::vector<World::Happening>& World::happenings() {
  static const std::vector<Happening> all{
      {34, &World::new_case, true},
      {190, &World::open_forms, true},
      {200, &World::save_form, true},
      {270, &World::sync, true},
      {60, &World::carry_by_hand, true},
      {54, &World::change_members, true},
      {40, &World::redact, true},
      {36, &World::right_lost_meanwhile, false},
      {20, &World::forgotten_member, false},
      {16, &World::copy_disk, false},
      {12, &World::put_node_back, false},
      {6, &World::clone, false},
      {14, &World::copy_hub, false},
      {7, &World::put_hub_back, false},
      {8, &World::open_hub, false},
      {25, &World::set_clock, false},
      {8, &World::quiet_fortnight, false},
  };
  return all;
}

void World::step() {
  ++time_.tick;
  const std::size_t machine = random_.below(machines_.size());
  auto roll = random_.below(1000);
  for (const auto& [weight, what, power_may_go] : happenings()) {
    if (roll >= weight) {
      roll -= weight;
      continue;
    }
    machines_[machine]->link().set_weather(weather());
    if (power_may_go) maybe_cut_power(machine);
    (this->*what)(machine);
    break;
  }
  for (std::size_t i = 0; i < machines_.size(); ++i) after_power(i);
  name_new_instance();
  if (evil_) split_or_join_hub();
}

std::size_t World::unplaced_on(NodeMachine& machine) {
  UnitOfWork work(machine.node().database());
  return work
      .first("SELECT count(*) FROM entry WHERE dsn IS NULL AND standing IN (1, 2, 5)",
             sync::store::bound(), sync::store::unsigned_column)
      .value_or(0);
}

// Somebody holds an order that the hub's newest life has not answered for.
bool World::waits_for_the_hub() {
  for (std::size_t i = 0; i < machines_.size(); ++i) {
    if (is_revoked(i)) continue;
    UnitOfWork work(machines_[i]->node().database());
    const auto waits = work.first(
        "SELECT 1 FROM dossier WHERE length > 0 AND proof IS NOT NULL AND confirmed IS NOT ?",
        sync::store::bound(machines_[i]->node().directory().hub_instance().view()),
        sync::store::unsigned_column);
    if (waits) return true;
  }
  return false;
}

// Every line heals, and everybody syncs until nothing moves and nothing waits; at least a fortnight
// longer than anything may wait.
void World::settle() {
  join_hub();
  for (auto& machine : machines_) {
    if (evil_) machine->link().set_alteration({});
    machine->set_clock_offset_ms(0);
    machine->link().set_weather({});
    machine->disk().lie_about_sync(false);
  }
  update_when_due(options_.steps);
  int quiet = 0;
  for (int round = 0; round < 60 && quiet < 2; ++round) {
    // Whoever lacks a key that it was never told of asks anew, a week later at most; and as long a
    // hub that was put back waits for what nobody has in full any more.
    const bool may_wait = evil_ || waits_for_the_hub();
    // What was sent a few at a time may have more than one fortnight's wait before it.
    const std::uint64_t usual = round < 40 ? 3 : 12;
    time_.tick += may_wait && quiet > 0 ? Time::over_a_week : usual;
    const std::uint64_t accepted = hub_->answers().accepted();
    std::size_t moved = 0;
    for (std::size_t i = 0; i < machines_.size(); ++i) {
      auto& machine = machines_[i];
      if (is_revoked(i)) continue;  // it is refused
      const auto report = machine->sync();
      name_new_instance();
      if (!report) {
        ++moved;
        continue;
      }
      moved += renew_keys(i);
      const auto& counts = report->counts;
      moved += counts.sent + counts.received + counts.own_placed + counts.refused + counts.held +
               counts.taken_back + counts.keys + unplaced_on(*machine);
    }
    quiet = moved == 0 && accepted == hub_->answers().accepted() ? quiet + 1 : 0;
  }
}

Findings World::run() {
  new_case(0);
  Findings findings;
  try {
    for (int i = 0; i < options_.steps; ++i) {
      step();
      if (i % 200 == 99) check_stores(early_);  // in the middle of things, too
      steal_when_due(i);
      erase_when_due(i);
      lose_hub_when_due(i);
      update_when_due(i);
      if (i % wrong_entries_every == wrong_entries_every - 1) write_wrong_entries();
      if (i % thief_writes_every == thief_writes_every - 1) write_as_the_thief();
    }
    settle();
    write_as_the_thief();
    check(findings);
  } catch (const std::logic_error& error) {  // a machine that does not start again, for instance
    findings.emplace("machine", error.what());
  }
  findings.insert(early_.begin(), early_.end());
  findings.insert(hub_->answers().findings().begin(), hub_->answers().findings().end());
  for (const auto& [name, n] : hub_->answers().reached()) counts_.reached[name] += n;
  if (evil_) counts_.lies = evil_->told();
  counts_.links = link_counts_;
  counts_.hub_power_cuts = hub_->power_cuts();
  counts_.lost_with_disks = lost_with_disks_.size();
  if (options_.programs) options_.programs->run(false);
  return findings;
}

}  // namespace throughgate::simulation
