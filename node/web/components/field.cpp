#include "node/web/components/field.h"

namespace throughgate::node::web {

Html label(const Label& label, const std::string& for_id) {
  if (label.text.empty()) return {};
  const Html plain = h(R"(<label class="govuk-label{}"{}>{}</label>)", also(label.classes),
                       attr_unless_empty("for", for_id), label.text.html());
  return label.is_page_heading ? h(R"(<h1 class="govuk-label-wrapper">{}</h1>)", plain) : plain;
}

Html hint(const Content& text, const std::string& id, const std::string& classes) {
  return h(R"(<div{} class="govuk-hint{}">{}</div>)", attr_unless_empty("id", id), also(classes),
           text.html());
}

Html error_message(const Content& text, const std::string& id) {
  return h(R"(<p{} class="govuk-error-message">
<span class="govuk-visually-hidden">Error:</span> {}</p>)",
           attr_unless_empty("id", id), text.html());
}

Html fieldset(const Fieldset& fieldset, const Html& inside) {
  const Html legend =
      !fieldset.legend || fieldset.legend->text.empty()
          ? Html{}
          : h(R"(<legend class="govuk-fieldset__legend{}">{}</legend>)",
              also(fieldset.legend->classes),
              fieldset.legend->is_page_heading ? h(R"(<h1 class="govuk-fieldset__heading">{}</h1>)",
                                                   fieldset.legend->text.html())
                                               : fieldset.legend->text.html());
  return h(R"(<fieldset class="govuk-fieldset{}"{}{}>{}{}</fieldset>)", also(fieldset.classes),
           attr_unless_empty("role", fieldset.role),
           attr_unless_empty("aria-describedby", fieldset.described_by), legend, inside);
}

const std::string& id_of(const Field& field) { return field.id.empty() ? field.name : field.id; }

std::string description_ids(std::string given, const std::string& id, bool has_hint,
                            bool has_error) {
  const auto add = [&](bool on, const char* ending) {
    if (on) given += (given.empty() ? "" : " ") + id + ending;
  };
  add(has_hint, "-hint");
  add(has_error, "-error");
  return given;
}

Html form_group_around(const Content& error, const std::string& classes, const Html& inside) {
  return h(R"(<div class="govuk-form-group{}{}">{}</div>)",
           also("govuk-form-group--error", !error.empty()), also(classes), inside);
}

Html form_group(const Field& field, const Html& element) {
  const std::string& id = id_of(field);
  Html inside = label(field.label, id);
  if (!field.hint.empty()) inside += hint(field.hint, id + "-hint");
  if (!field.error.empty()) inside += error_message(field.error, id + "-error");
  return form_group_around(field.error, field.group_classes, inside + element);
}

}  // namespace throughgate::node::web
