// A member whose program writes what ours would not: everything is signed, sealed and in its place,
// and only what it says is bad. Whatever it is, the others agree, go on, and are told.
#include <catch_amalgamated.hpp>

#include "node/handovers/case_file.h"
#include "schema/change_set.pb.h"
#include "sync/compression.h"
#include "sync/contexts.h"
#include "sync/store/authoring.h"
#include "sync/store/replica.h"
#include "tests/node/flows/example_handover.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using schema::Handover;
using sync::OpKind;
using sync::Role;
using sync::store::bound;
using sync::store::OpDraft;
using sync::store::Replica;
using sync::store::Statement;
using sync::store::UnitOfWork;

namespace {

// What is done to the next change set before it is sealed; called in place of the shipped function.
std::function<void(schema::ChangeSet&)> spoil;

}  // namespace

sync::Result<sync::Bytes> shipped_seal(const sync::ChangeSet&, const crypto::ContentKey&,
                                       sync::ByteView, crypto::Random&)  //
    asm("__real__ZN11throughgate4sync15seal_change_setERKNS0_9ChangeSetERKNS_"
        "6crypto10ContentKeyESt4"
        "spanIKhLm18446744073709551615EERNS4_6RandomE");
sync::Result<sync::Bytes> seal(const sync::ChangeSet&, const crypto::ContentKey&, sync::ByteView,
                               crypto::Random&)  //
    asm("__wrap__ZN11throughgate4sync15seal_change_setERKNS0_9ChangeSetERKNS_"
        "6crypto10ContentKeyESt4"
        "spanIKhLm18446744073709551615EERNS4_6RandomE");
sync::Result<sync::Bytes> seal(const sync::ChangeSet& change_set, const crypto::ContentKey& key,
                               sync::ByteView bound_to, crypto::Random& random) {
  if (!spoil) return shipped_seal(change_set, key, bound_to, random);
  const auto encoded = must(sync::encode_change_set(change_set));
  schema::ChangeSet message;
  message.ParseFromArray(encoded.data(), static_cast<int>(encoded.size()));
  std::exchange(spoil, nullptr)(message);
  const std::string plain = message.SerializeAsString();
  return key.seal(sync::contexts::entry_seal, bound_to,
                  crypto::pad(sync::compress(sync::Bytes(plain.begin(), plain.end()))), random);
}

namespace {

constexpr std::uint32_t handover = 110;

sync::FieldKey field(int number) { return {{}, handover, static_cast<std::uint32_t>(number)}; }

// Who wrote an op of this field last.
sync::Hash entry_of(Site& site, const sync::DossierId& id, int number) {
  const auto record = must(site.reader().read({id, {}, handover}));
  const auto* found = record.field(static_cast<std::uint32_t>(number));
  REQUIRE(found);
  REQUIRE_FALSE(found->ops.empty());
  return found->ops.back().id.entry;
}

// As an honest redaction that removes nothing, and then some.
void redact(World& world, Site& by, const sync::DossierId& id, const sync::Hash& target,
            const std::function<void(schema::Copy&)>& change) {
  const auto context = by.node->context();
  UnitOfWork work(by.node->database());
  Replica replica(work, id, context);
  const auto held = *replica.stored().load(*replica.stored().find(target));
  const auto original = *replica.open_entry(held.entry);
  sync::RedactedCopy copy{
      original.schema_version, original.clock_ms, original.actor, original.reason, {}};
  for (std::uint32_t i = 0; i < original.ops.size(); ++i) {
    copy.ops.emplace_back(i, original.ops[i]);
    copy.ops.back().second.supersedes.clear();
  }
  spoil = [&](schema::ChangeSet& message) { change(*message.mutable_copy()); };
  const sync::Redaction redaction{*held.dsn, target};
  must(sync::store::write_entry(replica,
                                {sync::EntryKind::redact,
                                 redaction.encode(),
                                 {by.by.actor, world.now_ms, ""},
                                 {},
                                 {},
                                 {},
                                 std::move(copy)},
                                context));
  replica.finish();
  must(work.commit());
}

std::string contact_at(Site& site, const sync::DossierId& id) {
  return must(read_case(*site.records, id)).text(Handover::kReceiverContactFieldNumber);
}

std::uint64_t notices(Site& site, sync::store::NoticeKind kind) {
  UnitOfWork work(site.node->database(), sync::store::Purpose::reading);
  return work
      .first("SELECT count(*) FROM notice WHERE kind = ?", bound(static_cast<int>(kind)),
             sync::store::unsigned_column)
      .value_or(0);
}

sync::ProjectionDigest digest_at(Site& site, const sync::DossierId& id) {
  UnitOfWork work(site.node->database(), sync::store::Purpose::reading);
  const auto context = site.node->context();
  const auto digest = Replica(work, id, context).digest();
  REQUIRE(digest);
  return *digest;
}

void check_all_agree(World& world, const sync::DossierId& id) {
  CHECK(digest_at(world.prison, id) == digest_at(world.partner, id));
  CHECK(digest_at(world.prison, id) == digest_at(world.desk, id));
}

constexpr auto differs = sync::store::NoticeKind::redaction_differs;
constexpr auto not_merged = sync::store::NoticeKind::not_merged;

struct Accepted {
  World world;
  sync::DossierId id = shared_handover(world);
  sync::Hash acceptance{};

  Accepted() {
    world.sync_all();
    must(Handovers(*world.partner.records).accept(id, "Kim, 07700 900111", world.partner.by));
    world.sync_all();
    acceptance = entry_of(world.prison, id, Handover::kReceiverContactFieldNumber);
  }
};

}  // namespace

TEST_CASE("a redaction that changes more than it removes is told to all who saw the original",
          "[hostile]") {
  Accepted at;
  SECTION("another value in the partner's name") {
    redact(at.world, at.world.prison, at.id, at.acceptance, [](schema::Copy& copy) {
      for (auto& op : *copy.mutable_ops()) {
        if (op.field() == Handover::kReceiverContactFieldNumber) op.set_value("Eve, 07700 900666");
      }
    });
  }
  SECTION("a change left out") {
    redact(at.world, at.world.prison, at.id, at.acceptance,
           [](schema::Copy& copy) { copy.mutable_ops()->RemoveLast(); });
  }
  SECTION("a step of the case removed, which is only ever corrected") {
    redact(at.world, at.world.prison, at.id, at.acceptance, [](schema::Copy& copy) {
      for (auto& op : *copy.mutable_ops()) {
        if (op.kind() != schema::Op::TRANSITION) continue;
        op.set_value_removed(true);
        op.clear_value();
      }
    });
  }
  at.world.sync_all(3);
  CHECK(notices(at.world.partner, differs) == 1);
  CHECK(notices(at.world.desk, differs) == 1);
  check_all_agree(at.world, at.id);
}

TEST_CASE("an honest redaction raises no alarm", "[hostile]") {
  Accepted at;
  const auto record = must(at.world.prison.reader().read({at.id, {}, handover}));
  const auto* contact = record.field(Handover::kReceiverContactFieldNumber);
  must(at.world.prison.node->admission().redact(at.id, {contact->ops.back().id},
                                                {at.world.prison.by.actor, at.world.now_ms, ""}));
  at.world.sync_all(3);
  CHECK(contact_at(at.world.partner, at.id).empty());
  for (Site* site : {&at.world.prison, &at.world.partner, &at.world.desk}) {
    CHECK(notices(*site, differs) == 0);
  }
  check_all_agree(at.world, at.id);
}

TEST_CASE("a redaction that cannot be read leaves the same nothing everywhere, and stops nobody",
          "[hostile]") {
  Accepted at;
  redact(at.world, at.world.prison, at.id, at.acceptance,
         [](schema::Copy& copy) { *copy.add_ops() = copy.ops(0); });  // one index twice
  const auto other = shared_handover(at.world);
  at.world.sync_all(3);
  must(
      Handovers(*at.world.partner.records).accept(other, "Kim, 07700 900111", at.world.partner.by));
  at.world.sync_all();
  CHECK(must(read_case(*at.world.prison.records, other)).state == Handover::ACCEPTED);
  CHECK(contact_at(at.world.partner, at.id).empty());
  CHECK(notices(at.world.partner, differs) == 1);
  check_all_agree(at.world, at.id);
}

TEST_CASE("a change set that names one thing again and again counts as no change", "[hostile]") {
  Accepted at;
  spoil = [](schema::ChangeSet& message) {
    auto& op = *message.mutable_ops(0);
    REQUIRE(op.supersedes_size() > 0);
    for (int i = 0; i < 30'000; ++i) *op.add_supersedes() = op.supersedes(0);
  };
  auto& records = *at.world.partner.records;
  must(records.set_fields(must(records.open({at.id, {}, handover})),
                          {{"receiver-contact", "Kim, 07700 900112"}}, at.world.partner.by));
  at.world.sync_all(3);
  CHECK(contact_at(at.world.prison, at.id) == "Kim, 07700 900111");
  check_all_agree(at.world, at.id);
}

TEST_CASE("a member that floods a list stops nobody", "[hostile]") {
  Accepted at;
  constexpr int per_save = 7;
  const auto flood = [&](Site& site, int saves) {
    for (int i = 0; i < saves; ++i) {
      const OpDraft op{field(Handover::kReceiptsFieldNumber),
                       OpKind::append,
                       sync::Bytes(sync::value_bytes_max, 'a'),
                       {},
                       {}};
      must(site.node->admission().save(at.id, {site.by.actor, at.world.now_ms, ""},
                                       std::vector<OpDraft>(per_save, op)));
    }
  };
  flood(at.world.partner, 60);
  flood(at.world.desk, 14);
  const auto other = shared_handover(at.world);
  at.world.sync_all(3);
  must(
      Handovers(*at.world.partner.records).accept(other, "Kim, 07700 900111", at.world.partner.by));
  at.world.sync_all();
  CHECK(must(read_case(*at.world.prison.records, other)).state == Handover::ACCEPTED);
  check_all_agree(at.world, at.id);
}
