// What a person sees of records, new records, and changes: the one way in which pages, commands and
// flows read and write.
// Threads: those of its OpenNode. Errors, all in words for the person who typed: those of
// change_plan.h, dossier_kinds.h and Admission.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/change_plan.h"
#include "node/free_text.h"
#include "node/open_node.h"
#include "node/permitted_reader.h"
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
  // What stands in another record here and is taken over: nobody is asked about words that they did
  // not type. Where these look as if they should not be shared, the notes say so.
  std::vector<FieldInput> taken_over{};
};

// What of a save was typed for it, and is looked through.
enum class TypedText { all_of_it, reason_alone };

class RecordService {
 public:
  // Both must outlive it. Whoever answers a person says who they are: without a viewer it is the
  // program itself, for which nothing is hidden.
  RecordService(OpenNode& node, const CodeLists& codes, Viewer viewer = Viewer::program())
      : node_(node), codes_(codes), viewer_(std::move(viewer)) {}

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
  sync::Result<Saved> save(const sync::store::RecordName& record, ChangePlan plan, const By& by,
                           TypedText typed = TypedText::all_of_it);

  // `denied`, where the viewer may not write one of these fields, or a code among them never leaves
  // the prison (node/sharing_rules.h); for flows that save otherwise. What begins a record, or
  // holds no code:
  sync::Result<sync::Done> check_written(const std::vector<sync::store::OpDraft>& ops) const;
  // What goes into records of this dossier, judged with what stands there.
  sync::Result<sync::Done> check_written(const sync::DossierId& dossier,
                                         const std::vector<sync::store::OpDraft>& ops) const;

  // What is typed into a record that others read, or as the reason for a change to one, is looked
  // through (node/free_text.h). Where it looks as if it should not be shared, a save is `invalid`
  // and saves nothing, and text_doubts() says why; unless whoever typed it has said that it stands.
  // Nothing that the program itself writes is looked through.
  void take_text_as_it_stands() { takes_text_ = true; }
  const std::vector<TextDoubt>& text_doubts() const { return text_doubts_; }
  // The same for flows that save otherwise.
  sync::Result<sync::Done> check_text(const sync::DossierId& dossier,
                                      const std::vector<sync::store::OpDraft>& ops,
                                      const std::string& reason);
  // The reason for new records of this kind that a flow makes itself.
  sync::Result<sync::Done> check_text_of_new(const RecordType& root, const std::string& reason);
  // What a file or another record brings into a new record of this kind: what it looks like.
  // Nothing where only this organisation reads such a record, or it is to stand.
  std::vector<TextDoubt> doubts_in_new(const RecordType& root,
                                       const std::vector<sync::store::OpDraft>& ops) const;

  // For what is shown. Looks at noted fields are put into trail().
  PermittedReader reader() const { return {whole(), viewer_, &trail_, closing()}; }
  // The same fields, for what is judged by them and not shown: nothing is noted.
  PermittedReader glance() const { return {whole(), viewer_, nullptr, closing()}; }
  // The same, for recording what has happened: nothing is closed to that.
  PermittedReader to_record() const { return {whole(), viewer_, nullptr}; }
  // All of it, for rules that hold whoever asks. What it says is for no answer.
  sync::store::RecordReader whole() const { return {node_.database(), context_}; }
  const Viewer& viewer() const { return viewer_; }
  ReadTrail& trail() const { return trail_; }
  OpenNode& node() const { return node_; }
  const CodeLists& codes() const { return codes_; }
  sync::store::Authorship authorship(const By& by) const {
    return {by.actor, node_.now_ms(), without_hidden_signs(by.reason)};
  }

 private:
  const OpenNode* closing() const;  // nullptr: nothing is closed to reading
  // `present`: what stands in the record that they go into.
  sync::Result<sync::Done> check_codes(const std::vector<sync::store::OpDraft>& ops,
                                       const std::vector<sync::store::OpView>& present) const;
  // A form's record with what it is judged by. `denied` where this organisation only reads.
  struct Opened {
    PlanSetting setting;
    std::vector<sync::store::OpView> ops;
  };
  sync::Result<Opened> opened(const Form& form) const;
  std::vector<TextDoubt> doubts_in(const std::vector<sync::store::OpDraft>& ops,
                                   const std::string& reason,
                                   const std::set<std::string>& own_numbers) const;
  sync::Result<sync::Done> look_through(const std::vector<sync::store::OpDraft>& ops,
                                        const std::string& reason,
                                        const std::set<std::string>& own_numbers);
  sync::Result<sync::Done> check_unique(const RecordType& type,
                                        const std::vector<sync::store::OpDraft>& ops) const;

  OpenNode& node_;
  const CodeLists& codes_;
  Viewer viewer_;
  bool takes_text_ = false;
  std::vector<TextDoubt> text_doubts_;
  mutable ReadTrail trail_;
  mutable std::optional<bool> closes_;  // asked once
  sync::store::NodeContext context_ = node_.context();
};

}  // namespace throughgate::node
