#include "tests/node/test_sites.h"

#include <unistd.h>

#include <catch_amalgamated.hpp>

namespace throughgate::node::testing {
namespace {

sync::store::OpenOptions existing() { return {}; }

}  // namespace

crypto::PassphraseCost cheap() { return {1, 8 << 10}; }

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "throughgate-XXXXXX").string();
  REQUIRE(mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

// ---- the hub

TestHub::TestHub(World& world) : world_(world) {
  const auto key = crypto::DatabaseKey::random(world.random);
  const auto path = world.folder.path("hub.db");
  REQUIRE(hub::SqliteStore::create(path, key, world.random));
  auto store = hub::SqliteStore::open(path, key, existing());
  REQUIRE(store);
  store_ = *std::move(store);
  sequencer_ =
      std::make_unique<hub::Sequencer>(*store_, *store_->keys(), hub::HubLimits{}, world.random);
  REQUIRE(sequencer_->refresh());
  api_ = std::make_unique<hub::SyncApi>(*sequencer_, world.random);
}

HubFacts TestHub::facts() const { return {sequencer_->verify_key(), sequencer_->state().instance}; }

void TestHub::trust(const sync::Anchor& anchor) {
  auto transaction = hub::StoreTransaction::begin(*store_);
  store_->trust(anchor);
  REQUIRE(transaction->commit());
}

sync::Result<crypto::Bytes> TestHub::call(Endpoint endpoint, crypto::ByteView request) {
  if (is_down) return {sync::ErrorKind::unavailable, "The hub is down."};
  const auto to = [&] {
    switch (endpoint) {
      case Endpoint::hello:
        return hub::Endpoint::hello;
      case Endpoint::sync:
        return hub::Endpoint::sync;
      case Endpoint::fetch:
        return hub::Endpoint::fetch;
      case Endpoint::carry:
        return hub::Endpoint::carry;
      case Endpoint::mailbox:
        break;
    }
    return hub::Endpoint::mailbox;
  }();
  auto answer = api_->handle(to, request, world_.now_ms);
  switch (answer.status) {
    case 200:
      if (spoil) spoil(request, answer.bytes);
      return std::move(answer.bytes);
    case 401:
      return {sync::ErrorKind::stale, answer.error};
    case 403:
      return {sync::ErrorKind::denied, answer.error};
    case 400:
    case 413:
      return {sync::ErrorKind::invalid, answer.error};
    default:
      return {sync::ErrorKind::unavailable, answer.error};
  }
}

// ---- sites

TestSite::TestSite(World& at, const std::string& site_name, sync::OrganisationKind site_kind,
                   const std::string& code)
    : world(at),
      name(site_name),
      kind(site_kind),
      establishment(code),
      folder(at.folder.path(site_name)),
      accounts(folder, at.random, cheap()) {
  make(std::nullopt);
}

TestSite::TestSite(World& at, const std::string& folder_name, const TestSite& sister)
    : world(at),
      name(sister.name),
      kind(sister.kind),
      establishment(sister.establishment),
      folder(at.folder.path(folder_name)),
      accounts(folder, at.random, cheap()) {
  make(NewNode::Joins{sister.node->identity().organisation,
                      crypto::BoxKey(sister.sheet->secret().duplicate())});
}

void TestSite::make(std::optional<NewNode::Joins> joins) {
  NewNode fresh;
  fresh.kind = kind;
  fresh.site = {name, establishment};
  fresh.staff_name = "Jo Made-Up";
  fresh.staff_roles = {"coordinator", "supervisor", "handover_worker", "administrator"};
  fresh.sign_in_name = "jo";
  fresh.password = crypto::SecretText(good_password);
  fresh.joins = std::move(joins);
  const auto show = [&](const crypto::BoxKey& key, const sync::OrganisationId&) {
    sheet.emplace(key.secret().duplicate());
    return true;
  };
  const auto made = set_up(folder, accounts, fresh, show, world.random, world.clock);
  if (!made) FAIL(made.error().message);
  reopen();
}

void TestSite::reopen() {
  node.reset();
  const auto key = accounts.sign_in("jo", good_password, world.clock);
  REQUIRE(key);
  auto open = OpenNode::open(folder.store(), *key, sync::store::Access::existing, world.random,
                             world.clock);
  REQUIRE(open);
  node = *std::move(open);
}

ApplicantFacts TestSite::facts(const std::string& label) const {
  return {name, kind, establishment, label};
}

sync::Actor TestSite::actor() {
  const auto actor = Staff(*node).actor_for("jo");
  REQUIRE(actor);
  return *actor;
}

sync::Result<SyncReport> TestSite::sync(TestHub& hub) { return SyncRound(*node, hub).run(); }

// ---- the desk

TestDesk::TestDesk(World& at, TestHub& hub)
    : TestSite(at, "Central Made-Up Team", sync::OrganisationKind::central) {
  const auto made = desk().init(hub.facts(), name, "Desk PC");
  if (!made) FAIL(made.error().message);
  hub.trust(node->anchor());
  REQUIRE(sync(hub));
}

void TestDesk::enrol(TestSite& site, TestHub& hub) {
  sync::Invitation invitation;
  invitation.name = site.name;
  invitation.kind = site.kind;
  invitation.establishment = site.establishment;
  const auto id = site.node->identity().organisation;
  if (node->directory().organisation(id)) invitation.organisation = id;
  const auto code = desk().invite(invitation);
  REQUIRE(code);
  const auto words = Enrolment(*site.node, hub).ask(code->text().view(), site.facts("A PC"));
  if (!words) FAIL(words.error().message);
  const auto requests = desk().requests(&hub);
  REQUIRE(requests);
  const auto& invited = requests->invited;
  REQUIRE(std::any_of(invited.begin(), invited.end(), [&](const Invited& each) {
    return each.mailbox == code->mailbox() && each.words == *words;
  }));
  REQUIRE(desk().approve(code->mailbox(), hub));
  REQUIRE(sync(hub));
  REQUIRE(*Enrolment(*site.node, hub).take_answer());
}

}  // namespace throughgate::node::testing
