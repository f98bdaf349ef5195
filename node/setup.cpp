#include "node/setup.h"

#include "node/typed_words.h"
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

Result<Done> check(const NewNode& node) {
  for (const auto& name : {node.site.name, node.staff_name}) {
    if (const auto good = one_line(name); !good) return good.error();
  }
  if (auto good = check_has_code(node.kind, node.site.establishment); !good) return good;
  return check_first_sign_in(node.sign_in_name, node.password.view());
}

Result<Done> fill(OpenNode& open, const NewNode& node, const Sheet& sheet) {
  auto made = open.make_identity(sheet.organisation, sheet.recovery_key);
  if (!made) return made;
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

Sheet new_sheet(crypto::Random& random) {
  auto recovery_key = crypto::BoxKey::generate(random);
  return {sync::OrganisationId::random(random), std::move(recovery_key)};
}

std::vector<std::string> usual_first_roles() {
  return {"coordinator", "supervisor", "handover_worker", "administrator"};
}

Result<Done> check_has_code(sync::OrganisationKind kind, const std::string& establishment) {
  if ((kind == sync::OrganisationKind::prison) != establishment.empty()) return Done{};
  return Error{ErrorKind::invalid,
               "A prison is set up with its code in the list of establishments, and others without "
               "one. Nothing was set up."};
}

Result<Done> check_first_sign_in(std::string_view name, std::string_view password) {
  const auto normal_name = sign_in_name(name);
  if (!normal_name) return normal_name.error();
  const auto normal = normal_password(password);
  if (!normal) return normal.error();
  return check_new_password(normal->view(), *normal_name);
}

Result<Done> set_up(const DataFolder& folder, Accounts& accounts, const NewNode& node,
                    const ShowSheet& show_sheet, crypto::Random& random, const Clock& clock) {
  if (auto made = make_private_folder(folder.path()); !made) return made;
  auto found = folder.find_store();
  if (found) return already_here();
  if (folder.holds() != DataFolder::Holds::nothing) return found;
  auto lock = FileLock::take(folder.keys_lock(), FileLock::Wait::yes);
  if (!lock) return lock.error();
  if (folder.holds() != DataFolder::Holds::nothing) return already_here();  // made meanwhile
  if (auto good = check(node); !good) return good;
  if (auto removed = folder.remove_unfinished(); !removed) return removed;

  const auto key = crypto::DatabaseKey::random(random);
  std::optional<Sheet> made_here;
  if (!node.joins && !node.sheet) made_here = new_sheet(random);
  const auto& sheet = node.joins ? *node.joins : node.sheet ? *node.sheet : *made_here;
  {
    auto open = OpenNode::open(folder.new_store(), key, sync::store::Access::create, random, clock);
    if (!open) return open.error();
    if (auto done = fill(**open, node, sheet); !done) return done;
    // All of it into the one file that is given another name.
    if (auto done = (*open)->database().checkpoint(); !done) return done;
  }
  if (made_here && !show_sheet(made_here->recovery_key, made_here->organisation)) {
    return Error{ErrorKind::unavailable,
                 "The recovery sheet could not be shown, so nothing was set up. Try again."};
  }
  auto made = accounts.create(key, sheet.recovery_key.public_key(), node.sign_in_name,
                              node.password.view());
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
