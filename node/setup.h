// Making a new node: its keys, its store, its first member of staff, and the recovery sheet.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "node/accounts/accounts.h"
#include "node/open_node.h"
#include "node/staff/staff.h"

namespace throughgate::node {

// What a recovery sheet holds.
struct Sheet {
  sync::OrganisationId organisation;
  crypto::BoxKey recovery_key;
};
Sheet new_sheet(crypto::Random& random);

struct NewNode {
  sync::OrganisationKind kind = sync::OrganisationKind::prison;
  SiteFacts site;
  std::string staff_name;  // the first member of staff
  std::vector<std::string> staff_roles;
  std::string sign_in_name;
  crypto::SecretText password;
  // Another computer of an organisation that has one: what its sheet says. The site's records then
  // come with the first sync.
  using Joins = Sheet;
  std::optional<Joins> joins;
  // The sheet of a new organisation, where people have it already; otherwise one is made.
  std::optional<Sheet> sheet;
};

// What the first member of staff does where nobody says anything else: codes of "staff-roles".
std::vector<std::string> usual_first_roles();

// A prison has its code in the list of establishments, others have none. Fails with `invalid`.
sync::Result<sync::Done> check_has_code(sync::OrganisationKind kind,
                                        const std::string& establishment);
// Name and password of who signs in first. Fails with `invalid`, as a name and a new password do.
sync::Result<sync::Done> check_first_sign_in(std::string_view name, std::string_view password);

// Gets the recovery key of a new organisation, to show it to people, once. False: it could not be
// shown, and so nothing may come of it.
using ShowSheet = std::function<bool(const crypto::BoxKey& recovery_key,
                                     const sync::OrganisationId& organisation)>;

// Until the slot file is written there is nothing here: a set-up that was interrupted is begun
// anew, with new keys. `show_sheet` is called just before that step, and not at all when people
// have the organisation's sheet already. The store gets its name last: one of that name is never
// made anew, whether or not its keys are beside it.
//   invalid    this folder holds a store already, or a name or password is not as it must be
//   not_found  it holds a store without its keys, or keys without their store
//   denied     others may look into the folder
sync::Result<sync::Done> set_up(const DataFolder& folder, Accounts& accounts, const NewNode& node,
                                const ShowSheet& show_sheet, crypto::Random& random,
                                const Clock& clock);

// What was given at set-up. Fails with `corrupt` when the store was never finished.
sync::Result<OrganisationFacts> facts_of(OpenNode& node);

}  // namespace throughgate::node
