#include "node/web/components/button.h"

namespace throughgate::node::web {
namespace {

// The library that reads forms with files loses the first part where its boundary comes in two
// pieces: then it is this one.
Html first_part() { return h(R"(<input type="hidden" name="first" value="-">)"); }

}  // namespace

Html button(const Button& button) {
  if (button.href) {
    return h(
        R"(<a href="{}" role="button" draggable="false" class="govuk-button{}" data-module="govuk-button"{}{}>{}</a>)",
        *button.href, also(button.classes), button.attributes, attr_unless_empty("id", button.id),
        button.text.html());
  }
  return h(
      R"(<button type="{}"{}{}{}{}{} class="govuk-button{}" data-module="govuk-button"{}{}>{}</button>)",
      button.type, attr_unless_empty("value", button.value), attr_unless_empty("name", button.name),
      flag("disabled", button.disabled), attr_if(button.disabled, "aria-disabled", "true"),
      attr_if(button.prevent_double_click.has_value(), "data-prevent-double-click",
              button.prevent_double_click.value_or(false) ? "true" : "false"),
      also(button.classes), button.attributes, attr_unless_empty("id", button.id),
      button.text.html());
}

Html button_group(const Html& buttons) {
  return h(R"(<div class="govuk-button-group">{}</div>)", buttons);
}

Html form(const Form& form, const Html& inside) {
  return h(
      R"(<form method="post" action="{}"{}{} novalidate>{}<input type="hidden" name="csrf" value="{}">{}</form>)",
      form.action, attr_if(form.has_files, "enctype", "multipart/form-data"),
      attr_unless_empty("class", form.classes), when(form.has_files, first_part), form.csrf_token,
      inside);
}

}  // namespace throughgate::node::web
