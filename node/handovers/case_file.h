// One handover with everything that hangs on it, as this node shows it at the moment.
#pragma once

#include <string>
#include <vector>

#include "node/record_service.h"
#include "records/case.pb.h"
#include "records/handover.pb.h"

namespace throughgate::node {

struct CaseFile {
  sync::store::RecordView root;
  schema::Handover::State state = schema::Handover::DRAFT;
  std::vector<sync::store::RecordRow> disclosures;
  std::vector<sync::store::RecordRow> needs;
  std::vector<sync::store::RecordRow> flags;
  // The steps that led to where it stands, in no order. Read only where another one did not apply:
  // nothing else asks for them.
  std::vector<sync::store::OpView> steps_applied;
  // May the person take steps with it? Whoever may sees all of it (node/staff/permissions.h); to
  // others no step is offered, as it would be judged by a part.
  bool is_acted_on = true;
  bool is_closed = false;  // to reading: only what stands here may be shown

  const sync::DossierId& id() const { return root.name.dossier; }
  // This organisation's role in it; none where it is no member any more.
  std::optional<sync::Role> role() const { return root.dossier.own_role; }
  // What a field of the handover shows; empty when it holds nothing.
  sync::Bytes value(int field) const;
  std::string text(int field) const;      // of a text field
  std::uint64_t number(int field) const;  // of a number, enum or truth value; 0 without one
  std::vector<std::string> texts(int field) const;  // of a list of texts
};

// The same for a row of a list.
std::string text_in(const sync::store::RecordRow& row, int field);
std::uint64_t number_in(const sync::store::RecordRow& row, int field);
std::vector<std::string> texts_in(const sync::store::RecordRow& row, int field);  // of a list

// To be shown; or only to be judged, as for a list; or to record what has happened, which what is
// closed to reading is open to. Only what is shown is noted as a look.
enum class Look { shown, judged, recording };
//   not_found  no such handover here
//   denied     the person sees no handovers, or this one is closed to reading
sync::Result<CaseFile> read_case(const RecordService& records, const sync::DossierId& handover,
                                 Look look = Look::shown);

// One that is closed to reading, as a list shows it: whose it is, and nothing else.
sync::Result<CaseFile> title_of_case(const RecordService& records, const sync::DossierId& handover);

// No further steps follow from here.
bool is_over(schema::Handover::State state);

}  // namespace throughgate::node
