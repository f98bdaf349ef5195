// The list of who looked at what as programs before version 7 of the store kept it: the mark of a
// row was made of the reason itself, which therefore could never go.
#pragma once

#include "crypto/random.h"
#include "sync/result.h"
#include "sync/store/database.h"

namespace throughgate::node {

// Checks such a list once more as it was, gives every row a mark of today's form, and adds the row
// that says so (AuditAct::list_renewed). In one transaction; nothing to do otherwise. A row that is
// altered does not stop it: the row that is added names it, and Audit::check() does from then on.
sync::Result<sync::Done> renew_old_audit(sync::store::Database& database, crypto::Random& random,
                                         std::uint64_t now_ms);

}  // namespace throughgate::node
