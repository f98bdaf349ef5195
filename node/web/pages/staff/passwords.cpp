// Somebody new, who gets a password to begin with; and one's own password.
#include <algorithm>

#include "node/staff/staff_changes.h"
#include "node/staff/ways_in.h"
#include "node/text/unicode.h"
#include "node/web/components/choices.h"
#include "node/web/components/messages.h"
#include "node/web/components/navigation.h"
#include "node/web/components/text_input.h"
#include "node/web/pages/staff/staff_pages.h"
#include "node/web/sign_in.h"

namespace throughgate::node::web {
namespace {

using sync::Error;
using sync::ErrorKind;
using Errors = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t name_bytes_max = 120;

std::string error_of(const Errors& errors, const std::string& field) {
  for (const auto& [words, name] : errors) {
    if (name == field) return words;
  }
  return {};
}

// ---- somebody new

StaffForm new_form(const PageContext& context, const Errors& errors = {}) {
  Choices boxes{.name = "roles",
                .legend = Legend{.text = "What do they do here?"},
                .hint = "They see and do what any of these may"};
  const auto ticked = context.visit.form.fields.all("roles");
  const auto* list = context.codes.list("staff-roles");
  for (const auto& code : list ? list->codes() : std::vector<Code>{}) {
    if (!code.offered()) continue;
    const bool is_ticked = std::find(ticked.begin(), ticked.end(), code.code) != ticked.end();
    boxes.items.push_back({.value = code.code, .text = code.label, .checked = is_ticked});
  }
  const auto question = [&](const char* name, const char* words, const char* why) {
    return text_input({.field = {.name = name,
                                 .label = {.text = words},
                                 .hint = why,
                                 .error = error_of(errors, name)},
                       .value = context.field(name),
                       .autocomplete = "off",
                       .spellcheck = false});
  };
  return {"Add a member of staff",
          "",
          "/staff/new",
          "Add",
          question("name", "Full name", "") + checkboxes(boxes) +
              question("sign_in", "Name to sign in by on this computer",
                       "Leave this empty for somebody who does not use it") +
              own_password_question(error_of(errors, "own_password")),
          errors};
}

Response show_new_staff(PageContext& context, const StaffDesk&) {
  return staff_form(context, new_form(context));
}

Response take_new_staff(PageContext& context, const StaffDesk& desk) {
  const auto name = without_hidden_signs(context.field("name"));
  Errors errors;
  if (is_blank(name) || name.size() > name_bytes_max) {
    errors.emplace_back("Enter their full name", "name");
  }
  const bool signs_in = !is_blank(context.field("sign_in"));
  const auto sign_in = signs_in ? sign_in_name(context.field("sign_in")) : std::string();
  StaffChanges changes(context.records, desk.accounts, desk.folder);
  if (!sign_in) errors.emplace_back(sign_in.error().message, "sign_in");
  if (signs_in && sign_in) {
    const auto is_free = changes.check_new_name(*sign_in);
    if (!is_free) errors.emplace_back(is_free.error().message, "sign_in");
  }
  const auto key = key_by_own_password(context, desk);
  if (!key) errors.emplace_back(key.error().message, "own_password");
  if (!errors.empty()) return staff_form(context, new_form(context, errors));
  std::vector<std::string> roles;
  const auto* list = context.codes.list("staff-roles");
  for (const auto& role : context.visit.form.fields.all("roles")) {
    const auto* code = list ? list->find(role) : nullptr;
    if (code && code->offered()) roles.push_back(role);
  }
  const auto given = changes.add(name, roles, *sign_in, *key, context.by());
  if (!given) return problem(context, given.error());
  if (given->empty()) return done("/staff", "added");
  return show(
      context,
      {.title = "Added",
       .before_main = back_link(Url("/staff"), "Staff"),
       .main = h(
           R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds"><h1 class="govuk-heading-l"><span class="govuk-caption-l">{}</span> Added</h1>{}
<p class="govuk-body">Tell this password to {} yourself, and write it nowhere: it is shown only now. They sign in as {} and must then choose their own.</p></div></div>)",
           name, inset_text(h(R"(<strong>{}</strong>)", *given)), name, *sign_in)});
}

// ---- one's own

Response own_password(PageContext& context, const Errors& errors) {
  const auto question = [&](const char* name, const char* words, const char* why) {
    return password_input({.field = {.name = name,
                                     .label = {.text = words},
                                     .hint = why,
                                     .error = error_of(errors, name)},
                           .autocomplete = "new-password"});
  };
  const auto account = Staff(context.node).account(context.visit.person->sign_in_name);
  if (!account) return problem(context, account.error());
  const bool was_given = *account && (*account)->must_change_password;
  return staff_form(
      context,
      {"Choose your password", "", "/own-password", "Save",
       when(was_given,
            [] {
              return inset_text(
                  "Your password was given to you by somebody else, who knows it. Choose your own "
                  "to go on.");
            }) +
           password_input({.field = {.name = "own_password",
                                     .label = {.text = "The password you have now"},
                                     .error = error_of(errors, "own_password")}}) +
           question("new_password", "The new one",
                    "At least 12 letters, of words only you would "
                    "put together") +
           question("again_password", "The new one once more", ""),
       errors, !was_given});
}

Response take_own_password(PageContext& context, const StaffDesk& desk) {
  const auto& name = context.visit.person->sign_in_name;
  const crypto::SecretText fresh(context.field("new_password"));
  const crypto::SecretText again(context.field("again_password"));
  Errors errors;
  const auto key = key_by_own_password(context, desk);
  if (!key) errors.emplace_back(key.error().message, "own_password");
  if (fresh.view() != again.view()) {
    errors.emplace_back("The two new passwords differ", "again_password");
  } else if (fresh.view() == context.field("own_password")) {
    errors.emplace_back("Choose another one than you have", "new_password");
  }
  if (!errors.empty()) return own_password(context, errors);
  const auto lock = FileLock::take(desk.folder.staff_lock(), FileLock::Wait::yes);
  if (!lock) return problem(context, lock.error());
  const auto& mark = context.visit.person->password_mark;
  if (auto stands = check_password_stands(desk.accounts, name, mark); !stands) {
    return problem(context, stands.error());
  }
  if (auto set = desk.accounts.set_password(name, fresh.view(), *key); !set) {
    return own_password(context, {{set.error().message, "new_password"}});
  }
  if (auto own = Staff(context.node).set_must_change(name, false); !own) {
    return problem(context, own.error());
  }
  return see_other(Url(after_new_password));
}

}  // namespace

void add_new_staff_page(SitePages& pages, const StaffDesk& desk) {
  pages.get("/staff/new", for_staff(show_new_staff, desk));
  pages.post("/staff/new", for_staff(take_new_staff, desk));
}

void add_own_password_page(SitePages& pages, const StaffDesk& desk) {
  pages.get("/own-password", [](PageContext& context) { return own_password(context, {}); });
  pages.post("/own-password",
             [desk](PageContext& context) { return take_own_password(context, desk); });
}

}  // namespace throughgate::node::web
