// The short form of an entry on the wire, and its way back to the exact signed bytes.
#pragma once

#include <map>
#include <optional>

#include "sync/entry.h"
#include "sync/verdict.h"

namespace throughgate::schema {
class EntryGroup;
class WireEntry;
}  // namespace throughgate::schema

namespace throughgate::sync {

enum class WireForm { brief, full };

// Adds the entry to `group`, which is of its dossier. Goes in full, whatever `form` says, where the
// short form would rebuild another header: that of a later version.
void add_to_group(const VerifiedEntry& entry, WireForm form, schema::EntryGroup& group);

// Expands the entries of one dossier, in turn. What it cannot rebuild it answers with need_full;
// the caller must still verify() what it can, for only the signature proves an expansion: a short
// form whose signature fails was expanded against another past and is answered NEED_FULL, a full
// one is BAD. A full form of another dossier is malformed.
class WireExpander {
 public:
  // Both must outlive the expander.
  WireExpander(const DossierId& dossier, const OrderView& order);

  enum class Fault { malformed, need_full };
  struct Expansion {
    std::optional<SignedEntry> entry;
    Fault fault = Fault::malformed;
    bool was_full = false;
  };
  Expansion expand(const schema::EntryGroup& group, const schema::WireEntry& entry) const;

  // Later entries may build on this one, which has been verified (and need not have been accepted).
  void note(const VerifiedEntry& entry);

 private:
  struct Noted {
    NodeId author;
    Hash entry{};
  };
  std::optional<Noted> before(const StreamId& stream, std::uint64_t seq) const;

  const DossierId& dossier_;
  const OrderView& order_;
  std::map<std::pair<StreamId, std::uint64_t>, Noted> noted_;
  std::optional<EpochId> first_epoch_;  // of a first entry noted here
};

}  // namespace throughgate::sync
