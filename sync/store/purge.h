// What leaves a node's store when a record is no longer shared with its organisation. It goes as in
// an erasure (see erasure.h), but for two things: changes of this organisation that were never
// accepted stay, with the keys that open them, until somebody takes them over or they are not
// wanted any more; and the record's id is not refused, as it may be shared again. Only what the
// exchange has proven counts: a removal brought by hand, or one that no signed head covers yet,
// deletes nothing. Once no page holds it any more, this node signs a receipt for owner and desk.
// Threads: those of the Database.
#pragma once

#include <functional>
#include <vector>

#include "sync/purge_receipt.h"
#include "sync/store/erasure.h"

namespace throughgate::schema {
class SyncReply;
}

namespace throughgate::sync::store {

struct PurgedDossier {
  DossierId dossier;
  OrganisationId removed_by;
  std::uint64_t removed_at_ms = 0;  // by the exchange's clock
  std::uint32_t kind = 0;           // DossierKind
  std::uint64_t own_kept = 0;       // changes of ours that were never accepted
  bool is_gone = false;             // no page holds it any more
};

// Deletes what has ended, but for what `is_kept` names (a legal hold). How many went. Costs what
// has ended, not what there is. `steps` is handed in so that tests can leave one out.
Result<std::size_t> purge_what_ended(Database& database, const NodeContext& context,
                                     const std::function<bool(const DossierId&)>& is_kept,
                                     std::span<const Deletion> steps = deletions());
// After it, and whenever a store is opened: clears traces and signs. Costs a look when there is
// nothing to do.
//   unavailable  somebody is reading or writing just now; the next call goes on
Result<Done> finish_purges(Database& database, const NodeContext& context,
                           const CopiesGone& copies_gone = {});

bool is_purged(UnitOfWork& work, const DossierId& dossier);
std::vector<PurgedDossier> purged_dossiers(UnitOfWork& work);  // newest last
// The hub tells of something else of such a record than there was at the removal: it is shared
// again, and news from its first place on.
void note_shared_again(UnitOfWork& work, const schema::SyncReply& reply);
// The same of what is carried by hand, which may be old: only an order that reaches further is
// news.
bool is_news(UnitOfWork& work, const DossierId& dossier, std::uint64_t dsn);

}  // namespace throughgate::sync::store
