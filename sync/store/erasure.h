// What leaves a node's store for good when the directory names a dossier as erased. First every row
// goes, in the transaction that takes the directory's version up; then the search index is made
// anew, the file rewritten and its log emptied, so that no page holds what stood there. The second
// part may be cut off at any moment and is taken up again when the store is opened, and at each
// contact. Only after it does this node sign that nothing is left.
//
// Threads: those of the Database. What remains is the dossier's id, which is refused for ever.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "sync/directory.h"
#include "sync/erasure.h"
#include "sync/store/replica.h"

namespace throughgate::sync::store {

// One statement of an erasure; ?1 is the dossier's id. They run in this order: what refers to
// another row goes before it. Where it `spares`, ?2 is the organisation whose own changes without a
// place stay, or NULL.
struct Deletion {
  std::string_view table;
  std::string_view sql;
  bool spares = false;
};
std::span<const Deletion> deletions();
// Runs them, and forgets actors that nothing names any more. True when anything was deleted: then
// pages hold traces, see clear_traces().
bool delete_dossier(UnitOfWork& work, const DossierId& dossier,
                    const std::optional<OrganisationId>& spared, std::span<const Deletion> steps);
// For whoever deletes other rows that no page shall hold any more; the same.
void note_traces(UnitOfWork& work);
// No page and no log holds any more what was deleted before this call. Costs a look when nothing
// was.
//   unavailable  somebody is reading or writing just now; the next call goes on
Result<Done> clear_traces(Database& database);

// Deletes what is held of these dossiers, and tells people what was lost with each. `steps` is
// handed in so that tests can leave one out. The end of a unit of work: see finish_erasures().
void erase(UnitOfWork& work, const std::map<DossierId, std::uint64_t>& dossiers,
           std::uint64_t now_ms, std::span<const Deletion> steps = deletions());

// Those that `directory` erases and that this store does not know yet as erased. Belongs into the
// unit that keeps the directory's version; cheap when there is nothing.
void erase_what_is_named(UnitOfWork& work, const Directory& directory, std::uint64_t now_ms);

// Takes away what lies beside the store and may hold what it held. Where that fails nothing is
// said.
using CopiesGone = std::function<Result<Done>()>;

// After that unit's commit(), and whenever a store is opened: see above. Costs a look when there is
// nothing to do; time in proportion to the file where something was deleted.
//   unavailable  somebody is reading or writing just now; the next call goes on
Result<Done> finish_erasures(Database& database, const NodeContext& context,
                             const CopiesGone& copies_gone = {});

// This node's receipt, once there is one.
std::optional<ErasureReceipt> own_receipt(UnitOfWork& work, const NodeIdentity& identity);

// Has this id been erased, as far as this store knows?
bool is_erased(UnitOfWork& work, const DossierId& dossier);
// The answer to whatever would bring one back.
Error already_erased();

}  // namespace throughgate::sync::store
