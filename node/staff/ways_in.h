// What lets somebody into this computer's store: a password and a sign-in name. Given and taken
// away under one lock on the folder, so that what is taken from somebody is never somebody else's
// who was given the same name meanwhile. Threads: those of the OpenNode; several programs may call
// it at once.
#pragma once

#include <functional>

#include "node/accounts/accounts.h"
#include "node/staff/staff.h"

namespace throughgate::node {

//   invalid  somebody has this sign-in name here, or it cannot be one
sync::Result<sync::Done> check_name_is_free(OpenNode& node, const std::string& typed);

// A password and a sign-in name for whom the account names; `record` then writes down who they are,
// and where it fails nothing stays.
//   invalid  as check_name_is_free() and Accounts::set_password(); or they have a way in here
sync::Result<sync::Done> open_way_in(
    OpenNode& node, Accounts& accounts, Account account, std::string_view password,
    const crypto::DatabaseKey& key,
    const std::function<sync::Result<sync::Done>(const Account&)>& record);

enum class WhoIsLetIn { somebody_new, somebody_listed };
// For whoever holds the recovery sheet, where nobody who works here signs in on this computer any
// more: the only one may have been marked as having left at another. Written down first, among the
// looks, in the name of whoever is let in. Somebody new looks after the staff list.
//   invalid  also somebody listed who has left
sync::Result<sync::Done> let_in_by_sheet(OpenNode& node, Accounts& accounts, WhoIsLetIn who,
                                         Account account, std::string_view password,
                                         const crypto::DatabaseKey& key);
// That the password is still the one that somebody signed in with; the lock on the staff list is
// held. Whoever was reset since changes no password any more, their own least.
//   stale  it was changed, or taken away, meanwhile
sync::Result<sync::Done> check_password_stands(const Accounts& accounts, const std::string& name,
                                               const crypto::Hash& mark);

// That somebody got a way in, or a new password, with the sheet.
sync::Result<sync::Done> note_let_in_by_sheet(OpenNode& node, const sync::ActorId& who);
// That `by` gave somebody else a way in or a new password, and so could come in by it in their
// name.
sync::Result<sync::Done> note_way_given(OpenNode& node, const sync::ActorId& whose,
                                        const sync::ActorId& by, const std::string& reason);

// Takes away password, sign-in name and whatever is open of everybody whom the staff list shows as
// having left, wherever that was written down: it may have come from another computer of the site.
// How many ways in there were; costs a look at the staff list when there are none. What was cut
// off goes on at the next call.
sync::Result<std::size_t> close_ways_in_of_leavers(OpenNode& node, Accounts& accounts);
// The same for whoever holds the lock on the staff list.
sync::Result<std::size_t> close_ways_in_locked(OpenNode& node, Accounts& accounts);

}  // namespace throughgate::node
