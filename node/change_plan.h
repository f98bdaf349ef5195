// From what people typed to the ops of one save: parsed, checked against who may write what, and
// each naming what its form had seen. Nothing is stored here.
#pragma once

#include <string>
#include <vector>

#include "node/field_problem.h"
#include "node/form.h"
#include "node/records/catalogue.h"
#include "node/records/codes.h"
#include "sync/policy.h"
#include "sync/store/authoring.h"

namespace throughgate::node {

// One field as typed.
struct FieldInput {
  enum class How {
    set,     // the value; empty clears. Of a list of values: all of them, one a line; of notes: one
             // more; of a stage: where to go
    add,     // to a list of values
    remove,  // from one
  };
  std::string field;  // as in the .proto, "release-date" too
  std::string text;
  How how = How::set;
};

// Where the values stand, and who writes them.
struct PlanSetting {
  const RecordType& type;
  sync::RecordId record;  // all zero: the root record
  sync::Role role;        // of this organisation in the dossier
  const sync::PolicyTable& policies;
  const CodeLists& codes;
  std::string today{};  // the latest day that it may be here; empty: dates are not held against it
};

struct ChangePlan {
  std::vector<sync::store::OpDraft> ops;  // empty: nothing would change
  std::vector<std::string> notes;         // what the person should know besides
};

enum class Required { all, none };  // none: a draft, to be completed later

// Both fail with
//   invalid  no such field, a value that does not fit, something required is missing or cleared, a
//            date that cannot be: still to come, or before one that comes first
//   denied   this organisation may not write the field, or not in this way
// in words for the person who typed, never repeating what they typed.
sync::Result<ChangePlan> plan_new(const PlanSetting& setting, const std::vector<FieldInput>& inputs,
                                  Required required = Required::all);
// `ops` are all the record's ops; `form` names those that the person had before them.
// Also fails with
//   stale    a stage that has moved on since the form was opened
sync::Result<ChangePlan> plan_change(const PlanSetting& setting, const Form& form,
                                     const std::vector<sync::store::OpView>& ops,
                                     const std::vector<FieldInput>& inputs);

// Everything that is wrong at once, a field at most once each, as a form says it. Empty: plan_new()
// and plan_change() with the same would succeed, and so would check_sharing().
std::vector<FieldProblem> problems_of_new(const PlanSetting& setting,
                                          const std::vector<FieldInput>& inputs,
                                          Required required = Required::all);
std::vector<FieldProblem> problems_of_change(const PlanSetting& setting, const Form& form,
                                             const std::vector<sync::store::OpView>& ops,
                                             const std::vector<FieldInput>& inputs);

// The state that a LIFECYCLE field is in, by the ops of its record.
std::uint32_t state_of(const std::vector<sync::store::OpView>& ops, std::uint32_t field);

}  // namespace throughgate::node
