#include "node/web/carried_form.h"

#include <algorithm>
#include <array>

#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/summary_list.h"

namespace throughgate::node::web {
namespace {

// Well below the limits of FormLimits, as the sign-in form has fields of its own.
constexpr std::size_t fields_max = 480;
constexpr std::size_t name_bytes_max = 180;
constexpr std::size_t bytes_max = std::size_t{1} << 20U;
constexpr std::size_t token_letters = 64;
constexpr std::string_view sign_in_path = "/sign-in";
constexpr std::string_view prefix = "typed.";
constexpr const char* action_field = "typed_at";

// What a form carries that nobody typed.
constexpr std::array<std::string_view, 7> not_typed{"csrf", "opened", "stage",    "shown",
                                                    "seen", "notice", "free_text"};

bool may_be_carried(const CarriedForm& carried) {
  const Url action(carried.action);
  if (!action.is_local_path() || carried.action.starts_with("/sign-")) return false;
  if (person_in(carried.fields.get("csrf")).empty()) return false;
  const auto& all = carried.fields.in_order();
  std::size_t bytes = 0;
  for (const auto& [name, value] : all) {
    if (name.size() > name_bytes_max) return false;
    if (is_secret_field(name)) return false;
    bytes += name.size() + value.size();
  }
  return all.size() <= fields_max && bytes <= bytes_max;
}

bool was_typed(const std::pair<std::string, std::string>& field) {
  const bool blank = is_blank(field.second);
  return !blank && std::find(not_typed.begin(), not_typed.end(), field.first) == not_typed.end();
}

// "meeting-place" -> "Meeting place".
std::string spoken(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '_'; }, ' ');
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 32);
  return name;
}

Html hidden(const std::string& name, const std::string& value) {
  return h(R"(<input type="hidden" name="{}" value="{}">)", name, value);
}

}  // namespace

std::string marked_token(const std::string& token, const Person& person) {
  return token + person.id;
}

std::string_view token_in(std::string_view marked) { return marked.substr(0, token_letters); }

std::string_view person_in(std::string_view marked) {
  return marked.substr(std::min(token_letters, marked.size()));
}

bool is_secret_field(std::string_view name) {
  return name.ends_with("password") || name.ends_with("invitation-code") ||
         name.ends_with("sheet-words");
}

std::optional<CarriedForm> carried_by(const Visit& visit) {
  const auto& head = visit.request.head;
  if (head.method != Method::post || !visit.form.files.empty()) return std::nullopt;
  const std::string path = head.target.substr(0, head.target.find('?'));
  CarriedForm out{head.target, visit.form.fields};
  if (path == sign_in_path) {
    out = {visit.form.fields.get(action_field), {}};
    for (const auto& [name, value] : visit.form.fields.in_order()) {
      if (name.starts_with(prefix)) out.fields.add(name.substr(prefix.size()), value);
    }
  }
  return may_be_carried(out) ? std::optional(std::move(out)) : std::nullopt;
}

Html carrying_fields(const CarriedForm& carried) {
  return hidden(action_field, carried.action) +
         each(carried.fields.in_order(), [](const auto& field) {
           return hidden(std::string(prefix) + field.first, field.second);
         });
}

Html send_again_form(const Visit& visit, const CarriedForm& carried,
                     const std::string& button_text) {
  SummaryList typed;
  Html fields;
  for (const auto& field : carried.fields.in_order()) {
    if (was_typed(field)) {
      typed.rows.push_back({.key = spoken(field.first),
                            .value = h(R"(<span class="as-typed">{}</span>)", field.second)});
    }
    if (field.first != "csrf") fields += hidden(field.first, field.second);
  }
  const Html buttons =
      button_group(button({.text = button_text, .prevent_double_click = true}) +
                   h(R"(<a class="govuk-link" href="/">Go on without saving it</a>)"));
  return (typed.rows.empty() ? Html{} : summary_list(typed)) +
         form({.action = Url(carried.action), .csrf_token = visit.csrf_token, .has_files = true},
              fields + buttons);
}

Html save_again_page(const Visit& visit, const CarriedForm& carried) {
  const std::string title = "Save what you typed?";
  return page(visit.frame,
              {.title = title,
               .main = h(
                   R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
<h1 class="govuk-heading-l">{}</h1><p class="govuk-body">You have signed in again since you opened this form, so it was not saved yet. Nothing you typed is lost.</p>{}</div></div>)",
                   title, send_again_form(visit, carried, "Save it now"))});
}

}  // namespace throughgate::node::web
