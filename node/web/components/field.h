// What every question on a form has: label or legend, hint, error message.
// The markup is govuk-frontend's; an error is shown where `error` is not empty.
#pragma once

#include <optional>
#include <string>

#include "node/web/components/content.h"

namespace throughgate::node::web {

struct Label {
  Content text{};
  std::string classes{};
  bool is_page_heading = false;  // wraps the label in the page's <h1>
};

struct Legend {
  Content text{};
  std::string classes{};
  bool is_page_heading = false;
};

// One question answered in one element.
struct Field {
  std::string name{};
  std::string id{};  // the name when empty
  Label label{};
  Content hint{};
  Content error{};
  std::string classes{};
  std::string described_by{};  // ids of more text that explains the field
  std::string group_classes{};
  Attrs attributes{};
};

Html label(const Label& label, const std::string& for_id);
Html hint(const Content& text, const std::string& id, const std::string& classes = "");
Html error_message(const Content& text, const std::string& id);

struct Fieldset {
  std::optional<Legend> legend{};
  std::string classes{};
  std::string described_by{};
  std::string role{};
};
Html fieldset(const Fieldset& fieldset, const Html& inside);

const std::string& id_of(const Field& field);
// The ids for aria-describedby: what was given, then the hint's and the error's if there are any.
std::string description_ids(std::string given, const std::string& id, bool has_hint,
                            bool has_error);
// The group of a field: label, hint and error message, then `element`.
Html form_group(const Field& field, const Html& element);
Html form_group_around(const Content& error, const std::string& classes, const Html& inside);

}  // namespace throughgate::node::web
