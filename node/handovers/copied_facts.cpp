// What a new handover takes from the person's own record, and what it leaves there.
#include "node/handovers/copied_facts.h"

#include <algorithm>

#include "node/field_names.h"
#include "node/handovers/copied_text.h"
#include "node/handovers/handovers.h"
#include "node/handovers/same_day.h"
#include "node/sharing_rules.h"
#include "records/person.pb.h"

namespace throughgate::node {
namespace {

using schema::Flag;
using schema::Person;
using schema::PersonAlert;
using sync::Result;
using sync::store::RecordRow;
using How = FieldInput::How;

constexpr const char* copied_fields[] = {
    "given_name", "family_name",   "known_as",  "date_of_birth",       "prison_number",
    "crn",        "establishment", "languages", "communication_needs", "interpreter"};

bool given(const std::vector<FieldInput>& inputs, const std::string& field) {
  return std::any_of(inputs.begin(), inputs.end(), [&](const FieldInput& input) {
    return spoken_name(input.field) == spoken_name(field);
  });
}

struct CopiedAlerts {
  std::vector<NewRecord> flags;
  std::size_t never_shared = 0;
  std::size_t for_practitioner = 0;
};

CopiedAlerts copy_alerts(const std::vector<RecordRow>& alerts, const sync::DossierId& person,
                         const CodeLists& codes) {
  CopiedAlerts out;
  const auto* list = codes.list(alerts_list);
  for (const auto& alert : alerts) {
    if (number_in(alert, PersonAlert::kStandingFieldNumber) == PersonAlert::ENDED) continue;
    const auto* code = list ? list->find(text_in(alert, PersonAlert::kCodeFieldNumber)) : nullptr;
    const std::string_view share = code ? code->fact("share") : "S0";
    if (share == "S3") ++out.for_practitioner;
    if (share != "S1" && share != "S2") {
      if (share != "S3") ++out.never_shared;
      continue;
    }
    if (!code->offered()) continue;
    out.flags.push_back({record_type(*Flag::descriptor()),
                         {},
                         {{"kind", share == "S1" ? "DO_NOT" : "SUPPORT_NEED", How::set},
                          {"code", code->code, How::set},
                          {"instruction", code->label, How::set},
                          {"standing", "IN_FORCE", How::set},
                          {"source-dossier", person.hex(), How::set}}});
  }
  return out;
}

Result<std::vector<RecordRow>> rows_in(const RecordService& records, const sync::DossierId& dossier,
                                       const google::protobuf::Descriptor& type,
                                       std::vector<std::uint32_t> fields) {
  sync::store::ListQuery query;
  query.type = record_type(type)->number;
  query.dossier = dossier;
  query.fields = std::move(fields);
  query.limit = 500;
  auto page = records.whole().list(query);
  if (!page) return page.error();
  return std::move(page->rows);
}

}  // namespace

std::span<const char* const> facts_copied_from_person() { return copied_fields; }

Result<Saved> Handovers::begin_from(const sync::DossierId& person,
                                    const std::vector<FieldInput>& inputs, const By& by) {
  const auto& person_type = *record_type(*Person::descriptor());
  const auto source = records_.reader().read({person, {}, person_type.number});
  if (!source) return source.error();
  std::vector<FieldInput> typed = inputs;
  add_day_of_same_day(typed, records_);
  std::vector<FieldInput> taken_over{{"person-source", person.hex(), How::set}};
  for (const char* name : copied_fields) {
    const auto text = copied_text(*source, *field_named(person_type, name), records_.codes());
    if (!text.empty() && !given(inputs, name)) taken_over.push_back({name, text, How::set});
  }
  if (!given(inputs, "sender_name")) {
    taken_over.push_back({"sender-name", by.actor.name, How::set});
  }

  const auto alerts = rows_in(records_, person, *PersonAlert::descriptor(),
                              {PersonAlert::kCodeFieldNumber, PersonAlert::kStandingFieldNumber});
  const auto kept_apart = rows_in(records_, person, *schema::NoContact::descriptor(), {});
  if (!alerts) return alerts.error();
  if (!kept_apart) return kept_apart.error();
  auto copied = copy_alerts(*alerts, person, records_.codes());
  std::vector<NewRecord> made{
      {record_type(*schema::Handover::descriptor()), std::move(typed), std::move(taken_over)}};
  made.insert(made.end(), copied.flags.begin(), copied.flags.end());
  auto saved = records_.new_records(made, Required::none, by);
  if (!saved) return saved;
  if (copied.never_shared > 0) {
    saved->notes.push_back(std::to_string(copied.never_shared) +
                           " alerts were not copied: they never leave the prison.");
  }
  if (copied.for_practitioner > 0) {
    saved->notes.push_back(std::to_string(copied.for_practitioner) +
                           " alerts were not copied: only the practitioner may share them.");
  }
  if (!kept_apart->empty()) {
    saved->notes.emplace_back(
        "There is a no-contact requirement, which was not copied. Add what the partner must not "
        "do.");
  }
  return saved;
}

}  // namespace throughgate::node
