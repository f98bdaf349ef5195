// A node whose store is open: what every flow, page and command works with.
// Threads: one OpenNode a thread (each has its own connection to the same file); the file takes one
// writer at a time. Lifetimes: everything it hands out lives as long as it does.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "crypto/random.h"
#include "node/clock.h"
#include "node/data_folder.h"
#include "sync/policy.h"
#include "sync/store/admission.h"
#include "sync/store/exchange.h"

namespace throughgate::node {

class OpenNode {
 public:
  // Opens and migrates the store at `path` (made if `access` says so). `vfs` as in OpenOptions.
  // Fails as Database::open() and migrate() do.
  static sync::Result<std::unique_ptr<OpenNode>> open(const std::string& path,
                                                      const crypto::DatabaseKey& key,
                                                      sync::store::Access access,
                                                      crypto::Random& random, Clock clock,
                                                      const std::string& vfs = {});

  // A store is of use once it has an identity: made once, at `init`, kept inside the store. Of the
  // key on the organisation's sheet only the public half is kept, and its word for this computer.
  //   invalid  there is one already
  sync::Result<sync::Done> make_identity(const sync::OrganisationId& organisation,
                                         const crypto::BoxKey& recovery_key);
  bool has_identity() const { return identity_ != nullptr; }
  const sync::store::NodeIdentity& identity() const { return *identity_; }
  // For the rebuild of a lost node: lets envelopes to the organisation's recovery key be opened.
  void use_recovery_sheet(crypto::BoxKey recovery_secret);

  // By what the directory is believed: pinned once, at enrolment (or made here, at the desk).
  sync::Result<sync::Done> pin_anchor(const sync::Anchor& anchor);
  bool is_enrolled() const { return enrolled_; }
  const sync::Anchor& anchor() const { return anchor_; }
  // Takes the next version of the directory, wherever it came from. Fails with `stale` where
  // another program on this store has kept another one of that number meanwhile.
  sync::Result<sync::Done> take_directory(const sync::DirectoryStep& step);
  // Begins with a snapshot where no version is held yet; otherwise does nothing. Fails as
  // read_snapshot().
  sync::Result<sync::Done> take_snapshot(crypto::ByteView snapshot);
  // What has been erased, or deleted as it is no longer shared, goes from every page and from what
  // lies beside the store; then this node says so. Where somebody works on them just now, the next
  // contact or start goes on.
  sync::Result<sync::Done> finish_erasures();
  // After an update of this program: reads again up to so many dossiers that an earlier one read;
  // returns how many are left. See sync/store/reading.h. Nothing to do otherwise.
  sync::Result<std::uint64_t> read_again(std::size_t dossiers_max);

  // Another process may have enrolled this node, or moved the directory on: reads what is new.
  sync::Result<sync::Done> refresh_directory();

  // Of this organisation, as it was given at set-up. Empty in a store that is not set up yet.
  const std::string& name_at_setup() const { return name_at_setup_; }
  const sync::Directory& directory() const { return directory_; }
  const sync::PolicyTable& policies() const { return policies_; }
  sync::store::Database& database() { return database_; }
  crypto::Random& random() { return random_; }
  std::uint64_t now_ms() const { return clock_(); }

  sync::store::NodeContext context() const {
    return {policies_, directory_, *identity_, random_, clock_};
  }
  sync::store::Admission& admission() { return *admission_; }
  sync::store::Exchange exchange() {
    return {database_, policies_, directory_, anchor_, *identity_, random_, clock_};
  }

 private:
  OpenNode(sync::store::Database database, crypto::Random& random, Clock clock);
  sync::Result<sync::Done> load();
  sync::Result<sync::Done> catch_up_with_erasures();
  sync::Result<sync::Done> catch_up_with_revocations();
  sync::Result<sync::Done> move_on(sync::Directory next,
                                   const std::function<void(sync::store::UnitOfWork&)>& keep);
  void take_anchor(sync::store::UnitOfWork& work);
  void have_identity(std::unique_ptr<sync::store::NodeIdentity> identity);

  sync::store::Database database_;
  std::optional<DataFolder> folder_;  // where the store lies in one
  crypto::Random& random_;
  Clock clock_;
  sync::PolicyTable policies_;
  sync::Directory directory_;
  sync::Anchor anchor_;
  bool enrolled_ = false;
  std::string name_at_setup_;
  std::unique_ptr<sync::store::NodeIdentity> identity_;
  std::unique_ptr<sync::store::NodeContext> context_;
  std::unique_ptr<sync::store::Admission> admission_;
};

}  // namespace throughgate::node
