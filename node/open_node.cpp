#include "node/open_node.h"

#include "crypto/recovery_key.h"
#include "node/audit_renewal.h"
#include "node/beside_store.h"
#include "node/organisation_facts.h"
#include "node/records/catalogue.h"
#include "sync/directory_snapshot.h"
#include "sync/layout.h"
#include "sync/store/directory_table.h"
#include "sync/store/erasure.h"
#include "sync/store/forks.h"
#include "sync/store/key_renewals.h"
#include "sync/store/list_notices.h"
#include "sync/store/node_schema.h"
#include "sync/store/purge.h"
#include "sync/store/reading.h"
#include "sync/store/set_aside.h"
#include "sync/store/settings_table.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::NodeIdentity;
using sync::store::Purpose;
using sync::store::SettingsTable;
using sync::store::UnitOfWork;
namespace setting = sync::store::setting;

std::vector<const google::protobuf::Descriptor*> all_record_types() {
  std::vector<const google::protobuf::Descriptor*> out;
  for (const auto& type : record_types()) out.push_back(type.descriptor);
  return out;
}

constexpr std::size_t unvouched_bytes = 128;
constexpr std::size_t vouched_bytes = unvouched_bytes + 32 + 64;

// node 16 · organisation 16 · signing seed 32 · box secret 32 · recovery public key 32 · sheet
// key 32 · vouch 64; without the last two where an earlier program made it. Inside the encrypted
// store only.
sync::Bytes encode(const NodeIdentity& identity) {
  sync::LayoutWriter out;
  out.bytes(identity.node.bytes).bytes(identity.organisation.bytes);
  out.bytes(identity.signing_key.seed().view()).bytes(identity.box_key.secret().view());
  out.bytes(identity.recovery_key);
  out.bytes(identity.vouch.sheet_key).bytes(identity.vouch.signature);
  return out.take();
}

std::unique_ptr<NodeIdentity> decode_identity(sync::ByteView bytes) {
  if (bytes.size() != unvouched_bytes && bytes.size() != vouched_bytes) return nullptr;
  sync::LayoutReader in(bytes);
  const auto node = in.id<sync::NodeId>();
  const auto organisation = in.id<sync::OrganisationId>();
  const std::span<const std::uint8_t, 32> seed(in.bytes(32));
  const std::span<const std::uint8_t, 32> secret(in.bytes(32));
  const auto recovery_key = in.array<32>();
  sync::Vouch vouch;
  if (bytes.size() == vouched_bytes) vouch = {in.array<32>(), in.array<64>()};
  return std::make_unique<NodeIdentity>(
      NodeIdentity{node, organisation, crypto::SigningKey(crypto::Secret<32>(seed)),
                   crypto::BoxKey(crypto::Secret<32>(secret)), recovery_key, std::nullopt, vouch});
}

// root 32, and where the desk has told what its list was: version u64 · head 32.
sync::Bytes encode(const sync::Anchor& anchor) {
  sync::LayoutWriter out;
  out.bytes(anchor.root);
  if (anchor.version > 0) out.u64(anchor.version).bytes(anchor.head);
  return out.take();
}

std::optional<sync::Anchor> decode_anchor(sync::ByteView bytes) {
  sync::LayoutReader in(bytes);
  sync::Anchor out(in.array<32>());
  if (in.finished()) return out;
  out.version = in.u64();
  out.head = in.array<32>();
  return in.finished() ? std::optional(out) : std::nullopt;
}

// The same error, with the place where a look at every page finds one.
Error where_damaged(sync::store::Database& database, const Error& error) {
  if (error.kind != ErrorKind::corrupt) return error;
  const auto sound = database.quick_check();
  return sound ? error : sound.error();
}

}  // namespace

OpenNode::OpenNode(sync::store::Database database, crypto::Random& random, Clock clock)
    : database_(std::move(database)),
      random_(random),
      clock_(std::move(clock)),
      policies_(all_record_types()) {}

Result<std::unique_ptr<OpenNode>> OpenNode::open(const std::string& path,
                                                 const crypto::DatabaseKey& key,
                                                 sync::store::Access access, crypto::Random& random,
                                                 Clock clock, const std::string& vfs) {
  sync::store::OpenOptions options;
  options.access = access;
  options.vfs = vfs;
  auto database = sync::store::Database::open(path, key, options);
  if (!database) return database.error();
  auto migrated = sync::store::migrate(*database, sync::store::node_migrations(),
                                       sync::store::node_application_id);
  if (!migrated) return where_damaged(*database, migrated.error());
  std::unique_ptr<OpenNode> node(new OpenNode(std::move(*database), random, std::move(clock)));
  if (vfs.empty()) node->folder_ = DataFolder::around(path);
  if (auto loaded = node->load(); !loaded) return where_damaged(node->database(), loaded.error());
  // Before anything is erased, and reasons with it.
  if (auto done = renew_old_audit(node->database_, random, node->now_ms()); !done) {
    return where_damaged(node->database(), done.error());
  }
  if (auto done = node->catch_up_with_erasures(); !done) {
    return where_damaged(node->database(), done.error());
  }
  if (auto done = node->catch_up_with_revocations(); !done) {
    return where_damaged(node->database(), done.error());
  }
  return node;
}

Result<Done> OpenNode::load() {
  if (auto noted = sync::store::note_reader(database_, policies_); !noted) return noted.error();
  UnitOfWork work(database_, Purpose::reading);
  SettingsTable settings(work);
  if (auto bytes = settings.find(setting::identity)) {
    auto identity = decode_identity(*bytes);
    crypto::wipe(*bytes);
    if (!identity) work.fail_as_damaged();
    if (identity) have_identity(std::move(identity));
  }
  if (const auto kept = settings.find(setting::organisation_facts)) {
    if (const auto facts = decode_facts(*kept)) name_at_setup_ = facts->site.name;
  }
  take_anchor(work);
  if (enrolled_) {
    auto directory = sync::store::DirectoryTable(work).load(anchor_);
    if (!directory) return directory.error();
    directory_ = std::move(*directory);
  }
  return work.commit();
}

void OpenNode::take_anchor(UnitOfWork& work) {
  const auto kept = SettingsTable(work).find(setting::anchor);
  if (!kept) return;
  const auto anchor = decode_anchor(*kept);
  if (!anchor) return work.fail_as_damaged();
  anchor_ = *anchor;
  enrolled_ = true;
}

void OpenNode::have_identity(std::unique_ptr<NodeIdentity> identity) {
  identity_ = std::move(identity);
  context_ = std::make_unique<sync::store::NodeContext>(
      sync::store::NodeContext{policies_, directory_, *identity_, random_, clock_});
  admission_ = std::make_unique<sync::store::Admission>(database_, *context_);
}

Result<Done> OpenNode::make_identity(const sync::OrganisationId& organisation,
                                     const crypto::BoxKey& recovery_key) {
  if (identity_) {
    return Error{ErrorKind::invalid, "This folder already holds a Throughgate store."};
  }
  auto identity = std::make_unique<NodeIdentity>(NodeIdentity{
      sync::NodeId::random(random_), organisation, crypto::SigningKey::generate(random_),
      crypto::BoxKey::generate(random_), recovery_key.public_key(), std::nullopt});
  identity->vouch = sync::vouch({organisation, identity->node, identity->signing_key.verify_key(),
                                 identity->box_key.public_key()},
                                crypto::sheet_signing_key(recovery_key));
  UnitOfWork work(database_);
  auto bytes = encode(*identity);
  SettingsTable(work).set(setting::identity, bytes);
  crypto::wipe(bytes);
  if (auto done = work.commit(); !done) return done.error();
  have_identity(std::move(identity));
  return Done{};
}

void OpenNode::use_recovery_sheet(crypto::BoxKey recovery_secret) {
  identity_->recovery_secret.emplace(std::move(recovery_secret));
}

Result<Done> OpenNode::pin_anchor(const sync::Anchor& anchor) {
  if (enrolled_ && anchor.root != anchor_.root) {
    return Error{ErrorKind::denied,
                 "This computer already belongs to another central team. Nothing was changed."};
  }
  UnitOfWork work(database_);
  SettingsTable(work).set(setting::anchor, encode(anchor));
  if (auto done = work.commit(); !done) return done.error();
  anchor_ = anchor;
  enrolled_ = true;
  return Done{};
}

Result<Done> OpenNode::take_directory(const sync::DirectoryStep& step) {
  sync::Directory next = directory_;
  if (auto applied = next.apply(step, anchor_); !applied) return applied.error();
  const auto version = next.version();
  const auto notices = identity_ ? sync::store::notices_in(step, next, identity_->node)
                                 : std::vector<sync::store::ListNotice>();
  return move_on(std::move(next), [&](UnitOfWork& work) {
    sync::store::DirectoryTable(work).add(version, step);
    if (identity_) sync::store::heed_accidents(work, step, identity_->node);
    sync::store::add_list_notices(work, notices, version, clock_());
  });
}

Result<Done> OpenNode::take_snapshot(crypto::ByteView snapshot) {
  if (directory_.version() > 0) return Done{};
  auto read = sync::read_snapshot(snapshot, anchor_);
  if (!read) return read.error();
  const auto version = read->version();
  return move_on(*std::move(read), [&](UnitOfWork& work) {
    sync::store::DirectoryTable(work).begin_with(version, snapshot);
  });
}

// In one transaction with all that follows from it at once.
Result<Done> OpenNode::move_on(sync::Directory next, const std::function<void(UnitOfWork&)>& keep) {
  UnitOfWork work(database_);
  keep(work);
  sync::store::erase_what_is_named(work, next, clock_());
  if (identity_) {
    const sync::store::NodeContext by_next{policies_, next, *identity_, random_, clock_};
    sync::store::judge_set_aside(work, by_next);
    sync::store::heed_revocations(work, by_next);
  }
  if (auto done = work.commit(); !done) return done.error();
  directory_ = std::move(next);
  return finish_erasures();
}

// A store from before an erasure, or one that was cut off in the middle of it, goes on here.
Result<Done> OpenNode::catch_up_with_erasures() {
  if (directory_.last_erasure() == 0) return finish_erasures();
  bool behind = false;
  {
    UnitOfWork work(database_, Purpose::reading);
    const auto kept = SettingsTable(work).find(setting::erased_to);
    behind = !kept || sync::LayoutReader(*kept).u64() < directory_.last_erasure();
    if (auto done = work.commit(); !done) return done;
  }
  if (behind) {
    UnitOfWork work(database_);
    sync::store::erase_what_is_named(work, directory_, clock_());
    if (auto done = work.commit(); !done) return done;
  }
  return finish_erasures();
}

// A store kept by an earlier program, which did not ask.
Result<Done> OpenNode::catch_up_with_revocations() {
  if (directory_.last_revocation() == 0 || !identity_) return Done{};
  {
    UnitOfWork work(database_, Purpose::reading);
    const bool heeded = sync::store::has_heeded_revocations(work, directory_);
    if (auto done = work.commit(); !done || heeded) return done;
  }
  UnitOfWork work(database_);
  sync::store::heed_revocations(work, context());
  return work.commit();
}

Result<Done> OpenNode::finish_erasures() {
  if (!identity_) return Done{};
  const auto copies_gone = [this] {
    return folder_ ? remove_copies(*this, *folder_) : Result<Done>(Done{});
  };
  auto finished = sync::store::finish_erasures(database_, context(), copies_gone);
  if (finished) finished = sync::store::finish_purges(database_, context(), copies_gone);
  if (finished) finished = sync::store::clear_traces(database_);  // of what else was deleted
  if (!finished && finished.error().kind == ErrorKind::unavailable) return Done{};
  return finished;
}

Result<std::uint64_t> OpenNode::read_again(std::size_t dossiers_max) {
  if (!identity_) return std::uint64_t{0};
  return sync::store::Rereading(database_, *context_).run(dossiers_max);
}

Result<Done> OpenNode::refresh_directory() {
  UnitOfWork work(database_, Purpose::reading);
  if (!enrolled_) take_anchor(work);
  if (!enrolled_) return work.commit();
  if (directory_.version() == 0) {  // the other one may have begun with a snapshot
    auto directory = sync::store::DirectoryTable(work).load(anchor_);
    if (!directory) return directory.error();
    directory_ = *std::move(directory);
    return work.commit();
  }
  for (const auto& step : sync::store::DirectoryTable(work).after(directory_.version())) {
    if (auto applied = directory_.apply(step, anchor_); !applied) return applied.error();
  }
  return work.commit();
}

}  // namespace throughgate::node
