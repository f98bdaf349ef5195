#include "tests/simulation/machines.h"

#include <stdexcept>

#include "schema/wire.pb.h"
#include "sync/signed_verdict.h"

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

const char* name_of(sync::Outcome outcome) {
  switch (outcome) {
    case sync::Outcome::accepted:
      return "accepted";
    case sync::Outcome::duplicate:
      return "duplicate";
    case sync::Outcome::need_full:
      return "need full";
    case sync::Outcome::hold:
      return "hold ";
    case sync::Outcome::rejected:
      return "rejected ";
    case sync::Outcome::fork:
      return "fork";
  }
  return "?";
}

}  // namespace

// ---- the hub

HubMachine::HubMachine(std::uint64_t seed, crypto::Random& random, const Time& time)
    : random_(random), time_(time), disk_(std::make_unique<FaultyDisk>(seed)) {
  must(hub::SqliteStore::create(store_path, disk_key(), random_, {.vfs = disk_->vfs_name()}));
  disk_->make_durable();
  start();
}

void HubMachine::start() {
  sync::store::OpenOptions options;
  options.vfs = disk_->vfs_name();
  store_ = must(hub::SqliteStore::open(store_path, disk_key(), options));
  sequencer_ =
      std::make_unique<hub::Sequencer>(*store_, must(store_->keys()), hub::HubLimits{}, random_);
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
  return answer;
}

void HubMachine::trust(const crypto::VerifyKey& directory_key) {
  must(store_->begin());
  store_->trust_directory_key(directory_key);
  must(store_->commit());
  must(sequencer_->refresh());
}

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

sync::InstanceId HubMachine::put_back(const FaultyDisk::Image& image) {
  api_.reset();
  sequencer_.reset();
  store_.reset();
  disk_->load(image);
  disk_->disarm();
  start();
  must(sequencer_->begin_new_instance());
  start();
  return sequencer_->state().instance;
}

// ---- links

sync::Result<crypto::Bytes> Link::call(Endpoint endpoint, crypto::ByteView request) {
  using sync::Error;
  using sync::ErrorKind;
  ++counts_.calls;
  counts_.bytes += request.size();
  const Error lost{ErrorKind::unavailable, "The line went dead."};
  if (random_.chance(weather_.lose_request)) {
    ++counts_.lost;
    return lost;
  }
  if (!old_.empty() && random_.chance(weather_.replay_old)) {
    ++counts_.replayed;
    const auto& [what, bytes] = old_[random_.below(old_.size())];
    deliver(what, bytes);
  }
  if (random_.chance(weather_.repeat)) {
    ++counts_.repeated;
    deliver(endpoint, request);
  }
  auto answer = deliver(endpoint, request);
  if (old_.size() < 8) old_.emplace_back(endpoint, crypto::Bytes(request.begin(), request.end()));
  if (random_.chance(weather_.lose_answer)) {
    ++counts_.lost;
    return lost;
  }
  counts_.bytes += answer.bytes.size();
  if (answer.is_done()) {
    if (endpoint == Endpoint::sync) count(answer.bytes);
    return std::move(answer.bytes);
  }
  const ErrorKind kind = answer.status == 401                           ? ErrorKind::stale
                         : answer.status == 403                         ? ErrorKind::denied
                         : answer.status == 400 || answer.status == 413 ? ErrorKind::invalid
                                                                        : ErrorKind::unavailable;
  return Error{kind, answer.error};
}

hub::Answer Link::deliver(Endpoint endpoint, crypto::ByteView request) {
  return hub_.handle(static_cast<hub::Endpoint>(endpoint), request);
}

void Link::count(const crypto::Bytes& bytes) {
  schema::SyncReply reply;
  reply.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  for (const auto& answer : reply.answers()) {
    if (answer.plain() == schema::EntryAnswer::ACCEPTED) ++counts_.verdicts["accepted"];
    if (answer.plain() == schema::EntryAnswer::NEED_FULL) ++counts_.verdicts["need full"];
    if (answer.plain() == schema::EntryAnswer::BAD) ++counts_.verdicts["bad"];
    if (answer.plain() != schema::EntryAnswer::SEE_VERDICT) continue;
    const auto verdict = sync::decode_verdict(crypto::as_bytes(answer.verdict().bytes()), {});
    if (!verdict) continue;
    std::string name = name_of(verdict->ruling.outcome);
    if (name.ends_with(' ')) {
      name += std::to_string(static_cast<int>(verdict->ruling.reason));
    }
    ++counts_.verdicts[name];
  }
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

void NodeMachine::start() {
  node_ = must(node::OpenNode::open(
      store_path, disk_key(), sync::store::Access::existing, random_,
      [this] {
        return static_cast<std::uint64_t>(static_cast<std::int64_t>(time_.now_ms()) +
                                          clock_offset_ms_);
      },
      disk_->vfs_name()));
  round_ = std::make_unique<node::SyncRound>(*node_, *link_);
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
