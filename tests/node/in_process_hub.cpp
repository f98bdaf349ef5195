#include "tests/node/in_process_hub.h"

#include <stdexcept>

#include "schema/directory.pb.h"
#include "sync/store/settings_table.h"
#include "sync/wire_values.h"

namespace throughgate::node::testing {
namespace {

constexpr std::uint64_t year_ms = 365ull * 24 * 60 * 60 * 1000;

template <class Bytes>
std::string text(const Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

void list(schema::DirectoryBody& body, const Site& site, schema::DirectoryOrganisation::Kind kind) {
  auto& organisation = *body.add_organisations();
  organisation.set_id(text(site.organisation.bytes));
  organisation.set_name(site.name);
  organisation.set_kind(kind);
  organisation.set_recovery_key(text(site.recovery.public_key()));
  organisation.set_sheet_key(text(site.node->identity().vouch.sheet_key));
  auto& node = *body.add_nodes();
  node.set_id(text(site.node->identity().node.bytes));
  node.set_organisation(text(site.organisation.bytes));
  node.set_verify_key(text(site.node->identity().signing_key.verify_key()));
  node.set_box_key(text(site.node->identity().box_key.public_key()));
  node.set_label("Office");
  node.set_vouch(text(site.node->identity().vouch.signature));
}

hub::Endpoint as_hub(HubClient::Endpoint endpoint) {
  switch (endpoint) {
    case HubClient::Endpoint::hello:
      return hub::Endpoint::hello;
    case HubClient::Endpoint::sync:
      return hub::Endpoint::sync;
    case HubClient::Endpoint::fetch:
      return hub::Endpoint::fetch;
    case HubClient::Endpoint::carry:
      return hub::Endpoint::carry;
    case HubClient::Endpoint::mailbox:
      break;
  }
  return hub::Endpoint::mailbox;
}

}  // namespace

void fail_with(const sync::Error& error) { throw std::runtime_error(error.message); }

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "throughgate-XXXXXX").string();
  path_ = ::mkdtemp(name.data());
}
TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

sync::Result<crypto::Bytes> InProcessHub::call(Endpoint endpoint, crypto::ByteView request) {
  auto answer = api_.handle(as_hub(endpoint), request, now_ms_);
  bytes_moved_ += request.size() + answer.bytes.size();
  if (answer.is_done()) {
    if (listener_) listener_(endpoint, request, answer.bytes);
    return std::move(answer.bytes);
  }
  const auto kind = answer.status == 401   ? sync::ErrorKind::stale
                    : answer.status == 403 ? sync::ErrorKind::denied
                    : answer.status == 503 ? sync::ErrorKind::unavailable
                                           : sync::ErrorKind::invalid;
  return sync::Error{kind, answer.error};
}

World::World()
    : prison(make_site("HMP Example", 1)),
      partner(make_site("Bridge Trust", 2)),
      stranger(make_site("Other Trust", 3)),
      desk(make_site("Central team", 4)),
      codes(must(CodeLists::load(CODES_FOLDER))) {
  randoms_.push_back(std::make_unique<sync::testing::SeededRandom>(99));
  auto& random = *randoms_.back();
  directory_key_ = std::make_unique<crypto::SigningKey>(crypto::SigningKey::generate(random));
  hub_store_key_ = crypto::DatabaseKey::random(random);
  const auto& key = *hub_store_key_;
  must(hub::SqliteStore::create(folder_.file("hub"), key, random));
  store_ = must(hub::SqliteStore::open(folder_.file("hub"), key));
  must(store_->begin());
  store_->trust(directory_key_->verify_key());
  must(store_->commit());
  sequencer_ =
      std::make_unique<hub::Sequencer>(*store_, must(store_->keys()), hub::HubLimits{}, random);
  must(sequencer_->refresh());
  api_ = std::make_unique<hub::SyncApi>(*sequencer_, random);
  hub_ = std::make_unique<InProcessHub>(*api_, now_ms, listener);
  enrol_everybody();
  for (Site* site : {&prison, &partner, &stranger, &desk}) {
    site->records = std::make_unique<RecordService>(*site->node, codes);
  }
}

hub::Bundles World::hub_bundles() {
  if (!hub_keys_) hub_keys_ = std::make_unique<hub::SequencerKeys>(must(store_->keys()));
  return {*store_, *sequencer_, *hub_keys_, hub::HubLimits{}, *randoms_.back()};
}

sync::Result<hub::Tally> World::bring_to_hub(crypto::ByteView file) {
  const auto taken = hub_bundles().take(file, now_ms);
  if (!taken) return taken.error();
  return taken->tally;
}

std::vector<crypto::Bytes> World::bundles_of_hub(const Site& to, std::size_t limit) {
  return must(hub_bundles().make(to.organisation, limit, now_ms));
}

sync::Result<std::vector<crypto::Bytes>> World::try_bundles_of_hub(const Site& to) {
  return hub_bundles().make(to.organisation, sync::bundle_bytes_max, now_ms);
}

sync::Result<sync::store::Database> World::open_hub_store() {
  return sync::store::Database::open(folder_.file("hub"), *hub_store_key_);
}

crypto::SigningKey World::hub_key() { return must(store_->keys()).signing_key; }

Site World::make_site(const std::string& name, std::uint64_t seed) {
  randoms_.push_back(std::make_unique<sync::testing::SeededRandom>(seed));
  auto& random = *randoms_.back();
  const auto organisation = sync::OrganisationId::random(random);
  auto recovery = crypto::BoxKey::generate(random);
  auto key = crypto::DatabaseKey::random(random);
  auto node = must(OpenNode::open(folder_.file(name), key, sync::store::Access::create, random,
                                  [this] { return now_ms; }));
  must(node->make_identity(organisation, recovery));
  By by{{sync::ActorId::random(random), "Sam at " + name, "coordinator"}, "a test"};
  return {name,    organisation,  std::move(recovery), std::move(node),
          nullptr, std::move(by), std::move(key)};
}

void World::restart(Site& site, const std::function<void()>& while_closed) {
  auto& random = site.node->random();
  site.records.reset();
  site.node.reset();
  if (while_closed) while_closed();
  site.node = must(OpenNode::open(folder_.file(site.name), site.key, sync::store::Access::existing,
                                  random, [this] { return now_ms; }));
  site.records = std::make_unique<RecordService>(*site.node, codes);
}

void World::enrol_everybody() {
  schema::DirectoryBody body;
  list(body, prison, schema::DirectoryOrganisation::PRISON);
  list(body, partner, schema::DirectoryOrganisation::PARTNER);
  list(body, stranger, schema::DirectoryOrganisation::PARTNER);
  list(body, desk, schema::DirectoryOrganisation::CENTRAL);
  body.mutable_hub()->set_verify_key(text(sequencer_->verify_key()));
  body.mutable_hub()->set_instance(text(sequencer_->state().instance.bytes));
  body.mutable_policy()->set_volunteers_shared_with_desk(true);
  auto& agreement = *body.add_agreements();
  agreement.set_id(std::string(16, 'a'));
  agreement.set_from(text(prison.organisation.bytes));
  agreement.set_to(text(partner.organisation.bytes));
  agreement.add_dossier_kinds(schema::CASE);
  agreement.set_expires_at_ms(now_ms + year_ms);
  for (Site* site : {&prison, &partner, &stranger, &desk}) {
    must(site->node->pin_anchor(directory_key_->verify_key()));
  }
  publish(body);
}

sync::DirectoryStep World::sign(const schema::DirectoryBody& body) {
  auto step = directory_.sign_next(body, now_ms, now_ms + year_ms, *directory_key_);
  must(directory_.apply(step, directory_key_->verify_key()));
  return step;
}

void World::publish_at_hub(const schema::DirectoryBody& body) {
  must(sequencer_->take_directory({sign(body)}, now_ms));
}

void World::publish(const schema::DirectoryBody& body) {
  const auto step = sign(body);
  for (Site* site : {&prison, &partner, &stranger, &desk}) {
    if (site != hold_back) must(site->node->take_directory(step));
  }
  must(sequencer_->take_directory({step}, now_ms));
}

void World::give_desk_the_key() {
  sync::store::UnitOfWork work(desk.node->database());
  sync::store::SettingsTable(work).set(sync::store::setting::desk_key,
                                       directory_key_->seed().view());
  must(work.commit());
}

SyncReport World::sync(Site& site) { return must(SyncRound(*site.node, *hub_).run()); }

void World::sync_all(int rounds) {
  for (int i = 0; i < rounds; ++i) {
    for (Site* site : {&prison, &partner, &stranger, &desk}) sync(*site);
  }
}

}  // namespace throughgate::node::testing
