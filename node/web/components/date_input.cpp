#include "node/web/components/date_input.h"

#include "node/web/components/text_input.h"

namespace throughgate::node::web {
namespace {

struct Part {
  std::string name;
  std::string label;
  std::string value;
  std::string width;
  bool bad;
};

Html date_part(const DateInput& input, const Part& part) {
  const std::string name =
      input.name_prefix.empty() ? part.name : input.name_prefix + "-" + part.name;
  const std::string classes = "govuk-date-input__input" + also("govuk-input--error", part.bad) +
                              " govuk-input--width-" + part.width;
  return h(
      R"(<div class="govuk-date-input__item">{}</div>)",
      text_input({.field = {.name = name,
                            .id = input.id + "-" + part.name,
                            .label = {.text = part.label, .classes = "govuk-date-input__label"},
                            .classes = classes},
                  .value = part.value,
                  .input_mode = "numeric"}));
}

}  // namespace

Html date_input(const DateInput& input) {
  const bool has_error = !input.error.empty();
  const bool all = has_error && !input.bad_day && !input.bad_month && !input.bad_year;
  Html inside;
  if (!input.hint.empty()) inside += hint(input.hint, input.id + "-hint");
  if (has_error) inside += error_message(input.error, input.id + "-error");
  inside += h(R"(<div class="govuk-date-input" id="{}">{}{}{}</div>)", input.id,
              date_part(input, {"day", "Day", input.day, "2", all || input.bad_day}),
              date_part(input, {"month", "Month", input.month, "2", all || input.bad_month}),
              date_part(input, {"year", "Year", input.year, "4", all || input.bad_year}));
  if (input.legend) {
    inside =
        fieldset({.legend = input.legend,
                  .described_by = description_ids("", input.id, !input.hint.empty(), has_error),
                  .role = "group"},
                 inside);
  }
  return form_group_around(input.error, "", inside);
}

}  // namespace throughgate::node::web
