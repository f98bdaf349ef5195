#include "node/web/components/text_input.h"

namespace throughgate::node::web {
namespace {

std::string description_of(const Field& field) {
  return description_ids(field.described_by, id_of(field), !field.hint.empty(),
                         !field.error.empty());
}

Attr spellcheck_attr(const std::optional<bool>& on) {
  return attr_if(on.has_value(), "spellcheck", on.value_or(false) ? "true" : "false");
}

Html input_element(const TextInput& input) {
  const Field& field = input.field;
  return h(R"(<input class="govuk-input{}{}" id="{}" name="{}" type="{}"{}{}{}{}{}{}{}{}{}>)",
           also(field.classes), also("govuk-input--error", !field.error.empty()), id_of(field),
           field.name, input.type, spellcheck_attr(input.spellcheck),
           attr_unless_empty("value", input.value), flag("disabled", input.disabled),
           attr_unless_empty("aria-describedby", description_of(field)),
           attr_unless_empty("autocomplete", input.autocomplete),
           attr_unless_empty("autocapitalize", input.auto_capitalize),
           attr_unless_empty("pattern", input.pattern),
           attr_unless_empty("inputmode", input.input_mode), field.attributes);
}

Html affix(const char* side, const Content& text) {
  if (text.empty()) return {};
  return h(R"(<div class="govuk-input__{}" aria-hidden="true">{}</div>)", side, text.html());
}

}  // namespace

Html text_input(const TextInput& input) {
  const Html element = input_element(input);
  if (input.prefix.empty() && input.suffix.empty()) return form_group(input.field, element);
  return form_group(input.field,
                    h(R"(<div class="govuk-input__wrapper">{}{}{}</div>)",
                      affix("prefix", input.prefix), element, affix("suffix", input.suffix)));
}

Html password_input(const PasswordInput& input) {
  Field field = input.field;
  field.classes = "govuk-password-input__input govuk-js-password-input-input" + also(field.classes);
  const Html element = input_element({.field = field,
                                      .type = "password",
                                      .autocomplete = input.autocomplete,
                                      .auto_capitalize = "none",
                                      .spellcheck = false});
  const Html wrapped = h(R"(<div class="govuk-input__wrapper govuk-password-input__wrapper">
{}<button type="button" class="govuk-button govuk-button--secondary govuk-password-input__toggle govuk-js-password-input-toggle" data-module="govuk-button" aria-controls="{}" aria-label="Show password" hidden>Show</button></div>)",
                         element, id_of(field));
  return h(
      R"(<div class="govuk-form-group{} govuk-password-input{}" data-module="govuk-password-input">{}{}{}{}</div>)",
      also("govuk-form-group--error", !field.error.empty()), also(field.group_classes),
      label(field.label, id_of(field)),
      when(!field.hint.empty(), [&] { return hint(field.hint, id_of(field) + "-hint"); }),
      when(!field.error.empty(),
           [&] { return error_message(field.error, id_of(field) + "-error"); }),
      wrapped);
}

Html text_area(const TextArea& area) {
  const Field& field = area.field;
  // The line break after the tag is dropped by browsers; without it a value's own first one would
  // be.
  return form_group(
      field, h(R"(<textarea class="govuk-textarea{}{}" id="{}" name="{}" rows="{}"{}{}{}{}>
{}</textarea>)",
               also("govuk-textarea--error", !field.error.empty()), also(field.classes),
               id_of(field), field.name, area.rows, spellcheck_attr(area.spellcheck),
               attr_unless_empty("aria-describedby", description_of(field)),
               attr_unless_empty("autocomplete", area.autocomplete), field.attributes, area.value));
}

Html file_upload(const FileUpload& upload) {
  const Field& field = upload.field;
  return form_group(
      field,
      h(R"(<input class="govuk-file-upload{}{}" id="{}" name="{}" type="file"{}{}{}{}>)",
        also(field.classes), also("govuk-file-upload--error", !field.error.empty()), id_of(field),
        field.name, flag("disabled", upload.disabled), flag("multiple", upload.multiple),
        attr_unless_empty("aria-describedby", description_of(field)), field.attributes));
}

}  // namespace throughgate::node::web
