#include "node/disputes.h"

#include <algorithm>

#include "node/days.h"
#include "node/erasure/listed.h"
#include "node/field_names.h"
#include "node/last_contact.h"
#include "node/records/formats.h"
#include "records/dispute.pb.h"

namespace throughgate::node {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::RecordName;

// All of them have the fields of this one, under the same numbers.
using Fields = schema::CaseDispute;

Error invalid(const std::string& words) {
  return {ErrorKind::invalid, words + " Nothing was saved."};
}

std::optional<std::pair<FieldOfRecord, Disputed>> disputed_by(const RecordService& records,
                                                              const RecordName& note) {
  const auto record = records.reader().read(note);
  if (!record || !shown_in(*record, Fields::kSettledOnFieldNumber).empty()) return std::nullopt;
  const auto says = shown_in(*record, Fields::kSaysFieldNumber);
  if (says.empty()) return std::nullopt;
  const auto id =
      sync::RecordId::from(crypto::as_bytes(shown_in(*record, Fields::kAboutRecordFieldNumber)));
  const RecordName about{
      note.dossier, id.value_or(sync::RecordId{}),
      static_cast<std::uint32_t>(number_shown_in(*record, Fields::kAboutTypeFieldNumber))};
  const auto* said = record->field(Fields::kSaysFieldNumber)->shown();
  return std::pair{FieldOfRecord{about, static_cast<std::uint32_t>(number_shown_in(
                                            *record, Fields::kAboutFieldFieldNumber))},
                   Disputed{note, says, said->effective_ms}};
}

}  // namespace

const RecordType* dispute_type(schema::DossierKind kind) {
  for (const auto* type : record_types_in(kind)) {
    if (type->name.ends_with("-dispute")) return type;
  }
  return nullptr;
}

bool is_dispute(std::uint32_t type) {
  const auto* known = record_type(type);
  return known && dispute_type(known->dossier) == known;
}

Result<DisputedFields> disputed_in(const RecordService& records, const sync::DossierId& dossier) {
  const auto held = records.whole().dossier(dossier);
  if (!held) return held.error();
  const auto* root = record_type(held->root_type);
  const auto* type = root ? dispute_type(root->dossier) : nullptr;
  DisputedFields out;
  if (!type) return out;
  sync::store::ListQuery query;
  query.type = type->number;
  query.dossier = dossier;
  query.limit = 500;
  const auto page = records.reader().list(query);
  if (!page) return page.error();
  for (const auto& row : page->rows) {
    if (auto disputed = disputed_by(records, row.name)) out.insert(*std::move(disputed));
  }
  return out;
}

std::string in_words(const Disputed& disputed) {
  return "The person says that this is wrong (" +
         shown_text(schema::FieldRule::DATE, iso_day(disputed.since_ms)) +
         "): " + visible_text(disputed.says);
}

Result<const RecordType*> Disputes::type_for(const RecordName& record, std::uint32_t field) const {
  const auto* known = record_type(record.type);
  const auto* type = known ? dispute_type(known->dossier) : nullptr;
  if (!type || type == known || !field_of(record.type, field)) {
    return invalid("This says nothing of a person that could be said to be wrong.");
  }
  if (!records_.viewer().sees(record.type, field)) {
    return Error{ErrorKind::denied,
                 "Your roles at this site do not let you see this. Nothing was saved."};
  }
  const auto view = records_.reader().field(record, field);
  if (!view) return view.error();
  if (view->ops.empty()) return invalid("Nothing stands in this detail: type it in instead.");
  return type;
}

Result<Saved> Disputes::note(const RecordName& record, std::uint32_t field, const std::string& says,
                             const By& by) {
  if (is_blank(says)) return invalid("Write down what the person says.");
  const auto type = type_for(record, field);
  if (!type) return type.error();
  const auto known = disputed_in(records_, record.dossier);
  if (!known) return known.error();
  if (const auto found = known->find({record, field}); found != known->end()) {
    const auto form = records_.open(found->second.note);
    if (!form) return form.error();
    return records_.set_fields(*form, {{"says", says}}, by);
  }
  std::vector<FieldInput> inputs{{"about-type", std::to_string(record.type)},
                                 {"about-field", std::to_string(field)},
                                 {"detail", label_of(record.type, field)},
                                 {"says", says}};
  if (record.record != sync::RecordId{}) inputs.push_back({"about-record", record.record.hex()});
  return records_.new_record_in(record.dossier, **type, inputs, by);
}

Result<Saved> Disputes::end(const Disputed& disputed, const std::string& how, const By& by) {
  const auto form = records_.open(disputed.note);
  if (!form) return form.error();
  return records_.set_fields(
      *form, {{"settled-on", latest_day(records_.node())}, {"settled-how", how}}, by);
}

Result<Saved> Disputes::correct(const RecordName& record, std::uint32_t field,
                                const std::string& value, const By& by) {
  if (is_blank(by.reason)) return invalid("Write down what the person said.");
  const auto type = type_for(record, field);
  if (!type) return type.error();
  const auto form = records_.open(record);
  if (!form) return form.error();
  const std::string name(field_of(record.type, field)->name());
  auto saved = records_.set_fields(*form, {{name, value}}, by);
  if (!saved) return saved;
  const auto known = disputed_in(records_, record.dossier);
  if (!known) return known.error();
  if (const auto found = known->find({record, field}); found != known->end()) {
    if (auto ended = end(found->second, "The value was corrected", by); !ended) return ended;
  }
  return saved;
}

Result<Saved> Disputes::settle(const RecordName& record, std::uint32_t field, const By& by) {
  if (is_blank(by.reason)) return invalid("Write down how it was settled.");
  const auto known = disputed_in(records_, record.dossier);
  if (!known) return known.error();
  const auto found = known->find({record, field});
  if (found == known->end()) return invalid("This is not said to be wrong.");
  return end(found->second, by.reason, by);
}

}  // namespace throughgate::node
