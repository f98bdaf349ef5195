// The whole way of a page on which a record is begun or changed: shown, taken, and shown again with
// everything that was typed where something is wrong or somebody else was quicker.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/web/pages/record_form.h"
#include "node/web/pages/site_pages.h"

namespace throughgate::node::web {

struct EditPage {
  RecordForm form;
  std::string title;    // "Change contact details"
  std::string caption;  // whose record it is
  std::string address;  // of this page; its form posts there
  std::string back;     // where one goes from here, saved or not
  std::string save_text = "Save";
};

// The form over the record as it stands now.
Response show_change(PageContext& context, const EditPage& page,
                     const sync::store::RecordName& name);
// Saves what was touched, and goes back: "?done=saved", "?done=kept" where a stricter value stays
// in force, "?done=unchanged".
Response take_change(PageContext& context, const EditPage& page,
                     const sync::store::RecordName& name);

Response show_new(PageContext& context, const EditPage& page);
// `make` saves the inputs and says where to go then. `given` are inputs besides what was typed.
using MakeRecord =
    std::function<sync::Result<std::string>(const std::vector<FieldInput>&, const By&)>;
// Something that is asked once more before it is saved.
struct Doubt {
  Html notice;        // why
  std::string sure;   // beside the box to tick: "This is somebody else"
  std::string about;  // what the box is ticked for: about anything else it is asked again
};
using FindDoubt = std::function<sync::Result<std::optional<Doubt>>(const std::vector<FieldInput>&)>;
Response take_new(PageContext& context, const EditPage& page, const std::vector<FieldInput>& given,
                  const MakeRecord& make, const FindDoubt& find_doubt = {});

// The codes above, in words.
Html saved_banner(const PageContext& context);

}  // namespace throughgate::node::web
