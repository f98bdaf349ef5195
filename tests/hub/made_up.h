// A hub on a disk in memory, a desk that signs directories, and made-up nodes that write entries
// and speak to the hub in bytes. They keep no store: what a node would know, they read from the
// hub's.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "hub/store/sqlite_store.h"
#include "hub/sync_api.h"
#include "schema/directory.pb.h"
#include "schema/wire.pb.h"
#include "sync/wire_form.h"
#include "tests/hub/seeded_random.h"
#include "tests/simulation/faulty_disk.h"

namespace throughgate::sync {

inline std::ostream& operator<<(std::ostream& out, const Ruling& ruling) {
  return out << "outcome " << static_cast<int>(ruling.outcome) << ", reason "
             << static_cast<int>(ruling.reason);
}

}  // namespace throughgate::sync

namespace throughgate::hub::testing {

constexpr std::uint64_t minute_ms = 60ull * 1000;
constexpr std::uint64_t day_ms = 24ull * 60 * minute_ms;

struct Node {
  OrganisationId organisation;
  NodeId id;
  crypto::SigningKey key;
  Bytes cursor{};
  Bytes token{};
  std::uint64_t directory_version = 0;
};

class World {
 public:
  World();

  SeededRandom random{1};
  simulation::FaultyDisk disk{1};
  std::uint64_t now_ms = 1'790'000'000'000;
  HubLimits limits;

  crypto::SigningKey directory_key;
  OrganisationId prison, partner, other, central;
  Node prison_a, prison_b, partner_a, other_a, desk;
  std::vector<sync::DirectoryStep> steps;  // all that the desk has signed

  // ---- the hub
  void start();  // opens what is on the disk; again: a restart
  simulation::FaultyDisk::Image copy() const { return disk.image(); }
  void put_back(const simulation::FaultyDisk::Image& copy);  // and starts it
  SqliteStore& store() { return *store_; }
  Sequencer& sequencer() { return *sequencer_; }
  SyncApi& api() { return *api_; }
  // `read` is given the order that the hub holds.
  auto look(const DossierId& dossier, auto read) {
    auto transaction = StoreTransaction::begin(*store_);
    return read(StoredOrder(*store_, dossier));
  }
  Chain chain(const DossierId& dossier);
  sync::Head place(const DossierId& dossier, std::uint64_t dsn);
  std::uint64_t length(const DossierId& dossier) { return chain(dossier).length; }

  // ---- the desk
  Node make_node(const OrganisationId& organisation);  // to be enrolled
  void sign(const std::function<void(schema::DirectoryBody&)>& write);
  void enrol(const Node& node);
  void revoke(const Node& node);
  void erase(const DossierId& dossier);
  void name_hub();   // its key and instance, as they are now
  void hand_over();  // the hub takes all versions signed so far
  void forget_tokens();
  void declare_restore();  // new instance, named and handed over

  // Back to what was: the same chance, and who has signed in stays so.
  void go_back_to(const simulation::FaultyDisk::Image& copy, const SeededRandom& chance);

  // ---- speaking
  // Where it is set, it stands between a request and the hub (failing_requests.h).
  using Between = std::function<Answer(World&, Endpoint, const google::protobuf::Message&)>;
  static Between between;
  Answer call(Endpoint endpoint, const google::protobuf::Message& request);
  schema::Credential credential(Node& node);  // by challenge, or by a live token
  Answer try_sync(Node& node, schema::SyncRequest request);
  schema::SyncReply sync(Node& node, schema::SyncRequest request = {});  // must succeed
  schema::FetchReply fetch(Node& node, const DossierId& dossier, std::uint64_t after,
                           std::uint32_t bytes_max = 1 << 20);

 private:
  void open();

  SeededRandom api_random_{2};
  std::unique_ptr<SqliteStore> store_;
  std::unique_ptr<Sequencer> sequencer_;
  std::unique_ptr<SyncApi> api_;
  sync::Directory desk_directory_;
};

crypto::DatabaseKey hub_file_key();
constexpr const char* hub_file = "/hub.db";

// What differs from an ordinary CHANGE by a node that has seen everything in the order.
struct Draft {
  sync::EntryKind kind = sync::EntryKind::change;
  std::optional<std::uint64_t> base;
  std::optional<Hash> base_head;
  std::vector<sync::Dependency> dependencies;
  Bytes clear;
  std::string reason = "a made-up reason";
};

struct Stream {
  StreamId id;
  std::uint64_t seq = 0;
  Hash tip{};
};

// A dossier that the prison owns, shared with the partner and the desk unless told otherwise.
class TestDossier {
 public:
  explicit TestDossier(World& world, std::vector<sync::Member> members = {});

  World& world;
  crypto::ContentKey key;
  sync::Membership first;
  DossierId id;

  Stream new_stream() { return {StreamId::random(world.random), 0, {}}; }
  sync::VerifiedEntry write(const Node& author, Stream& stream, const Draft& draft = {});
  sync::VerifiedEntry write_first(Stream& stream);
  sync::Membership next_membership();  // the one in force, one number on
  static Draft membership_draft(const sync::Membership& membership);
  static Draft redaction_draft(std::uint64_t dsn, const Hash& entry);
  void renew_key(sync::Membership& membership);  // begins an epoch

  sync::VerifiedEntry write_on(const StoredOrder& order, const Node& author, Stream& stream,
                               const Draft& draft);

  // Sealed to the recovery keys of these organisations.
  sync::EnvelopeList envelopes(const Node& sender, const EpochId& epoch,
                               const std::vector<sync::Recipient>& recipients);
  std::vector<sync::Recipient> recovery_keys(const sync::Membership& membership);

  // The first entry and its envelopes, sent and accepted.
  Stream begin();
  void add(Node& author, Stream& stream);  // a CHANGE, sent and accepted
};

// Requests and what came back.
schema::SyncRequest with(const std::vector<sync::VerifiedEntry>& entries,
                         sync::WireForm form = sync::WireForm::full);
schema::SyncRequest& add(schema::SyncRequest& request, const sync::EnvelopeList& list);
// The digest of what is shown at that place, as 16 times `mark`.
schema::SyncRequest with_digest(const TestDossier& dossier, std::uint64_t dsn, char mark);
sync::Recipient recipient(const Node& node);
std::vector<sync::Member> without(std::vector<sync::Member> members, const OrganisationId& who);
void put(const sync::SignedHead& head, schema::WireHeadProof& out);
schema::SyncRequest& add(schema::SyncRequest& request, const sync::SignedHead& head,
                         const std::vector<sync::Head>& locator = {});
std::optional<sync::SignedVerdict> verdict_of(const schema::EntryAnswer& answer);
// Checks the hub's signature on the only answer, and returns its ruling (ACCEPTED without a verdict
// as such).
sync::Ruling ruling_of(World& world, const schema::SyncReply& reply, int index = 0);
sync::Ruling send(World& world, Node& carrier,
                  const sync::VerifiedEntry& entry);  // one entry alone
constexpr sync::Ruling accepted{sync::Outcome::accepted, sync::Reason::none};
constexpr sync::Ruling hold(sync::Reason reason) { return {sync::Outcome::hold, reason}; }
constexpr sync::Ruling rejected(sync::Reason reason) { return {sync::Outcome::rejected, reason}; }
std::uint64_t late_entries(World& world);
std::vector<sync::SignedHead> heads_of(const schema::SyncReply& reply);

}  // namespace throughgate::hub::testing
