// "I have read this": which changes by others this organisation has not yet said it has read, and
// saying so: of fields marked for it, and that a handover has stopped. A receipt names the change;
// opening a page writes none.
#pragma once

#include <set>

#include "node/handovers/case_file.h"

namespace throughgate::node {

struct Unread {
  sync::store::RecordName record;
  sync::store::OpView change;
};

class Acknowledgements {
 public:
  explicit Acknowledgements(RecordService& records) : records_(records) {}

  // What another organisation changed and nobody here has acknowledged; that it has stopped first.
  // None where this organisation is not asked to.
  sync::Result<std::vector<Unread>> awaiting(const sync::DossierId& handover) const;
  sync::Result<std::vector<Unread>> awaiting(const CaseFile& file) const;
  // The same, asked or not: whoever wants to may read and say so.
  sync::Result<std::vector<Unread>> unread(const CaseFile& file) const;

  // One receipt for each change, in one save.
  //   stale  one of them does not wait any more: read already, or replaced since
  sync::Result<Saved> acknowledge(const sync::DossierId& handover,
                                  const std::vector<sync::OpId>& changes, const By& by);

 private:
  RecordService& records_;
};

// The central team sees what has changed in every handover and is asked to read none of it: it does
// nothing at the gate.
bool is_asked_to_read(sync::Role role);
// Those changes of a record, as they stand, that whoever did not make them has to read.
std::vector<sync::store::OpView> to_be_read(const sync::store::RecordView& record,
                                            const sync::PolicyTable& policies);
// Has the handover stopped, and that is still to be read: here, or at the other end where this
// organisation stopped it before the gate? Reads a few of its fields.
sync::Result<bool> stop_waits_to_be_read(const RecordService& records,
                                         const sync::store::RecordName& handover);
// Of `unread`, that the handover has stopped; nullptr: it is not among them.
const Unread* stop_among(const std::vector<Unread>& unread);

// What an organisation said it has read of a handover.
std::set<sync::OpId> read_by(const sync::store::RecordView& root,
                             const sync::OrganisationId& organisation);
// A kind of a do or don't that came in one save with its instruction: the instruction tells both.
bool goes_with_another(const sync::store::RecordView& record, const sync::store::OpView& change);
// The change a receipt names; nullopt for bytes that are no receipt.
std::optional<sync::OpId> receipt_in(sync::ByteView value);

}  // namespace throughgate::node
