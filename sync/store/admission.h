// The one door into a node's store. Each call is one transaction: on disk when it returns, or as if
// it had never been asked. Threads: one Admission per Database, and so per thread; the file takes
// one writer at a time. Errors: those named at each call, and those of Database (disk full or
// failing, damaged).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sync/store/authoring.h"
#include "sync/store/replica.h"

namespace throughgate::sync::store {

// What happened to something somebody typed or relies on: listed to people until seen.
enum class NoticeKind : int {
  refused = 1,          // an entry of ours can never be accepted as it stands; detail: Reason
  written_again = 2,    // ... and was written again in a new stream
  taken_back = 3,       // the exchange no longer knows this entry; it is provisional again
  disk_put_back = 4,    // this store is older than what it had sent
  digest_differs = 5,   // another node holds other records at the same place
  membership_lost = 6,  // a change of members came second and has no effect: redo it?
  forked = 7,
  not_merged = 8,     // an accepted entry could not be read
  update_needed = 9,  // a newer program wrote here: what follows waits until this one is updated
  redaction_differs = 10,  // it removed something and changed the rest too
  set_aside = 11,          // others sent what does not count here: see sync/receiving.h
  erased = 16,             // a record was erased; detail: changes in it that had not been sent
  no_longer_shared = 17,   // and so deleted here; detail: own changes that were never accepted
  late = 18,               // another's change came too late; detail: Reason
  member_left = 19,        // of a record of ours: another ended somebody's part in it
};                         // 20 and 21 are those of ListNotice, in list_notices.h

struct MemberChange {
  enum class Kind { set_role, remove, new_key };
  Kind kind = Kind::new_key;
  OrganisationId organisation;               // for set_role and remove
  Role role = Role::reader;                  // for set_role; OWNER moves ownership
  Role old_owner = Role::contributor;        // where ownership moves: what the old owner becomes
  std::optional<OrganisationId> replaces{};  // with set_role: who leaves in the same step
};

// Several new dossiers in one transaction, for an import: all of them, or none.
class Batch {
 public:
  Batch(Database& database, const NodeContext& context) : context_(context), work_(database) {}

  // As Admission::create(); nothing is on disk before commit().
  Result<DossierId> create(std::vector<Member> members, const Authorship& by,
                           std::vector<OpDraft> ops);
  UnitOfWork& work() { return work_; }  // for what must be kept with them
  Result<Done> commit() { return work_.commit(); }

 private:
  const NodeContext& context_;
  UnitOfWork work_;
};

class Admission {
 public:
  Admission(Database& database, const NodeContext& context)
      : database_(database), context_(context) {}

  // A new dossier with its first change: one entry. `members` holds this node's organisation as
  // owner.
  //   invalid  members or ops over a limit, or without exactly one owner
  Result<DossierId> create(std::vector<Member> members, const Authorship& by,
                           std::vector<OpDraft> ops);

  // One save. Returns the entry's name. `closes` names entries that the person has looked at and
  // settled with it: see suspects.h.
  //   not_found  no such dossier here
  //   denied     this organisation may not write one of these fields, or no key yet; or the dossier
  //              is set aside (so too for the two calls below)
  //   stale      see write_entry()
  Result<Hash> save(const DossierId& dossier, const Authorship& by, std::vector<OpDraft> ops,
                    std::vector<Hash> closes = {});

  // Takes effect when it has its place, if nobody changed the members first.
  //   denied   only the owner, or the desk where it is a member
  //   stale    something is not here or not open yet, or an earlier change of members is still
  //   waiting invalid  the change makes no sense (two owners, no such member, nothing changed)
  Result<Hash> change_members(const DossierId& dossier, const MemberChange& change,
                              const Authorship& by, std::vector<OpDraft> ops = {});

  // Removes the values of these ops, which all stand in one accepted entry, for everybody.
  //   denied   only the owner, or the desk where it is a member
  //   invalid  a field of this kind is corrected, not redacted
  //   stale    the entry has no place yet, or something is not open here
  //   newer    a newer program wrote the entry: this one could not copy all that it holds
  Result<Hash> redact(const DossierId& dossier, const std::vector<OpId>& ops, const Authorship& by);

  // An entry brought by hand. Once held, again changes nothing. One of a later version is kept as
  // it is, unchecked, until this program is updated.
  //   rejected  not an entry of the node it names, or it begins a record that is another's
  //   stale     its author is not in the directory held here
  //   denied    its dossier has been erased, or its author revoked
  //   newer     of a later version, and too many such are kept already
  Result<Done> receive_by_hand(const SignedEntry& entry);

 private:
  Database& database_;
  const NodeContext& context_;
};

// Steps shared with the exchange with the hub; inside the caller's unit.
Result<VerifiedEntry> write_member_change(Replica& replica, const MemberChange& change,
                                          const Authorship& by, std::vector<OpDraft> ops,
                                          const NodeContext& context);
void add_notice(UnitOfWork& work, NoticeKind kind, const DossierId& dossier,
                const std::optional<Hash>& entry, int detail, std::uint64_t at_ms);
// Nobody has to look for what was refused and stands all the same.
void forget_refusal(UnitOfWork& work, const DossierId& dossier, const Hash& entry);

}  // namespace throughgate::sync::store
