#include "node/web/components/compare.h"

#include "node/web/components/field.h"
#include "node/web/components/messages.h"

namespace throughgate::node::web {
namespace {

Html shown_value(const CompareVersion& version) {
  return version.shown.empty() ? h("Nothing entered") : version.shown.html();
}

Html compare_option(const CompareField& field, const CompareVersion& version, std::size_t index) {
  const std::string id = field.name + (index > 1 ? "-" + std::to_string(index) : "");
  return h(
      R"(<div class="govuk-radios__item compare__option"><input class="govuk-radios__input" id="{}" name="{}" type="radio" value="{}"{}>
<label class="govuk-label govuk-radios__label" for="{}"><span class="compare__value">{}</span>
<span class="govuk-hint compare__source">{}</span></label></div>)",
      id, field.name, version.value, flag("checked", field.chosen == version.value), id,
      shown_value(version), version.source.html());
}

// Always open: without JavaScript nothing could open it.
Html compare_other(const CompareField& field) {
  const std::string id = field.name + "-other";
  return h(
      R"(<div class="govuk-radios__item compare__option compare__option--other"><input class="govuk-radios__input" id="{}" name="{}" type="radio" value="{}"{}>
<label class="govuk-label govuk-radios__label" for="{}"><span class="compare__value">{}</span></label>
<div class="compare__question">{}</div></div>)",
      id, field.name, field.other->value, flag("checked", field.chosen == field.other->value), id,
      field.other->text.html(), field.other->question);
}

Html same_everywhere(const CompareField& field) {
  return h(R"(<div class="compare__same"><span class="govuk-!-font-weight-bold">{}</span>
<span>{}</span> {}</div>)",
           field.label, field.versions.empty() ? Html{} : field.versions.front().shown.html(),
           tag("Same in both", TagColour::grey));
}

Html compare_field(const CompareField& field) {
  if (field.versions.size() < 2) return same_everywhere(field);
  Html inside;
  if (!field.error.empty()) inside += error_message(field.error, field.name + "-error");
  Html options;
  for (std::size_t i = 0; i < field.versions.size(); ++i) {
    options += compare_option(field, field.versions[i], i + 1);
  }
  inside += h(
      R"(<div class="govuk-radios" data-module="govuk-radios"><div class="compare__options">{}</div>{}</div>)",
      options, field.other ? compare_other(field) : Html{});
  return form_group_around(
      field.error, "",
      fieldset({.legend = Legend{.text = field.label, .classes = "govuk-fieldset__legend--s"},
                .described_by = description_ids("", field.name, false, !field.error.empty())},
               inside));
}

}  // namespace

Html compare_only(const std::vector<CompareVersion>& versions) {
  return h(R"(<ul class="govuk-list compare__options compare__options--shown">{}</ul>)",
           each(versions, [](const CompareVersion& version) {
             return h(R"(<li class="compare__option"><span class="compare__value">{}</span>
<span class="govuk-hint compare__source">{}</span></li>)",
                      shown_value(version), version.source.html());
           }));
}

Html compare_and_choose(const Compare& compare) {
  const Html later = button({.text = "Decide later",
                             .classes = "govuk-button--secondary",
                             .name = "later",
                             .value = "1",
                             .attributes = {flag("formnovalidate", true)}});
  return form(compare.form, each(compare.fields, compare_field) + compare.more +
                                button_group(button({.text = compare.save_text}) + later));
}

}  // namespace throughgate::node::web
