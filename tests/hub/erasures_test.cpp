// What was erased: the hub says that nothing is left, and carries what others say to the desk.
#include <catch_amalgamated.hpp>

#include "hub/wire.h"
#include "sync/contexts.h"
#include "tests/hub/made_up.h"

namespace throughgate::hub::testing {
namespace {

using sync::ErasureReceipt;
using sync::Witness;
using sync::WitnessKind;

ErasureReceipt receipt_of(const Node& node, std::uint64_t erased_to) {
  ErasureReceipt receipt{{WitnessKind::node, node.id.bytes}, erased_to, 1'790'000'000'000, {}};
  sign(receipt, node.key);
  return receipt;
}

schema::SyncRequest with_receipt(const ErasureReceipt& receipt) {
  schema::SyncRequest request;
  request.mutable_erasure_receipt()->set_bytes(wire::text(receipt.encode()));
  request.mutable_erasure_receipt()->set_signature(wire::text(receipt.signature));
  return request;
}

std::vector<Witness> witnesses(const schema::SyncReply& reply) {
  std::vector<Witness> out;
  for (const auto& each : reply.erasure_receipts()) {
    const auto receipt =
        sync::decode_erasure_receipt(crypto::as_bytes(each.bytes()), crypto::Signature{});
    REQUIRE(receipt);
    out.push_back(receipt->witness);
  }
  return out;
}

// A dossier that was erased, and the exchange told.
struct Erased : World {
  TestDossier dossier{*this};
  std::uint64_t version = 0;

  Erased() {
    dossier.begin();
    erase(dossier.id);
    version = steps.size();
  }
  Witness hub() { return {WitnessKind::hub, sequencer().state().instance.bytes}; }
};

}  // namespace

TEST_CASE("receipts for what was erased go to the desk alone, each once, the hub's among them",
          "[erasure]") {
  Erased world;
  world.hand_over();
  CHECK(
      witnesses(world.sync(world.prison_a, with_receipt(receipt_of(world.prison_a, world.version))))
          .empty());
  const Witness prison{WitnessKind::node, world.prison_a.id.bytes};
  CHECK(witnesses(world.sync(world.desk)) == std::vector{world.hub(), prison});
  CHECK(world.sync(world.desk).erasure_receipts_size() == 0);
  CHECK(world.sync(world.partner_a).erasure_receipts_size() == 0);

  SECTION("and what was said before a restart is there after it") {
    world.start();
    world.desk.cursor.clear();
    CHECK(witnesses(world.sync(world.desk)) == std::vector{world.hub(), prison});
  }
  SECTION("and a new instance says so anew") {
    const Witness before = world.hub();
    world.declare_restore();
    const auto said = witnesses(world.sync(world.desk));
    CHECK(said == std::vector{prison, world.hub()});
    CHECK(world.hub() != before);
  }
}

TEST_CASE("the hub says so of each erasure, however soon one follows another", "[erasure]") {
  Erased world;
  world.hand_over();
  const auto erased_to = [&] {
    const auto reply = world.sync(world.desk);
    REQUIRE(reply.erasure_receipts_size() == 1);
    return sync::decode_erasure_receipt(crypto::as_bytes(reply.erasure_receipts(0).bytes()), {})
        ->erased_to;
  };
  CHECK(erased_to() == world.version);
  world.erase(DossierId{{1}});
  world.hand_over();
  CHECK(erased_to() == world.version + 1);
}

TEST_CASE("a receipt that is not the caller's word is not kept", "[erasure]") {
  Erased world;
  world.hand_over();
  world.sync(world.desk);
  auto receipt = receipt_of(world.prison_a, world.version);
  Node* caller = &world.prison_a;
  SECTION("carried by another computer") { caller = &world.prison_b; }
  SECTION("altered") { receipt.done_at_ms += 1; }
  SECTION("signed by another") { sign(receipt, world.partner_a.key); }
  SECTION("signed as something else") {
    receipt.signature =
        world.prison_a.key.sign(sync::contexts::verdict_signature, receipt.encode());
  }
  SECTION("of a version to come") { receipt = receipt_of(world.prison_a, world.version + 1); }
  SECTION("of the hub") {
    receipt.witness = world.hub();
    sign(receipt, world.prison_a.key);
  }
  world.sync(*caller, with_receipt(receipt));
  CHECK(world.sync(world.desk).erasure_receipts_size() == 0);
}

TEST_CASE("an older receipt does not take the place of a newer one", "[erasure]") {
  Erased world;
  world.hand_over();
  world.sync(world.prison_a, with_receipt(receipt_of(world.prison_a, world.version)));
  world.sync(world.desk);
  world.sync(world.prison_a, with_receipt(receipt_of(world.prison_a, world.version - 1)));
  CHECK(world.sync(world.desk).erasure_receipts_size() == 0);
}

TEST_CASE("the hub says that nothing is left once no page holds it, and not before", "[erasure]") {
  Erased world;
  {
    auto reader = sync::store::Database::open(hub_file, hub_file_key(),
                                              {.vfs = world.disk.vfs_name(), .busy_timeout_ms = 1});
    REQUIRE(reader);
    sync::store::UnitOfWork reading(*reader, sync::store::Purpose::reading);
    REQUIRE(reading.first("SELECT count(*) FROM chain", sync::store::bound(),
                          sync::store::unsigned_column) == 1);
    world.hand_over();
    CHECK(world.sync(world.desk).erasure_receipts_size() == 0);
  }
  world.sync(world.desk);  // within the minute it is not tried again
  CHECK(world.sync(world.desk).erasure_receipts_size() == 0);
  world.now_ms += minute_ms;
  CHECK(witnesses(world.sync(world.desk)) == std::vector{world.hub()});
}

}  // namespace throughgate::hub::testing
