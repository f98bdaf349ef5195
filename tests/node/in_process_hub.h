// A prison, a partner, a stranger and the desk, each a node with a store of its own, and a hub, all
// in one process. Time stands still unless it is moved on.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "hub/bundles.h"
#include "hub/store/sqlite_store.h"
#include "hub/sync_api.h"
#include "node/record_service.h"
#include "node/sync_round.h"
#include "tests/sync/seeded_random.h"

namespace throughgate::node::testing {

// A folder that goes with the test.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// Is told of every request that the hub has answered, and of its answer, which it may spoil.
using Listener =
    std::function<void(HubClient::Endpoint, crypto::ByteView request, crypto::Bytes& answer)>;

// The hub's requests without a network between.
class InProcessHub final : public HubClient {
 public:
  InProcessHub(hub::SyncApi& api, const std::uint64_t& now_ms, const Listener& listener)
      : api_(api), now_ms_(now_ms), listener_(listener) {}
  sync::Result<crypto::Bytes> call(Endpoint endpoint, crypto::ByteView request) override;
  std::uint64_t bytes_moved() const { return bytes_moved_; }  // of requests and answers

 private:
  hub::SyncApi& api_;
  const std::uint64_t& now_ms_;
  std::uint64_t bytes_moved_ = 0;
  const Listener& listener_;
};

struct Site {
  std::string name;
  sync::OrganisationId organisation;
  crypto::BoxKey recovery;
  std::unique_ptr<OpenNode> node;
  std::unique_ptr<RecordService> records;
  By by;  // one member of staff
  crypto::DatabaseKey key;

  sync::store::RecordReader reader() const { return records->whole(); }
};

class World {
  TemporaryFolder folder_;  // what the sites are made of comes first
  std::vector<std::unique_ptr<sync::testing::SeededRandom>> randoms_;

 public:
  World();

  std::uint64_t now_ms = 1'790'000'000'000;  // September 2026
  Site prison, partner, stranger, desk;
  CodeLists codes;
  Listener listener;  // may be empty
  HubClient& hub() { return *hub_; }
  // Beside the hub that is at work on it.
  sync::Result<sync::store::Database> open_hub_store();
  crypto::SigningKey hub_key();  // for a hub that means ill

  // Bundles carried to the hub and back.
  sync::Result<hub::Tally> bring_to_hub(crypto::ByteView file);
  std::vector<crypto::Bytes> bundles_of_hub(const Site& to,
                                            std::size_t limit = sync::bundle_bytes_max);
  sync::Result<std::vector<crypto::Bytes>> try_bundles_of_hub(const Site& to);

  // One round of one site; the test fails where the round does.
  SyncReport sync(Site& site);
  void sync_all(int rounds = 2);
  void pass(std::uint64_t ms) { now_ms += ms; }
  // Its program ends and is started again; in between its files may be changed.
  void restart(Site& site, const std::function<void()>& while_closed = {});
  std::string store_path(const Site& site) const { return folder_.file(site.name); }
  std::uint64_t bytes_moved() const { return hub_->bytes_moved(); }
  // To everybody at once but `hold_back`, who hears of it at the next sync.
  void publish(const schema::DirectoryBody& body);
  void publish_at_hub(const schema::DirectoryBody& body);  // sites hear of it with their next sync
  Site* hold_back = nullptr;
  // From here on the desk signs for itself; publish() no more.
  void give_desk_the_key();

 private:
  sync::DirectoryStep sign(const schema::DirectoryBody& body);
  Site make_site(const std::string& name, std::uint64_t seed);
  void enrol_everybody();

  std::optional<crypto::DatabaseKey> hub_store_key_;
  std::unique_ptr<hub::SqliteStore> store_;
  std::unique_ptr<hub::Sequencer> sequencer_;
  hub::Bundles hub_bundles();

  std::unique_ptr<hub::SyncApi> api_;
  std::unique_ptr<hub::SequencerKeys> hub_keys_;
  std::unique_ptr<InProcessHub> hub_;
  std::unique_ptr<crypto::SigningKey> directory_key_;
  sync::Directory directory_;
};

// The value of a success; the test fails with the error's words otherwise.
template <class T>
T must(sync::Result<T> result);
[[noreturn]] void fail_with(const sync::Error& error);

template <class T>
T must(sync::Result<T> result) {
  if (!result) fail_with(result.error());
  return std::move(*result);
}

// The error of a refusal; the test fails where there is none.
template <class T>
sync::Error refusal(const sync::Result<T>& result) {
  if (result) fail_with({sync::ErrorKind::invalid, "This should have been refused."});
  return result.error();
}

}  // namespace throughgate::node::testing
