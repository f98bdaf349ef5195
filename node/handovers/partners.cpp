// Who takes part in a handover after it was shared: partners leave, come in, and take over from
// each other; and the person moves to another prison.
#include <algorithm>

#include "node/dossier_kinds.h"
#include "node/handovers/basis.h"
#include "node/handovers/handovers.h"
#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

using schema::Handover;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::Role;
using sync::store::MemberChange;
using How = FieldInput::How;

// Until then it can be handed to another partner.
bool is_before_release(const CaseFile& file) {
  switch (file.state) {
    case Handover::SENT:
    case Handover::MORE_INFO:
    case Handover::ACCEPTED:
    case Handover::DECLINED:
    case Handover::PLANNED:
      return true;
    default:
      return false;
  }
}

std::optional<Role> role_of(const CaseFile& file, const sync::OrganisationId& organisation) {
  for (const auto& member : file.root.dossier.members) {
    if (member.organisation == organisation) return member.role;
  }
  return std::nullopt;
}

// What every such change asks.
Result<Done> may_change(const RecordService& records, const CaseFile& file, const By& by) {
  if (auto may = records.viewer().check(Act::share); !may) return may;
  if (!sync::leads(file.role())) {
    return Error{
        ErrorKind::denied,
        "Only the prison that keeps this handover says who takes part. Nothing was saved."};
  }
  if (is_blank(by.reason)) {
    return Error{ErrorKind::invalid, "Say why. Nothing was saved."};
  }
  return Done{};
}

Result<Done> may_let_in(const CaseFile& file) {
  if (file.role() == Role::owner && !is_over(file.state)) return Done{};
  return Error{
      ErrorKind::denied,
      is_over(file.state)
          ? "This handover is over, so nobody new is let in. Nothing was saved."
          : "Only the prison that keeps this handover lets somebody in. Nothing was saved."};
}

Error nothing_shared(const Error& error) {
  return {error.kind, error.message + " Nothing was shared."};
}

std::optional<sync::OrganisationId> backup_of(const CaseFile& file) {
  return sync::OrganisationId::from(file.value(Handover::kBackupFieldNumber));
}

Error no_part(const OpenNode& node, const sync::OrganisationId& organisation) {
  return {ErrorKind::invalid,
          organisation_name(node, organisation) + " takes no part in this. Nothing was saved."};
}

void clear(std::vector<FieldInput>& inputs, const CaseFile& file, const char* name, int field) {
  if (!file.value(field).empty()) inputs.push_back({name, "", How::set});
}

}  // namespace

Result<Saved> Handovers::change_members(const CaseFile& file, const MemberChange& change,
                                        ChangePlan plan, const By& by) {
  if (auto may = records_.check_written(file.id(), plan.ops); !may) return may.error();
  if (auto fit = records_.check_text(file.id(), plan.ops, by.reason); !fit) return fit.error();
  const auto entry = records_.node().admission().change_members(
      file.id(), change, records_.authorship(by), std::move(plan.ops));
  if (!entry) return entry.error();
  return Saved{file.root.name, *entry, std::move(plan.notes)};
}

Result<Saved> Handovers::remove_partner(const sync::DossierId& handover,
                                        const sync::OrganisationId& organisation, const By& by) {
  const auto file = read(handover);
  if (!file) return file.error();
  if (auto may = may_change(records_, *file, by); !may) return may.error();
  const auto role = role_of(*file, organisation);
  if (!role) return no_part(records_.node(), organisation);
  if (*role == Role::owner || *role == Role::central) {
    return Error{ErrorKind::denied,
                 *role == Role::owner
                     ? "The prison that keeps this handover cannot leave it. Move it to another "
                       "prison instead. Nothing was saved."
                     : "The central team takes part in every handover. Nothing was saved."};
  }
  const MemberChange change{MemberChange::Kind::remove, organisation, {}};
  if (file->role() != Role::owner) return change_members(*file, change, {}, by);
  std::vector<FieldInput> inputs;
  std::vector<State> path;
  if (*role == Role::receiver) {
    clear(inputs, *file, "receiver", Handover::kReceiverFieldNumber);
    clear(inputs, *file, "receiver-name", Handover::kReceiverNameFieldNumber);
    if (is_before_release(*file)) path.push_back(Handover::READY);
  }
  auto plan = plan_step(*file, path, inputs, Form::of(file->root));
  if (!plan) return plan.error();
  return change_members(*file, change, *std::move(plan), by);
}

Result<Saved> Handovers::add_partner(const sync::DossierId& handover,
                                     const sync::OrganisationId& organisation, Role role,
                                     const By& by) {
  const auto file = read(handover);
  if (!file) return file.error();
  if (auto may = may_change(records_, *file, by); !may) return may.error();
  if (auto may = may_let_in(*file); !may) return may.error();
  const auto has = role_of(*file, organisation);
  if (has == Role::receiver || has == Role::owner || has == role) {
    return Error{ErrorKind::invalid, organisation_name(records_.node(), organisation) +
                                         " takes part already, as " +
                                         std::string(role_in_words(*has)) + ". Nothing was saved."};
  }
  if (file->state == Handover::DRAFT || file->state == Handover::READY) {
    return Error{ErrorKind::denied,
                 "Share this handover with its partner first. Nothing was saved."};
  }
  const auto may = check_basis(*file, organisation, records_.node(), records_.codes());
  if (!may) return nothing_shared(may.error());
  return change_members(*file, {MemberChange::Kind::set_role, organisation, role}, {}, by);
}

Result<Saved> Handovers::name_backup(const sync::DossierId& handover,
                                     const std::optional<sync::OrganisationId>& organisation,
                                     const By& by) {
  const auto file = read(handover);
  if (!file) return file.error();
  if (auto may = may_let_in(*file); !may) return may.error();
  if (organisation) {
    const auto agreed = check_agreement(records_.node().identity().organisation, *organisation,
                                        sync::OrganisationKind::partner, records_.node());
    if (!agreed) return Error{agreed.error().kind, agreed.error().message + " Nothing was saved."};
    if (role_of(*file, *organisation) == Role::receiver) {
      return Error{ErrorKind::invalid, "This is the partner already. Nothing was saved."};
    }
  }
  return step(handover, {},
              {{"backup", organisation ? organisation->hex() : std::string(), How::set}}, by);
}

Result<Saved> Handovers::use_backup(const sync::DossierId& handover, const By& by) {
  const auto file = read(handover);
  if (!file) return file.error();
  if (auto may = may_change(records_, *file, by); !may) return may.error();
  if (auto may = may_let_in(*file); !may) return may.error();
  const auto backup = backup_of(*file);
  if (!backup) {
    return Error{ErrorKind::invalid,
                 "No backup partner is named. Name one first. Nothing was saved."};
  }
  if (!is_before_release(*file) && file->state != Handover::READY) {
    return Error{ErrorKind::denied,
                 "From where this handover stands it cannot be handed to another partner. Let "
                 "them in as somebody who contributes. Nothing was saved."};
  }
  const auto may = check_basis(*file, *backup, records_.node(), records_.codes());
  if (!may) return nothing_shared(may.error());
  std::vector<State> path;
  if (file->state != Handover::READY) path.push_back(Handover::READY);
  path.push_back(Handover::SENT);
  auto plan = plan_step(*file, path,
                        {{"receiver", backup->hex(), How::set},
                         {"receiver-name", organisation_name(records_.node(), *backup), How::set},
                         {"backup", "", How::set}},
                        Form::of(file->root));
  if (!plan) return plan.error();
  MemberChange change{MemberChange::Kind::set_role, *backup, Role::receiver};
  if (const auto* before = file->root.dossier.member(Role::receiver)) {
    change.replaces = before->organisation;
  }
  return change_members(*file, change, *std::move(plan), by);
}

Result<Saved> Handovers::move_to(const sync::DossierId& handover,
                                 const sync::OrganisationId& prison, const By& by) {
  const auto file = read(handover);
  if (!file) return file.error();
  if (auto may = may_change(records_, *file, by); !may) return may.error();
  const auto* owner = file->root.dossier.member(Role::owner);
  const auto agreed = check_agreement(owner ? owner->organisation : prison, prison,
                                      sync::OrganisationKind::prison, records_.node());
  if (!agreed) return nothing_shared(agreed.error());
  if (is_over(file->state)) {
    return Error{ErrorKind::denied, "This handover is over, so it stays here. Nothing was saved."};
  }
  MemberChange change{MemberChange::Kind::set_role, prison, Role::owner, Role::reader};
  if (file->role() != Role::owner) return change_members(*file, change, {}, by);
  const auto& listed = *records_.node().directory().organisation(prison);
  std::vector<FieldInput> inputs{{"sender-name", listed.name, How::set}};
  if (!listed.establishment.empty()) {
    inputs.push_back({"establishment", listed.establishment, How::set});
  }
  auto plan = plan_step(*file, {}, inputs, Form::of(file->root));
  if (!plan) return plan.error();
  plan->notes.push_back("The telephone number of the sender is still your own: " + listed.name +
                        " sees that it has to give its own.");
  return change_members(*file, change, *std::move(plan), by);
}

}  // namespace throughgate::node
