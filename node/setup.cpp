#include "node/setup.h"

#include "sync/store/settings_table.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
namespace setting = sync::store::setting;

Error already_here() {
  return {ErrorKind::invalid,
          "This folder already holds a Throughgate store. Nothing was changed."};
}

Result<Done> check_first_member(const NewNode& node) {
  const auto name = sign_in_name(node.sign_in_name);
  if (!name) return name.error();
  const auto password = normal_password(node.password.view());
  if (!password) return password.error();
  return check_new_password(password->view(), *name);
}

Result<Done> fill(OpenNode& open, const NewNode& node, const sync::OrganisationId& organisation,
                  const crypto::BoxPublicKey& recovery_key) {
  if (auto made = open.make_identity(organisation, recovery_key); !made) return made;
  sync::store::UnitOfWork work(open.database());
  sync::store::SettingsTable(work).set(setting::organisation_facts, encode({node.kind, node.site}));
  if (auto done = work.commit(); !done) return done;

  Staff staff(open);
  const Account first{*sign_in_name(node.sign_in_name), sync::ActorId::random(open.random()),
                      node.staff_name, node.staff_roles};
  if (!node.joins) {
    if (auto site = staff.make_site(node.site, first); !site) return site.error();
  }
  return staff.set_account(first);
}

}  // namespace

Result<Done> set_up(const DataFolder& folder, Accounts& accounts, const NewNode& node,
                    const ShowSheet& show_sheet, crypto::Random& random, const Clock& clock) {
  if (auto made = make_private_folder(folder.path()); !made) return made;
  auto found = folder.find_store();
  if (found) return already_here();
  if (folder.holds() != DataFolder::Holds::nothing) return found;
  auto lock = FileLock::take(folder.keys_lock(), FileLock::Wait::yes);
  if (!lock) return lock.error();
  if (folder.holds() != DataFolder::Holds::nothing) return already_here();  // made meanwhile
  if (auto good = check_first_member(node); !good) return good;
  if (auto removed = folder.remove_unfinished(); !removed) return removed;

  const auto key = crypto::DatabaseKey::random(random);
  const auto fresh = crypto::BoxKey::generate(random);
  const auto& recovery_key = node.joins ? node.joins->recovery_key : fresh;
  const auto organisation =
      node.joins ? node.joins->organisation : sync::OrganisationId::random(random);
  {
    auto open = OpenNode::open(folder.new_store(), key, sync::store::Access::create, random, clock);
    if (!open) return open.error();
    if (auto done = fill(**open, node, organisation, recovery_key.public_key()); !done) return done;
    // All of it into the one file that is given another name.
    if (auto done = (*open)->database().checkpoint(); !done) return done;
  }
  if (!node.joins && !show_sheet(fresh, organisation)) {
    return Error{ErrorKind::unavailable,
                 "The recovery sheet could not be shown, so nothing was set up. Try again."};
  }
  auto made =
      accounts.create(key, recovery_key.public_key(), node.sign_in_name, node.password.view());
  if (!made) return made;
  return folder.keep_new_store();
}

Result<OrganisationFacts> facts_of(OpenNode& node) {
  sync::store::UnitOfWork work(node.database(), sync::store::Purpose::reading);
  const auto kept = sync::store::SettingsTable(work).find(setting::organisation_facts);
  if (auto done = work.commit(); !done) return done.error();
  auto facts = kept ? decode_facts(*kept) : std::nullopt;
  if (!facts) {
    return Error{ErrorKind::corrupt, "This store was never finished. Make a new one with init."};
  }
  return *std::move(facts);
}

}  // namespace throughgate::node
