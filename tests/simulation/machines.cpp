#include "tests/simulation/machines.h"

#include <stdexcept>

namespace throughgate::simulation {
namespace {

constexpr auto store_path = "/store.db";

// One key for every disk of a world: what is tested is not who can open them.
crypto::DatabaseKey disk_key() {
  crypto::ByteArray<32> bytes{};
  bytes.fill(7);
  return crypto::DatabaseKey(bytes);
}

// A file that the real program has just made, so that each world need not make it again.
const FaultyDisk::Image& fresh_node_image() {
  static const FaultyDisk::Image image = [] {
    FaultyDisk disk(1);
    crypto::SystemRandom random;
    auto made = node::OpenNode::open(
        store_path, disk_key(), sync::store::Access::create, random,
        [] { return std::uint64_t{0}; }, disk.vfs_name());
    if (!made) throw std::logic_error(made.error().message);
    made = sync::Error{sync::ErrorKind::stale, ""};
    return disk.image();
  }();
  return image;
}

template <class T>
T must(sync::Result<T> result) {
  if (!result) throw std::logic_error(result.error().message);
  return *std::move(result);
}

}  // namespace

// ---- the hub

HubMachine::HubMachine(std::uint64_t seed, crypto::Random& random, const Time& time,
                       const hub::HubLimits& limits)
    : random_(random), time_(time), limits_(limits), disk_(std::make_unique<FaultyDisk>(seed)) {
  make_store();
}

void HubMachine::make_store() {
  must(hub::SqliteStore::create(store_path, disk_key(), random_, {.vfs = disk_->vfs_name()}));
  disk_->make_durable();
  start();
}

void HubMachine::start() {
  sync::store::OpenOptions options;
  options.vfs = disk_->vfs_name();
  store_ = must(hub::SqliteStore::open(store_path, disk_key(), options));
  sequencer_ = std::make_unique<hub::Sequencer>(*store_, must(store_->keys()), limits_, random_);
  must(sequencer_->refresh());
  key_ = sequencer_->verify_key();
  api_ = std::make_unique<hub::SyncApi>(*sequencer_, random_);
}

hub::Answer HubMachine::handle(hub::Endpoint endpoint, crypto::ByteView request) {
  auto answer = api_->handle(endpoint, request, time_.now_ms());
  if (restart_if_dark()) {
    hub::Answer dark;
    dark.status = 503;
    dark.error = "The power went.";
    return dark;
  }
  if (endpoint == hub::Endpoint::sync) {
    const bool callers = programs_ && programs_->run(true);
    answers_.note(*sequencer_, time_.now_ms(), request, answer);
    if (programs_) programs_->run(callers);
  }
  return answer;
}

void HubMachine::trust(const crypto::VerifyKey& directory_key) {
  must(store_->begin());
  store_->trust(directory_key);
  must(store_->commit());
  must(sequencer_->refresh());
}

crypto::SigningKey HubMachine::signing_key() { return must(store_->keys()).signing_key; }

bool HubMachine::restart_if_dark() {
  if (disk_->powered()) return false;
  api_.reset();
  sequencer_.reset();
  store_.reset();
  disk_->power_on();
  start();
  ++power_cuts_;
  return true;
}

void HubMachine::load(const FaultyDisk::Image& image) {
  api_.reset();
  sequencer_.reset();
  store_.reset();
  disk_->load(image);
  disk_->disarm();
  start();
}

void HubMachine::replace_disk(std::uint64_t seed) {
  answers_.doubt(instance());  // what it promised, the next one knows nothing of
  api_.reset();
  sequencer_.reset();
  store_.reset();
  disk_ = std::make_unique<FaultyDisk>(seed);
  make_store();
}

sync::store::Database HubMachine::pages() {
  return must(sync::store::Database::open(store_path, disk_key(), {.vfs = disk_->vfs_name()}));
}

sync::InstanceId HubMachine::put_back(const FaultyDisk::Image& image) {
  load(image);
  return begin_new_instance();
}

void HubMachine::put_back_quietly(const FaultyDisk::Image& image) {
  answers_.doubt(instance());
  load(image);
  answers_.doubt(instance());
}

sync::InstanceId HubMachine::begin_new_instance() {
  must(sequencer_->begin_new_instance());
  start();
  return instance();
}

void HubMachine::forget_hold(const sync::Hash& entry) {
  if (!store_->begin()) return;  // without power: then it is still held
  store_->forget_hold(entry);
  (void)store_->commit();
}

void HubMachine::open_everything() {
  (void)sequencer_->open(std::nullopt, time_.now_ms());  // until the directory names it, it may not
}

// ---- nodes

NodeMachine::NodeMachine(std::string name, std::uint64_t seed, crypto::Random& random,
                         const Time& time, std::unique_ptr<Link> link)
    : name_(std::move(name)),
      random_(random),
      time_(time),
      disk_(std::make_unique<FaultyDisk>(seed)),
      link_(std::move(link)) {
  disk_->load(fresh_node_image());
  start();
}

void NodeMachine::install(const TwoPrograms& programs, bool newer) {
  round_.reset();
  node_.reset();
  programs_ = &programs;
  newer_ = newer;
  start();
}

void NodeMachine::start() {
  use_program();
  node_ = must(node::OpenNode::open(
      store_path, disk_key(), sync::store::Access::existing, random_,
      [this] {
        return static_cast<std::uint64_t>(static_cast<std::int64_t>(time_.now_ms()) +
                                          clock_offset_ms_);
      },
      disk_->vfs_name()));
  round_ = std::make_unique<node::SyncRound>(*node_, *link_);
}

sync::store::Database NodeMachine::pages() {
  return must(sync::store::Database::open(store_path, disk_key(), {.vfs = disk_->vfs_name()}));
}

bool NodeMachine::restart_if_dark() {
  if (disk_->powered()) return false;
  round_.reset();
  node_.reset();
  disk_->power_on();
  start();
  return true;
}

void NodeMachine::put_back(const FaultyDisk::Image& image) {
  round_.reset();
  node_.reset();
  disk_->load(image);
  disk_->disarm();
  start();
}

}  // namespace throughgate::simulation
