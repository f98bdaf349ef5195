#include "node/web/pages/staff/staff_pages.h"

#include "node/web/components/button.h"
#include "node/web/components/messages.h"
#include "node/web/components/navigation.h"
#include "node/web/components/text_input.h"

namespace throughgate::node::web {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

SitePages::Handler for_staff(StaffHandler handler, const StaffDesk& desk) {
  return [handler, desk](PageContext& context) {
    if (auto may = context.records.viewer().check(Act::staff); !may) {
      return problem(context, may.error());
    }
    return handler(context, desk);
  };
}

Result<StaffEntry> member_in(const PageContext& context) {
  const auto bytes = crypto::from_hex(context.visit.path.get("id"));
  const auto id = bytes ? sync::ActorId::from(*bytes) : std::nullopt;
  const auto all = Staff(context.node).list();
  if (!all) return all.error();
  for (const auto& each : *all) {
    if (id && each.id == *id) return each;
  }
  return Error{ErrorKind::not_found, "There is no such member of staff."};
}

std::string staff_address(const StaffEntry& member, std::string_view page) {
  return "/staff/" + member.id.hex() + "/" + std::string(page);
}

std::string role_words(const PageContext& context, const std::vector<std::string>& roles) {
  const auto* list = context.codes.list("staff-roles");
  std::string out;
  for (const auto& role : roles) {
    const auto* code = list ? list->find(role) : nullptr;
    out += (out.empty() ? "" : ", ") + (code ? code->label : role);
  }
  return out;
}

Result<crypto::DatabaseKey> key_by_own_password(const PageContext& context, const StaffDesk& desk) {
  const crypto::SecretText typed(context.field("own_password"));
  if (typed.view().empty()) return Error{ErrorKind::invalid, "Enter your own password"};
  auto key = desk.accounts.sign_in(context.visit.person->sign_in_name, typed.view(),
                                   [now = context.now_ms()] { return now; });
  if (key || key.error().kind != ErrorKind::denied) return key;
  return Error{ErrorKind::denied,
               "Your own password is wrong, or too many wrong ones were typed "
               "of late. Wait a minute before you try again"};
}

Html own_password_question(const std::string& error) {
  return password_input({.field = {.name = "own_password",
                                   .label = {.text = "Your own password"},
                                   .hint = "So that nobody does this at a screen you left",
                                   .error = error}});
}

namespace {

// Whose password is asked for: what keeps passwords for people looks for it in each such form.
Html for_password_managers(const PageContext& context) {
  return h(R"(<input type="text" name="username" value="{}" autocomplete="username" hidden>)",
           context.visit.person->sign_in_name);
}

}  // namespace

Response staff_form(const PageContext& context, const StaffForm& shown) {
  ErrorSummary errors;
  for (const auto& [words, field] : shown.errors) errors.items.push_back({words, field});
  const bool wrong = !errors.items.empty();
  return show(
      context,
      {.title = shown.title,
       .has_error = wrong,
       .before_main = when(shown.may_be_left, [] { return back_link(Url("/staff"), "Staff"); }),
       .main = h(
           R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">{}<h1 class="govuk-heading-l"><span class="govuk-caption-l">{}</span> {}</h1>{}</div></div>)",
           when(wrong, [&] { return error_summary(errors); }), shown.caption, shown.title,
           form({.action = Url(shown.address), .csrf_token = context.visit.csrf_token},
                for_password_managers(context) + shown.inside +
                    button_group(button({.text = shown.button, .prevent_double_click = true}) +
                                 when(shown.may_be_left, [] {
                                   return h(R"(<a class="govuk-link" href="/staff">Cancel</a>)");
                                 }))))});
}

void add_staff_pages(SitePages& pages, Accounts& accounts, const DataFolder& folder) {
  const StaffDesk desk{accounts, folder};
  add_staff_list(pages);
  add_new_staff_page(pages, desk);
  add_staff_change_pages(pages, desk);
  add_own_password_page(pages, desk);
}

}  // namespace throughgate::node::web
