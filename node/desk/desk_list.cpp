// The central list itself: its policy, how long it is good, and a snapshot for newcomers.
#include <algorithm>

#include "crypto/words.h"
#include "node/desk/desk.h"
#include "schema/directory.pb.h"
#include "sync/contexts.h"
#include "sync/directory_snapshot.h"
#include "sync/program_number.h"
#include "sync/store/directory_table.h"

namespace throughgate::node {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::UnitOfWork;

namespace {

Error too_new(const char* what, std::uint32_t own) {
  return {ErrorKind::invalid, std::string("This program itself is ") + what + std::to_string(own) +
                                  ": update it before you ask others to. Nothing was changed."};
}

// Of those that may sign, the key that did.
std::optional<crypto::VerifyKey> signer_of(const sync::DirectoryStep& step,
                                           const std::vector<crypto::VerifyKey>& keys) {
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const auto& key) {
    return crypto::verify(key, sync::contexts::directory_signature, step.header, step.signature);
  });
  return found == keys.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

Result<Desk::ListFacts> Desk::list_facts() {
  const auto& list = node_.directory();
  ListFacts out;
  UnitOfWork work(node_.database(), sync::store::Purpose::reading);
  const sync::store::DirectoryTable table(work);
  out.signed_at_ms = table.newest_signed_at_ms();
  const auto snapshot = table.newest_snapshot();
  const auto newest =
      list.version() == 0 ? std::vector<sync::DirectoryStep>() : table.after(list.version() - 1);
  if (auto done = work.commit(); !done) return done.error();
  if (snapshot) out.snapshot_of = snapshot->version;
  const auto keys = list.root() ? list.root()->directory_keys : std::vector{node_.anchor().root};
  const auto signer = newest.empty() ? std::nullopt : signer_of(newest.front(), keys);
  if (!signer) return out;
  out.signed_by = crypto::fingerprint_words(*signer);
  const auto own = directory_key();
  out.signed_here = own && own->verify_key() == *signer;
  return out;
}

// A version says the whole policy, so what is not changed is said again.
Result<Done> Desk::change_policy(const std::function<void(schema::DirectoryPolicy&)>& change_it) {
  return on_the_newest_list([&] {
    schema::DirectoryBody body;
    auto& policy = *body.mutable_policy();
    policy.set_volunteers_shared_with_desk(node_.directory().volunteers_shared_with_desk());
    policy.set_minimum_protocol(node_.directory().minimum_protocol());
    policy.set_minimum_program(node_.directory().minimum_program());
    change_it(policy);
    return sign_next(body);
  });
}

Result<Done> Desk::require_at_least(const Oldest& oldest) {
  if (oldest.program > sync::program_number) return too_new("number ", sync::program_number);
  if (oldest.protocol > sync::protocol_number) {
    return too_new("of protocol ", sync::protocol_number);
  }
  if (!oldest.program && !oldest.protocol) {
    return Error{ErrorKind::invalid,
                 "Say which is the oldest program, or the oldest protocol. Nothing was changed."};
  }
  return change_policy([&](schema::DirectoryPolicy& policy) {
    if (oldest.program) policy.set_minimum_program(*oldest.program);
    if (oldest.protocol) policy.set_minimum_protocol(*oldest.protocol);
  });
}

Result<Done> Desk::share_volunteers(bool shared) {
  if (auto fresh = node_.refresh_directory(); !fresh) return fresh;
  if (node_.directory().volunteers_shared_with_desk() == shared) {
    return Error{ErrorKind::denied, "The central list says so already. Nothing was changed."};
  }
  return change_policy([shared](schema::DirectoryPolicy& policy) {
    policy.set_volunteers_shared_with_desk(shared);
  });
}

Result<Done> Desk::make_snapshot() {
  if (auto fresh = node_.refresh_directory(); !fresh) return fresh;
  const auto key = directory_key();
  if (!key) return key.error();
  UnitOfWork work(node_.database());
  sync::store::DirectoryTable table(work);
  const auto root_lists = table.root_lists();
  const auto snapshot = sync::sign_snapshot(node_.directory(), root_lists, *key);
  if (!work.failed() && (root_lists.empty() || snapshot.size() > sync::snapshot_bytes_max)) {
    return Error{
        ErrorKind::denied,
        root_lists.empty()
            ? "A snapshot needs a root list, and this desk has none yet. docs/root.md says "
              "how to get one. Nothing was changed."
            : "The central list is too large for a snapshot. New computers go on reading "
              "every version. Nothing was changed."};
  }
  table.keep_snapshot(node_.directory().version(), snapshot);
  return work.commit();
}

Result<Done> Desk::renew() {
  return on_the_newest_list([&] { return sign_next(schema::DirectoryBody()); });
}

}  // namespace throughgate::node
