// Sites and a hub in one process, over the real store files and the real SyncApi. Made-up people.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "hub/store/sqlite_store.h"
#include "hub/sync_api.h"
#include "node/desk/desk.h"
#include "node/enrolment/enrolment.h"
#include "node/setup.h"
#include "node/sync_round.h"
#include "tests/sync/seeded_random.h"

namespace throughgate::node::testing {

using sync::testing::SeededRandom;

// Removed with everything in it at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;

struct World {
  TemporaryFolder folder;
  SeededRandom random{1};
  std::uint64_t now_ms = 1'800'000'000'000;
  Clock clock = [this] { return now_ms; };
};

// The hub as a node reaches it, without a network.
class TestHub final : public HubClient {
 public:
  explicit TestHub(World& world);
  sync::Result<crypto::Bytes> call(Endpoint endpoint, crypto::ByteView request) override;

  HubFacts facts() const;
  void trust(const sync::Anchor& anchor);
  bool is_down = false;                                                        // answers nothing
  std::function<void(crypto::ByteView request, crypto::Bytes& answer)> spoil;  // may be empty

 private:
  World& world_;
  std::unique_ptr<hub::SqliteStore> store_;
  std::unique_ptr<hub::Sequencer> sequencer_;
  std::unique_ptr<hub::SyncApi> api_;
};

constexpr const char* good_password = "plum lantern otter 9";

// A node whose folder and store are real; password derivation costs little.
class TestSite {
 public:
  TestSite(World& world, const std::string& name, sync::OrganisationKind kind,
           const std::string& establishment = {});
  // Another computer of a site, from its recovery sheet.
  TestSite(World& world, const std::string& folder, const TestSite& sister);

  World& world;
  std::string name;
  sync::OrganisationKind kind;
  std::string establishment;
  DataFolder folder;
  Accounts accounts;
  std::optional<crypto::BoxKey> sheet;  // the recovery key that was shown
  std::unique_ptr<OpenNode> node;

  ApplicantFacts facts(const std::string& label) const;
  sync::Actor actor();
  sync::Result<SyncReport> sync(TestHub& hub);
  void reopen();

 private:
  void make(std::optional<NewNode::Joins> joins);
};

// The central organisation's site, its desk set up and the hub told.
class TestDesk : public TestSite {
 public:
  TestDesk(World& world, TestHub& hub);
  Desk desk() { return Desk(*node); }
  // The whole way: invitation, request, approval, answer.
  void enrol(TestSite& site, TestHub& hub);
};

crypto::PassphraseCost cheap();

}  // namespace throughgate::node::testing
