// A form over any record: its questions from what its fields say of themselves, and what comes back
// as inputs for RecordService. Only what a person touched becomes an input, so that a value nobody
// looked at is never written again, and a retired code stays where it stands.
//
//   a page is asked for        record_fields() with the record as it stands, opened_field() beside
//   and comes back             opened_in(), values_seen(), inputs_in()
//   something is wrong         record_fields() with what was typed, problem_summary() above
//   it was changed meanwhile   changed_meanwhile(), and the form again over the record as it is now
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/change_plan.h"
#include "node/staff/viewer.h"
#include "node/web/html.h"
#include "node/web/http.h"
#include "sync/store/record_reader.h"

namespace throughgate::node::web {

// Some of a record's fields under one heading; without one where it is empty.
struct FieldSection {
  std::string heading;
  std::vector<std::string> fields;  // as in the .proto, in this order
};
// All fields of a type, in the order of its .proto, without a heading.
std::vector<FieldSection> every_field(const RecordType& type);

// Fields that a form cannot ask for (ids, stages) may be named and are passed over.
struct RecordForm {
  const RecordType& type;
  std::vector<FieldSection> sections;
  const CodeLists& codes;
  const sync::PolicyTable& policies;
  sync::Role own_role;  // of this organisation in the dossier: what it may not write stands as text
  const Viewer* viewer = nullptr;  // whose roles say what they are asked; none: everything
};

// What a form was opened with, by field: the values that the ops it has seen carry.
using ValuesSeen = std::map<std::uint32_t, std::vector<crypto::Bytes>>;
ValuesSeen values_seen(const node::Form& opened, const std::vector<sync::store::OpView>& ops);

struct FormState {
  const sync::store::RecordView* record = nullptr;  // as it stands; none: a new one
  const Parameters* typed = nullptr;  // what came back, shown again where it differs from `seen`
  ValuesSeen seen{};
  std::vector<FieldProblem> problems{};
};
// The questions, without <form>, buttons or anything to say why.
Html record_fields(const RecordForm& form, const FormState& state);
// "You need to give first names and family name. The rest can be added later."
Html needed_note(const RecordForm& form);

// The hidden field "opened": what a save will replace.
Html opened_field(const node::Form& opened);
// nullopt: it is missing, or was not made by us.
std::optional<node::Form> opened_in(const Parameters& sent);

// Of a new record, `seen` is empty.
std::vector<FieldInput> inputs_in(const RecordForm& form, const Parameters& sent,
                                  const ValuesSeen& seen);

// The fields that somebody else has changed since the form was opened and that are about to be
// written; lists and notes, which take both, are not among them.
std::vector<std::string> changed_meanwhile(const RecordForm& form, const node::Form& opened,
                                           const sync::store::RecordView& now,
                                           const std::vector<FieldInput>& inputs);
// Says what they are now and who changed them; what was typed stands in the form below it.
Html meanwhile_notice(const RecordForm& form, const sync::store::RecordView& now,
                      const std::vector<std::string>& fields);

// Every problem, linked to its question where the form has it, in the order of the questions.
Html problem_summary(const RecordForm& form, const std::vector<FieldProblem>& problems);

}  // namespace throughgate::node::web
