// The flows of a handover: begun, completed, shared with a partner, answered, planned, met at the
// gate, closed. Each call is one save; the stage moves and what belongs to it go together.
// Threads: those of the RecordService. Errors, besides those of RecordService:
//   denied   this organisation may not take this step from where the handover stands
//   invalid  something the step needs was not given
#pragma once

#include <string>
#include <vector>

#include "node/handovers/completeness.h"

namespace throughgate::node {

// On what ground something is shared, as typed; see Disclosure in case.proto.
struct BasisInput {
  sync::OrganisationId partner;
  std::string regime;                // "UK GDPR", "Part 3"
  std::string ground;                // "Consent", "Public task" ...
  std::string purpose;               // in a line
  std::vector<std::string> classes;  // what is shared; codes or their words
  std::string expires_on;            // may be empty
  std::string evidence;              // where the paper is kept; may be empty
  // Where the person has said no: why it is shared all the same, and who agreed to that.
  std::string override_reason{};
  std::string second_person{};
};

struct GateReport {
  enum class Result { met, missed, met_elsewhere };
  Result result = Result::met;
  std::string missed_because;  // a code or its words; needed unless met
  std::string reported_by;     // who saw it, and how they told you
  std::string on;              // the day; empty: today
  std::string at;              // may be empty
  std::string notes;           // may be empty
};

// Would a release on that day, as typed, be before the one on which it is expected? Empty: today.
bool is_before_expected(const CaseFile& file, const std::string& on, std::uint64_t now_ms);

class Handovers {
 public:
  explicit Handovers(RecordService& records) : records_(records) {}

  // A draft, however little is known: the family name at least. A same-day release of which no date
  // is given is today's.
  sync::Result<Saved> begin(const std::vector<FieldInput>& inputs, const By& by);
  // Copies what a partner may need from the person's own record, with that record's id; `inputs`
  // go before what is copied. Alerts become do's and don'ts where they may be shared; the notes of
  // the answer say how many were left out and why.
  sync::Result<Saved> begin_from(const sync::DossierId& person,
                                 const std::vector<FieldInput>& inputs, const By& by);

  // Goes on where another handover of this organisation stopped: copies the person, the release if
  // it is still to come, risks, licence, needs, do's and don'ts, and names the one it replaces.
  //   denied  that handover is another organisation's
  sync::Result<Saved> begin_again(const sync::DossierId& before, const By& by);

  sync::Result<CaseFile> read(const sync::DossierId& handover) const {
    return read_case(records_, handover, Look::recording);
  }
  sync::Result<Completeness> completeness(const sync::DossierId& handover) const;

  // The record of a disclosure; sharing needs one in force.
  sync::Result<Saved> record_basis(const sync::DossierId& handover, const BasisInput& basis,
                                   const By& by);
  // For somebody else to send: complete, and with a ground.
  //   denied, invalid  as share()
  sync::Result<Saved> ready(const sync::DossierId& handover, const By& by);
  // Makes the partner its receiver and sends it, in one entry.
  //   denied   no current sharing agreement; the consent was refused or withdrawn
  //   invalid  not complete, or no basis recorded for this partner: what is missing, in words
  sync::Result<Saved> share(const sync::DossierId& handover, const sync::OrganisationId& partner,
                            const By& by);

  // ---- the partner's answers, and the prison's
  sync::Result<Saved> accept(const sync::DossierId& handover, const std::string& contact,
                             const By& by);
  sync::Result<Saved> decline(const sync::DossierId& handover, const std::string& reason,
                              const std::string& note, const By& by);
  sync::Result<Saved> more_info(const sync::DossierId& handover, const std::string& what,
                                const By& by);

  // The prison's, where the partner has asked for more.
  //   denied  nothing is asked, or not of this organisation
  sync::Result<Saved> answer(const sync::DossierId& handover, const std::string& words,
                             const By& by);

  // ---- towards the gate and after
  // Fields of the meeting and the gate plan; moves to "Planned" once the meeting place and time are
  // given, until then a note says so. `opened`: what the person had before them; none: what is
  // there now.
  //   invalid  neither place nor time is left; somebody was not there in person, and not why
  sync::Result<Saved> plan(const sync::DossierId& handover, const std::vector<FieldInput>& inputs,
                           const By& by, const Form* opened = nullptr);
  // `on` empty: today. Earlier than expected, it is what is expected now.
  //   invalid  before the day on which it was expected, unless `is_early` says that this is meant;
  //            at a time that has not come yet
  sync::Result<Saved> release(const sync::DossierId& handover, const std::string& on,
                              const std::string& at, const By& by, bool is_early = false);
  //   invalid  at a time that has not come yet; met before the day of the release; met, and why not
  sync::Result<Saved> gate(const sync::DossierId& handover, const GateReport& report, const By& by);
  // After a missed gate.
  sync::Result<Saved> found(const sync::DossierId& handover, const By& by);
  sync::Result<Saved> lost(const sync::DossierId& handover, const By& by);
  sync::Result<Saved> support(const sync::DossierId& handover, const By& by);
  sync::Result<Saved> close(const sync::DossierId& handover, const std::string& reason,
                            const By& by);
  // Held, withdrawn, recalled, died ...: the stage as typed, and why.
  //   denied, invalid  not one of stages_to_stop(): which those are
  sync::Result<Saved> stop(const sync::DossierId& handover, const std::string& stage,
                           const std::string& note, const By& by);

  // ---- who takes part, besides share(); in partners.cpp. Each needs a reason in `by`.
  //   denied   only the prison, or the central team, says who takes part; it is over
  //   invalid  no reason; the organisation has no such part in it
  // It cannot see what is written from then on, and its computers delete their copies. Before the
  // release the handover is ready to send again where it was the partner.
  sync::Result<Saved> remove_partner(const sync::DossierId& handover,
                                     const sync::OrganisationId& organisation, const By& by);
  // Lets another organisation in, as CONTRIBUTOR or READER, with all that has been written.
  //   denied, invalid  as share(): an agreement, and a ground that names all that it holds
  sync::Result<Saved> add_partner(const sync::DossierId& handover,
                                  const sync::OrganisationId& organisation, sync::Role role,
                                  const By& by);
  // Whom to turn to where the partner cannot; nothing is shared with them. None: nobody any more.
  sync::Result<Saved> name_backup(const sync::DossierId& handover,
                                  const std::optional<sync::OrganisationId>& organisation,
                                  const By& by);
  // The backup becomes the partner, and the partner leaves, in one step.
  //   denied, invalid  as share(); nobody is named as backup; it is past the release
  sync::Result<Saved> use_backup(const sync::DossierId& handover, const By& by);
  // The person is in another prison, which keeps the handover from then on. This one reads on.
  //   denied  not a prison of the list, or there is no agreement with it
  sync::Result<Saved> move_to(const sync::DossierId& handover, const sync::OrganisationId& prison,
                              const By& by);

 private:
  using State = schema::Handover::State;
  // Moves along `path` and sets `inputs` over `opened`, in one save.
  sync::Result<ChangePlan> plan_step(const CaseFile& file, const std::vector<State>& path,
                                     const std::vector<FieldInput>& inputs,
                                     const Form& opened) const;
  sync::Result<Saved> step(const sync::DossierId& handover, const std::vector<State>& path,
                           const std::vector<FieldInput>& inputs, const By& by);

  // A change of members with what goes with it, in one entry.
  sync::Result<Saved> change_members(const CaseFile& file, const sync::store::MemberChange& change,
                                     ChangePlan plan, const By& by);

  RecordService& records_;
};

}  // namespace throughgate::node
