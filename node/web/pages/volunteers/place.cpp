#include "node/web/pages/volunteers/place.h"

#include "node/web/pages/record_summary.h"
#include "node/web/pages/volunteers/kinds.h"
#include "records/volunteer.pb.h"
#include "records/volunteer_file.pb.h"

namespace throughgate::node::web::volunteers {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::RecordName;
using sync::store::RecordView;

Error no_such_volunteer() {
  return {ErrorKind::not_found, "There is no such volunteer on this computer."};
}

Error no_such_record() {
  return {ErrorKind::not_found, "This volunteer has no such record on this computer."};
}

const RecordType& volunteer_type() { return *record_type(*schema::Volunteer::descriptor()); }
const RecordType& file_type() { return *record_type(*schema::VolunteerFile::descriptor()); }

std::uint32_t stage_in(const RecordView& record) {
  const auto* view = record.field(schema::Volunteer::kStatusFieldNumber);
  return view ? view->state : 0;
}

std::uint32_t standing_in(const RecordView& record) {
  const auto* view = record.field(schema::Volunteer::kStandingFieldNumber);
  const auto* shown = view ? view->shown() : nullptr;
  const auto number = shown ? sync::decode_number(shown->value) : std::nullopt;
  return number && *number <= 0x7FFFFFFF ? static_cast<std::uint32_t>(*number) : 0;
}

// A record that is about another one is begun beside that one, not by typing its number.
bool needs_an_id(const RecordType& type) {
  for (int i = 0; i < type.descriptor->field_count(); ++i) {
    const auto& field = *type.descriptor->field(i);
    const bool id = field.type() == google::protobuf::FieldDescriptor::TYPE_BYTES;
    if (id && rule_of(field).required()) return true;
  }
  return false;
}

}  // namespace

bool Place::is_written_here() const { return volunteers::is_written_here(record); }

WhereTheyStand Place::where_they_stand() const {
  return node::where_they_stand(stage_in(record), standing_in(record));
}

Result<Place> place_in(const PageContext& context) {
  const auto id = dossier_in(context);
  if (!id) return no_such_volunteer();
  auto record = context.records.reader().read({*id, {}, volunteer_type().number});
  if (!record) {
    return record.error().kind == ErrorKind::not_found ? no_such_volunteer() : record.error();
  }
  const std::string given = shown_line(*record, "given_name", context.codes);
  const std::string family = shown_line(*record, "family_name", context.codes);
  std::string name = given + (given.empty() || family.empty() ? "" : " ") + family;
  if (name.empty()) name = "Name not recorded";
  return Place{*id, std::move(*record), std::move(name), address_of("/volunteers", *id)};
}

Result<std::optional<sync::DossierId>> volunteer_of(const PageContext& context,
                                                    const sync::DossierId& id) {
  const auto dossier = context.records.reader().dossier(id);
  if (!dossier) return dossier.error();
  const auto* root = record_type(dossier->root_type);
  if (root && root->dossier == schema::VOLUNTEER) return std::optional(id);
  const auto file = context.records.reader().read({id, {}, dossier->root_type});
  if (!file) return file.error();
  const auto* field = file->field(schema::VolunteerFile::kVolunteerFieldNumber);
  const auto* shown = field ? field->shown() : nullptr;
  return shown ? sync::DossierId::from(shown->value) : std::nullopt;
}

std::vector<std::uint32_t> types_of_volunteers() {
  std::vector<std::uint32_t> out;
  for (const auto kind : {schema::VOLUNTEER, schema::VOLUNTEER_FILE}) {
    for (const auto* type : record_types_in(kind)) out.push_back(type->number);
  }
  return out;
}

Result<std::optional<RecordName>> file_of(const PageContext& context,
                                          const sync::DossierId& volunteer) {
  const auto found = context.records.reader().find(
      file_type().number, schema::VolunteerFile::kVolunteerFieldNumber, volunteer.view());
  if (!found) return found.error();
  return found->empty() ? std::nullopt : std::optional(found->front());
}

Result<RecordName> record_in(const PageContext& context, const Place& place) {
  const auto* type = record_type(context.visit.path.get("type"));
  const auto bytes = crypto::from_hex(context.visit.path.get("record"));
  const auto record = bytes ? sync::RecordId::from(*bytes) : std::nullopt;
  if (!type || !record) return no_such_record();
  if (type->dossier == schema::VOLUNTEER) return RecordName{place.id, *record, type->number};
  if (type->dossier != schema::VOLUNTEER_FILE) return no_such_record();
  const auto file = file_of(context, place.id);
  if (!file) return file.error();
  if (!*file) return no_such_record();
  return RecordName{(*file)->dossier, *record, type->number};
}

std::string record_address(const Place& place, const RecordName& name) {
  return place.address + "/records/" + record_type(name.type)->name + "/" + name.record.hex();
}

std::vector<const RecordType*> added_to(schema::DossierKind dossier) {
  auto types = record_types_in(dossier);
  std::erase_if(types, [](const RecordType* type) {
    return type->root || needs_an_id(*type) || is_dispute(type->number);
  });
  return types;
}

std::vector<FieldSection> sections_of(const RecordType& type) {
  if (&type == &volunteer_type()) {
    return {{"Who they are",
             {"given_name", "family_name", "known_as", "former_names", "date_of_birth"}},
            {"How to reach them", {"email", "mobile", "home_site"}},
            {"Suspension or exclusion", {"standing", "standing_reason"}}};
  }
  if (&type == &file_type()) {
    return {
        {"Address", {"address", "town", "postcode", "home_telephone", "how_to_contact"}},
        {"Next of kin", {"next_of_kin_name", "next_of_kin_relation", "next_of_kin_telephone"}},
        {"Application",
         {"applied_on", "heard_through", "motivation", "experience", "roles_wanted",
          "interviewed_on", "interview_notes", "knows_in_prison", "interests_declared"}},
        {"Times and skills",
         {"languages", "skills", "available", "available_note", "areas", "drives", "access_needs",
          "people_max", "minutes_per_week_max", "supervise_next_on"}},
        {"Leaving",
         {"notice_on", "left_on", "exit_reason", "exit_interview", "would_return", "thanked_on"}},
        {"Notes", {"notes"}}};
  }
  return every_field(type);
}

RecordForm form_of(const PageContext& context, const RecordType& type, sync::Role own_role) {
  return {type,     sections_of(type),        context.codes, context.node.policies(),
          own_role, &context.records.viewer()};
}

std::string title_of(const PageContext& context, const RecordView& record) {
  const auto& type = *record_type(record.name.type);
  for (int i = 0; i < type.descriptor->field_count(); ++i) {
    const auto& field = *type.descriptor->field(i);
    const bool readable = field.type() != google::protobuf::FieldDescriptor::TYPE_BYTES;
    if (!rule_of(field).required() || !readable) continue;
    std::string title = shown_line(record, field.name(), context.codes);
    if (!title.empty()) return title;
  }
  return rule_of(*type.descriptor).label();
}

std::string in_sentence(const RecordType& type) {
  std::string label = rule_of(*type.descriptor).label();
  if (!label.empty() && label[0] >= 'A' && label[0] <= 'Z')
    label[0] = static_cast<char>(label[0] + 32);
  return label;
}

}  // namespace throughgate::node::web::volunteers
