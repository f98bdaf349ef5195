// That one computer wrote two changes for one place is believed on its own two signatures, never on
// the hub's word alone.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <filesystem>

#include "node/handovers/case_file.h"
#include "sync/contexts.h"
#include "sync/signed_verdict.h"
#include "sync/wire_values.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using sync::store::bound;
using sync::store::NoticeKind;
using sync::store::Standing;
using sync::store::UnitOfWork;

// A handover that both have, with a change of the prison's that waits to be sent.
struct WaitingChange {
  World world;
  sync::DossierId id = shared_handover(world);
  std::vector<sync::SignedEntry> own;  // of the prison's in this dossier, as written
  int times_offered = 0;

  WaitingChange() {
    world.sync_all(3);
    change("sender-name", "Sam Changed");
    read_own();
  }

  void change(const std::string& field, const std::string& value) {
    const auto& handover = *record_type(*schema::Handover::descriptor());
    const auto open = must(world.prison.records->open({id, {}, handover.number}));
    must(world.prison.records->set_fields(open, {{field, value}}, world.prison.by));
  }

  void read_own() {
    const auto author = world.prison.node->identity().node;
    UnitOfWork work(world.prison.node->database(), sync::store::Purpose::reading);
    work.each(
        "SELECT header, signature FROM entry WHERE author = (SELECT id FROM author WHERE node = ?) "
        "AND dossier = (SELECT id FROM dossier WHERE dossier = ?) ORDER BY id",
        bound(author.view(), id.view()), [&](const sync::store::Statement& row) {
          const auto header = row.view(0);
          own.push_back(
              {{header.begin(), header.end()}, *crypto::to_array<64>(row.view(1)), {}, {}});
        });
    REQUIRE(own.size() >= 2);
  }
  const sync::SignedEntry& waiting() const { return own.back(); }

  // The hub has placed nothing, and says that the change is one half of a fork.
  void say_fork(const crypto::Bytes& other, const std::optional<crypto::Signature>& signature) {
    world.listener = [this, other, signature](HubClient::Endpoint endpoint,
                                              crypto::ByteView request, crypto::Bytes& answer) {
      if (endpoint != HubClient::Endpoint::sync) return;
      schema::SyncRequest asked;
      schema::SyncReply reply;
      REQUIRE(asked.ParseFromArray(request.data(), static_cast<int>(request.size())));
      REQUIRE(reply.ParseFromArray(answer.data(), static_cast<int>(answer.size())));
      const auto ours = sync::to_wire(waiting().signature);
      if (asked.entries_size() == 0 || asked.entries(0).entries(0).signature() != ours) return;
      REQUIRE(reply.answers_size() == 1);
      ++times_offered;
      sync::SignedVerdict verdict{*sync::id_from_wire<sync::InstanceId>(reply.instance()),
                                  id,
                                  sync::entry_hash(waiting().header),
                                  {sync::Outcome::fork, sync::Reason::none},
                                  0,
                                  world.now_ms,
                                  {}};
      sign(verdict, world.hub_key());
      reply.clear_heads();
      reply.set_cursor(asked.cursor());
      auto& said = *reply.mutable_answers(0);
      said.Clear();
      said.mutable_verdict()->set_bytes(sync::to_wire(verdict.encode()));
      said.mutable_verdict()->set_signature(sync::to_wire(verdict.signature));
      said.set_fork_header(sync::to_wire(other));
      if (signature) said.set_fork_signature(sync::to_wire(*signature));
      answer.resize(reply.ByteSizeLong());
      REQUIRE(reply.SerializeToArray(answer.data(), static_cast<int>(answer.size())));
    };
  }

  // Another header for the same place, which the author need not have signed.
  crypto::Bytes another_header() const {
    auto header = *sync::decode_header(waiting().header).header;
    header.sealed.hash[0] ^= 1;
    return header.encode();
  }
  crypto::Signature signed_by(const Site& site, const crypto::Bytes& header) const {
    return site.node->identity().signing_key.sign(sync::contexts::entry_signature, header);
  }

  std::size_t told_of_fork() const {
    const auto notices = must(world.prison.reader().notices(false));
    return static_cast<std::size_t>(std::count_if(
        notices.begin(), notices.end(),
        [](const auto& each) { return each.kind == static_cast<int>(NoticeKind::forked); }));
  }

  bool is_to_be_sent() const {
    UnitOfWork work(world.prison.node->database(), sync::store::Purpose::reading);
    return work
        .first("SELECT 1 FROM entry WHERE hash = ? AND dsn IS NULL AND standing = ?",
               bound(sync::entry_hash(waiting().header), static_cast<int>(Standing::outbox)),
               sync::store::unsigned_column)
        .has_value();
  }

  std::string name_at(const Site& site) const {
    return must(read_case(*site.records, id)).text(schema::Handover::kSenderNameFieldNumber);
  }
};

}  // namespace

TEST_CASE("a hub that says fork and does not prove it is not believed", "[sync][fork]") {
  WaitingChange at;
  const auto other = at.another_header();
  SECTION("nothing beside its word") { at.say_fork({}, std::nullopt); }
  SECTION("the entry itself") { at.say_fork(at.waiting().header, at.waiting().signature); }
  SECTION("an earlier entry of the same stream") {
    at.say_fork(at.own[0].header, at.own[0].signature);
  }
  SECTION("a header that somebody else signed") {
    at.say_fork(other, at.signed_by(at.world.partner, other));
  }
  SECTION("a header with the entry's own signature") { at.say_fork(other, at.waiting().signature); }
  SECTION("no signature at all") { at.say_fork(other, std::nullopt); }

  const auto report = at.world.sync(at.world.prison);
  CHECK(at.times_offered == 1);
  CHECK(report.counts.unsound == 1);
  CHECK(report.counts.refused == 0);
  CHECK(at.told_of_fork() == 0);
  CHECK(at.is_to_be_sent());
  at.world.sync(at.world.prison);
  CHECK(at.times_offered == 2);  // once a round

  at.world.listener = nullptr;
  CHECK(at.world.sync(at.world.prison).counts.unsound == 0);
  at.world.sync(at.world.partner);
  CHECK_FALSE(at.is_to_be_sent());
  CHECK(at.name_at(at.world.partner) == "Sam Changed");
  CHECK(at.told_of_fork() == 0);
}

TEST_CASE("a fork that its author's two signatures prove is believed, and told", "[sync][fork]") {
  WaitingChange at;
  const auto other = at.another_header();
  at.say_fork(other, at.signed_by(at.world.prison, other));
  const auto report = at.world.sync(at.world.prison);
  CHECK(report.counts.unsound == 0);
  CHECK(report.counts.refused == 1);
  CHECK(at.told_of_fork() == 1);
  CHECK_FALSE(at.is_to_be_sent());
}

TEST_CASE("two computers that live on from one disk fork, are told, and lose nothing",
          "[sync][fork]") {
  WaitingChange at;
  World& world = at.world;
  const std::string store = world.store_path(world.prison), copy = store + ".copy";
  world.restart(world.prison, [&] { std::filesystem::copy_file(store, copy); });
  at.change("sender-name", "Sam First Half");
  world.sync(world.prison);
  world.restart(world.prison, [&] {
    std::filesystem::remove(store);
    std::filesystem::rename(copy, store);
  });
  at.change("release-area", "Made-Up Second Half");

  const auto report = world.sync(world.prison);
  CHECK(report.counts.unsound == 0);
  CHECK(at.told_of_fork() == 1);
  world.sync_all(3);
  CHECK(at.told_of_fork() == 1);
  for (const Site* site : {&world.prison, &world.partner}) {
    const auto held = must(read_case(*site->records, at.id));
    CHECK(held.text(schema::Handover::kSenderNameFieldNumber) == "Sam First Half");
    CHECK(held.text(schema::Handover::kReleaseAreaFieldNumber) == "Made-Up Second Half");
  }
}

}  // namespace throughgate::node::testing
