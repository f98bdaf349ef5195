#include "node/web/pages/free_text_warning.h"

#include <algorithm>

#include "node/web/carried_form.h"
#include "node/web/components/button.h"
#include "node/web/components/messages.h"

namespace throughgate::node::web {
namespace {

Html found_list(const std::vector<TextDoubt>& doubts) {
  return h(R"(<ul class="govuk-list govuk-list--bullet">{}</ul>)",
           each(doubts, [](const TextDoubt& doubt) {
             return h(R"(<li>{}: <strong class="as-typed">{}</strong> looks like {}</li>)",
                      doubt.where, doubt.part, doubt.looks_like);
           }));
}

// The texts themselves, so that nobody has to remember what stands around the words.
Html typed_texts(const CarriedForm& carried, const std::vector<TextDoubt>& doubts) {
  Html out;
  for (const auto& field : carried.fields.in_order()) {
    const std::string& text = field.second;
    const bool is_meant = std::any_of(doubts.begin(), doubts.end(), [&](const TextDoubt& doubt) {
      return text.size() > doubt.part.size() && text.find(doubt.part) != std::string::npos;
    });
    if (is_meant) out += inset_text(h(R"(<span class="as-typed">{}</span>)", text));
  }
  return out;
}

Html looked_for() {
  return h(
      R"(<h2 class="govuk-heading-s">What was looked for</h2><ul class="govuk-list govuk-list--bullet">{}</ul>
<p class="govuk-body">The program goes by words and forms of numbers and understands nothing. What it does not find may still be too much.</p>)",
      each(FreeText::shipped().looked_for(),
           [](const std::string& name) { return h("<li>{}</li>", name); }));
}

}  // namespace

std::optional<Response> free_text_warning(const Visit& visit,
                                          const std::vector<TextDoubt>& doubts) {
  const auto carried = carried_by(visit);
  if (!carried || carried->fields.get(free_text_field) == free_text_change) return std::nullopt;
  const std::string title = "Should this be shared?";
  Html fields;
  for (const auto& [name, value] : carried->fields.in_order()) {
    if (name == "csrf" || name == free_text_field) continue;
    fields += h(R"(<input type="hidden" name="{}" value="{}">)", name, value);
  }
  const Html buttons = button_group(button({.text = "Change what I typed",
                                            .name = free_text_field,
                                            .value = std::string(free_text_change)}) +
                                    button({.text = "Save it as it stands",
                                            .classes = "govuk-button--secondary",
                                            .name = free_text_field,
                                            .value = std::string(free_text_as_it_stands),
                                            .prevent_double_click = true}));
  return html_response(
      page(visit.frame,
           {.title = title,
            .main = h(
                R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
<h1 class="govuk-heading-l">{}</h1><p class="govuk-body">Nothing is saved yet. This record is read by other organisations too, and what they have read cannot be called back.</p>{}{}{}{}</div></div>)",
                title, found_list(doubts), typed_texts(*carried, doubts),
                form({.action = Url(carried->action),
                      .csrf_token = visit.csrf_token,
                      .has_files = true},
                     fields + buttons),
                looked_for())}),
      422);
}

}  // namespace throughgate::node::web
