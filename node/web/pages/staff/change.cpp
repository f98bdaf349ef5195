// Somebody's roles, a password for who forgot theirs, and leaving.
#include "node/staff/staff_changes.h"

#include <algorithm>

#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/messages.h"
#include "node/web/components/navigation.h"
#include "node/web/pages/record_title.h"
#include "node/web/pages/staff/staff_pages.h"

namespace throughgate::node::web {
namespace {

using sync::Error;

bool holds(const std::vector<std::string>& some, const std::string& one) {
  return std::find(some.begin(), some.end(), one) != some.end();
}

Response wrong(const PageContext& context, StaffForm shown, const Error& error,
               const std::string& field) {
  shown.errors.emplace_back(error.message, field);
  return staff_form(context, shown);
}

// ---- roles

Html role_boxes(const PageContext& context, const std::vector<std::string>& held,
                const std::string& error) {
  Choices boxes{.name = "roles",
                .legend = Legend{.text = "What do they do here?"},
                .hint = "They see and do what any of these may",
                .error = error};
  const auto* list = context.codes.list("staff-roles");
  for (const auto& code : list ? list->codes() : std::vector<Code>{}) {
    if (!code.offered() && !holds(held, code.code)) continue;
    boxes.items.push_back(
        {.value = code.code, .text = code.label, .checked = holds(held, code.code)});
  }
  return checkboxes(boxes);
}

// With what it was shown with: roles that somebody else gives meanwhile are not taken away by it.
StaffForm roles_form(const PageContext& context, const StaffEntry& member,
                     const std::vector<std::string>& ticked, const std::string& error = {}) {
  return {"Change roles", member.name, staff_address(member, "roles"), "Save",
          role_boxes(context, ticked, error) + each(member.roles, [](const std::string& role) {
            return h(R"(<input type="hidden" name="seen" value="{}">)", role);
          })};
}

Response show_roles(PageContext& context, const StaffDesk&) {
  const auto member = member_in(context);
  if (!member) return problem(context, member.error());
  return staff_form(context, roles_form(context, *member, member->roles));
}

RoleSet sent_roles(const PageContext& context, const char* field) {
  const auto sent = context.visit.form.fields.all(field);
  return {sent.begin(), sent.end()};
}

// What is ticked, and whatever they had that no box could be shown for.
RoleSet wanted_roles(const PageContext& context, const RoleSet& seen) {
  const auto* list = context.codes.list("staff-roles");
  const auto is_known = [&](const std::string& role) { return list && list->find(role); };
  RoleSet out;
  for (const auto& role : sent_roles(context, "roles")) {
    if (is_known(role)) out.insert(role);
  }
  for (const auto& role : seen) {
    if (!is_known(role)) out.insert(role);
  }
  return out;
}

// As it is now, with what the person changed in what they were shown.
std::vector<std::string> merged(const std::vector<std::string>& now, const RoleSet& seen,
                                const RoleSet& wanted) {
  RoleSet out;
  for (const auto& role : now) {
    if (wanted.contains(role) || !seen.contains(role)) out.insert(role);
  }
  for (const auto& role : wanted) {
    if (!seen.contains(role)) out.insert(role);
  }
  return {out.begin(), out.end()};
}

Response take_roles(PageContext& context, const StaffDesk& desk) {
  const auto member = member_in(context);
  if (!member) return problem(context, member.error());
  const auto seen = sent_roles(context, "seen");
  const auto wanted = wanted_roles(context, seen);
  StaffChanges changes(context.records, desk.accounts, desk.folder);
  const auto changed = changes.set_roles(member->id, seen, wanted, context.by());
  if (changed) return done("/staff", "roles");
  return wrong(
      context,
      roles_form(context, *member, merged(member->roles, seen, wanted), changed.error().message),
      changed.error(), "roles");
}

// ---- a forgotten password

sync::Result<Account> account_of(const PageContext& context, const StaffEntry& member) {
  const auto accounts = Staff(context.node).accounts();
  if (!accounts) return accounts.error();
  for (const auto& each : *accounts) {
    if (each.actor == member.id) return each;
  }
  return Error{sync::ErrorKind::not_found, member.name + " does not sign in on this computer."};
}

StaffForm reset_form(const StaffEntry& member, const std::string& error = {}) {
  return {
      "Reset the password", member.name, staff_address(member, "reset"), "Make a password",
      h(R"(<p class="govuk-body">You get a password to tell {} yourself. They must choose their own at the next sign-in. Whatever they have open ends.</p>)",
        member.name) +
          own_password_question(error)};
}

Response show_reset(PageContext& context, const StaffDesk&) {
  const auto member = member_in(context);
  if (!member) return problem(context, member.error());
  const auto account = account_of(context, *member);
  if (!account) return problem(context, account.error());
  return staff_form(context, reset_form(*member));
}

// Shown once: it stands nowhere else.
Response take_reset(PageContext& context, const StaffDesk& desk) {
  const auto member = member_in(context);
  if (!member) return problem(context, member.error());
  const auto account = account_of(context, *member);
  if (!account) return problem(context, account.error());
  const auto key = key_by_own_password(context, desk);
  if (!key)
    return wrong(context, reset_form(*member, key.error().message), key.error(), "own_password");
  StaffChanges changes(context.records, desk.accounts, desk.folder);
  const auto given = changes.reset_password(account->sign_in_name, *key, context.by());
  if (!given) return problem(context, given.error());
  return show(
      context,
      {.title = "Password made",
       .before_main = back_link(Url("/staff"), "Staff"),
       .main = h(
           R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds"><h1 class="govuk-heading-l"><span class="govuk-caption-l">{}</span> Password made</h1>{}
<p class="govuk-body">Tell it to {} yourself, and write it nowhere: it is shown only now. They sign in as {} and must then choose their own.</p></div></div>)",
           member->name, inset_text(h(R"(<strong>{}</strong>)", *given)), member->name,
           account->sign_in_name)});
}

// ---- leaving

StaffForm leave_form(const PageContext& context, const StaffEntry& member,
                     const std::vector<StaffEntry>& all, const std::string& error = {}) {
  Select takers{.field = {.name = "to",
                          .label = {.text = "Who takes over?"},
                          .hint = "Volunteers they supervise, open handovers that name them, and "
                                  "what they were to do",
                          .error = error},
                .options = {{"", "Choose somebody"}},
                .value = context.field("to")};
  for (const auto& each : all) {
    if (each.id == member.id || each.has_left()) continue;
    takers.options.push_back({each.id.hex(), each.name});
  }
  return {
      "Leaves", member.name, staff_address(member, "leave"), "They have left",
      h(R"(<p class="govuk-body">From now on {} signs in no more, on no computer of this site. Their name stays with what they did.</p>)",
        member.name) +
          select(takers)};
}

Response show_leave(PageContext& context, const StaffDesk&) {
  const auto member = member_in(context);
  if (!member) return problem(context, member.error());
  const auto all = Staff(context.node).list();
  if (!all) return problem(context, all.error());
  return staff_form(context, leave_form(context, *member, *all));
}

Html handed_list(const PageContext& context, const std::vector<HandedOver>& handed) {
  if (handed.empty()) {
    return h(R"(<p class="govuk-body">Nothing that is open named them.</p>)");
  }
  return h(R"(<p class="govuk-body">These name the other person now:</p>
<ul class="govuk-list govuk-list--bullet">{}</ul>)",
           each(handed, [&](const HandedOver& one) {
             const auto dossier = context.records.reader().dossier(one.record.dossier);
             const auto* type = record_type(one.record.type);
             const std::string kind = type ? rule_of(*type->descriptor).label() : "Record";
             return h("<li>{}: {}</li>", dossier ? record_title(context.records, *dossier) : kind,
                      one.what);
           }));
}

Response take_leave(PageContext& context, const StaffDesk& desk) {
  const auto member = member_in(context);
  if (!member) return problem(context, member.error());
  const auto all = Staff(context.node).list();
  if (!all) return problem(context, all.error());
  const auto bytes = crypto::from_hex(context.field("to"));
  const auto to = bytes ? sync::ActorId::from(*bytes) : std::nullopt;
  const Error nobody{sync::ErrorKind::invalid, "Choose who takes over"};
  if (!to) return wrong(context, leave_form(context, *member, *all, nobody.message), nobody, "to");
  StaffChanges changes(context.records, desk.accounts, desk.folder);
  const auto handed = changes.leave(member->id, *to, context.by());
  if (!handed) {
    return wrong(context, leave_form(context, *member, *all, handed.error().message),
                 handed.error(), "to");
  }
  return show(
      context,
      {.title = member->name + " has left",
       .before_main = back_link(Url("/staff"), "Staff"),
       .main = h(
           R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds"><h1 class="govuk-heading-l">{} has left</h1>{}</div></div>)",
           member->name, handed_list(context, *handed))});
}

}  // namespace

void add_staff_change_pages(SitePages& pages, const StaffDesk& desk) {
  pages.get("/staff/:id/roles", for_staff(show_roles, desk));
  pages.post("/staff/:id/roles", for_staff(take_roles, desk));
  pages.get("/staff/:id/reset", for_staff(show_reset, desk));
  pages.post("/staff/:id/reset", for_staff(take_reset, desk));
  pages.get("/staff/:id/leave", for_staff(show_leave, desk));
  pages.post("/staff/:id/leave", for_staff(take_leave, desk));
}

}  // namespace throughgate::node::web
