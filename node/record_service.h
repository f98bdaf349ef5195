// New records, and changes to records: the one way in which forms, commands and flows write.
// Threads: those of its OpenNode. Errors, all in words for the person who typed: those of
// change_plan.h, dossier_kinds.h and Admission.
#pragma once

#include <string>
#include <vector>

#include "node/change_plan.h"
#include "node/open_node.h"
#include "node/text/unicode.h"

namespace throughgate::node {

// A member of staff doing something, and why.
struct By {
  sync::Actor actor;
  std::string reason;
};

struct Saved {
  sync::store::RecordName record;
  std::optional<sync::Hash> entry;  // of a change; none: nothing had changed, nothing was written
  std::vector<std::string> notes;   // what the person should know besides
};

// The records of a dossier that is begun with more than its root.
struct NewRecord {
  const RecordType* type = nullptr;
  std::vector<FieldInput> inputs;
};

class RecordService {
 public:
  // Both must outlive it.
  RecordService(OpenNode& node, const CodeLists& codes) : node_(node), codes_(codes) {}

  // A root record: a new dossier with the members that its kind has by default.
  //   invalid  there is one already, where there may be only one
  sync::Result<Saved> new_record(const RecordType& type, const std::vector<FieldInput>& inputs,
                                 const By& by);
  // A root record and more of the same dossier, in one save. The first is the root.
  sync::Result<Saved> new_records(const std::vector<NewRecord>& records, Required required,
                                  const By& by);
  // Another record inside a dossier held here.
  sync::Result<Saved> new_record_in(const sync::DossierId& dossier, const RecordType& type,
                                    const std::vector<FieldInput>& inputs, const By& by);

  // What the person changing it sees.
  sync::Result<Form> open(const sync::store::RecordName& name) const;
  sync::Result<Saved> set_fields(const Form& form, const std::vector<FieldInput>& inputs,
                                 const By& by);

  // Everything that is wrong with what was typed, for a form to show at once. Empty: the call above
  // with the same would save it, unless the record is unique and there, or changes meanwhile.
  std::vector<FieldProblem> problems_in_new(const RecordType& type,
                                            const std::vector<FieldInput>& inputs,
                                            sync::Role own_role = sync::Role::owner) const;
  sync::Result<std::vector<FieldProblem>> problems_in(const Form& form,
                                                      const std::vector<FieldInput>& inputs) const;

  // The ops of set_fields() without saving them, for flows that save more at once.
  sync::Result<ChangePlan> plan(const Form& form, const std::vector<FieldInput>& inputs) const;
  // Saves ops that a flow has planned; codes are checked here too.
  sync::Result<Saved> save(const sync::store::RecordName& record, ChangePlan plan, const By& by);

  sync::store::RecordReader reader() const { return {node_.database(), context_}; }
  OpenNode& node() const { return node_; }
  const CodeLists& codes() const { return codes_; }
  sync::store::Authorship authorship(const By& by) const {
    return {by.actor, node_.now_ms(), without_hidden_signs(by.reason)};
  }

 private:
  // A form's record with what it is judged by. `denied` where this organisation only reads.
  struct Opened {
    PlanSetting setting;
    std::vector<sync::store::OpView> ops;
  };
  sync::Result<Opened> opened(const Form& form) const;
  sync::Result<sync::Done> check_unique(const RecordType& type,
                                        const std::vector<sync::store::OpDraft>& ops) const;

  OpenNode& node_;
  const CodeLists& codes_;
  sync::store::NodeContext context_ = node_.context();
};

}  // namespace throughgate::node
