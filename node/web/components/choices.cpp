#include "node/web/components/choices.h"

#include <string_view>

namespace throughgate::node::web {
namespace {

struct Kind {
  std::string_view block;  // the class all others start with
  std::string_view type;
  bool describes_each;  // an ungrouped checkbox names its hint and error itself
  bool hides;           // its further questions, until chosen
};
constexpr Kind radio = {"govuk-radios", "radio", false, false};
constexpr Kind checkbox = {"govuk-checkboxes", "checkbox", true, true};

const std::string& prefix_of(const Choices& choices) {
  return choices.id_prefix.empty() ? choices.name : choices.id_prefix;
}

std::string description_of(const Choices& choices) {
  return description_ids("", prefix_of(choices), !choices.hint.empty(), !choices.error.empty());
}

// The first id has no number, so that an error summary can link to it.
std::string item_id(const Choices& choices, const Choice& item, std::size_t index) {
  if (!item.id.empty()) return item.id;
  return prefix_of(choices) + (index > 1 ? "-" + std::to_string(index) : "");
}

Html choice_item(const Kind& kind, const Choices& choices, const Choice& item, std::size_t index) {
  if (!item.divider.empty()) {
    return h(R"(<div class="{}__divider">{}</div>)", kind.block, item.divider);
  }
  const std::string id = item_id(choices, item, index);
  const std::string hint_id = id + "-item-hint";
  const std::string label_class = std::string(kind.block) + "__label";
  std::string described =
      kind.describes_each && !choices.legend ? description_of(choices) : std::string();
  if (!item.hint.empty()) described += (described.empty() ? "" : " ") + hint_id;
  Html html =
      h(R"(<div class="{}__item">
<input class="{}__input" id="{}" name="{}" type="{}" value="{}"{}{}{}{}{}>{}{}</div>)",
        kind.block, kind.block, id, choices.name, kind.type, item.value,
        flag("checked", item.checked), flag("disabled", item.disabled),
        attr_if(kind.hides && !item.conditional.empty(), "data-aria-controls", "conditional-" + id),
        attr_unless_empty("data-behaviour", item.behaviour),
        attr_unless_empty("aria-describedby", described),
        label({.text = item.text, .classes = label_class}, id), when(!item.hint.empty(), [&] {
          return hint(item.hint, hint_id, std::string(kind.block) + "__hint");
        }));
  if (item.conditional.empty()) return html;
  return html +
         h(R"(<div class="{}__conditional{}" id="conditional-{}">{}</div>)", kind.block,
           also(std::string(kind.block) + "__conditional--hidden", kind.hides && !item.checked), id,
           item.conditional);
}

Html choice_group(const Kind& kind, const Choices& choices) {
  Html items;
  for (std::size_t i = 0; i < choices.items.size(); ++i) {
    items += choice_item(kind, choices, choices.items[i], i + 1);
  }
  Html inside;
  const std::string& prefix = prefix_of(choices);
  if (!choices.hint.empty()) inside += hint(choices.hint, prefix + "-hint");
  if (!choices.error.empty()) inside += error_message(choices.error, prefix + "-error");
  inside += h(R"(<div class="{}{}" data-module="{}">{}</div>)", kind.block, also(choices.classes),
              kind.block, items);
  if (choices.legend) {
    inside = fieldset({.legend = choices.legend, .described_by = description_of(choices)}, inside);
  }
  return form_group_around(choices.error, "", inside);
}

}  // namespace

Html radios(const Choices& choices) { return choice_group(radio, choices); }
Html checkboxes(const Choices& choices) { return choice_group(checkbox, choices); }

Html select(const Select& select) {
  const Field& field = select.field;
  const Html options = each(select.options, [&](const Option& option) {
    const bool selected =
        !select.value.empty() && option.value.value_or(option.text) == select.value;
    return h(R"(<option{}{}{}>{}</option>)", Attr("value", option.value),
             flag("selected", selected), flag("disabled", option.disabled), option.text);
  });
  const std::string described =
      description_ids(field.described_by, id_of(field), !field.hint.empty(), !field.error.empty());
  return form_group(
      field,
      h(R"(<select class="govuk-select{}{}" id="{}" name="{}"{}{}>{}</select>)",
        also(field.classes), also("govuk-select--error", !field.error.empty()), id_of(field),
        field.name, attr_unless_empty("aria-describedby", described), field.attributes, options));
}

}  // namespace throughgate::node::web
