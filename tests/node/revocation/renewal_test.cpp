// New keys for what a withdrawn computer could read: all of it, once, and never for that computer.
#include <fstream>

#include "node/records/catalogue.h"
#include "tests/node/revocation/stolen_world.h"
#include "tests/simulation/faulty_disk.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;

namespace {

sync::store::KeyRenewalCounts counts_of_keys(OpenNode& node) {
  return must(renewal_standing(node)).counts;
}

std::map<sync::DossierId, sync::EpochId> epochs_of(OpenNode& node) {
  std::map<sync::DossierId, sync::EpochId> out;
  for (const auto& id : dossiers_of(node)) out[id] = epoch_of(node, id);
  return out;
}

sync::Recipient to(const sync::NodeId& node) { return {sync::RecipientKind::node, node.bytes}; }

sync::store::OpDraft given_name() {
  sync::store::OpDraft out;
  out.field.record_type = record_type("volunteer")->number;
  out.field.field = 1;
  out.value = sync::from_wire("Made");
  return out;
}

}  // namespace

TEST_CASE("every record that a withdrawn computer could read gets a key that it never gets",
          "[renewal]") {
  StolenWorld at;
  const auto before = epochs_of(*at.prison.node);
  REQUIRE(before.size() >= 1);
  at.revoke(at.id(*at.laptop));
  const auto report = must(at.visit(at.prison));
  CHECK(report.keys_renewed == before.size());
  for (const auto& [id, epoch] : epochs_of(*at.prison.node)) {
    CHECK(epoch != before.at(id));
    const auto sealed = sealed_to(*at.prison.node, id);
    CHECK_FALSE(sealed.contains(to(at.id(*at.laptop))));
    CHECK(sealed.contains(to(at.id(at.prison))));
    CHECK(sealed.contains(
        {sync::RecipientKind::recovery_key, at.prison.node->identity().organisation.bytes}));
  }
  const auto counts = counts_of_keys(*at.prison.node);
  CHECK(counts.due == before.size());
  CHECK(counts.done == before.size());
  StolenWorld::record(at.prison, "Not For The Thief");
  must(at.visit(at.prison));
  CHECK(must(at.visit(at.prison)).keys_renewed == 0);  // once
  CHECK(must(sync::store::check_store(at.prison.node->database(), at.prison.node->context()))
            .faults.empty());
}

TEST_CASE("a key that was sealed to a withdrawn computer by somebody who had not heard is renewed",
          "[renewal]") {
  StolenWorld at;
  at.revoke(at.id(*at.laptop));
  // Before the prison hears of it, it makes a key of its own accord; it gets its place after.
  const auto id = dossiers_of(*at.prison.node).front();
  must(at.prison.node->admission().change_members(
      id, {sync::store::MemberChange::Kind::new_key, {}, {}},
      {at.prison.actor(), at.world.now_ms, "a test"}));
  const auto own = [&] {
    SyncRound round(*at.prison.node, at.hub);
    return must(round.run());
  };
  own();
  own();
  REQUIRE(sealed_to(*at.prison.node, id).contains(to(at.id(*at.laptop))));
  CHECK(counts_of_keys(*at.prison.node).ours >= 1);
  must(at.visit(at.prison));
  CHECK_FALSE(sealed_to(*at.prison.node, id).contains(to(at.id(*at.laptop))));
  CHECK(counts_of_keys(*at.prison.node).ours == 0);
}

// A disk that was put back makes another list than the one that it had made.
TEST_CASE("whom one list of a sender names is known when another of its lists names others",
          "[renewal]") {
  StolenWorld at;
  const auto id = dossiers_of(*at.prison.node).front();
  UnitOfWork work(at.prison.node->database());
  sync::store::KeyTable keys(work);
  const sync::EpochId epoch{{9}};
  const auto keep = [&](const std::set<int>& nodes) {
    sync::EnvelopeList list{at.id(*at.laptop), id, epoch, {}, {}};
    for (const int each : nodes) {
      list.envelopes.push_back({to(sync::NodeId{{static_cast<std::uint8_t>(each)}}), {}});
    }
    sync::sign(list, at.laptop->node->identity().signing_key);
    keys.keep(list, false);
  };
  const auto held = [&] {
    std::vector<std::set<int>> out;
    for (const auto& list : keys.lists(id)) {
      if (list.epoch != epoch) continue;
      out.emplace_back();
      for (const auto& each : list.envelopes) out.back().insert(each.recipient.id[0]);
    }
    std::sort(out.begin(), out.end());
    return out;
  };
  using Lists = std::vector<std::set<int>>;
  keep({1, 2});
  keep({1, 3});
  CHECK(held() == Lists{{1, 2}, {1, 3}});
  keep({2, 3});  // who is named already
  CHECK(held() == Lists{{1, 2}, {1, 3}});
  keep({1, 2, 4});
  CHECK(held() == Lists{{1, 2, 4}, {1, 3}});
  keep({1, 2, 3, 4, 5});  // which makes up for both
  CHECK(held() == Lists{{1, 2, 3, 4, 5}});
  for (int i = 0; i < 100; ++i) keep({1, 100 + i});  // more than any honest computer makes
  CHECK(held().size() == 64);
}

TEST_CASE("two computers that make new keys at once come to one, and nobody is troubled",
          "[renewal]") {
  StolenWorld at;
  const auto spare = at.another("Spare");
  at.exchange({&at.prison, spare.get(), &at.prison, spare.get()});
  at.revoke(at.id(*at.laptop));
  at.exchange({&at.prison, spare.get()});
  CHECK(at.renew(at.prison) == at.renew(*spare));
  CHECK(at.renew(at.prison) == 0);  // it is on its way already
  at.exchange({&at.prison, spare.get(), &at.prison, spare.get()});
  CHECK(epochs_of(*at.prison.node) == epochs_of(*spare->node));
  CHECK(digests_of(*at.prison.node) == digests_of(*spare->node));
  for (auto* site : {&at.prison, spare.get()}) {
    CHECK(notices_of(*site->node) == 1);  // of the withdrawal alone
    CHECK(must(at.visit(*site)).keys_renewed == 0);
    const auto counts = counts_of_keys(*site->node);
    CHECK(counts.done == counts.due);
  }
}

TEST_CASE("the desk makes the keys of what it is a member of, and the owner those of the rest",
          "[renewal]") {
  StolenWorld at;
  const auto shared = must(at.prison.node->admission().create(
      {{at.prison.node->identity().organisation, sync::Role::owner},
       {at.desk.node->identity().organisation, sync::Role::central}},
      {at.prison.actor(), at.world.now_ms, ""}, {given_name()}));
  at.exchange({&at.prison, &at.desk, &at.prison, at.laptop.get()});
  const auto before = epochs_of(*at.prison.node);
  at.revoke(at.id(*at.laptop));
  must(at.prison.sync(at.hub));
  const auto heard = counts_of_keys(*at.prison.node);
  CHECK(heard.asked == 1);
  CHECK(heard.ours == before.size() - 1);
  must(at.visit(at.prison));
  CHECK(epoch_of(*at.prison.node, shared) == before.at(shared));
  CHECK(must(at.visit(at.desk)).keys_renewed == 1);
  must(at.visit(at.prison));
  CHECK(epoch_of(*at.prison.node, shared) != before.at(shared));
  CHECK(counts_of_keys(*at.prison.node).asked == 0);
  CHECK_FALSE(sealed_to(*at.desk.node, shared).contains(to(at.id(*at.laptop))));
}

// It may have taken part before, by an order that the exchange has lost since.
TEST_CASE("who is let in and has a withdrawn computer is let in under a new key", "[renewal]") {
  StolenWorld at;
  const auto begun_at_desk = [&] {
    return must(at.desk.node->admission().create(
        {{at.desk.node->identity().organisation, sync::Role::owner}},
        {at.desk.actor(), at.world.now_ms, ""}, {given_name()}));
  };
  const auto let_in_the_prison = [&](const sync::DossierId& id) {
    must(at.desk.node->admission().change_members(
        id,
        {sync::store::MemberChange::Kind::set_role, at.prison.node->identity().organisation,
         sync::Role::reader},
        {at.desk.actor(), at.world.now_ms, "a test"}));
    at.exchange({&at.desk});
  };
  const auto before = begun_at_desk(), after = begun_at_desk();
  at.exchange({&at.desk});
  const auto begun = epochs_of(*at.desk.node);
  let_in_the_prison(before);
  CHECK(epoch_of(*at.desk.node, before) == begun.at(before));  // nothing was withdrawn yet
  at.revoke(at.id(*at.laptop));
  let_in_the_prison(after);
  CHECK(epoch_of(*at.desk.node, after) != begun.at(after));
  const auto sealed = sealed_to(*at.desk.node, after);
  CHECK(sealed.contains(to(at.id(at.prison))));
  CHECK_FALSE(sealed.contains(to(at.id(*at.laptop))));
}

TEST_CASE("the owner makes all keys that it may when a person asks", "[renewal]") {
  StolenWorld at;
  at.revoke(at.id(*at.laptop));
  must(at.prison.sync(at.hub));
  CHECK(at.renew(at.prison, Which::all_that_we_may) == dossiers_of(*at.prison.node).size());
}

TEST_CASE("a second computer of an organisation gets its keys from the first", "[renewal]") {
  StolenWorld at;
  const auto spare = at.another("Spare");
  must(spare->sync(at.hub));
  CHECK(digests_of(*spare->node).empty());  // nobody has sealed anything for it yet
  must(at.prison.sync(at.hub));
  must(spare->sync(at.hub));
  CHECK(names_of(*spare->node) == names_of(*at.prison.node));
  CHECK(digests_of(*spare->node) == digests_of(*at.prison.node));
}

TEST_CASE("the computer that replaces a stolen one reads everything, under the new keys",
          "[renewal]") {
  StolenWorld at;
  at.revoke(at.id(*at.laptop));
  must(at.visit(at.prison));
  StolenWorld::record(at.prison, "Under The New Key");
  must(at.visit(at.prison));
  const auto spare = at.another("Replacement");
  must(at.visit(*spare));
  must(at.visit(at.prison));
  must(at.visit(*spare));
  CHECK(epochs_of(*spare->node) == epochs_of(*at.prison.node));
  const auto names = names_of(*at.prison.node);
  for (const auto& name : names) {
    const auto there = names_of(*spare->node);
    CHECK(std::find(there.begin(), there.end(), name) != there.end());
  }
}

TEST_CASE("where the only computer was stolen, its replacement makes the new keys from the sheet",
          "[renewal]") {
  StolenWorld at;
  const auto before = epochs_of(*at.prison.node);
  const auto names = names_of(*at.prison.node);
  at.revoke(at.id(*at.laptop));
  at.revoke(at.id(at.prison));
  CHECK(must(renewal_standing(*at.desk.node)).left() == 0);  // the desk holds none of them
  const auto spare = at.another("Replacement");
  spare->node->use_recovery_sheet(crypto::BoxKey(at.prison.sheet->secret().duplicate()));
  must(at.visit(*spare));
  must(at.visit(*spare));
  spare->reopen();
  must(at.visit(*spare));
  const auto counts = counts_of_keys(*spare->node);
  CHECK(counts.due == before.size());
  CHECK(counts.done == before.size());
  for (const auto& [id, epoch] : epochs_of(*spare->node)) {
    if (before.contains(id)) CHECK(epoch != before.at(id));
    CHECK_FALSE(sealed_to(*spare->node, id).contains(to(at.id(at.prison))));
  }
  for (const auto& name : names) {
    const auto there = names_of(*spare->node);
    CHECK(std::find(there.begin(), there.end(), name) != there.end());
  }
}

TEST_CASE("what nobody here can renew is named, with who must do it", "[renewal]") {
  StolenWorld at;
  TestSite partner{at.world, "Made-Up Trust", sync::OrganisationKind::partner};
  at.desk.enrol(partner, at.hub);
  must(at.prison.sync(at.hub));
  must(at.prison.node->admission().create(
      {{at.prison.node->identity().organisation, sync::Role::owner},
       {partner.node->identity().organisation, sync::Role::reader}},
      {at.prison.actor(), at.world.now_ms, ""}, {given_name()}));
  at.exchange({&at.prison, &partner});
  at.revoke(at.id(*at.laptop));
  must(at.visit(partner));
  auto standing = must(renewal_standing(*partner.node));
  REQUIRE(standing.awaited.size() == 1);
  CHECK(standing.awaited[0] ==
        "HMP Made Up makes the new keys of 1 record with its next exchange.");
  at.revoke(at.id(at.prison));
  must(at.visit(partner));
  standing = must(renewal_standing(*partner.node));
  REQUIRE(standing.awaited.size() == 1);
  CHECK(standing.awaited[0].find("no computer left") != std::string::npos);
  CHECK(standing.awaited[0].find("recovery sheet") != std::string::npos);
  CHECK(in_words(standing).starts_with("0 of 1 record have new keys."));
}

TEST_CASE("a kill or a power cut at any write of a renewal leaves one that goes on",
          "[renewal][torture]") {
  StolenWorld at;
  at.revoke(at.id(*at.laptop));
  must(at.prison.sync(at.hub));
  const auto due = counts_of_keys(*at.prison.node).due;
  REQUIRE(due >= 1);
  const auto key = must(at.prison.accounts.sign_in("jo", good_password, at.world.clock));
  const auto identity = at.id(at.prison);
  simulation::FaultyDisk::Image image;
  at.prison.node.reset();
  {
    std::ifstream in(at.prison.folder.store(), std::ios::binary);
    image["/store"] = crypto::Bytes(std::istreambuf_iterator<char>(in), {});
  }
  for (const bool power : {true, false}) {
    std::uint64_t cut = 0;
    for (bool struck = true; struck;) {
      CAPTURE(power, ++cut);
      simulation::FaultyDisk disk(cut);
      disk.load(image);
      sync::testing::SeededRandom random(cut);
      const auto open = [&] {
        return must(OpenNode::open("/store", key, sync::store::Access::existing, random,
                                   at.world.clock, disk.vfs_name()));
      };
      const auto renew = [&](OpenNode& node) {
        const auto context = node.context();
        sync::store::KeyRenewal renewal(node.database(), context, Which::ours);
        return renew_keys(node, renewal, 1000, sync::store::program_actor());
      };
      {
        const auto node = open();
        power ? disk.cut_power_at(cut) : disk.kill_process_at(cut);
        [[maybe_unused]] const auto made = renew(*node);
        struck = !disk.armed();
        power ? disk.cut_power() : disk.kill_process();
      }
      if (power) disk.power_on();
      const auto node = open();
      must(renew(*node));
      CHECK(counts_of_keys(*node).sent == due);
      UnitOfWork work(node->database(), Purpose::reading);
      CHECK(work.first("SELECT count(*) FROM entry WHERE kind = 2 AND dsn IS NULL",
                       sync::store::bound(), sync::store::unsigned_column) == due);  // none twice
      REQUIRE(identity == node->identity().node);
    }
    CHECK(cut > 3);
  }
}
