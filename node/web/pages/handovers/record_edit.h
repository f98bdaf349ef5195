// The pages on which records of a handover are changed or added: its own facts by section, a need,
// a do or don't. What a save replaces is what stood there when the form was opened, and a change
// may say why.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "node/web/pages/handovers/case_page.h"
#include "node/web/pages/record_form.h"

namespace throughgate::node::web {

struct RecordEdit {
  const RecordType& type;
  std::string title;    // and <h1>
  std::string address;  // of this page
  std::vector<FieldSection> sections;
  std::string outcome = "saved";
  std::string outcome_with_notes = "saved-beside";  // where the save had something more to say
  // Of an existing record; none: a new one beside the handover.
  const sync::store::RecordView* record = nullptr;
  // How it is saved; none: as RecordService does.
  std::function<sync::Result<Saved>(const node::Form& opened, const std::vector<FieldInput>& inputs,
                                    const By& by)>
      save{};
  bool saves_nothing_typed = false;  // the save does something even where nothing was typed
  Html beside_questions{};           // what somebody has to have in view to answer them
  std::string refusal{};  // why it cannot be changed now; what was typed is shown again with it
};

Response open_record_edit(const PageContext& context, const CaseFile& file, const RecordEdit& edit);
Response take_record_edit(const PageContext& context, const CaseFile& file, const RecordEdit& edit);

}  // namespace throughgate::node::web
